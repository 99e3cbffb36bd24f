"""How long something is, as people write it."""

from typing import Any

import pytest

from gateway.domain.durations import parted, seconds_of


@pytest.mark.parametrize(
    ("written", "seconds", "parts"),
    [
        (0, 0, (0, "s")),
        (90, 90, (90, "s")),
        ("45", 45, (45, "s")),
        ("30s", 30, (30, "s")),
        ("15m", 900, (15, "m")),
        (" 2 H ", 7200, (2, "h")),
        ("3d", 259_200, (3, "d")),
        ("48h", 172_800, (2, "d")),
    ],
)
def test_what_is_understood_and_how_it_is_shown(written: Any, seconds: int, parts: tuple[int, str]) -> None:
    assert seconds_of(written) == seconds
    assert parted(seconds) == parts


@pytest.mark.parametrize("written", ["", "soon", "-1", -1, 1.5, True, None, "2w", "367d", "9" * 12])
def test_what_is_refused(written: Any) -> None:
    with pytest.raises(ValueError, match=r"30s, 15m|longest"):
        seconds_of(written)

"""Webhooks: who is told, when it is tried again, when it is given up, and what is an address."""

import pytest

from gateway.domain.webhooks import (
    OFF_AFTER_MS,
    PAUSES_S,
    BadUrl,
    checked_url,
    could_be_type,
    is_worn_out,
    pause_after,
    wants,
)

DAY_S = 86_400


def test_who_is_told() -> None:
    assert wants(("*",), "message_received")
    assert wants(("tag_added", "message_received"), "message_received")
    assert not wants(("tag_added",), "message_received")


def test_the_tries_span_a_day_and_the_first_is_soon() -> None:
    pauses = [pause_after(failures, 0.5) for failures in range(1, len(PAUSES_S) + 2)]
    assert pauses[:3] == pytest.approx([3, 30, 300])
    assert sum(pause for pause in pauses if pause is not None) == pytest.approx(DAY_S)
    assert pauses[-1] is None, "that was the last"
    assert all(0 < (pause_after(1, chance) or 0) < 4 for chance in (0.0, 0.5, 0.999)), "5 s, with a look a second"
    assert pause_after(2, 0.0) != pause_after(2, 0.9), "what failed together is not tried together"


@pytest.mark.parametrize(("since", "worn_out"), [(None, False), (0, True), (1, False), (OFF_AFTER_MS, False)])
def test_days_of_failures_are_enough(since: int | None, worn_out: bool) -> None:
    assert is_worn_out(since, OFF_AFTER_MS) is worn_out


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/hooks",
        "http://shop.example:8080/hooks?key=a%20b",
        "https://[2001:db8::1]/",
        "https://xn--bcher-kva.example",
    ],
)
def test_an_address(url: str) -> None:
    assert checked_url(f"  {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "", "shop.example/hooks", "ftp://shop.example/", "javascript:alert(1)", "https://", "https:///hooks",
        "https://user:secret@shop.example/", "https://shop.example/#part", "https://shop.example/a b",
        "https://bücher.example/", "https://shop.example:notaport/", "https://shop.example/\x00", "https://[::1",
        "https://shop.example/" + "x" * 2_000,
    ],
)  # fmt: skip
def test_no_address(url: str) -> None:
    with pytest.raises(BadUrl):
        checked_url(url)


@pytest.mark.parametrize(
    ("text", "could"),
    [
        ("message_received", True), ("shop.order_placed", True), ("Message", False), ("", False), ("a b", False),
        ("x" * 101, False), ("1", False),
    ],
)  # fmt: skip
def test_what_could_be_a_type(text: str, could: bool) -> None:
    assert could_be_type(text) is could

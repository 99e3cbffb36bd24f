"""Whom a note names."""

import pytest

from gateway.domain.mentions import mentions_in

TEAM = {1: "Ana Reyes", 2: "Ana", 3: "Tom Becker", 4: "Zoë", 5: "  ", 6: "علي حداد"}
CASES = [
    ("", []),
    ("nobody@tom becker.example", []),
    ("@Tom Becker please look", [3]),
    ("ask @tom becker, then @ANA REYES.", [3, 1]),
    ("@Ana will know", [2]),
    ("@Anatol is nobody here", []),
    ("@ana reyesville", [2]),
    ("(@Zoë)", [4]),
    ("@Ana @Ana", [2, 2]),
    ("@", []),
    ("@علي حداد انظر", [6]),
    ("İ@Tom Becker", []),
]


@pytest.mark.parametrize(("text", "users"), CASES)
def test_the_longest_whole_name_counts(text: str, users: list[int]) -> None:
    found = mentions_in(text, TEAM)
    assert [one.user_id for one in found] == users
    for one in found:
        assert text[one.start : one.end].lower() == f"@{TEAM[one.user_id]}".lower()

"""Conditions of a list: what is read, what is written back, and what is refused with a sentence."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.conditions import (
    BadCondition,
    Condition,
    Field,
    Flag,
    Operator,
    condition,
    operators_of,
    parse_filter,
)

DAY = 86_400_000
OWNER = "usr_000000000000C"


@pytest.mark.parametrize(
    ("written", "flags", "parts"),
    [
        ("", set(), []),
        (" , ,", set(), []),
        ("unread, needs_reply", {Flag.UNREAD, Flag.NEEDS_REPLY}, []),
        ("contact:contains:oka", set(), [("contact", "contains", "oka")]),
        ("contact:is:Okafor\\, Maya", set(), [("contact", "is", "Okafor, Maya")]),
        ("text:contains:a:b\\\\", set(), [("text", "contains", "a:b\\")]),
        ("text:is:a\\\\,unread", {Flag.UNREAD}, [("text", "is", "a\\")]),
        (f"owner:is_not:{OWNER},owner:exists", set(), [("owner", "is_not", OWNER), ("owner", "exists", "")]),
        ("owner:missing:whatever", set(), [("owner", "missing", "")]),
        ("last:before:7d,messages:gt:2", set(), [("last", "before", "7d"), ("messages", "gt", "2")]),
        ("tag:missing,tag:missing", set(), [("tag", "missing", "")]),
    ],
)
def test_what_is_read_is_written_back(written: str, flags: set[Flag], parts: list[tuple[str, str, str]]) -> None:
    found = parse_filter(written)
    assert found.flags == flags
    assert [(one.field, one.operator, one.value) for one in found.conditions] == parts
    assert parse_filter(str(found)) == found


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("urgent", "There is no filter urgent; use unread, needs_reply, contact"),
        ("contact", "contact can't be asked ''; use contains"),
        ("contact:before:2026-11-01", "contact can't be asked 'before'"),
        ("state:missing", "state can't be asked 'missing'"),
        ("contact:is:", "needs a value"),
        ("contact:is:" + "x" * 201, "needs a value of 1 to 200"),
        ("owner:is:Ana", "not an id of this kind"),
        ("state:is:asleep", "There is no state asleep; use open"),
        ("channel:is:pigeon", "There is no channel pigeon"),
        ("last:before:yesterday", "is no time; write a day"),
        ("last:before:2026-13-01", "is no time"),
        ("last:is:9999-12-31", "is no time"),
        ("messages:gt:-1", "no whole number"),
        ("messages:gt:\u0663", "no whole number"),
        (",".join(f"text:is:{n}" for n in range(11)), "At most 10"),
    ],
)
def test_what_is_none_is_refused_with_what_would_be(written: str, says: str) -> None:
    with pytest.raises(BadCondition) as refused:
        parse_filter(written)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("value", "zone", "start", "length"),
    [
        ("1970-01-02", "UTC", DAY, DAY),
        ("1970-01-02", "Asia/Tokyo", DAY - 9 * 3_600_000, DAY),
        ("2026-10-25", "Europe/Berlin", 1_792_879_200_000, DAY + 3_600_000),
        ("1970-01-02T00:00:01Z", "Asia/Tokyo", DAY + 1000, 1),
        ("1970-01-02T09:00", "Asia/Tokyo", DAY, 1),
        ("2d", "UTC", 8 * DAY, 1),
        ("12h", "UTC", 9 * DAY + DAY // 2, 1),
    ],
)
def test_a_time_is_a_day_where_one_is_or_a_moment(value: str, zone: str, start: int, length: int) -> None:
    asked = Condition(Field.LAST, Operator.BEFORE, value)
    assert asked.span(10 * DAY, ZoneInfo(zone)) == (start, start + length)
    assert asked.span(10 * DAY, UTC)[1] > 0


@pytest.mark.parametrize("field", list(Field))
def test_every_field_takes_what_it_offers(field: Field) -> None:
    values = {"sender": "snd_0000000000001", "owner": OWNER, "group": "grp_0000000000001", "tag": "tag_0000000000001"}
    values |= {"state": "open", "channel": "sms", "messages": "3"} | dict.fromkeys(
        ("opened", "last", "waiting", "ended"), "3d"
    )
    for operator in operators_of(field):
        made = condition(field, operator, values.get(field, "words"))
        assert parse_filter(str(made)).conditions == (made,)

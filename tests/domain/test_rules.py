"""The conditions of automations: what holds of what, that nothing raises, and that no pattern stops the rest."""

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rules import BadRule, Moment, Op, all_hold, ask, found_at, rule_of

NOW = int(datetime(2026, 11, 4, 16, 30, tzinfo=UTC).timestamp() * 1000)
BERLIN = Moment(NOW, ZoneInfo("Europe/Berlin"))  # there it is 17:30
FACTS: dict[str, Any] = {
    "contact": {"name": "Maya Ruiz", "fields": {"tier": "Gold", "orders": "12"}, "saved": True},
    "conversation": {
        "tags": ["VIP", "Late order"],
        "state": "completed",
        "completed_count": 3,
        "user": {"id": "usr_1", "name": "Tom Becker"},
        "owner": {"user": {"id": "usr_1", "name": "Tom Becker"}},
        "last_sender": {"id": "snd_1", "kind": "long_code", "value": "+14155550100", "label": "Front desk"},
        "opened_at": "2026-11-03T23:30:00+00:00",
        "empty": [],
    },
    "message": {"body": "Where is my LAMP?", "segments": 1},
    "event": {"data": {"until": NOW}},
    "time": {"of_day": "17:30"},
    "shop.orders": 7,
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "op", "value", "holds"),
    [
        ("contact.fields.tier", "is", "gold", True),
        ("contact.fields.tier", "is_not", "gold", False),
        ("contact.fields.tier", "is", ["silver", "gold"], True),
        ("contact.fields.nothing", "is", "gold", False),
        ("contact.fields.nothing", "is_not", "gold", True),
        ("contact.fields.nothing.more", "contains", "x", False),
        ("message.body.more", "not_contains", "x", True),
        ("contact.saved", "is", True, True),
        ("contact.saved", "is", "true", True),
        ("conversation.completed_count", "is", 3, True),
        ("conversation.completed_count", "is", "3", True),
        ("conversation.tags", "contains", "vip", True),
        ("conversation.tags", "contains", "late", False),  # whole tags, not parts of them
        ("conversation.tags", "not_contains", "late order", False),
        ("conversation.tags", "is", "vip", True),
        ("conversation.tags", "starts_with", "late", True),
        ("conversation.tags", "in", ["other", "VIP"], True),
        ("conversation.tags", "not_in", ["other"], True),
        ("conversation.user", "is", "tom becker", True),
        ("conversation.user", "is", "usr_1", True),
        ("conversation.owner", "is", "tom becker", True),
        ("conversation.owner", "missing", None, False),
        ("conversation.owner.group", "missing", None, True),
        ("conversation.last_sender", "is", "front desk", True),
        ("conversation.last_sender", "is", "+14155550100", True),
        ("conversation.last_sender", "is", "long_code", False),
        ("conversation.group", "missing", None, True),
        ("conversation.empty", "exists", None, False),
        ("conversation.tags", "exists", None, True),
        ("message.body", "contains", "lamp", True),
        ("message.body", "contains", ["desk", "lamp"], True),
        ("message.body", "not_contains", ["desk", "lamp"], False),
        ("message.body", "starts_with", "where", True),
        ("message.body", "matches", r"(?i)\blamp\b", True),
        ("message.body", "matches", "lamp", False),  # patterns say themselves whether case matters
        ("contact.fields.orders", "gt", 11, True),
        ("contact.fields.orders", "gt", "12", False),
        ("contact.fields.orders", "lt", 12.5, True),
        ("message.body", "gt", 1, False),
        ("shop.orders", "gt", 6, True),
        ("conversation.opened_at", "before", "2026-11-04", False),  # in Berlin it was the 4th already
        ("conversation.opened_at", "before", "2026-11-05", True),
        ("conversation.opened_at", "after", "2026-11-03", True),
        ("conversation.opened_at", "before", "12h", True),
        ("conversation.opened_at", "before", "1d", False),
        ("conversation.opened_at", "after", "2026-11-03T23:00:00Z", True),
        ("event.data.until", "after", "1h", True),
        ("message.body", "before", "1h", False),
        ("time.of_day", "after", "17:00", True),
        ("time.of_day", "before", "17:30", False),
        ("conversation.opened_at", "before", "01:00", True),
    ],
)
def test_what_holds(field: str, op: str, value: Any, holds: bool) -> None:
    [finding] = ask([rule_of({"field": field, "op": op, "value": value})], FACTS, BERLIN)
    assert finding.holds is holds
    assert finding.found == found_at(FACTS, field)


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ("x", ""),
        ({"op": "is", "value": "x"}, "field"),
        ({"field": "", "op": "is", "value": "x"}, "field"),
        ({"field": "a", "op": "like", "value": "x"}, "op"),
        ({"field": "a", "op": ["is"], "value": "x"}, "op"),
        ({"field": "a", "op": "is"}, "value"),
        ({"field": "a", "op": "is", "value": ""}, "value"),
        ({"field": "a", "op": "is", "value": {}}, "value"),
        ({"field": "a", "op": "is", "value": "x" * 501}, "value"),
        ({"field": "a", "op": "in", "value": "x"}, "value"),
        ({"field": "a", "op": "in", "value": []}, "value"),
        ({"field": "a", "op": "gt", "value": "many"}, "value"),
        ({"field": "a", "op": "before", "value": "soon"}, "value"),
        ({"field": "a", "op": "before", "value": 5}, "value"),
        ({"field": "a", "op": "matches", "value": "("}, "value"),
        ({"field": "a", "op": "is", "value": "x", "and": 1}, "and"),
    ],
)
def test_what_is_no_condition(given: Any, part: str) -> None:
    with pytest.raises(BadRule) as refused:
        rule_of(given)
    assert refused.value.part == part
    assert str(refused.value)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){25}$", "(?:a?){60}a{60}$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    rule = rule_of({"field": "message.body", "op": "matches", "value": pattern})
    started = time.monotonic()
    for _ in range(5):
        assert not all_hold([rule], {"message": {"body": "a" * 40 + "!"}}, BERLIN) or pattern.startswith("(?:a?")
    assert time.monotonic() - started < 60  # unbounded, each of them takes hours


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(op=st.sampled_from(list(Op)), found=_values, value=st.text(min_size=1, max_size=20) | st.integers())
def test_asking_never_raises(op: Op, found: Any, value: Any) -> None:
    try:
        rule = rule_of({"field": "a.b", "op": op, "value": [value] if op in {"in", "not_in"} else value})
    except BadRule:
        return
    [finding] = ask([rule], {"a": {"b": found}}, BERLIN)
    opposite = {"is": "is_not", "contains": "not_contains", "in": "not_in", "exists": "missing"}.get(op)
    if opposite is not None:
        other = rule_of({"field": "a.b", "op": opposite, "value": rule.value})
        assert all_hold([other], {"a": {"b": found}}, BERLIN) is not finding.holds

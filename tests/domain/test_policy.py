"""Policies as JSON: every value there and back, and every wrong one refused by its field."""

import json

import pytest

from gateway.domain.policy import (
    AfterInbound,
    AfterOutbound,
    CloseLabel,
    CompleteRepeat,
    LongText,
    MmsOver,
    Policy,
    PolicyError,
    QuietHours,
    ReopenOwner,
    ReopenWithin,
    SnoozeWake,
    Visibility,
    dump_policy,
    parse_policy,
    pool_of,
)
from gateway.domain.presets import PRESETS

DEFAULT = {
    "after_inbound": "reopen",
    "after_outbound": "reopen",
    "complete_repeat": "each_time",
    "visibility": "all",
    "restrict_closed": False,
    "sender_chain": ["explicit", "last_used", "inbound_to", "gateway_default"],
    "long_text": "parts",
    "natural_only": False,
    "snooze_wake": "inbound_wakes",
    "reopen_owner": "keep_if_available",
    "idle_complete_after": None,
    "idle_seal_after": None,
    "first_reply_target": None,
    "segment_limit": 10,
    "open_cap": 100,
    "quiet_hours": None,
    "default_country": None,
    "close_label": "complete",
    "confirm_close": False,
    "stop_phrases": [],
}

GOOD = [
    # field, JSON, value
    ("after_inbound", "new", AfterInbound.NEW),
    ("after_inbound", "reopen_within(7)", ReopenWithin(7)),
    ("after_outbound", "stay", AfterOutbound.STAY),
    ("complete_repeat", "once", CompleteRepeat.ONCE),
    ("visibility", "group", Visibility.GROUP),
    ("restrict_closed", True, True),
    ("sender_chain", ["conversation_start", "pool(Support (EU))"], ("conversation_start", "pool(Support (EU))")),
    ("long_text", "cheapest", LongText.CHEAPEST),
    ("long_text", "mms_over(160)", MmsOver(160)),
    ("natural_only", True, True),
    ("snooze_wake", "hold", SnoozeWake.HOLD),
    ("reopen_owner", "unassign", ReopenOwner.UNASSIGN),
    ("idle_complete_after", 604_800, 604_800),
    ("idle_seal_after", 1, 1),
    ("first_reply_target", 300, 300),
    ("segment_limit", 255, 255),
    ("open_cap", 1, 1),
    ("quiet_hours", {"start": "21:30", "end": "08:00", "timezone": "UTC"}, QuietHours(1290, 480, "UTC")),
    ("default_country", "GB", "GB"),
    ("close_label", "archive", CloseLabel.ARCHIVE),
    ("confirm_close", True, True),
    ("stop_phrases", ["no longer a customer", "Paus"], ("no longer a customer", "Paus")),
]

BAD = [
    # field, JSON, what the message says
    ("close_button", "complete", "is not a policy"),
    ("after_inbound", "reopen_within", "one of reopen, new, reopen_within"),
    ("after_inbound", "reopen_within()", "from 1 to 3650"),
    ("after_inbound", "reopen_within(0)", "from 1 to 3650"),
    ("after_inbound", "reopen_within(3651)", "from 1 to 3650"),
    ("after_inbound", "reopen_within(7", "one of"),
    ("after_inbound", "new(7)", "one of"),
    ("after_inbound", None, "one of"),
    ("after_outbound", "reopen_within(7)", "one of reopen, new, stay"),
    ("complete_repeat", "ONCE", "one of each_time, once"),
    ("visibility", "everyone", "one of all, group, owner"),
    ("restrict_closed", 1, "true or false"),
    ("sender_chain", [], "at least one"),
    ("sender_chain", "explicit", "must be a list"),
    ("sender_chain", ["cheapest"], "'cheapest' is not a resolver"),
    ("sender_chain", ["pool( )"], "is not a resolver"),
    ("sender_chain", [["explicit"]], "is not a resolver"),
    ("sender_chain", ["explicit", "last_used", "explicit"], "explicit is there twice"),
    ("long_text", "mms_over(-1)", "from 1 to 100000"),
    ("long_text", "mms_over(²)", "from 1 to 100000"),
    ("long_text", "mms_over(" + "9" * 5000 + ")", "from 1 to 100000"),
    ("natural_only", "true", "true or false"),
    ("snooze_wake", {}, "one of inbound_wakes, hold"),
    ("reopen_owner", "drop", "one of keep_if_available, keep, unassign"),
    ("idle_complete_after", 0, "from 1 to"),
    ("idle_complete_after", 60.0, "whole number"),
    ("idle_seal_after", 10**30, "from 1 to"),
    ("first_reply_target", 0, "from 1 to"),
    ("segment_limit", 0, "from 1 to 255"),
    ("segment_limit", 256, "from 1 to 255"),
    ("open_cap", True, "whole number"),
    ("open_cap", None, "whole number"),
    ("quiet_hours", "21:00-08:00", "exactly start, end and timezone"),
    ("quiet_hours", {"start": "21:00", "end": "08:00"}, "exactly start, end and timezone"),
    ("quiet_hours", {"start": "24:00", "end": "08:00", "timezone": "UTC"}, "'24:00' is not a time of day"),
    ("quiet_hours", {"start": "9:00", "end": "08:00", "timezone": "UTC"}, "'9:00' is not a time of day"),
    ("quiet_hours", {"start": "08:00", "end": "08:00", "timezone": "UTC"}, "another time"),
    ("quiet_hours", {"start": "21:00", "end": "08:00", "timezone": "Mars/Olympus"}, "'Mars/Olympus' is not a time"),
    ("quiet_hours", {"start": "21:00", "end": "08:00", "timezone": "../etc/passwd"}, "is not a time zone"),
    ("quiet_hours", {"start": "21:00", "end": "08:00", "timezone": 1}, "1 is not a time zone"),
    ("default_country", "UK", "ISO 3166"),
    ("default_country", "us", "ISO 3166"),
    ("default_country", "", "ISO 3166"),
    ("stop_phrases", "paus", "a list of phrases"),
    ("stop_phrases", [1], "a list of phrases"),
    ("stop_phrases", ["?!"], "3 to 80 letters"),
    ("stop_phrases", ["x" * 81], "3 to 80 letters"),
    ("stop_phrases", ["Start"], "a meaning by law"),
    ("stop_phrases", [f"phrase {one}" for one in range(101)], "more than 100 phrases"),
    ("close_label", "remove", "one of complete, archive, close"),
    ("confirm_close", None, "true or false"),
]


def test_an_installation_starts_with_the_default_policies() -> None:
    assert dump_policy(Policy()) == DEFAULT
    assert parse_policy({}) == Policy()


@pytest.mark.parametrize(("field", "plain", "value"), GOOD)
def test_a_good_value_is_read_and_written_back_as_it_was(field: str, plain: object, value: object) -> None:
    policy = parse_policy({field: plain})
    assert getattr(policy, field) == value
    assert dump_policy(policy) == DEFAULT | {field: plain}


@pytest.mark.parametrize(("field", "plain", "says"), BAD)
def test_a_bad_value_is_refused_by_its_field(field: str, plain: object, says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parse_policy({"open_cap": 50, field: plain})
    assert refused.value.field == field
    assert says in refused.value.message


def test_a_change_keeps_every_other_policy() -> None:
    before = PRESETS["case-desk"]
    after = parse_policy({"visibility": "group"}, before)
    assert dump_policy(after) == dump_policy(before) | {"visibility": "group"}


@pytest.mark.parametrize("policy", PRESETS.values(), ids=PRESETS)
def test_every_preset_survives_json(policy: Policy) -> None:
    assert parse_policy(json.loads(json.dumps(dump_policy(policy)))) == policy


@pytest.mark.parametrize(
    ("resolver", "name"),
    [("pool(Support)", "Support"), ("pool( a )", "a"), ("pool()", None), ("explicit", None), ("pool(a", None)],
)
def test_a_pool_resolver_names_its_pool(resolver: str, name: str | None) -> None:
    assert pool_of(resolver) == name

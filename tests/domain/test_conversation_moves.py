"""What a move carries beside its state: who must reply, when and how it ended, whose it is, and why it was refused."""

from dataclasses import replace
from itertools import product

import pytest

from gateway.domain.conversation import (
    Archive,
    Close,
    Complete,
    MoveRefused,
    NaturalInbound,
    OtherInbound,
    Reopen,
    SentByMachine,
    SentByPerson,
    Snooze,
    Standing,
    State,
    Timer,
    Trigger,
    Wake,
    decide,
    merge_loser,
)
from gateway.domain.policy import (
    DAY,
    AfterInbound,
    AfterOutbound,
    CompleteRepeat,
    Policy,
    ReopenOwner,
    ReopenWithin,
    SnoozeWake,
)

NOW = 1_700_000_000_000


def a(state: str, *, completed: int = 0, age: int = DAY, due: bool = False) -> Standing:
    """A conversation in this state, untouched (and, where it ended, ended) for `age` milliseconds."""
    return Standing(
        State(state),
        completed_count=completed,
        ended_at=NOW - age if state in {"completed", "archived", "closed"} else None,
        snoozed_until=(NOW if due else NOW + 1) if state == "snoozed" else None,
        last_activity_at=NOW - age,
    )


MESSAGES = [
    # trigger, needs_reply, unread
    (NaturalInbound(), True, True),
    (SentByPerson(), False, False),
    (OtherInbound(), None, False),
    (SentByMachine(), None, False),
]


@pytest.mark.parametrize(("trigger", "needs_reply", "unread"), MESSAGES)
def test_who_writes_decides_what_waits_for_a_reply(trigger: Trigger, needs_reply: bool | None, unread: bool) -> None:
    for standing, p2 in product([None, *(a(state) for state in State)], AfterOutbound):
        move = decide(standing, trigger, Policy(after_outbound=p2), NOW)
        assert move.unread == unread
        assert move.needs_reply == (needs_reply if move.entry_in_conversation else None)


ENDINGS = [
    # standing, trigger, policy, ended_by, completed_count
    (a("open"), Complete(), Policy(), "complete", 1),
    (a("archived", completed=4), Complete(), Policy(), "complete", 5),
    (a("snoozed"), Archive(), Policy(), "archive", 0),
    (a("completed", completed=1), Archive(), Policy(), "archive", 1),
    (a("completed", completed=1), Close(), Policy(), "close", 1),
    (a("completed", completed=1), NaturalInbound(), Policy(after_inbound=AfterInbound.NEW), "inbound", 1),
    (a("archived"), SentByPerson(), Policy(after_outbound=AfterOutbound.NEW), "outbound", 0),
    (a("open"), Timer(), Policy(idle_complete_after=3600), "idle", 1),
    (a("completed", completed=1), Timer(), Policy(idle_seal_after=3600), "idle", 1),
]


@pytest.mark.parametrize(("standing", "trigger", "policy", "ended_by", "count"), ENDINGS)
def test_an_ending_says_when_by_what_and_how_often(
    standing: Standing, trigger: Trigger, policy: Policy, ended_by: str, count: int
) -> None:
    move = decide(standing, trigger, policy, NOW)
    assert (move.ended_at, move.ended_by, move.completed_count) == (NOW, ended_by, count)
    assert (move.snoozed_until, move.woken) == (None, False)


def test_whatever_does_not_end_a_conversation_keeps_how_it_ended() -> None:
    ended = Standing(State.COMPLETED, 1, NOW - DAY, None, NOW - DAY, ended_by="complete")
    for trigger in (OtherInbound(), SentByMachine(), Complete(), Timer()):
        move = decide(ended, trigger, Policy(), NOW)
        assert (move.ended_at, move.ended_by) == (NOW - DAY, "complete")
    assert decide(ended, Reopen(), Policy(), NOW).ended_by is None
    assert decide(ended, NaturalInbound(), Policy(), NOW).ended_at is None


def test_only_its_own_time_marks_a_conversation_as_woken() -> None:
    due, early = a("snoozed", due=True), a("snoozed")
    assert decide(due, Timer(), Policy(), NOW).woken is True
    for trigger in (NaturalInbound(), Wake(), Reopen()):
        move = decide(early, trigger, Policy(), NOW)
        assert (move.woken, move.snoozed_until) == (False, None)
    assert decide(a("open"), NaturalInbound(), Policy(), NOW).woken is None
    assert decide(a("open"), SentByPerson(), Policy(), NOW).woken is False


def test_a_held_snooze_shows_the_message_and_keeps_its_time() -> None:
    move = decide(a("snoozed"), NaturalInbound(), Policy(snooze_wake=SnoozeWake.HOLD), NOW)
    assert (move.unread, move.needs_reply, move.snoozed_until) == (True, True, NOW + 1)


def test_snoozing_to_the_same_time_is_no_change_and_into_the_past_is_refused() -> None:
    snoozed = a("snoozed")
    same = decide(snoozed, Snooze(NOW + 1), Policy(), NOW)
    assert (same.state, same.snoozed_until, same.events) == (State.SNOOZED, NOW + 1, ())
    assert decide(snoozed, Snooze(NOW + 2), Policy(), NOW).snoozed_until == NOW + 2
    for until in (NOW, NOW - 1):
        with pytest.raises(MoveRefused, match="later"):
            decide(snoozed, Snooze(until), Policy(), NOW)


@pytest.mark.parametrize(
    ("reopen_owner", "available", "unassign"),
    [
        (ReopenOwner.KEEP, True, False),
        (ReopenOwner.KEEP, False, False),
        (ReopenOwner.UNASSIGN, True, True),
        (ReopenOwner.UNASSIGN, False, True),
        (ReopenOwner.KEEP_IF_AVAILABLE, True, False),
        (ReopenOwner.KEEP_IF_AVAILABLE, False, True),
    ],
)
def test_a_reopened_conversation_goes_to_its_owner_or_to_nobody(
    reopen_owner: ReopenOwner, available: bool, unassign: bool
) -> None:
    triggers: list[Trigger] = [NaturalInbound(), SentByPerson(), Reopen()]
    for state, trigger in product(["completed", "archived"], triggers):
        move = decide(replace(a(state), owner_available=available), trigger, Policy(reopen_owner=reopen_owner), NOW)
        assert move.unassign is unassign


@pytest.mark.parametrize("trigger", [Complete(), Archive(), Close()])
def test_what_is_finished_waits_for_no_reply(trigger: Trigger) -> None:
    assert decide(a("open"), trigger, Policy(), NOW).needs_reply is False


def test_the_days_after_an_end_count_from_the_end_and_not_from_what_came_later() -> None:
    """A receipt or a campaign after the end is activity, but gives nobody a longer way back."""
    campaign_yesterday = replace(a("completed", age=8 * DAY), last_activity_at=NOW - DAY)
    inbound = decide(campaign_yesterday, NaturalInbound(), Policy(after_inbound=ReopenWithin(7)), NOW)
    assert (inbound.seals, inbound.opens) == (True, True)
    assert decide(campaign_yesterday, Timer(), Policy(idle_seal_after=7 * 86_400), NOW).seals


def test_idle_rules_act_on_the_second_and_not_before() -> None:
    policy = Policy(idle_complete_after=60, idle_seal_after=60)
    for state, after in (("open", "completed"), ("completed", "closed")):
        early = decide(a(state, age=59_999), Timer(), policy, NOW)
        assert (early.state, early.events) == (state, ())
        assert decide(a(state, age=60_000), Timer(), policy, NOW).state == after


REFUSALS = [
    # standing, trigger, policy, code, what the sentence advises
    (None, Complete(), Policy(), "no_conversation", "Send a message"),
    (a("closed"), Reopen(), Policy(), "conversation_closed", "open a new one"),
    (a("completed"), Snooze(NOW + 1), Policy(), "conversation_finished", "is completed. Reopen it first"),
    (a("archived"), Wake(), Policy(), "conversation_finished", "is archived. Reopen it first"),
    (a("open"), Snooze(NOW), Policy(), "snooze_in_the_past", "Choose a later one"),
    (
        a("open", completed=1),
        Complete(),
        Policy(complete_repeat=CompleteRepeat.ONCE),
        "completed_before",
        "Archive it instead",
    ),
    (
        a("archived", completed=1),
        Complete(),
        Policy(complete_repeat=CompleteRepeat.ONCE),
        "completed_before",
        "It stays archived",
    ),
]


@pytest.mark.parametrize(("standing", "trigger", "policy", "code", "advice"), REFUSALS)
def test_a_refusal_says_what_to_do_instead(
    standing: Standing | None, trigger: Trigger, policy: Policy, code: str, advice: str
) -> None:
    with pytest.raises(MoveRefused, match=advice) as refused:
        decide(standing, trigger, policy, NOW)
    assert refused.value.code == code
    assert refused.value.sentence == str(refused.value)


@pytest.mark.parametrize("state", ["open", "snoozed", "completed", "archived"])
def test_the_loser_of_a_merge_is_closed_without_being_completed(state: str) -> None:
    move = merge_loser(a(state, completed=1), NOW)
    assert (move.state, move.seals, move.opens) == (State.CLOSED, True, False)
    assert (move.ended_at, move.ended_by, move.completed_count) == (NOW, "merge", 1)
    assert [str(event) for event in move.events] == ["conversation_closed"]


def test_a_closed_conversation_has_nothing_to_lose_in_a_merge() -> None:
    standing = a("closed")
    move = merge_loser(standing, NOW)
    assert (move.state, move.seals, move.events, move.ended_at) == (State.CLOSED, False, (), standing.ended_at)

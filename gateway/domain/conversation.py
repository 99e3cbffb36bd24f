"""What becomes of a conversation: the one function that decides every move, and the table it reads.

The table at the end is the design's, row for row and column for column; each cell names the rule that answers it.
Nothing else may change a state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Never, get_args

from gateway.domain.events import EventType
from gateway.domain.moves import (
    Archive,
    Close,
    Complete,
    EndedBy,
    Move,
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
from gateway.domain.record import record, replace

__all__ = [
    "Archive",
    "Close",
    "Complete",
    "EndedBy",
    "Move",
    "MoveRefused",
    "NaturalInbound",
    "OtherInbound",
    "Reopen",
    "SentByMachine",
    "SentByPerson",
    "Snooze",
    "Standing",
    "State",
    "Timer",
    "Trigger",
    "Wake",
    "decide",
    "merge_loser",
]


def decide(standing: Standing | None, trigger: Trigger, policy: Policy, now: int) -> Move:
    """The only way a conversation changes its state. Raises MoveRefused where the table has a dash or 409."""
    rule = _TABLE[standing.state if standing else None][_COLUMNS[type(trigger)]]
    return rule(_Case(standing, trigger, policy, now))


def merge_loser(standing: Standing, now: int) -> Move:
    """Close the older of two live conversations when their contacts merge; the younger one takes over needs_reply."""
    case = _Case(standing, Close(), Policy(), now)
    return _no_change(case) if standing.state is State.CLOSED else _end(case, State.CLOSED, EndedBy.MERGE)


@record
class _Case:
    standing: Standing | None
    trigger: Trigger
    policy: Policy
    now: int

    @property
    def was(self) -> Standing:
        assert self.standing is not None, "a rule of the first row asked for a conversation"
        return self.standing


_Rule = Callable[[_Case], Move]


def _no_change(case: _Case) -> Move:
    was = case.was
    return Move(
        was.state,
        was.completed_count,
        was.snoozed_until,
        ended_at=was.ended_at,
        ended_by=was.ended_by,
        entry_in_conversation=False,
    )


def _stay(case: _Case) -> Move:
    """The state stays and the entry lands; somebody writing is a question, a person's send its answer."""
    was = case.was
    asked = isinstance(case.trigger, NaturalInbound)
    answered = isinstance(case.trigger, SentByPerson)
    return Move(
        was.state,
        was.completed_count,
        was.snoozed_until,
        woken=False if answered else None,
        ended_at=was.ended_at,
        ended_by=was.ended_by,
        needs_reply=asked if asked or answered else None,
        unread=asked,
    )


def _entry_only(case: _Case) -> Move:
    return _no_change(case) if case.standing else Move(None, entry_in_conversation=False)


def _open_next(case: _Case) -> Move:
    return _and_open(_entry_only(case), case)


def _and_open(move: Move, case: _Case) -> Move:
    wrote = isinstance(case.trigger, NaturalInbound)
    events = (*move.events, EventType.CONVERSATION_OPENED)
    return replace(move, opens=True, entry_in_conversation=True, needs_reply=wrote, unread=wrote, events=events)


def _end(case: _Case, state: State, by: EndedBy) -> Move:
    return replace(
        _stay(case),
        state=state,
        completed_count=case.was.completed_count + (state is State.COMPLETED),
        snoozed_until=None,
        woken=False,
        ended_at=case.now,
        ended_by=by,
        seals=state is State.CLOSED,
        needs_reply=False,
        events=(_ENDINGS[state],),
    )


def _seal_and_open_next(case: _Case, by: EndedBy) -> Move:
    return _and_open(_end(case, State.CLOSED, by), case)


def _snooze(case: _Case) -> Move:
    assert isinstance(case.trigger, Snooze)
    until = case.trigger.until
    if until <= case.now:
        raise MoveRefused("snooze_in_the_past", "That time has passed. Choose a later one to snooze until.")
    if until == case.was.snoozed_until:
        return _no_change(case)
    events = (EventType.CONVERSATION_SNOOZED,)
    return replace(_stay(case), state=State.SNOOZED, snoozed_until=until, woken=False, events=events)


def _wake(case: _Case) -> Move:
    """Open again; marked only when the time itself woke it, since otherwise the reason is plain to see."""
    marked, events = isinstance(case.trigger, Timer), (EventType.CONVERSATION_WOKEN,)
    return replace(_stay(case), state=State.OPEN, snoozed_until=None, woken=marked, events=events)


def _wake_or_hold(case: _Case) -> Move:
    return _stay(case) if case.policy.snooze_wake is SnoozeWake.HOLD else _wake(case)


def _wake_when_due(case: _Case) -> Move:
    until = case.was.snoozed_until
    return _no_change(case) if until is not None and case.now < until else _wake(case)


def _reopen(case: _Case) -> Move:
    match case.policy.reopen_owner:
        case ReopenOwner.KEEP:
            unassign = False
        case ReopenOwner.UNASSIGN:
            unassign = True
        case ReopenOwner.KEEP_IF_AVAILABLE:
            unassign = not case.was.owner_available
    events = (EventType.CONVERSATION_REOPENED,)
    return replace(_stay(case), state=State.OPEN, ended_at=None, ended_by=None, unassign=unassign, events=events)


def _p1(case: _Case) -> Move:
    match case.policy.after_inbound:
        case AfterInbound.REOPEN:
            return _reopen(case)
        case ReopenWithin(days) if case.now <= _ended_at(case) + days * DAY:
            return _reopen(case)
    return _seal_and_open_next(case, EndedBy.INBOUND)


def _p2(case: _Case) -> Move:
    match case.policy.after_outbound:
        case AfterOutbound.REOPEN:
            return _reopen(case)
        case AfterOutbound.NEW:
            return _seal_and_open_next(case, EndedBy.OUTBOUND)
        case AfterOutbound.STAY:
            return _stay(case)


def _p2_closed(case: _Case) -> Move:
    """What is sealed takes no entry, so where a send moves nothing it stands in the thread alone."""
    return _entry_only(case) if case.policy.after_outbound is AfterOutbound.STAY else _open_next(case)


def _complete(case: _Case) -> Move:
    if _completed_for_good(case):
        advice = "It stays archived." if case.was.state is State.ARCHIVED else "Archive it instead."
        raise MoveRefused("completed_before", f"This conversation was completed before, which is done once. {advice}")
    return _end(case, State.COMPLETED, EndedBy.COMPLETE)


def _complete_when_idle(case: _Case) -> Move:
    """P3 `once` sends people to Archive the second time; idleness follows the same advice."""
    after = case.policy.idle_complete_after
    if after is None or case.now < case.was.last_activity_at + after * 1000:
        return _no_change(case)
    return _end(case, State.ARCHIVED if _completed_for_good(case) else State.COMPLETED, EndedBy.IDLE)


def _seal_when_idle(case: _Case) -> Move:
    after = case.policy.idle_seal_after
    if after is None or case.now < _ended_at(case) + after * 1000:
        return _no_change(case)
    return _end(case, State.CLOSED, EndedBy.IDLE)


def _archive(case: _Case) -> Move:
    return _end(case, State.ARCHIVED, EndedBy.ARCHIVE)


def _close(case: _Case) -> Move:
    return _end(case, State.CLOSED, EndedBy.CLOSE)


def _completed_for_good(case: _Case) -> bool:
    return case.policy.complete_repeat is CompleteRepeat.ONCE and case.was.completed_count > 0


def _ended_at(case: _Case) -> int:
    return case.was.last_activity_at if case.was.ended_at is None else case.was.ended_at


def _absent(_case: _Case) -> Never:
    raise MoveRefused("no_conversation", "There is no conversation in this thread yet. Send a message to open one.")


def _sealed(_case: _Case) -> Never:
    raise MoveRefused("conversation_closed", "This conversation is closed for good. Send a message to open a new one.")


def _finished(case: _Case) -> Never:
    raise MoveRefused("conversation_finished", f"This conversation is {case.was.state}. Reopen it first.")


_ENDINGS: Final[Mapping[State, EventType]] = MappingProxyType(
    {
        State.COMPLETED: EventType.CONVERSATION_COMPLETED,
        State.ARCHIVED: EventType.CONVERSATION_ARCHIVED,
        State.CLOSED: EventType.CONVERSATION_CLOSED,
    }
)

_COLUMNS: Final[Mapping[type[Trigger], int]] = MappingProxyType(
    {trigger: column for column, trigger in enumerate(get_args(Trigger))}
)

# In each row first: natural inbound, other inbound, sent by a person, sent by a machine, snooze, timer; then: complete,
# archive, close, reopen by a user, as in the design; and, beyond it, wake: a user's early end of a snooze.
# fmt: off
_TABLE: Final[Mapping[State | None, tuple[_Rule, ...]]] = MappingProxyType({
    None:            (_open_next,    _entry_only, _open_next, _entry_only, _absent,   _absent,
                      _absent,    _absent,    _absent,    _absent,    _absent),
    State.OPEN:      (_stay,         _stay,       _stay,      _stay,       _snooze,   _complete_when_idle,
                      _complete,  _archive,   _close,     _no_change, _no_change),
    State.SNOOZED:   (_wake_or_hold, _stay,       _stay,      _stay,       _snooze,   _wake_when_due,
                      _complete,  _archive,   _close,     _wake,      _wake),
    State.COMPLETED: (_p1,           _stay,       _p2,        _stay,       _finished, _seal_when_idle,
                      _no_change, _archive,   _close,     _reopen,    _finished),
    State.ARCHIVED:  (_p1,           _stay,       _p2,        _stay,       _finished, _finished,
                      _complete,  _no_change, _close,     _reopen,    _finished),
    State.CLOSED:    (_open_next,    _entry_only, _p2_closed, _entry_only, _sealed,   _sealed,
                      _sealed,    _sealed,    _no_change, _sealed,    _sealed),
})
# fmt: on

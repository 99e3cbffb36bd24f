"""A thread driven by anything in any order, under policies that change on the way, beside a model that only counts."""

from dataclasses import dataclass

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gateway.domain.conversation import (
    Archive,
    Close,
    Complete,
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
    decide,
)
from gateway.domain.events import EventType
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

IDLE = st.none() | st.integers(1, 30 * 86_400)
POLICIES = st.builds(
    Policy,
    after_inbound=st.sampled_from(AfterInbound) | st.builds(ReopenWithin, st.integers(1, 30)),
    after_outbound=st.sampled_from(AfterOutbound),
    complete_repeat=st.sampled_from(CompleteRepeat),
    snooze_wake=st.sampled_from(SnoozeWake),
    reopen_owner=st.sampled_from(ReopenOwner),
    idle_complete_after=IDLE,
    idle_seal_after=IDLE,
)
VERBS: list[Trigger] = [Complete(), Archive(), Close(), Reopen(), Wake()]
COMPLETED, OPENED = EventType.CONVERSATION_COMPLETED, EventType.CONVERSATION_OPENED
ENDED = {State.COMPLETED, State.ARCHIVED, State.CLOSED}


@dataclass
class Row:
    """A conversation as it would be stored."""

    state: State = State.OPEN
    completed_count: int = 0
    ended_at: int | None = None
    ended_by: str | None = None
    snoozed_until: int | None = None
    last_activity_at: int = 0
    completions_told: int = 0

    def standing(self) -> Standing:
        return Standing(
            self.state,
            self.completed_count,
            self.ended_at,
            self.snoozed_until,
            self.last_activity_at,
            ended_by=self.ended_by,
        )


class ThreadMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 1_700_000_000_000
        self.policy = Policy()
        self.rows: list[Row] = []
        self.sealed: list[tuple[int, str]] = []

    @initialize(policy=POLICIES)
    def begin(self, policy: Policy) -> None:
        self.policy = policy

    @rule(policy=POLICIES)
    def change_policy(self, policy: Policy) -> None:
        self.policy = policy

    @rule(milliseconds=st.integers(1, 40 * DAY))
    def wait(self, milliseconds: int) -> None:
        self.now += milliseconds

    @rule()
    def contact_writes(self) -> None:
        move = self.apply(NaturalInbound())
        assert move is not None
        assert move.entry_in_conversation
        assert move.unread
        assert move.needs_reply
        assert self.rows[-1].state in {State.OPEN, State.SNOOZED}

    @rule()
    def person_sends(self) -> None:
        move = self.apply(SentByPerson())
        assert move is not None
        assert move.needs_reply is (False if move.entry_in_conversation else None)

    @rule(trigger=st.sampled_from([OtherInbound(), SentByMachine()]))
    def machine_traffic(self, trigger: Trigger) -> None:
        before = [(row.state, row.completed_count) for row in self.rows]
        move = self.apply(trigger)
        assert move is not None
        assert (move.opens, move.seals, move.unread, move.needs_reply, move.events) == (False, False, False, None, ())
        assert move.entry_in_conversation == bool(self.live())
        assert [(row.state, row.completed_count) for row in self.rows] == before

    @rule(verb=st.sampled_from(VERBS))
    def user_acts(self, verb: Trigger) -> None:
        move = self.apply(verb)
        assert move is None or not move.opens

    @rule(ahead=st.integers(1, 40 * DAY))
    def user_snoozes(self, ahead: int) -> None:
        allowed = bool(self.rows) and self.rows[-1].state in {State.OPEN, State.SNOOZED}
        move = self.apply(Snooze(self.now + ahead))
        assert (move is not None) == allowed
        if move:
            assert (move.state, move.snoozed_until) == (State.SNOOZED, self.now + ahead)

    @rule()
    def clock_strikes(self) -> None:
        move = self.apply(Timer())
        assert move is None or not (move.opens or move.unread)

    def apply(self, trigger: Trigger) -> Move | None:
        """Store what the move says, as the writer would; None when it was refused."""
        row = self.rows[-1] if self.rows else None
        try:
            move = decide(row.standing() if row else None, trigger, self.policy, self.now)
        except MoveRefused:
            return None
        if row is None:
            assert (move.state, move.seals) == (None, False)
        else:
            self.store(row, move)
        if move.opens:
            assert not self.live()
            assert move.events[-1] is OPENED
            self.rows.append(Row(last_activity_at=self.now))
        return move

    def store(self, row: Row, move: Move) -> None:
        assert move.state is not None
        moved = (row.state, row.snoozed_until) != (move.state, move.snoozed_until)
        completions = move.events.count(COMPLETED)
        assert move.completed_count - row.completed_count == completions
        assert completions <= 1
        assert bool(move.events) == (moved or move.opens)
        if completions:
            assert (row.state is not State.COMPLETED, move.state) == (True, State.COMPLETED)
        row.completions_told += completions
        if move.seals:
            self.sealed.append((len(self.rows) - 1, str(move.ended_by)))
        row.state, row.completed_count = move.state, move.completed_count
        row.ended_at, row.ended_by, row.snoozed_until = move.ended_at, move.ended_by, move.snoozed_until
        if move.entry_in_conversation and not move.opens:
            row.last_activity_at = self.now

    def live(self) -> list[Row]:
        return [row for row in self.rows if row.state is not State.CLOSED]

    @invariant()
    def at_most_the_newest_is_live(self) -> None:
        assert self.live() in ([], self.rows[-1:])

    @invariant()
    def closed_is_final(self) -> None:
        closed = [(index, str(row.ended_by)) for index, row in enumerate(self.rows) if row.state is State.CLOSED]
        assert closed == self.sealed

    @invariant()
    def every_completion_was_told_exactly_once(self) -> None:
        assert all(row.completed_count == row.completions_told for row in self.rows)

    @invariant()
    def the_facts_fit_the_state(self) -> None:
        for row in self.rows:
            assert (row.ended_at is not None) == (row.ended_by is not None) == (row.state in ENDED)
            assert (row.snoozed_until is not None) == (row.state is State.SNOOZED)


TestThread = ThreadMachine.TestCase
TestThread.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)

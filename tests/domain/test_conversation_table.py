"""The table of conversation states, written out a second time and compared cell by cell under every policy."""

from collections.abc import Iterator
from itertools import product

import pytest

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
from gateway.domain.policy import (
    DAY,
    AfterInbound,
    AfterOutbound,
    CompleteRepeat,
    Policy,
    ReopenWithin,
    SnoozeWake,
)

TABLE = """
         |natural  |other     |person   |machine   |snooze  |timer|complete |archive  |close    |reopen   |wake
none     |open #n+1|entry only|open #n+1|entry only|409     |409  |409      |409      |409      |409      |409
open     |stays    |stays     |stays    |stays     |snoozed |idle |P3       |archived |closed   |no change|no change
snoozed  |P8       |stays     |stays    |stays     |new time|due  |P3       |archived |closed   |open     |open
completed|P1       |stays     |P2       |stays     |409     |seal |no change|archived |closed   |open     |409
archived |P1       |stays     |P2       |stays     |409     |409  |P3       |no change|closed   |open     |409
closed   |open #n+1|entry only|P2 closed|entry only|409     |409  |409      |409      |no change|409      |409
"""

NOW = 1_700_000_000_000
WEEK = 7 * DAY
TRIGGERS: dict[str, Trigger] = {
    "natural": NaturalInbound(),
    "other": OtherInbound(),
    "person": SentByPerson(),
    "machine": SentByMachine(),
    "snooze": Snooze(NOW + DAY),
    "timer": Timer(),
    "complete": Complete(),
    "archive": Archive(),
    "close": Close(),
    "reopen": Reopen(),
    "wake": Wake(),
}


def cells() -> Iterator[tuple[str, str, str]]:
    header, *rows = ([cell.strip() for cell in line.split("|")] for line in TABLE.strip("\n").splitlines())
    for row in rows:
        assert len(row) == len(header)
        yield from ((row[0], trigger, cell) for trigger, cell in zip(header[1:], row[1:], strict=True))


def a(state: str, *, completed: int = 0, age: int = DAY, due: bool = False) -> Standing | None:
    """A conversation in this state, untouched (and, where it ended, ended) for `age` milliseconds."""
    if state == "none":
        return None
    return Standing(
        State(state),
        completed_count=completed,
        ended_at=NOW - age if state in {"completed", "archived", "closed"} else None,
        snoozed_until=(NOW if due else NOW + 1) if state == "snoozed" else None,
        last_activity_at=NOW - age,
    )


def told(standing: Standing | None, trigger: Trigger, policy: Policy) -> str:
    """What became of it, in the words of the table."""
    try:
        move = decide(standing, trigger, policy, NOW)
    except MoveRefused:
        return "409"
    return in_words(standing, trigger, move)


def in_words(standing: Standing | None, trigger: Trigger, move: Move) -> str:
    before = standing.state if standing else None
    message = isinstance(trigger, NaturalInbound | OtherInbound | SentByPerson | SentByMachine)
    assert move.seals == (move.state is State.CLOSED and before is not State.CLOSED)
    if move.opens:
        assert move.entry_in_conversation
        return "closed, open #n+1" if move.seals else "open #n+1"
    if not move.entry_in_conversation:
        assert (move.state, move.events) == (before, ())
        return "entry only" if message else "no change"
    if move.state is not before:
        return str(move.state)
    return "new time" if isinstance(trigger, Snooze) else "stays"


def expected(cell: str, policy: Policy, *, completed: int, age: int, due: bool) -> str:
    """A cell's outcome under a policy."""
    once = policy.complete_repeat is CompleteRepeat.ONCE and completed > 0
    within = isinstance(policy.after_inbound, ReopenWithin) and age <= WEEK
    outbound = policy.after_outbound
    return {
        "P1": "open" if policy.after_inbound is AfterInbound.REOPEN or within else "closed, open #n+1",
        "P2": {"reopen": "open", "new": "closed, open #n+1", "stay": "stays"}[outbound],
        "P2 closed": {"reopen": "open #n+1", "new": "open #n+1", "stay": "entry only"}[outbound],
        "P3": "409" if once else "completed",
        "P8": {"inbound_wakes": "open", "hold": "stays"}[policy.snooze_wake],
        "due": "open" if due else "no change",
        "idle": "no change" if policy.idle_complete_after is None else "archived" if once else "completed",
        "seal": "no change" if policy.idle_seal_after is None else "closed",
    }.get(cell, cell)


AFTER_INBOUND: list[AfterInbound | ReopenWithin] = [AfterInbound.REOPEN, AfterInbound.NEW, ReopenWithin(7)]
POLICIES = [
    Policy(
        after_inbound=p1,
        after_outbound=p2,
        complete_repeat=p3,
        snooze_wake=p8,
        idle_complete_after=idle,
        idle_seal_after=idle,
    )
    for p1, p2, p3, p8, idle in product(
        AFTER_INBOUND,
        AfterOutbound,
        CompleteRepeat,
        SnoozeWake,
        [None, 3600],
    )
]


def test_the_table_has_a_cell_for_every_state_and_trigger() -> None:
    assert {(state, trigger) for state, trigger, _ in cells()} == set(product(["none", *State], TRIGGERS))
    assert {type(trigger) for trigger in TRIGGERS.values()} == set(Trigger.__args__)


@pytest.mark.parametrize(("state", "trigger", "cell"), list(cells()))
def test_every_cell_under_every_policy(state: str, trigger: str, cell: str) -> None:
    for policy, completed, age, due in product(POLICIES, [0, 2], [DAY, WEEK, WEEK + 1], [False, True]):
        standing = a(state, completed=completed, age=age, due=due)
        outcome = expected(cell, policy, completed=completed, age=age, due=due)
        assert told(standing, TRIGGERS[trigger], policy) == outcome, (policy, standing)


EVENTS = """
    none      -> open #n+1         : conversation_opened
    closed    -> open #n+1         : conversation_opened
    completed -> closed, open #n+1 : conversation_closed conversation_opened
    archived  -> closed, open #n+1 : conversation_closed conversation_opened
    snoozed   -> open              : conversation_woken
    completed -> open              : conversation_reopened
    archived  -> open              : conversation_reopened
    open      -> snoozed           : conversation_snoozed
    snoozed   -> new time          : conversation_snoozed
    open      -> completed         : conversation_completed
    snoozed   -> completed         : conversation_completed
    archived  -> completed         : conversation_completed
    open      -> archived          : conversation_archived
    snoozed   -> archived          : conversation_archived
    completed -> archived          : conversation_archived
    open      -> closed            : conversation_closed
    snoozed   -> closed            : conversation_closed
    completed -> closed            : conversation_closed
    archived  -> closed            : conversation_closed
"""


def test_a_move_tells_what_moved_and_nothing_else() -> None:
    by_outcome = {
        (before.strip(), after.strip()): events.split()
        for before, after, events in (line.replace(":", "->").split("->") for line in EVENTS.strip().splitlines())
    }
    seen = set()
    for (state, trigger, _), policy, due in product(cells(), POLICIES, [False, True]):
        standing = a(state, due=due)
        try:
            move = decide(standing, TRIGGERS[trigger], policy, NOW)
        except MoveRefused:
            continue
        outcome = in_words(standing, TRIGGERS[trigger], move)
        assert list(move.events) == by_outcome.get((state, outcome), []), (state, trigger, outcome)
        seen.add((state, outcome))
    assert set(by_outcome) <= seen

"""What led to an event: which automations, one after the other. By this an automation is kept from answering itself."""

from gateway.domain.automation import DEEPEST
from gateway.domain.ids import PREFIXES, format_id, parse_id
from gateway.domain.model import Event
from gateway.storage.automation_reads import events_at, run
from gateway.storage.session import Session

_STEPS = 2 * DEEPEST


def cause_of_run(run_id: int) -> str:
    """The cause of everything a run does."""
    return format_id(PREFIXES["run"], run_id)


def chain_behind(session: Session, event: Event) -> tuple[int, ...]:
    """The automations that led to an event, the oldest first; empty where a person or a contact stands behind it.

    A cause is a run, which knows what led to it, or the position of an event that a plugin's hook answered.
    """
    cause = event.cause
    for _ in range(_STEPS):
        if cause is None:
            return ()
        if not cause.isdigit():
            return _of_run(session, event.workspace_id, cause)
        before = events_at(session, event.workspace_id, [int(cause)]).get(int(cause))
        cause = before.cause if before else None
    return (0,) * DEEPEST  # hooks that answer each other's answers: as deep as can be


def _of_run(session: Session, workspace_id: int, cause: str) -> tuple[int, ...]:
    try:
        found = run(session, workspace_id, parse_id(cause, PREFIXES["run"]))
    except ValueError:
        return ()
    return () if found is None else (*found.chain, found.automation_id)

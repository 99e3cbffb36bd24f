"""One batch in one transaction: gather what it needs, load, decide each command in order, write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.core.audit import write_line
from gateway.core.audited import ACTIONS
from gateway.core.caller import Caller
from gateway.core.commands.messages import ReceiveMessage
from gateway.core.decisions.table import DECISIONS
from gateway.core.directory import load_view
from gateway.core.errors import Refused, invalid, not_found
from gateway.core.flush import flush
from gateway.core.idempotency import Idempotency, Replayed
from gateway.core.loading import load
from gateway.core.needs import Needs
from gateway.core.scene import CapabilitiesOf, Scene
from gateway.core.talk_needs import talk_needs
from gateway.core.verdict import Verdict
from gateway.core.working_set import WorkingSet
from gateway.core.workspace_view import WorkspaceView, with_records
from gateway.domain.ids import IdSource
from gateway.domain.model import Event
from gateway.domain.record import record
from gateway.storage import workspaces
from gateway.storage.facts import IdempotencyKey
from gateway.storage.session import Session


@record
class Request:
    """A command with whoever issued it."""

    command: Any
    caller: Caller
    verdict: Verdict
    idempotency: Idempotency | None = None


@record(gc=True)
class Surroundings:
    """What decisions may use beside the database: settings in memory, ids, capabilities, the keyed hash."""

    peek: Callable[[int], WorkspaceView | None]
    ids: IdSource
    capabilities: CapabilitiesOf
    digest: Callable[[str], str]


@dataclass(slots=True)
class Outcome:
    """What a batch came to: an answer or an error for each request, the events, and settings that changed."""

    answers: list[Any]
    events: list[Event] = field(default_factory=list)
    views: dict[int, WorkspaceView] = field(default_factory=dict)


def run(session: Session, requests: Sequence[Request], around: Surroundings, now: int) -> Outcome:
    """Decides and writes a batch. An answer that is an exception is that request's refusal."""
    working = WorkingSet()
    needs = _needs(requests)
    views = _views(session, needs, around)
    if any(view.talks is not None for view in views.values()):
        _talk_needs(requests, views, needs, now)
    for workspace_id, wanted in needs.items():
        if workspace_id in views:
            load(session, workspace_id, wanted, working, now, around.digest)
    answers = [_decide(request, working, views, around, now) for request in requests]
    events = flush(session, working)
    return Outcome(_placed(answers, working.events, events), events, views)


def _placed(answers: list[Any], decided: Sequence[Event], stored: Sequence[Event]) -> list[Any]:
    """A command that asks for its event is answered with it as it stands in the log."""
    positions = {id(before): after for before, after in zip(decided, stored, strict=True)}
    return [positions.get(id(answer), answer) for answer in answers]


def _needs(requests: Sequence[Request]) -> dict[int, Needs]:
    gathered: dict[int, Needs] = {}
    for request in requests:
        needs = gathered.setdefault(request.caller.workspace_id, Needs())
        needs.user_id = request.caller.user_id
        DECISIONS[type(request.command)].needs(request.command, needs)
        if request.idempotency is not None:
            needs.idempotency.add((_whose(request.caller), request.idempotency.key))
    return gathered


def _talk_needs(
    requests: Sequence[Request], views: dict[int, WorkspaceView], needs: dict[int, Needs], now: int
) -> None:
    """What texts may hit takes more; known only by the words of the workspace, which are in memory."""
    for request in requests:
        if type(request.command) is ReceiveMessage:
            view = views.get(request.caller.workspace_id)
            if view is not None and view.talks is not None:
                talk_needs(request.command, view, needs[view.id], now)


def _views(session: Session, needs: dict[int, Needs], around: Surroundings) -> dict[int, WorkspaceView]:
    """The settings as they are in this transaction; locked where a command is about to change them."""
    versions = workspaces.versions(session, needs)
    views: dict[int, WorkspaceView] = {}
    for workspace_id in sorted(versions):
        known = around.peek(workspace_id)
        if needs[workspace_id].settings or known is None or known.workspace.version != versions[workspace_id]:
            known = load_view(session, workspace_id, lock=needs[workspace_id].settings)
        if known is not None:
            views[workspace_id] = known
    return views


def _decide(
    request: Request, working: WorkingSet, views: dict[int, WorkspaceView], around: Surroundings, now: int
) -> Any:
    view = views.get(request.caller.workspace_id)
    if view is None:
        return not_found("workspace")
    mark = working.mark()
    scene = Scene(working, view, request.caller, now, around.ids, request.verdict, around.capabilities, around.digest)
    try:
        _check_replay(request, working)
        result = DECISIONS[type(request.command)].decide(request.command, scene)
        if type(request.command) in ACTIONS:
            write_line(request.command, result, scene, view, working.since(mark))
        _remember_answer(request, working, result, now)
    except (Refused, Replayed) as answer:
        working.undo(mark)
        return answer
    except Exception as fault:  # noqa: BLE001  a bug in one decision must not take its neighbours down; its caller gets it whole
        working.undo(mark)
        return fault
    if scene.view is not view:
        working.load(view.workspace)
        working.put(scene.view.workspace)
        views[view.id] = with_records(scene.view, working)
    return result


def _whose(caller: Caller) -> int:
    """Keys are everybody's own; the system's and its automations' are nobody's (0)."""
    return caller.user_id or 0


def _check_replay(request: Request, working: WorkingSet) -> None:
    idempotency, caller = request.idempotency, request.caller
    if idempotency is None:
        return
    known = working.get(IdempotencyKey, caller.workspace_id, _whose(caller), idempotency.key)
    if known is None:
        return
    if known.digest != idempotency.digest:
        raise invalid("Idempotency-Key", "This key was used before, with another request.", "idempotency-key-reused")
    raise Replayed(known.status, known.answer.encode())


def _remember_answer(request: Request, working: WorkingSet, result: Any, now: int) -> None:
    idempotency, caller = request.idempotency, request.caller
    if idempotency is None:
        return
    answer = idempotency.render(result).decode()
    working.put(
        IdempotencyKey(
            caller.workspace_id,
            _whose(caller),
            idempotency.key,
            idempotency.digest,
            idempotency.status,
            answer,
            now,
        )
    )

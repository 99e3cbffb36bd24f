"""What a row of work that is no send asks for, kind by kind. Each may run twice; none minds."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from gateway.core.caller import Caller, system
from gateway.core.commands.base import Command
from gateway.core.commands.conversations import FireTimer
from gateway.core.commands.messages import FlushIncomplete, ReleaseScheduled
from gateway.core.commands.talks import ExpireForm
from gateway.core.decisions.form_talk import EXPIRE_FORM
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import Address, AddressKind
from gateway.domain.model import Event, Work
from gateway.host.dispatch import Dispatcher
from gateway.host.event_views import view_of
from gateway.storage import event_log
from gateway.storage.database import Database

Execute = Callable[[Command[Any], Caller], Awaitable[Any]]
Chore = Callable[[Work], Awaitable[None]]


class ChoreFailed(Exception):
    """Not done; to be tried again. `retry_after` is in seconds; `counts` is False where nothing was tried."""

    def __init__(self, sentence: str, retry_after: float | None = None, *, counts: bool = True) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_after = retry_after
        self.counts = counts


SUSPENDED_S = 60.0


def require_awake(view: WorkspaceView) -> None:
    """What tells others of a workspace waits while it is suspended. Raises ChoreFailed, which counts as no try."""
    if view.workspace.suspended_at is not None:
        raise ChoreFailed("This workspace is suspended.", SUSPENDED_S, counts=False)


class Timers:
    """Times that have come: scheduled messages, snoozes and idle timers, long messages that stayed incomplete."""

    def __init__(self, execute: Execute) -> None:
        self._execute = execute

    def chores(self) -> Mapping[str, Chore]:
        """By kind of work."""
        return {"release": self.release, "timer": self.fire, "join": self.flush, EXPIRE_FORM: self.expire}

    async def release(self, work: Work) -> None:
        """A scheduled message becomes an ordinary one in its lane."""
        await self._execute(ReleaseScheduled(work.subject_id or 0), system(work.workspace_id))

    async def fire(self, work: Work) -> None:
        """A snooze or an idle conversation is looked at."""
        await self._execute(FireTimer(work.subject_id or 0), system(work.workspace_id))

    async def expire(self, work: Work) -> None:
        """A form whose answer doesn't come is looked at."""
        await self._execute(ExpireForm(work.subject_id or 0, int(work.data["thread"])), system(work.workspace_id))

    async def flush(self, work: Work) -> None:
        """The parts that came are shown, with their gaps."""
        data = work.data
        command = FlushIncomplete(
            gateway_id=work.gateway_id or 0,
            key=data["key"],
            total=data["total"],
            sender=_address(data["sender"]),
            recipient=_address(data["recipient"]),
            account=data["account"],
            channel=data["channel"],
        )
        await self._execute(command, system(work.workspace_id))


def _address(pair: Any) -> Address:
    kind, value = pair
    return Address(AddressKind(kind), value)


class Hooks:
    """Telling plugins what happened."""

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher

    async def tell(self, work: Work) -> None:
        """Calls one plugin's hook for one event of the log. Raises HookFailed."""
        position = int(work.data["position"])
        read = partial(event_log.after, workspace_id=work.workspace_id, position=position - 1, limit=1)
        found: list[Event] = await self._database.read(read)
        if found and found[0].position == position:
            await self._dispatcher.tell(work.data["plugin"], work.data["hook"], view_of(found[0]))

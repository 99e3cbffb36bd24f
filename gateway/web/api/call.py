"""One request to the API, as a handler sees it."""

from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from gateway.core.caller import Caller
from gateway.core.commands.base import Command
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.record import record
from gateway.domain.visibility import Viewer
from gateway.storage.session import Session
from gateway.web.api.once import Once
from gateway.web.guard import Signed
from gateway.web.state import AppState

R = TypeVar("R")
T = TypeVar("T")


@record(gc=True)
class Call:
    """Who asks, of which workspace; `once` is set for a POST with an Idempotency-Key."""

    state: AppState
    signed: Signed
    view: WorkspaceView
    request: web.Request
    once: Once | None = None

    @property
    def caller(self) -> Caller:
        """For commands and reads."""
        return self.signed.caller

    @property
    def viewer(self) -> Viewer:
        """For P4."""
        return self.signed.viewer

    @property
    def workspace_id(self) -> int:
        """The workspace of whoever asks."""
        return self.signed.workspace_id

    async def read(self, function: Callable[[Session], T]) -> T:
        """Runs a read model."""
        return await self.state.database.read(function)

    async def execute(self, command: Command[R], answer: Callable[[R], Any] | None = None) -> R:
        """Issues the command, with the request's Idempotency-Key if it has one.

        `answer` makes the body of the result alone: it is then stored in the command's own transaction. Without it the
        body is stored once it was made. Raises what the writer raises.
        """
        once = self.once
        if once is None:
            return await self.state.writer.execute(command, self.caller)
        return await self.state.writer.execute(command, self.caller, idempotency=once.take(answer))

    async def execute_more(self, command: Command[R]) -> R:
        """A further command of the same request, which has no key of its own."""
        return await self.state.writer.execute(command, self.caller)

"""Finding somebody for conversations that nobody has."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from gateway.core.assigning import ASSIGN, ASSIGN_WAITING
from gateway.core.caller import system
from gateway.core.commands.assignment import AssignByRule
from gateway.core.decisions.assignment import groups_of
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.assignment import rules_of
from gateway.domain.model import Work
from gateway.storage.assignment_reads import waiting_ids
from gateway.storage.database import Database
from gateway.workers.chores import Chore, Execute

ViewOf = Callable[[int], Awaitable[WorkspaceView]]


class Assigning:
    """The two kinds of work of the rules of assignment."""

    def __init__(self, database: Database, execute: Execute, view_of: ViewOf) -> None:
        self._database = database
        self._execute = execute
        self._view_of = view_of

    def chores(self) -> Mapping[str, Chore]:
        """By kind of work."""
        return {ASSIGN: self.one, ASSIGN_WAITING: self.waiting}

    async def one(self, work: Work) -> None:
        """A conversation that was just left with nobody."""
        await self._try(work.workspace_id, work.subject_id or 0, leaves=work.data.get("leaves"))

    async def waiting(self, work: Work) -> None:
        """Those who have waited, the longest first; nothing is said again of those for whom there is still nobody."""
        read = partial(waiting_ids, workspace_id=work.workspace_id)
        for conversation_id in await self._database.read(read):
            await self._try(work.workspace_id, conversation_id, tell=False)

    async def _try(self, workspace_id: int, conversation_id: int, **more: Any) -> None:
        view = await self._view_of(workspace_id)
        groups = groups_of(rules_of(view.workspace.assignment))
        if groups:
            await self._execute(AssignByRule(conversation_id, groups, **more), system(workspace_id))

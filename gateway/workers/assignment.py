"""Finding somebody for conversations that nobody has."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any

from gateway.core.assigning import ASSIGN, ASSIGN_WAITING, HOURS_BEGIN
from gateway.core.caller import system
from gateway.core.commands.assignment import AssignByRule, BeginHours
from gateway.core.decisions.assignment import available, groups_of
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.assignment import AssignmentRule, rules_of
from gateway.domain.model import Conversation, Work
from gateway.storage.assignment_reads import open_by_user, waiting_after
from gateway.storage.database import Database
from gateway.workers.chores import Chore, Execute

ViewOf = Callable[[int], Awaitable[WorkspaceView]]


class Assigning:
    """The work of the rules of assignment."""

    def __init__(self, database: Database, execute: Execute, view_of: ViewOf, clock: Callable[[], int]) -> None:
        self._database = database
        self._execute = execute
        self._view_of = view_of
        self._clock = clock

    def chores(self) -> Mapping[str, Chore]:
        """By kind of work."""
        return {ASSIGN: self.one, ASSIGN_WAITING: self.waiting, HOURS_BEGIN: self.begin}

    async def one(self, work: Work) -> None:
        """A conversation that was just left with nobody."""
        await self._try(work.workspace_id, work.subject_id or 0, leaves=work.data.get("leaves"))

    async def begin(self, work: Work) -> None:
        """Somebody's working hours."""
        await self._execute(BeginHours(work.subject_id or 0), system(work.workspace_id))

    async def waiting(self, work: Work) -> None:
        """Those who have waited, the longest first; nothing is said again of those for whom there is still nobody.

        Who could be given to somebody is seen beside the writer: with a long queue and everybody full nothing is asked
        of it, however often somebody has one less.
        """
        after: tuple[int, int] | None = (0, 0)
        while after is not None:
            view = await self._view_of(work.workspace_id)
            rules = rules_of(view.workspace.assignment)
            load = await self._database.read(partial(open_by_user, workspace_id=work.workspace_id))
            if not self._with_somebody(view, rules, load):
                return
            read = partial(
                waiting_after,
                workspace_id=work.workspace_id,
                group_ids=[one for one in groups_of(rules) if one is not None],
                after=after,
                tags=any(one.tag_id for one in rules),
            )
            found, after = await self._database.read(read)
            for one in found:
                fitting = self._with_somebody(view, rules, load)
                if not fitting:
                    return
                if any(rule.fits(one.group_id, one.sender_id, one.tag_ids) for rule in fitting):
                    given = await self._try(work.workspace_id, one.id, tell=False)
                    if given is not None and given.user_id is not None:
                        load[given.user_id] = load.get(given.user_id, 0) + 1

    async def _try(self, workspace_id: int, conversation_id: int, **more: Any) -> Conversation | None:
        view = await self._view_of(workspace_id)
        groups = groups_of(rules_of(view.workspace.assignment))
        if not groups:
            return None
        given: Conversation | None = await self._execute(
            AssignByRule(conversation_id, groups, **more), system(workspace_id)
        )
        return given

    def _with_somebody(
        self, view: WorkspaceView, rules: Iterable[AssignmentRule], load: Mapping[int, int]
    ) -> list[AssignmentRule]:
        """The rules by which somebody could get one more now."""
        now = self._clock()
        return [one for one in rules if one.free(available(view, one.group_id, now), load)]

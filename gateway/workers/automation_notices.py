"""Administrators are told, each where they want to be, that an automation is held, since a machine answers it."""

from collections.abc import Callable
from functools import partial

from gateway.core.writer import Writer
from gateway.domain.automation import Automation
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.model import Work
from gateway.domain.notices import NoticeSetting, not_before
from gateway.storage import automation_reads
from gateway.storage.database import Database
from gateway.storage.notice_reads import notice_setting
from gateway.storage.session import Session
from gateway.workers.chores import ChoreFailed
from gateway.workers.notice_post import NoticePost
from gateway.workers.push import ViewOf


class AutomationNotices:
    """`public_url` is where people find the Messenger."""

    def __init__(
        self, database: Database, writer: Writer, view_of: ViewOf, public_url: str, clock: Callable[[], int]
    ) -> None:
        self._database = database
        self._post = NoticePost(writer)
        self._view_of = view_of
        self._public_url = public_url
        self._clock = clock

    async def tell(self, work: Work) -> None:
        """One administrator, of one rule that is still held somewhere. Raises ChoreFailed in their quiet hours."""
        view = await self._view_of(work.workspace_id)
        user = view.users.get(work.subject_id or 0)
        if user is None or user.removed_at is not None:
            return
        read = partial(_held, workspace_id=view.id, user_id=user.id, automation_id=int(work.data["automation"]))
        setting, rule, threads = await self._database.read(read)
        if setting is None or rule is None or not threads:
            return
        now = self._clock()
        wait = not_before(setting, now) - now
        if wait > 0:
            raise ChoreFailed("These are quiet hours.", wait / 1000, counts=False)
        await self._post.send(user, setting.address, self._text(rule, threads), f"notice-{work.id}")

    def _text(self, rule: Automation, threads: int) -> str:
        """Names no contact: a notice stands in a thread that outlives them."""
        where = "one contact" if threads == 1 else f"{threads} contacts"
        link = f"{self._public_url}/settings/automations/{format_id(PREFIXES['automation'], rule.id)}/runs"
        return f"The automation “{rule.name}” is held for {where}: it was set off too often, like in a loop.\n{link}"


def _held(
    session: Session, workspace_id: int, user_id: int, automation_id: int
) -> tuple[NoticeSetting | None, Automation | None, int]:
    return (
        notice_setting(session, workspace_id, user_id),
        automation_reads.automation(session, workspace_id, automation_id),
        automation_reads.how_many_held(session, workspace_id).get(automation_id, 0),
    )

"""A notice to somebody of the team leaves as a message of ours, once, and not in their quiet hours."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable

from gateway.core.caller import Caller
from gateway.core.commands.messages import SendMessage
from gateway.core.idempotency import Idempotency, Replayed
from gateway.core.workspace_view import WorkspaceView
from gateway.core.writer import Writer
from gateway.domain.address import InvalidAddress, typed_address
from gateway.domain.consent import Purpose
from gateway.domain.model import Work
from gateway.domain.nature import Nature
from gateway.domain.notices import NoticeSetting, not_before
from gateway.domain.people import User
from gateway.domain.visibility import Viewer
from gateway.storage.database import Database
from gateway.storage.notice_reads import notice_setting
from gateway.storage.session import Session
from gateway.workers.chores import ChoreFailed
from gateway.workers.push import ViewOf


class NoticePost(ABC):
    """Tells the user who is the subject of a piece of work, where they want to be told.

    Sends on the reader's own behalf; a worker that dies between the send and the end of its row sends no second.
    `public_url` is where people find the Messenger.
    """

    def __init__(
        self, database: Database, writer: Writer, view_of: ViewOf, public_url: str, clock: Callable[[], int]
    ) -> None:
        self._database = database
        self._writer = writer
        self._view_of = view_of
        self._public_url = public_url
        self._clock = clock

    @abstractmethod
    def words(self, session: Session, view: WorkspaceView, user: User, work: Work) -> str | None:
        """What to tell them, as it stands now; None where there is nothing to tell any more."""

    async def tell(self, work: Work) -> None:
        """Once. Raises ChoreFailed when it got late: quiet hours that have begun since are kept as well."""
        view = await self._view_of(work.workspace_id)
        user = view.users.get(work.subject_id or 0)
        if user is None or user.removed_at is not None:
            return

        def read(session: Session) -> tuple[NoticeSetting | None, str | None]:
            return notice_setting(session, view.id, user.id), self.words(session, view, user, work)

        setting, words = await self._database.read(read)
        if setting is None or words is None:
            return
        now = self._clock()
        wait = not_before(setting, now) - now
        if wait > 0:
            raise ChoreFailed("These are quiet hours.", wait / 1000, counts=False)
        await self._send(user, setting.address, words, f"notice-{work.id}")

    async def _send(self, user: User, address: str, text: str, key: str) -> None:
        """A text, or a mail whose subject is the first line. `key` names the notice: it leaves once."""
        try:
            to = typed_address(address, None)
        except InvalidAddress:
            return
        subject = text.partition("\n")[0] if "@" in address else None
        command = SendMessage(body=text, to=to, subject=subject, nature=Nature.AUTO, purpose=Purpose.TRANSACTIONAL)
        caller = Caller(user.workspace_id, "system", viewer_of(user), "Notices")
        once = Idempotency(key, key, 202, lambda _: b"{}")
        with contextlib.suppress(Replayed):
            await self._writer.execute(command, caller, idempotency=once)


def viewer_of(user: User) -> Viewer:
    """Who reads a notice, for what they may see."""
    return Viewer(user.id, user.role, frozenset(user.group_ids))

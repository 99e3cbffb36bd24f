"""A notice leaves as a message of ours: who wrote, how much is unread, and where; never what was said."""

from collections.abc import Callable

from gateway.core.writer import Writer
from gateway.domain.model import Work
from gateway.domain.notices import named_in_notice, not_before
from gateway.domain.policy import Visibility
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.database import Database
from gateway.storage.notice_reads import notice_setting, unread_since
from gateway.storage.sight import sight_of
from gateway.workers.chores import ChoreFailed
from gateway.workers.notice_post import NoticePost, viewer_of
from gateway.workers.push import ViewOf

MOST_NAMES = 5


class Notices:
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
        """One notice for all that is unread since the work was made; nothing when it was read meanwhile.

        Raises ChoreFailed when it got late: quiet hours that have begun since are kept as well.
        """
        view = await self._view_of(work.workspace_id)
        user = view.users.get(work.subject_id or 0)
        if user is None or user.removed_at is not None or view.workspace.suspended_at is not None:
            return
        sight = sight_of(viewer_of(user), work.workspace_id, view.policy)
        since = int(work.data["since"])
        setting, rows = await self._database.read(
            lambda session: (
                notice_setting(session, work.workspace_id, user.id),
                unread_since(session, sight, since),
            )
        )
        if setting is None or not rows:
            return
        now = self._clock()
        wait = not_before(setting, now) - now
        if wait > 0:
            raise ChoreFailed("These are quiet hours.", wait / 1000, counts=False)
        text = self._text(rows, named=view.policy.visibility is Visibility.ALL)
        await self._post.send(user, setting.address, text, f"notice-{work.id}")

    def _text(self, rows: list[ConversationRow], *, named: bool) -> str:
        """Where not everybody sees everything, a notice names nobody: it stands in a thread that others may see."""
        count = sum(row.unread for row in rows)
        words = f"{count} unread {'message' if count == 1 else 'messages'}"
        if not named:
            return f"{words}\n{self._public_url}"
        names = [_name(row) for row in rows[:MOST_NAMES]]
        more = f" and {len(rows) - MOST_NAMES} more" if len(rows) > MOST_NAMES else ""
        return f"{words}: {', '.join(names)}{more}\n{self._public_url}"


def _name(row: ConversationRow) -> str:
    name = row.contact.name if row.contact.saved and row.contact.name else ""
    return named_in_notice(name, row.addresses[0].value if row.addresses else "somebody")

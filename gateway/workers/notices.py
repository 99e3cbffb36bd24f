"""A notice leaves as a message of ours: who wrote, how much is unread, and where; never what was said."""

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.model import Work
from gateway.domain.notices import named_in_notice
from gateway.domain.people import User
from gateway.domain.policy import Visibility
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.notice_reads import unread_since
from gateway.storage.session import Session
from gateway.storage.sight import sight_of
from gateway.workers.notice_post import NoticePost, viewer_of

MOST_NAMES = 5


class Notices(NoticePost):
    """One for all that is unread since the work was made; nothing when it was read meanwhile."""

    def words(self, session: Session, view: WorkspaceView, user: User, work: Work) -> str | None:
        """How much, and from whom. A suspended workspace has nothing to say."""
        if view.workspace.suspended_at is not None:
            return None
        rows = unread_since(session, sight_of(viewer_of(user), view.id, view.policy), int(work.data["since"]))
        return self._text(rows, named=view.policy.visibility is Visibility.ALL) if rows else None

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

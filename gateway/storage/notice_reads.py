"""Who wants to be told by e-mail or text, and whether a notice waits for them already."""

from collections.abc import Iterable

from gateway.domain.notices import NoticeSetting
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.inbox import conversation_page
from gateway.storage.ranges import View
from gateway.storage.records import NOTICE_SETTINGS, WORK
from gateway.storage.session import Session
from gateway.storage.sight import Sight
from gateway.storage.view_query import ViewQuery

MOST_NAMED = 20


def notice_settings(session: Session, workspace_id: int) -> list[NoticeSetting]:
    """Everybody's."""
    return NOTICE_SETTINGS.by(session, workspace_id, "workspace_id", [workspace_id])


def notice_setting(session: Session, workspace_id: int, user_id: int) -> NoticeSetting | None:
    """One user's."""
    found = NOTICE_SETTINGS.by(session, workspace_id, "user_id", [user_id])
    return found[0] if found else None


def who_waits(session: Session, workspace_id: int, user_ids: Iterable[int], kind: str) -> set[int]:
    """Of some users those for whom work of a kind is queued."""
    found = WORK.by(session, workspace_id, "subject_id", user_ids)
    return {one.subject_id for one in found if one.kind == kind and one.state == "queued" and one.subject_id}


def unread_since(session: Session, sight: Sight, at: int) -> list[ConversationRow]:
    """The inbox's conversations with something unread that came at or after a moment (ms), the newest first."""
    page = conversation_page(session, ViewQuery(sight, View.INBOX, unread_only=True, limit=MOST_NAMED))
    return [row for row in page.items if row.conversation.last_at >= at]

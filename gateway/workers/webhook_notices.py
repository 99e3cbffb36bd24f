"""Administrators are told, each where they want to be, that a webhook was switched off."""

from urllib.parse import urlsplit

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.model import Work
from gateway.domain.people import User
from gateway.domain.webhooks import OFF_AFTER_MS, OffReason
from gateway.storage.session import Session
from gateway.storage.webhook_reads import webhook
from gateway.workers.notice_post import NoticePost

_DAYS = OFF_AFTER_MS // 86_400_000


class WebhookNotices(NoticePost):
    """Of one webhook that is still off."""

    def words(self, session: Session, view: WorkspaceView, user: User, work: Work) -> str | None:
        """Names the host alone: an address may hold a secret, and the notice stands in a thread."""
        hook = webhook(session, view.id, int(work.data["webhook"]))
        if hook is None or hook.enabled:
            return None
        host = urlsplit(hook.url).hostname
        why = "it wants nothing any more" if hook.off_reason == OffReason.GONE else f"it took nothing for {_DAYS} days"
        return f"The webhook to {host} was switched off: {why}.\n{self._public_url}/settings/webhooks"

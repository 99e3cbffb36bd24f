"""Administrators are told, each where they want to be, that a webhook was switched off."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from gateway.core.writer import Writer
from gateway.domain.model import Work
from gateway.domain.notices import not_before
from gateway.domain.webhooks import OFF_AFTER_MS, OffReason, Webhook
from gateway.storage.database import Database
from gateway.storage.notice_reads import notice_setting
from gateway.storage.webhook_reads import webhook
from gateway.workers.chores import ChoreFailed
from gateway.workers.notice_post import NoticePost
from gateway.workers.push import ViewOf

_DAYS = OFF_AFTER_MS // 86_400_000


class WebhookNotices:
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
        """One administrator, of one webhook that is still off. Raises ChoreFailed during their quiet hours."""
        view = await self._view_of(work.workspace_id)
        user = view.users.get(work.subject_id or 0)
        if user is None or user.removed_at is not None:
            return
        setting = await self._database.read(partial(notice_setting, workspace_id=work.workspace_id, user_id=user.id))
        hook = await self._database.read(
            partial(webhook, workspace_id=work.workspace_id, webhook_id=int(work.data["webhook"]))
        )
        if setting is None or hook is None or hook.enabled:
            return
        now = self._clock()
        wait = not_before(setting, now) - now
        if wait > 0:
            raise ChoreFailed("These are quiet hours.", wait / 1000, counts=False)
        await self._post.send(user, setting.address, self._text(hook), f"notice-{work.id}")

    def _text(self, hook: Webhook) -> str:
        """Names the host alone: an address may hold a secret, and the notice stands in a thread."""
        host = urlsplit(hook.url).hostname
        why = "it wants nothing any more" if hook.off_reason == OffReason.GONE else f"it took nothing for {_DAYS} days"
        return f"The webhook to {host} was switched off: {why}.\n{self._public_url}/settings/webhooks"

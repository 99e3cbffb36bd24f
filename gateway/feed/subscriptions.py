"""Events become deliveries to the webhooks that want them, in the transaction that moves the cursor."""

from collections.abc import Callable, Sequence

from gateway.core.decisions.webhooks import WEBHOOK
from gateway.domain.ids import IdSource
from gateway.domain.model import Event, Work
from gateway.domain.webhooks import Webhook, WebhookDelivery, wants
from gateway.feed.kept import Kept
from gateway.storage.records import WEBHOOK_DELIVERIES
from gateway.storage.session import Session
from gateway.storage.webhook_reads import ringing, webhooks_of


class Subscriptions:
    """Rows for `ToWork`."""

    def __init__(self, ids: IdSource, clock: Callable[[], int]) -> None:
        self._ids = ids
        self._clock = clock
        self._kept = Kept("webhook", _live)

    def work(self, session: Session, workspace_id: int, events: Sequence[Event]) -> list[Work]:
        """Makes the deliveries, and a row of work for each webhook for which none waits already."""
        now = self._clock()
        made = [
            self._delivery(one, event, now)
            for event, live, changed in self._kept.along(session, workspace_id, events)
            for one in live
            if one.id != changed and wants(one.events, event.type)  # none is told of itself
        ]
        if not made:
            return []
        WEBHOOK_DELIVERIES.insert(session, made)
        told = dict.fromkeys(one.webhook_id for one in made)
        rung = ringing(session, workspace_id, WEBHOOK, told)
        return [Work(workspace_id, self._ids.next(), WEBHOOK, now, now, lane=one) for one in told if one not in rung]

    def _delivery(self, hook: Webhook, event: Event, now: int) -> WebhookDelivery:
        return WebhookDelivery(
            event.workspace_id,
            self._ids.next(),
            hook.id,
            event.type,
            event.position,
            now,
            now,
            contact_id=event.contact_id,
        )


def _live(session: Session, workspace_id: int) -> list[Webhook]:
    return [one for one in webhooks_of(session, workspace_id) if one.enabled]

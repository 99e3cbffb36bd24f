"""Events become deliveries to the webhooks that want them, in the transaction that moves the cursor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gateway.core.decisions.webhooks import WEBHOOK
from gateway.domain.events import EventType
from gateway.domain.ids import IdSource
from gateway.domain.model import Event, Work
from gateway.domain.webhooks import Webhook, WebhookDelivery, wants
from gateway.storage.records import WEBHOOK_DELIVERIES
from gateway.storage.session import Session
from gateway.storage.webhook_reads import ringing, webhooks_of


@dataclass(frozen=True, slots=True)
class _Known:
    """A workspace's webhooks as they stood when the log had been followed up to `position`."""

    position: int
    webhooks: Sequence[Webhook]


class Subscriptions:
    """Rows for `ToWork`. Webhooks are kept in memory, so that an event that nobody wants costs no query.

    Every change of a webhook is an event of the same log: they are read again when one is met, and whenever another
    node has followed the log in between.
    """

    def __init__(self, ids: IdSource, clock: Callable[[], int]) -> None:
        self._ids = ids
        self._clock = clock
        self._known: dict[int, _Known] = {}

    def work(self, session: Session, workspace_id: int, events: Sequence[Event]) -> list[Work]:
        """Makes the deliveries, and a row of work for each webhook for which none waits already."""
        known = self._known.get(workspace_id)
        fresh = known is not None and known.position + 1 == events[0].position
        live: Sequence[Webhook] = known.webhooks if known and fresh else _live(session, workspace_id)
        made: list[WebhookDelivery] = []
        now = self._clock()
        for event in events:
            changed = _changed(event)
            if changed is not None:
                live = _live(session, workspace_id)
            made += [
                self._delivery(one, event, now)
                for one in live
                if one.id != changed and wants(one.events, event.type)  # none is told of itself
            ]
        self._known[workspace_id] = _Known(events[-1].position, live)
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


def _changed(event: Event) -> int | None:
    """The webhook that an event says was changed."""
    if event.type != EventType.SETTINGS_CHANGED or event.data.get("noun") != "webhook":
        return None
    return int(event.data["id"])

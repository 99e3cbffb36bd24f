"""What was delivered to a webhook, try by try; replayed, or tried out."""

import msgspec

from gateway.core.commands.webhooks import ReplayDelivery, ReplayFailed, TestWebhook
from gateway.domain.visibility import Permission
from gateway.domain.webhooks import DeliveryState, WebhookAttempt, WebhookDelivery
from gateway.storage import webhook_reads
from gateway.storage.session import Session
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.paging import DEFAULT, Cursor, Limit, page_from, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.webhook import DeliveryShape, delivery_shape
from gateway.web.api.webhook_bodies import body_of
from gateway.web.api.webhooks import find_webhook

routes = Routes("Webhooks")

NEWEST = (1 << 63) - 1
MOST_AT_ONCE = 500


class DeliveriesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which deliveries; `state` failed are the dead letters."""

    state: DeliveryState | None = None
    limit: Limit = DEFAULT
    cursor: Cursor | None = None


class ReplayedShape(msgspec.Struct, frozen=True):
    """How many dead letters are being delivered again."""

    queued: int


@routes.get("/webhooks/{webhook_id}/deliveries", permission=Permission.MANAGE_TOKENS)
async def list_deliveries(call: Call, webhook_id: int, query: DeliveriesQuery) -> Page[DeliveryShape]:
    """List a webhook's deliveries of the last 30 days, the newest first, each with its tries."""
    await find_webhook(call, webhook_id)
    cursor = read_cursor(query.cursor, int)
    before = cursor[0] if cursor else NEWEST

    def look(session: Session) -> tuple[list[WebhookDelivery], dict[int, list[WebhookAttempt]]]:
        found = webhook_reads.delivery_page(
            session, call.workspace_id, webhook_id, limit=query.limit + 1, before=before, state=query.state
        )
        return found, webhook_reads.attempts_of(session, call.workspace_id, [one.id for one in found])

    found, attempts = await call.read(look)
    return page_from(
        found, query.limit, lambda one: delivery_shape(one, attempts.get(one.id, [])), lambda one: write_cursor(one.id)
    )


@routes.get("/webhooks/{webhook_id}/deliveries/{delivery_id}", permission=Permission.MANAGE_TOKENS)
async def get_delivery(call: Call, webhook_id: int, delivery_id: int) -> DeliveryShape:
    """Read a delivery, with what it would say now."""
    one = await find_delivery(call, webhook_id, delivery_id)
    payload = msgspec.Raw(await payload_of(call, one))
    return msgspec.structs.replace(await shaped(call, one), payload=payload)


@routes.post("/webhooks/{webhook_id}/deliveries/{delivery_id}/replay", permission=Permission.MANAGE_TOKENS, status=202)
async def replay_delivery(call: Call, webhook_id: int, delivery_id: int) -> DeliveryShape:
    """Deliver it again, under the same webhook-id, also when it was taken before."""
    return await shaped(call, await call.execute(ReplayDelivery(webhook_id, delivery_id)))


@routes.post("/webhooks/{webhook_id}/replay", permission=Permission.MANAGE_TOKENS, status=202)
async def replay_failed(call: Call, webhook_id: int) -> ReplayedShape:
    """Deliver the dead letters again, the newest 500 of them."""
    found = await call.read(
        lambda session: webhook_reads.delivery_page(
            session, call.workspace_id, webhook_id, limit=MOST_AT_ONCE, before=NEWEST, state=DeliveryState.FAILED
        )
    )
    ids = tuple(one.id for one in reversed(found))
    return ReplayedShape(await call.execute(ReplayFailed(webhook_id, ids), ReplayedShape))


@routes.post("/webhooks/{webhook_id}/test", permission=Permission.MANAGE_TOKENS, status=202)
async def test_webhook(call: Call, webhook_id: int) -> DeliveryShape:
    """Deliver a `webhook_test`, once; what became of it is in the log."""

    def answer(one: WebhookDelivery) -> DeliveryShape:
        return delivery_shape(one, [])

    return answer(await call.execute(TestWebhook(webhook_id), answer))


async def find_delivery(call: Call, webhook_id: int, delivery_id: int) -> WebhookDelivery:
    """A delivery of a webhook. Problem 404 otherwise."""
    await find_webhook(call, webhook_id)
    found = await call.read(lambda session: webhook_reads.delivery(session, call.workspace_id, delivery_id))
    if found is None or found.webhook_id != webhook_id:
        raise problems.not_found("delivery")
    return found


async def payload_of(call: Call, one: WebhookDelivery) -> bytes:
    """What a delivery would say if it were made now: bodies are kept nowhere but in their messages."""

    def look(session: Session) -> bytes:
        event = webhook_reads.event_at(session, call.workspace_id, one.position) if one.position else None
        return body_of(session, call.view, one, event)

    return await call.read(look)


async def shaped(call: Call, one: WebhookDelivery) -> DeliveryShape:
    """A delivery with its tries."""
    attempts = await call.read(lambda session: webhook_reads.attempts_of(session, call.workspace_id, [one.id]))
    return delivery_shape(one, attempts.get(one.id, []))

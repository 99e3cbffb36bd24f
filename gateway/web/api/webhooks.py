"""Outgoing webhooks: endpoints of the workspace's own software that are told of events."""

from typing import Annotated

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.webhooks import CreateWebhook, RemoveWebhook, RotateWebhookSecret, UpdateWebhook
from gateway.domain.visibility import Permission
from gateway.domain.webhooks import Webhook
from gateway.sdk.proof import KEY_BYTES, written_secret
from gateway.storage import webhook_reads
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Unset
from gateway.web.api.lookup import changed
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.webhook import MadeWebhook, WebhookShape, made_webhook, webhook_shape
from gateway.web.api.webhook_checks import checked_events, checked_url

routes = Routes("Webhooks")

Url = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
EventTypes = Annotated[
    list[Annotated[str, msgspec.Meta(min_length=1, max_length=100)]], msgspec.Meta(min_length=1, max_length=100)
]
Description = Annotated[str, msgspec.Meta(max_length=500)]


class NewWebhook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to post, and which events: types, or `*` for all of them."""

    url: Url
    events: EventTypes
    description: Description = ""
    enabled: bool = True


class WebhookChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes. `enabled` false pauses it: what waits keeps waiting, and nothing is added."""

    url: Url | Unset = UNSET
    events: EventTypes | Unset = UNSET
    description: Description | Unset = UNSET
    enabled: bool | Unset = UNSET


@routes.get("/webhooks", permission=Permission.MANAGE_TOKENS)
async def list_webhooks(call: Call, query: PageQuery) -> Page[WebhookShape]:
    """List webhooks with their health; their secrets can't be shown again."""
    found = await call.read(lambda session: webhook_reads.webhooks_of(session, call.workspace_id))
    ids = [one.id for one in found]
    health = await call.read(lambda session: webhook_reads.webhook_health(session, call.workspace_id, ids))
    now = call.state.clock()
    return page_of(found, query, lambda one: webhook_shape(one, health.get(one.id), call.view, now), lambda one: one.id)


@routes.post("/webhooks", permission=Permission.MANAGE_TOKENS, status=201)
async def create_webhook(call: Call, body: NewWebhook) -> MadeWebhook:
    """Add a webhook. Its secret is in this answer and nowhere else."""
    secret = _new_secret(call)
    url, events = checked_url(call, body.url), checked_events(call, body.events)
    sealed = call.state.secrets.seal(secret)

    def answer(made: Webhook) -> MadeWebhook:
        return made_webhook(made, secret, call.state.clock())

    return answer(await call.execute(CreateWebhook(url, events, sealed, body.description, body.enabled), answer))


@routes.get("/webhooks/{webhook_id}", permission=Permission.MANAGE_TOKENS)
async def get_webhook(call: Call, webhook_id: int) -> WebhookShape:
    """Read a webhook, without its secret."""
    return await _read(call, await find_webhook(call, webhook_id))


@routes.patch("/webhooks/{webhook_id}", permission=Permission.MANAGE_TOKENS)
async def update_webhook(call: Call, webhook_id: int, body: WebhookChange) -> WebhookShape:
    """Change, pause or switch on a webhook."""
    command = UpdateWebhook(
        webhook_id,
        UNCHANGED if isinstance(body.url, Unset) else checked_url(call, body.url),
        UNCHANGED if isinstance(body.events, Unset) else checked_events(call, body.events),
        changed(body.description),
        changed(body.enabled),
    )
    return await _read(call, await call.execute(command))


@routes.delete("/webhooks/{webhook_id}", permission=Permission.MANAGE_TOKENS)
async def remove_webhook(call: Call, webhook_id: int) -> None:
    """Remove a webhook. What waits for it is not delivered."""
    await call.execute(RemoveWebhook(webhook_id))


@routes.post("/webhooks/{webhook_id}/rotate", permission=Permission.MANAGE_TOKENS)
async def rotate_webhook(call: Call, webhook_id: int) -> MadeWebhook:
    """Change a webhook's secret. For 24 hours every request is signed with the former one too."""
    secret = _new_secret(call)
    sealed = call.state.secrets.seal(secret)

    def answer(hook: Webhook) -> MadeWebhook:
        return made_webhook(hook, secret, call.state.clock())

    return answer(await call.execute(RotateWebhookSecret(webhook_id, sealed), answer))


async def find_webhook(call: Call, webhook_id: int) -> Webhook:
    """A webhook that was not removed. Problem 404 otherwise."""
    found = await call.read(lambda session: webhook_reads.webhook(session, call.workspace_id, webhook_id))
    if found is None:
        raise problems.not_found("webhook")
    return found


async def _read(call: Call, hook: Webhook) -> WebhookShape:
    health = await call.read(lambda session: webhook_reads.webhook_health(session, call.workspace_id, [hook.id]))
    return webhook_shape(hook, health.get(hook.id), call.view, call.state.clock())


def _new_secret(call: Call) -> str:
    return written_secret(call.once.secret if call.once else call.state.random(KEY_BYTES))

"""Devices that are told of new messages by web push: the browser subscribes, and says so here."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from gateway.core.commands.push import SubscribePush, UnsubscribePush
from gateway.core.errors import invalid
from gateway.domain.push import PushSubscription
from gateway.host.web_push import BadKeys, Receiver
from gateway.storage.push_reads import device, devices_of
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Label, Unset
from gateway.web.api.route import Page, Routes
from gateway.web.api.times import to_id, to_time

routes = Routes("Push")

Endpoint = Annotated[str, msgspec.Meta(min_length=10, max_length=2000)]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern="^[A-Za-z0-9_=-]+$")]


class SubscriptionKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The browser's keys, in URL-safe base64."""

    p256dh: Key
    auth: Key


class NewSubscription(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"expiration_time": "expirationTime"}
):
    """What `PushSubscription.toJSON()` gives, and a name for the device."""

    endpoint: Endpoint
    keys: SubscriptionKeys
    expiration_time: float | Unset | None = UNSET
    label: Label | None = None


class SubscriptionShape(msgspec.Struct, frozen=True):
    """A device of one's own. `service` is the host of its push service."""

    id: str
    endpoint: str
    service: str
    label: str | None
    created_at: datetime


class PushKeyShape(msgspec.Struct, frozen=True):
    """The installation's VAPID key, as browsers take it (`applicationServerKey`)."""

    public_key: str


@routes.get("/push/key")
async def get_push_key(call: Call) -> PushKeyShape:
    """Read the key to subscribe with."""
    return PushKeyShape(call.state.push.public_key)


@routes.get("/push")
async def list_subscriptions(call: Call) -> Page[SubscriptionShape]:
    """List one's own devices."""
    found = await call.read(lambda session: devices_of(session, call.workspace_id, call.signed.user.id))
    return Page([_shape(one) for one in found])


@routes.post("/push", status=201)
async def create_subscription(call: Call, body: NewSubscription) -> SubscriptionShape:
    """Subscribe a device. The same browser again replaces its earlier subscription."""
    if not call.state.push.may_reach(body.endpoint):
        raise invalid("endpoint", "A push service is reached by https.")
    try:
        Receiver.read(body.keys.p256dh, body.keys.auth)
    except BadKeys as error:
        raise invalid("keys", str(error)) from None
    session = call.signed.session
    command = SubscribePush(
        body.endpoint, body.keys.p256dh, body.keys.auth, session.id if session else None, body.label or None
    )
    return _shape(await call.execute(command, _shape))


@routes.get("/push/{subscription_id}")
async def get_subscription(call: Call, subscription_id: int) -> SubscriptionShape:
    """Read a device of one's own."""
    return _shape(await _find(call, subscription_id))


@routes.delete("/push/{subscription_id}")
async def remove_subscription(call: Call, subscription_id: int) -> None:
    """Forget a device; it is told nothing any more."""
    await _find(call, subscription_id)
    await call.execute(UnsubscribePush(subscription_id))


async def _find(call: Call, subscription_id: int) -> PushSubscription:
    found = await call.read(lambda session: device(session, call.workspace_id, subscription_id))
    if found is None or found.user_id != call.signed.user.id:
        raise problems.not_found("device")
    return found


def _shape(one: PushSubscription) -> SubscriptionShape:
    service = urlsplit(one.endpoint).hostname or ""
    return SubscriptionShape(to_id("subscription", one.id), one.endpoint, service, one.label, to_time(one.created_at))

"""Devices: a browser belongs to whoever subscribed it last; nobody but they, and the system, take it away."""

from gateway.core.commands.push import SubscribePush, UnsubscribePush
from gateway.core.decisions.names import LONGEST, checked_text
from gateway.core.errors import forbidden, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.push import MOST_DEVICES, PushSubscription


def subscribe_needs(command: SubscribePush, needs: Needs) -> None:
    """Whose browser it was, and what else is the caller's."""
    needs.record(PushSubscription, "endpoint", [command.endpoint])
    if needs.user_id is not None:
        needs.record(PushSubscription, "user_id", [needs.user_id])


def subscribe(command: SubscribePush, scene: Scene) -> PushSubscription:
    """One more device. The same browser again takes the place of its earlier subscription."""
    user_id = scene.caller.user_id
    if user_id is None:
        raise forbidden("Only somebody who is signed in has a device to be told on.")
    label = checked_text("label", command.label, LONGEST)
    devices = sorted(scene.working.all(PushSubscription), key=lambda one: one.id)
    for one in devices:
        if one.endpoint == command.endpoint:
            scene.working.remove(one)
    mine = [one for one in devices if one.user_id == user_id and one.endpoint != command.endpoint]
    for one in mine[: max(0, len(mine) + 1 - MOST_DEVICES)]:
        scene.working.remove(one)
    return scene.working.put(
        PushSubscription(
            scene.workspace_id,
            scene.new_id(),
            user_id,
            command.endpoint,
            command.p256dh,
            command.auth,
            scene.now,
            command.session_id,
            label,
        )
    )


def unsubscribe_needs(command: UnsubscribePush, needs: Needs) -> None:
    """The device."""
    needs.record(PushSubscription, "id", [command.subscription_id])


def unsubscribe(command: UnsubscribePush, scene: Scene) -> None:
    """One's own; another's is not found."""
    found = scene.find(PushSubscription, command.subscription_id)
    if found is None or (scene.caller.is_person and found.user_id != scene.caller.user_id):
        raise not_found("device")
    scene.working.remove(found)

"""What could not be read: kept as it came, and dropped once it was read after all, or nobody wants it."""

from gateway.core.access import require
from gateway.core.commands.messages import DropRaw, KeepRaw
from gateway.core.errors import not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.visibility import Permission
from gateway.storage.facts import RawPayload


def keep(command: KeepRaw, scene: Scene) -> None:
    """A payload nobody could read, as it came."""
    scene.working.put(
        RawPayload(scene.workspace_id, scene.new_id(), command.gateway_id, scene.now, command.reason, command.content)
    )


def drop_needs(command: DropRaw, needs: Needs) -> None:
    """The payload."""
    needs.record(RawPayload, "id", [command.payload_id])


def drop(command: DropRaw, scene: Scene) -> None:
    """Takes it away."""
    require(scene.caller, Permission.MANAGE_GATEWAYS)
    payload = scene.working.get(RawPayload, scene.workspace_id, command.payload_id)
    if payload is None:
        raise not_found("payload")
    scene.working.remove(payload)

"""A new installation's first minutes: something to send from, and a way in for its administrator."""

from gateway.core.caller import system
from gateway.core.commands.settings import CreateGateway, CreateSender
from gateway.core.directory import Directory
from gateway.core.errors import Refused
from gateway.core.writer import Writer
from gateway.domain.sender import SenderKind
from gateway.domain.visibility import Role
from gateway.host.registry import Registry
from gateway.host.secrets import SecretBox
from gateway.host.settings import seal_settings
from gateway.web.auth.invitations import Invitations

SIMULATOR = "simulator"
PRICES = {"sms": "0.0079", "mms": "0.02", "currency": "USD"}


async def add_simulator(
    workspace_id: int, directory: Directory, writer: Writer, registry: Registry, box: SecretBox, token: str
) -> None:
    """A simulator gateway (its URLs hold `token`) with two senders, where there is no gateway yet.

    Of two nodes that start at once, one does it.
    """
    view = await directory.get(workspace_id)
    channel = registry.channel(SIMULATOR)
    if view.gateways or channel is None:
        return
    caller = system(workspace_id)
    settings = seal_settings(channel.Settings, {}, box)
    try:
        gateway = await writer.execute(CreateGateway(SIMULATOR, "Simulator", settings, token=token), caller)
        for kind, value, label, mms in (
            (SenderKind.LONG_CODE, "+12025550100", "Front desk", True),
            (SenderKind.SHORT_CODE, "55501", "News", False),
        ):
            command = CreateSender(
                kind, value, label=label, gateway_ids=(gateway.id,), mms_enabled=mms, prices=dict(PRICES)
            )
            await writer.execute(command, caller)
    except Refused:
        return


async def administrator_link(workspace_id: int, directory: Directory, invitations: Invitations) -> str | None:
    """A one-time link for the first administrator; None once there is a person who can sign in."""
    view = await directory.get(workspace_id)
    if any(user.kind == "person" for user in view.live(view.users)):
        return None
    return (await invitations.invite(system(workspace_id), Role.ADMINISTRATOR)).url

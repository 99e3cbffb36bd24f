"""Quiet hours for one contact: machines wait until they are over, people are told and may write."""

from gateway.core.campaigning import campaign_behind, hours_for
from gateway.core.errors import FieldError
from gateway.core.scene import Scene
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import AddressKind
from gateway.domain.campaigns import CampaignState
from gateway.domain.model import Contact, Message
from gateway.domain.nature import MACHINE, Nature, goes_by_itself
from gateway.domain.number_zones import zones_of
from gateway.domain.quiet_hours import local_time, wakes_at
from gateway.domain.time_zones import zone_named

PAUSED_MS = 30_000
"""How long a message of a paused campaign is put aside before its campaign is looked at again."""


def quiet_until(
    scene: Scene, contact: Contact | None, kind: AddressKind, value: str, at: int, cause: str | None = None
) -> int | None:
    """When the quiet hours end that a moment (ms) falls into where this contact is; None when it falls into none.

    By the contact's own time zone where it is known, else by the zones of the number, else by the workspace's. A
    campaign, named by the `cause`, may have hours of its own.
    """
    hours = hours_for(scene.view, campaign_behind(scene.view, cause or scene.caller.cause))
    return None if hours is None else wakes_at(hours, zones_for(contact, kind, value), at)


def held_until(scene: Scene, message: Message) -> int | None:
    """When a message that goes out by itself may leave; None where it may at once, as all that a person sends."""
    if not goes_by_itself(message.nature, message.cause):
        return None
    campaign = campaign_behind(scene.view, message.cause)
    if campaign is not None and campaign.state is CampaignState.PAUSED:
        return scene.now + PAUSED_MS
    contact = scene.find(Contact, message.contact_id)
    return quiet_until(scene, contact, message.their_kind, message.their_address, scene.now, message.cause)


def is_called_off(scene: Scene, message: Message) -> bool:
    """Whether the campaign it is of was cancelled."""
    campaign = campaign_behind(scene.view, message.cause)
    return campaign is not None and campaign.state is CampaignState.CANCELLED


def notice_of(
    scene: Scene, contact: Contact | None, kind: AddressKind, value: str, at: int, nature: Nature
) -> FieldError | None:
    """What a preview says of the hour; nothing in the day."""
    wakes = quiet_until(scene, contact, kind, value, at)
    if wakes is None:
        return None
    zones = zones_for(contact, kind, value) or (home_zone(scene.view),)
    there = f"It is {local_time(zones[0], at)} there" if len(zones) == 1 else "It is night there"
    waits = f"; this waits until {local_time(zones[0], wakes)}" if nature in MACHINE else ""
    return FieldError("send_at", f"{there}{waits}.", "quiet-hours")


def zones_for(contact: Contact | None, kind: AddressKind, value: str) -> tuple[str, ...]:
    """Where a contact's clocks may be: their own zone, else those of the number; none where nothing is known."""
    if contact is not None and contact.timezone and zone_named(contact.timezone):
        return (contact.timezone,)
    return zones_of(value) if kind is AddressKind.PHONE else ()


def home_zone(view: WorkspaceView) -> str:
    """The workspace's time zone: that of its quiet hours, else UTC."""
    hours = view.policy.quiet_hours
    return "UTC" if hours is None else hours.timezone

"""Quiet hours for one contact: machines wait until they are over, people are told and may write."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.core.errors import FieldError
from gateway.core.scene import Scene
from gateway.domain.address import AddressKind
from gateway.domain.model import Contact, Message
from gateway.domain.nature import MACHINE, Nature, goes_by_itself
from gateway.domain.number_zones import zones_of
from gateway.domain.quiet_hours import local_time, wakes_at


def quiet_until(scene: Scene, contact: Contact | None, kind: AddressKind, value: str, at: int) -> int | None:
    """When the quiet hours end that a moment (ms) falls into where this contact is; None when it falls into none.

    By the contact's own time zone where it is known, else by the zones of the number, else by the workspace's.
    """
    hours = scene.view.policy.quiet_hours
    return None if hours is None else wakes_at(hours, _zones(contact, kind, value), at)


def held_until(scene: Scene, message: Message) -> int | None:
    """When a message that goes out by itself may leave; None where it may at once, as all that a person sends."""
    if not goes_by_itself(message.nature, message.cause):
        return None
    contact = scene.find(Contact, message.contact_id)
    return quiet_until(scene, contact, message.their_kind, message.their_address, scene.now)


def notice_of(
    scene: Scene, contact: Contact | None, kind: AddressKind, value: str, at: int, nature: Nature
) -> FieldError | None:
    """What a preview says of the hour; nothing in the day."""
    wakes = quiet_until(scene, contact, kind, value, at)
    if wakes is None:
        return None
    zones = _zones(contact, kind, value) or (_home(scene),)
    there = f"It is {local_time(zones[0], at)} there" if len(zones) == 1 else "It is night there"
    waits = f"; this waits until {local_time(zones[0], wakes)}" if nature in MACHINE else ""
    return FieldError("send_at", f"{there}{waits}.", "quiet-hours")


def _zones(contact: Contact | None, kind: AddressKind, value: str) -> tuple[str, ...]:
    if contact is not None and contact.timezone and _is_zone(contact.timezone):
        return (contact.timezone,)
    return zones_of(value) if kind is AddressKind.PHONE else ()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


def _home(scene: Scene) -> str:
    hours = scene.view.policy.quiet_hours
    assert hours is not None, "there are no quiet hours without a zone"
    return hours.timezone

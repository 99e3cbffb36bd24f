"""What an automation knows of an event: contact, conversation, message, sender, user, event, time.

Conditions name these by dotted fields, bodies by Liquid; both see the same. Nothing of a note's words is among them.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.core.templates import name_parts
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import AddressKind
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.model import Contact, ContactAddress, Conversation, Event, Message, Thread
from gateway.domain.people import User
from gateway.domain.rules import Moment
from gateway.domain.settings import Sender
from gateway.storage.conversation_rows import addresses_of, contacts_after_merging, tags_of
from gateway.storage.records import CONVERSATIONS, MESSAGES, THREADS
from gateway.storage.session import Session

FIELDS: Mapping[str, tuple[str, ...]] = {
    "contact": (
        *("id", "name", "first_name", "last_name", "saved", "phone", "email", "phones", "emails", "addresses"),
        *("fields", "timezone", "created_at"),
    ),
    "conversation": (
        *("id", "number", "thread_id", "state", "tags", "owner", "user", "group", "needs_reply", "snoozed_until"),
        *("completed_count", "last_sender", "opened_at", "ended_at", "ended_by", "last_at", "channel"),
    ),
    "message": (
        *("id", "body", "subject", "channel", "direction", "nature", "status", "from", "to", "media", "segments"),
        *("error_code", "metadata", "created_at"),
    ),
    "sender": ("id", "kind", "value", "label"),
    "user": ("id", "name", "first_name", "last_name", "email", "role"),
    "event": ("type", "at", "actor", "cause", "position", "data"),
    "time": ("weekday", "hour", "of_day", "date"),
}
"""What each name offers. `contact.fields`, `message.metadata` and `event.data` hold whatever was put there."""

OPEN_ENDED = frozenset({"fields", "metadata", "data", "owner", "user", "group", "last_sender"})
_ENDS = {
    "conversation_completed": "completed",
    "conversation_archived": "archived",
    "conversation_closed": "closed",
    "conversation_snoozed": "snoozed",
    "conversation_opened": "open",
    "conversation_reopened": "open",
    "conversation_woken": "open",
}
"""What a conversation was just after such an event, whatever it is by now."""


def zone_of(view: WorkspaceView) -> ZoneInfo:
    """The workspace's time zone: that of its quiet hours, else UTC."""
    hours = view.policy.quiet_hours
    return ZoneInfo(hours.timezone if hours is not None else "UTC")


def moment_of(view: WorkspaceView, event: Event) -> Moment:
    """When the event was: that is now for conditions on times, also for one of long ago."""
    return Moment(event.at, zone_of(view))


def facts_of(session: Session, view: WorkspaceView, events: Sequence[Event]) -> list[dict[str, Any]]:
    """What is known of each event, as it is now; loaded together."""
    ws = view.id
    messages = {one.id: one for one in MESSAGES.by(session, ws, "id", _ids(one.message_id for one in events))}
    wanted = _ids(_conversation_id(one, messages) for one in events)
    conversations = {one.id: one for one in CONVERSATIONS.by(session, ws, "id", wanted)}
    threads = {one.id: one for one in THREADS.by(session, ws, "id", _ids(one.thread_id for one in events))}
    whose = [_contact_id(one, messages, conversations, threads) for one in events]
    contacts = contacts_after_merging(session, ws, _ids(whose))
    addresses = addresses_of(session, ws, {one.id for one in contacts.values()})
    tags = tags_of(session, ws, wanted)
    made = []
    for event, contact_id in zip(events, whose, strict=True):
        message = messages.get(event.message_id or 0)
        conversation = conversations.get(_conversation_id(event, messages) or 0)
        contact = contacts.get(contact_id or 0)
        facts = {
            "event": _event(event),
            "time": _time(view, event),
            "contact": contact_facts(contact, addresses.get(contact.id, ()) if contact else ()),
            "conversation": _conversation(
                view, event, conversation, tags.get(conversation.id, ()) if conversation else ()
            ),
            "message": _message(message),
            "sender": _sender(view.senders.get(_sender_id(message, conversation) or 0)),
            "user": _user(view.users.get(_user_id(event) or 0)),
        }
        made.append({name: value for name, value in facts.items() if value is not None})
    return made


def _ids(values: Any) -> set[int]:
    return {one for one in values if one}


def _conversation_id(event: Event, messages: Mapping[int, Message]) -> int | None:
    message = messages.get(event.message_id or 0)
    return event.conversation_id or (message.conversation_id if message else None)


def _contact_id(
    event: Event,
    messages: Mapping[int, Message],
    conversations: Mapping[int, Conversation],
    threads: Mapping[int, Thread],
) -> int | None:
    places: tuple[Any, ...] = (
        conversations.get(event.conversation_id or 0),
        messages.get(event.message_id or 0),
        threads.get(event.thread_id or 0),
    )
    return event.contact_id or next((one.contact_id for one in places if one is not None), None)


def _sender_id(message: Message | None, conversation: Conversation | None) -> int | None:
    if message is not None and message.sender_id is not None:
        return message.sender_id
    return conversation.last_sender_id if conversation else None


def _user_id(event: Event) -> int | None:
    kind, _, number = event.actor.partition(":")
    return int(number) if kind in {"user", "api"} and number.isdigit() else None


def _id(noun: str, made: int | None) -> str | None:
    return None if made is None else format_id(PREFIXES[noun], made)


def _at(ms: int | None) -> str | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds")


def _present(**facts: Any) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in facts.items() if value is not None}


def _event(event: Event) -> dict[str, Any]:
    kind = event.actor.partition(":")[0]
    return _present(
        type=event.type,
        at=_at(event.at),
        actor=kind,
        cause=event.cause,
        position=event.position,
        data=dict(event.data),
    )


def _time(view: WorkspaceView, event: Event) -> dict[str, Any]:
    there = datetime.fromtimestamp(event.at / 1000, zone_of(view))
    weekday = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[there.weekday()]
    return {"weekday": weekday, "hour": there.hour, "of_day": f"{there:%H:%M}", "date": f"{there:%Y-%m-%d}"}


def contact_facts(contact: Contact | None, addresses: Sequence[ContactAddress]) -> dict[str, Any] | None:
    """A name only of a contact that somebody saved, as everywhere."""
    if contact is None or contact.erased_at is not None:
        return None
    phones = [one.value for one in addresses if one.kind is AddressKind.PHONE]
    emails = [one.value for one in addresses if one.kind is AddressKind.EMAIL]
    return {
        **_present(
            id=_id("contact", contact.id),
            saved=contact.saved,
            phone=phones[0] if phones else None,
            email=emails[0] if emails else None,
            phones=phones,
            emails=emails,
            addresses=[one.value for one in addresses],
            fields=dict(contact.fields),
            timezone=contact.timezone,
            created_at=_at(contact.created_at),
        ),
        **(name_parts(contact.name) if contact.saved else {}),
    }


def _conversation(
    view: WorkspaceView, event: Event, conversation: Conversation | None, tag_ids: Sequence[int]
) -> dict[str, Any] | None:
    if conversation is None:
        return None
    tags = [view.tags[one].name for one in tag_ids if one in view.tags]
    user, group = view.users.get(conversation.user_id or 0), view.groups.get(conversation.group_id or 0)
    owner = _present(
        user=_user(user), group=_present(id=_id("group", group.id), name=group.name) if group is not None else None
    )
    return _present(
        id=_id("conversation", conversation.id),
        number=conversation.number,
        thread_id=_id("thread", conversation.thread_id),
        state=_ENDS.get(event.type, str(conversation.state)),
        tags=tags,
        owner=owner or None,
        user=owner.get("user"),
        group=owner.get("group"),
        needs_reply=conversation.needs_reply,
        snoozed_until=_at(conversation.snoozed_until),
        completed_count=conversation.completed_count,
        last_sender=_sender(view.senders.get(conversation.last_sender_id or 0)),
        opened_at=_at(conversation.opened_at),
        ended_at=_at(conversation.ended_at),
        ended_by=conversation.ended_by,
        last_at=_at(conversation.last_at),
        channel=conversation.last_channel,
    )


def _message(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    inbound = message.direction == "inbound"
    return _present(
        id=_id("message", message.id),
        body=message.body,
        subject=message.subject,
        channel=message.channel,
        direction=str(message.direction),
        nature=str(message.nature),
        status=str(message.status),
        from_=message.their_address if inbound else message.our_address,
        to=message.our_address if inbound else message.their_address,
        media=len(message.media_ids),
        segments=message.segments,
        error_code=message.error_code,
        metadata=dict(message.metadata),
        created_at=_at(message.created_at),
    )


def _sender(sender: Sender | None) -> dict[str, Any] | None:
    if sender is None:
        return None
    return _present(id=_id("sender", sender.id), kind=str(sender.kind), value=sender.value, label=sender.label)


def _user(user: User | None) -> dict[str, Any] | None:
    if user is None:
        return None
    return {
        **_present(id=_id("user", user.id), email=user.email, role=str(user.role)),
        **name_parts(user.name),
    }

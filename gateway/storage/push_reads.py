"""Devices, and what they are told: a message with its conversation, its contact, and who has not read it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, literal_column, select

from gateway.domain.model import Contact, ContactAddress, Conversation, Message, Thread
from gateway.domain.people import LoginSession
from gateway.domain.push import PushSubscription
from gateway.domain.record import record
from gateway.storage.conversation_rows import addresses_of, contacts_after_merging
from gateway.storage.families import family_of
from gateway.storage.query import Query
from gateway.storage.records import CONVERSATIONS, LOGIN_SESSIONS, MESSAGES, PUSH_SUBSCRIPTIONS
from gateway.storage.schema import push_subscriptions
from gateway.storage.session import Session

_ANY = Query(
    select(push_subscriptions.c.id)
    .where(push_subscriptions.c.workspace_id == bindparam("workspace_id"))
    .limit(literal_column("1"))
)


@record
class Arrival:
    """An inbound message and whose it is, after merging. `thread` is the one it is read in."""

    message: Message
    conversation: Conversation
    thread: Thread
    contact: Contact
    addresses: tuple[ContactAddress, ...]


def any_device(session: Session, workspace_id: int) -> bool:
    """Whether anybody of a workspace wants to be told."""
    return session.first(_ANY, workspace_id=workspace_id) is not None


def devices(session: Session, workspace_id: int) -> list[PushSubscription]:
    """Every device of a workspace."""
    return PUSH_SUBSCRIPTIONS.by(session, workspace_id, "workspace_id", [workspace_id])


def devices_of(session: Session, workspace_id: int, user_id: int) -> list[PushSubscription]:
    """A user's, the oldest first."""
    found = PUSH_SUBSCRIPTIONS.by(session, workspace_id, "user_id", [user_id])
    return sorted(found, key=lambda one: one.id)


def device(session: Session, workspace_id: int, subscription_id: int) -> PushSubscription | None:
    """One of them."""
    found = PUSH_SUBSCRIPTIONS.by(session, workspace_id, "id", [subscription_id])
    return found[0] if found else None


def ended_sessions(session: Session, workspace_id: int, found: Iterable[PushSubscription], now: int) -> set[int]:
    """Of the sign-ins these devices were subscribed under, those that are over."""
    ids = {one.session_id for one in found if one.session_id is not None}
    known: Sequence[LoginSession] = LOGIN_SESSIONS.by(session, workspace_id, "id", ids) if ids else ()
    alive = {one.id for one in known if one.ended_at is None and one.expires_at > now}
    return ids - alive


def arrival(session: Session, workspace_id: int, message_id: int) -> Arrival | None:
    """A message that came in, if it is in a conversation."""
    found = MESSAGES.by(session, workspace_id, "id", [message_id])
    if not found or found[0].conversation_id is None:
        return None
    message = found[0]
    conversations = CONVERSATIONS.by(session, workspace_id, "id", [message.conversation_id])
    family = family_of(session, workspace_id, message.thread_id)
    if not conversations or not family:
        return None
    contact = contacts_after_merging(session, workspace_id, [message.contact_id]).get(message.contact_id)
    if contact is None or contact.erased_at is not None:
        return None
    addresses = addresses_of(session, workspace_id, [contact.id]).get(contact.id, ())
    return Arrival(message, conversations[0], family[0], contact, addresses)

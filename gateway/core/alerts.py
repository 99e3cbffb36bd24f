"""Who is told of a new message, and in which words: one answer for web push and for pages that are open."""

from collections.abc import Iterable

import msgspec

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import AddressKind
from gateway.domain.ids import format_id
from gateway.domain.model import Direction
from gateway.domain.nature import is_person
from gateway.domain.people import User
from gateway.domain.phone_number import grouped
from gateway.domain.visibility import Ownership, Viewer, in_inbox, may_see
from gateway.storage.push_reads import Arrival

LONGEST_BODY = 240
LONGEST_TITLE = 120


class Alert(msgspec.Struct, frozen=True):
    """What a device shows. `tag` names the conversation, so that a newer alert takes the place of an older."""

    title: str
    body: str
    url: str
    tag: str
    at: int
    unread: int = 0


def concerns(view: WorkspaceView, user: User, found: Arrival) -> bool:
    """Whether a message is this user's to be told of: of a person, and in an inbox of theirs that they may see."""
    message, conversation = found.message, found.conversation
    if message.direction is not Direction.INBOUND or not is_person(message.nature):
        return False
    viewer = Viewer(user.id, user.role, frozenset(user.group_ids))
    owner = Ownership(conversation.user_id, conversation.group_id)
    return in_inbox(viewer, owner) and may_see(viewer, owner, view.policy)


def alert_of(found: Arrival, unread: int = 0) -> Alert:
    """In the contact's words, cut to what fits on a lock screen."""
    message, conversation = found.message, format_id("cnv", found.conversation.id)
    title = found.contact.name if found.contact.saved and found.contact.name else _address(found)
    words = " ".join(_words(message.subject, message.body))
    body = words or ("Sent a picture or a file" if message.media_ids else "Sent an empty message")
    return Alert(
        _cut(title, LONGEST_TITLE),
        _cut(body, LONGEST_BODY),
        f"/conversations/{conversation}",
        conversation,
        message.created_at,
        unread,
    )


def _words(subject: str | None, body: str) -> Iterable[str]:
    if subject:
        yield f"{' '.join(subject.split())}:"
    if body.strip():
        yield " ".join(body.split())


def _address(found: Arrival) -> str:
    message = found.message
    return (
        grouped(message.their_address, None).replace("-", " ")
        if message.their_kind is AddressKind.PHONE
        else message.their_address
    )


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"

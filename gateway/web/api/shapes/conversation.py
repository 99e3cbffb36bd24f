"""A conversation with what is shown beside it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from gateway.core.workspace_view import WorkspaceView
from gateway.storage.conversation_rows import ConversationRow
from gateway.web.api.shapes.contact import ContactBrief, contact_brief
from gateway.web.api.shapes.settings import SenderBrief, TagShape, sender_brief, tag_shape
from gateway.web.api.times import to_id, to_time, to_time_or_none


class Named(msgspec.Struct, frozen=True):
    """A user or a group."""

    id: str
    name: str


class Owner(msgspec.Struct, frozen=True):
    """A user, a group, or a user within a group."""

    user: Named | None
    group: Named | None


class LastMessage(msgspec.Struct, frozen=True):
    """What a list row shows of it."""

    preview: str
    direction: str | None
    channel: str | None
    at: datetime


class ConversationShape(msgspec.Struct, frozen=True):
    """One episode of work in a thread."""

    id: str
    number: int
    thread_id: str
    contact: ContactBrief
    state: str
    owner: Owner
    tags: list[TagShape]
    unread: int
    needs_reply: bool
    snoozed_until: datetime | None
    completed_count: int
    last_message: LastMessage | None
    last_sender: SenderBrief | None
    opened_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    previous: list[str]
    waiting_since: datetime | None = None
    woken: bool = False
    natural: bool = True


def conversation_shape(row: ConversationRow, view: WorkspaceView, previous: Sequence[int]) -> ConversationShape:
    """A conversation as the API says it; `previous` are the ones before it in its thread, the newest first."""
    one = row.conversation
    return ConversationShape(
        id=to_id("conversation", one.id),
        number=one.number,
        thread_id=to_id("thread", one.thread_id),
        contact=contact_brief(row.contact, row.addresses),
        state=one.state,
        owner=owner_shape(view, one.user_id, one.group_id),
        tags=[tag_shape(view.tags[tag]) for tag in row.tag_ids if tag in view.tags],
        unread=row.unread,
        needs_reply=one.needs_reply,
        snoozed_until=to_time_or_none(one.snoozed_until),
        completed_count=one.completed_count,
        last_message=_last_message(row),
        last_sender=sender_brief(view.senders.get(one.last_sender_id or 0)),
        opened_at=to_time(one.opened_at),
        ended_at=to_time_or_none(one.ended_at),
        ended_by=one.ended_by,
        previous=[to_id("conversation", each) for each in previous],
        waiting_since=to_time_or_none(one.waiting_since),
        woken=one.woken,
        natural=one.natural,
    )


def owner_shape(view: WorkspaceView, user_id: int | None, group_id: int | None) -> Owner:
    """Who a conversation belongs to, by name."""
    user, group = view.users.get(user_id or 0), view.groups.get(group_id or 0)
    return Owner(
        Named(to_id("user", user.id), user.name) if user else None,
        Named(to_id("group", group.id), group.name) if group else None,
    )


def _last_message(row: ConversationRow) -> LastMessage | None:
    one = row.conversation
    if one.last_message_id is None:
        return None
    return LastMessage(one.preview, one.last_direction, one.last_channel, to_time(one.last_at))

"""The verbs of a conversation. They are literal (`close` always seals) and take effect at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec

from gateway.core.commands.base import Command
from gateway.core.commands.conversations import (
    ArchiveConversation,
    AssignConversation,
    ChangeTags,
    ClaimConversation,
    CloseConversation,
    CompleteConversation,
    MarkRead,
    MarkUnread,
    ReleaseConversation,
    ReopenConversation,
    SnoozeConversation,
    WakeConversation,
)
from gateway.domain.visibility import Permission
from gateway.web.api.call import Call
from gateway.web.api.inputs import Body, Id
from gateway.web.api.reading import find_conversation, read_conversation
from gateway.web.api.route import Routes
from gateway.web.api.shapes.conversation import ConversationShape
from gateway.web.api.tags import TagName
from gateway.web.api.times import id_in_field_or_none, to_ms

routes = Routes("Conversations")

_PATH = "/conversations/{conversation_id}"


class Assignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The new owner: a user, a group, or a user within a group; neither gives it to nobody."""

    user_id: Id | None = None
    group_id: Id | None = None


class Snooze(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Until when it is out of sight."""

    until: datetime


class Closing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A last text to the contact, sent as part of the same step."""

    message: Body | None = None


class TagsChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of tags to put on and to take off."""

    add: Annotated[list[TagName], msgspec.Meta(max_length=50)] = []
    remove: Annotated[list[TagName], msgspec.Meta(max_length=50)] = []


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A verb that needs no words; the body may be left out."""


async def act(call: Call, conversation_id: int, command: Command[Any]) -> ConversationShape:
    """Issues a verb and answers with the conversation as it is afterwards."""
    await call.execute(command)
    return await read_conversation(call, conversation_id)


@routes.post(f"{_PATH}/assign", permission=Permission.CLAIM)
async def assign_conversation(call: Call, conversation_id: int, body: Assignment) -> ConversationShape:
    """Give a conversation to a user, a group, or a user within a group."""
    user_id = id_in_field_or_none("user", body.user_id, "user_id")
    group_id = id_in_field_or_none("group", body.group_id, "group_id")
    await call.execute(AssignConversation(conversation_id, user_id, group_id))
    return await read_conversation(call, conversation_id, just_given=True)


@routes.post(f"{_PATH}/snooze", permission=Permission.WORK)
async def snooze_conversation(call: Call, conversation_id: int, body: Snooze) -> ConversationShape:
    """Put a conversation out of sight until a time."""
    return await act(call, conversation_id, SnoozeConversation(conversation_id, to_ms(body.until, "until")))


@routes.post(f"{_PATH}/complete", permission=Permission.WORK)
async def complete_conversation(call: Call, conversation_id: int, body: Closing | None = None) -> ConversationShape:
    """Complete a conversation, with a closing text if there is one."""
    return await act(call, conversation_id, CompleteConversation(conversation_id, body.message if body else None))


@routes.post(f"{_PATH}/close", permission=Permission.WORK)
async def close_conversation(call: Call, conversation_id: int, body: Closing | None = None) -> ConversationShape:
    """Seal a conversation for good, with a closing text if there is one."""
    return await act(call, conversation_id, CloseConversation(conversation_id, body.message if body else None))


@routes.post(f"{_PATH}/tags", permission=Permission.TAG)
async def change_tags(call: Call, conversation_id: int, body: TagsChange) -> ConversationShape:
    """Put tags on a conversation and take them off, by name."""
    return await act(call, conversation_id, ChangeTags(conversation_id, tuple(body.add), tuple(body.remove)))


@routes.post(f"{_PATH}/read", permission=Permission.WORK)
async def mark_read(call: Call, conversation_id: int, body: Nothing | None = None) -> ConversationShape:
    """Mark everything of the thread as read, for the caller."""
    conversation = await find_conversation(call, conversation_id)
    return await act(call, conversation_id, MarkRead(conversation.thread_id))


@routes.post(f"{_PATH}/unread", permission=Permission.WORK)
async def mark_unread(call: Call, conversation_id: int, body: Nothing | None = None) -> ConversationShape:
    """Count the newest inbound message as unread again, for the caller."""
    conversation = await find_conversation(call, conversation_id)
    return await act(call, conversation_id, MarkUnread(conversation.thread_id))


def _plain(verb: str, permission: Permission, doc: str, command: Callable[[int], Command[Any]]) -> None:
    async def handler(call: Call, conversation_id: int, body: Nothing | None = None) -> ConversationShape:
        return await act(call, conversation_id, command(conversation_id))

    handler.__name__, handler.__doc__ = f"{verb}_conversation", doc
    routes.post(f"{_PATH}/{verb}", permission=permission)(handler)


_plain("claim", Permission.CLAIM, "Become its owner; 409 names who was first.", ClaimConversation)
_plain("release", Permission.CLAIM, "Give it back to its group, or to nobody.", ReleaseConversation)
_plain("wake", Permission.WORK, "Bring a snoozed conversation back before its time.", WakeConversation)
_plain("archive", Permission.WORK, "Put a conversation away.", ArchiveConversation)
_plain(
    "remove",
    Permission.REMOVE,
    "Archive a conversation and hide its history; the contact stays.",
    lambda conversation_id: ArchiveConversation(conversation_id, remove=True),
)
_plain("reopen", Permission.WORK, "Bring a completed, archived or snoozed conversation back.", ReopenConversation)

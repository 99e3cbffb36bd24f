"""One action on many conversations, each decided for itself."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

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
from gateway.core.errors import Refused, invalid
from gateway.domain.model import Conversation
from gateway.domain.visibility import Permission
from gateway.storage.inbox import conversation_page, conversation_row
from gateway.storage.ranges import View
from gateway.storage.session import Session
from gateway.storage.view_query import ViewQuery
from gateway.web import guard, problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import Body, Id
from gateway.web.api.reading import sight
from gateway.web.api.route import Routes
from gateway.web.api.tags import TagName
from gateway.web.api.times import id_in_field, id_in_field_or_none, to_id, to_ms
from gateway.web.problems import ProblemDetails, details_of, of_refusal

routes = Routes("Conversations")

MOST = 1000
Action = Literal[
    "claim",
    "release",
    "assign",
    "snooze",
    "wake",
    "complete",
    "archive",
    "remove",
    "close",
    "reopen",
    "read",
    "unread",
    "tags",
]


class BulkRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An action and its conversations: by `ids`, or all of a `view` (the newest thousand).

    Further fields are those of the action's own route.
    """

    action: Action
    ids: Annotated[list[Id], msgspec.Meta(max_length=MOST)] | None = None
    view: View | None = None
    user_id: Id | None = None
    group_id: Id | None = None
    until: datetime | None = None
    message: Body | None = None
    add: Annotated[list[TagName], msgspec.Meta(max_length=50)] = []
    remove: Annotated[list[TagName], msgspec.Meta(max_length=50)] = []


class BulkResult(msgspec.Struct, frozen=True):
    """What became of one conversation; `error` is null where it was done."""

    id: str
    ok: bool
    error: ProblemDetails | None


class BulkResults(msgspec.Struct, frozen=True):
    """One result for each conversation, in their order."""

    items: list[BulkResult]


@routes.post("/conversations/bulk")
async def act_in_bulk(call: Call, body: BulkRequest) -> BulkResults:
    """Do one thing to many conversations.

    `read` is for everyone, over what they see; everything else for supervisors and administrators.
    """
    if body.action != "read":
        guard.require(call.signed, Permission.BULK)
    if body.action == "remove":
        guard.require(call.signed, Permission.REMOVE)
    if (body.ids is None) == (body.view is None):
        raise invalid("ids", "Name the conversations by ids or by a view, by exactly one of them.")
    wanted = await _wanted(call, body)
    return BulkResults(list(await asyncio.gather(*(_one(call, body, made) for made in wanted))))


async def _wanted(call: Call, body: BulkRequest) -> list[int]:
    if body.ids is not None:
        return [id_in_field("conversation", text, f"ids[{index}]") for index, text in enumerate(body.ids)]
    assert body.view is not None, "one of the two is there"
    found: list[int] = []
    query = ViewQuery(sight(call), body.view, limit=200)
    while len(found) < MOST:
        asked = query
        page = await call.read(lambda session, asked=asked: conversation_page(session, asked))  # type: ignore[misc]
        found += [row.conversation.id for row in page.items]
        if page.next is None:
            break
        query = ViewQuery(sight(call), body.view, limit=200, cursor=page.next)
    return found[:MOST]


async def _one(call: Call, body: BulkRequest, made: int) -> BulkResult:
    try:
        conversation = await call.read(lambda session: _seen(session, call, made))
        await call.execute_more(command_for(body, conversation))
    except Refused as refused:
        return BulkResult(to_id("conversation", made), False, details_of(of_refusal(refused)))
    except problems.Problem as problem:
        return BulkResult(to_id("conversation", made), False, details_of(problem))
    return BulkResult(to_id("conversation", made), True, None)


def _seen(session: Session, call: Call, made: int) -> Conversation:
    row = conversation_row(session, sight(call), made)
    if row is None:
        raise problems.not_found("conversation")
    return row.conversation


def command_for(body: BulkRequest, conversation: Conversation) -> Command[object]:
    """The verb as a command."""
    made = conversation.id
    match body.action:
        case "claim":
            return ClaimConversation(made)
        case "release":
            return ReleaseConversation(made)
        case "assign":
            return AssignConversation(
                made,
                id_in_field_or_none("user", body.user_id, "user_id"),
                id_in_field_or_none("group", body.group_id, "group_id"),
            )
        case "snooze":
            if body.until is None:
                raise invalid("until", "Say until when.")
            return SnoozeConversation(made, to_ms(body.until, "until"))
        case "wake":
            return WakeConversation(made)
        case "tags":
            return ChangeTags(made, tuple(body.add), tuple(body.remove))
        case _:
            return _plain_command(body, conversation)


def _plain_command(body: BulkRequest, conversation: Conversation) -> Command[object]:
    made = conversation.id
    match body.action:
        case "complete":
            return CompleteConversation(made, body.message)
        case "archive":
            return ArchiveConversation(made)
        case "remove":
            return ArchiveConversation(made, remove=True)
        case "close":
            return CloseConversation(made, body.message)
        case "reopen":
            return ReopenConversation(made)
        case "read":
            return MarkRead(conversation.thread_id)
        case _:
            return MarkUnread(conversation.thread_id)

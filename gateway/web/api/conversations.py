"""The list of conversations, and one of them."""

from typing import Annotated

import msgspec

from gateway.core.errors import invalid
from gateway.domain.conditions import BadCondition, Flag, parse_filter
from gateway.domain.settings import Sender
from gateway.storage.condition_sql import Conditions
from gateway.storage.orders import Sort
from gateway.storage.page import BadCursor
from gateway.storage.ranges import View
from gateway.storage.sight import sight_of
from gateway.storage.view_query import ViewQuery
from gateway.web.api.call import Call
from gateway.web.api.paging import DEFAULT, Cursor, Limit
from gateway.web.api.reading import previous_of, read_conversation
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.conversation import ConversationShape, conversation_shape
from gateway.web.api.times import id_in_field
from gateway.web.looking import whole_page

routes = Routes("Conversations")

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=320)]


class ConversationsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which conversations. `sender`, `user`, `group` and `tag` are ids; a sender also by its value, a tag by its name.

    `q` matches names, numbers and text; `natural` true leaves out machine traffic, false shows nothing else. `filter`
    is a comma list, each of which must hold: `unread`, `needs_reply`, or `field:operator:value`, such as
    `contact:contains:oka`, `last:before:2026-11-01`, `owner:missing`. A day is one of UTC; `7d` is a week ago. What few
    of very many meet is looked for a second long: then fewer than `limit` come, and `next` goes on looking.
    """

    view: View = View.INBOX
    sender: Name | None = None
    user: Name | None = None
    group: Name | None = None
    tag: Name | None = None
    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    filter: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    natural: bool | None = None
    sort: Sort = Sort.NEWEST
    limit: Limit = DEFAULT
    cursor: Cursor | None = None


@routes.get("/conversations")
async def list_conversations(call: Call, query: ConversationsQuery) -> Page[ConversationShape]:
    """List conversations of a view."""
    asked = view_query(call, query)
    try:
        page = await whole_page(call.read, asked)
    except BadCursor as error:
        raise invalid("cursor", f"{error}.") from None
    previous = await previous_of(call, [row.conversation for row in page.items])
    shapes = [conversation_shape(row, call.view, previous.get(row.conversation.id, ())) for row in page.items]
    return Page(shapes, page.next)


@routes.get("/conversations/{conversation_id}")
async def get_conversation(call: Call, conversation_id: int) -> ConversationShape:
    """Read a conversation."""
    return await read_conversation(call, conversation_id)


def view_query(call: Call, query: ConversationsQuery) -> ViewQuery:
    """The read model's question. Refused (422) for names nobody has."""
    try:
        asked = parse_filter(query.filter)
    except BadCondition as error:
        raise invalid("filter", f"{error}.") from None
    return ViewQuery(
        sight=sight_of(call.viewer, call.workspace_id, call.view.policy),
        view=query.view,
        sender_id=None if query.sender is None else _sender(call, query.sender),
        user_id=_user(call, query.user),
        group_id=None if query.group is None else id_in_field("group", query.group, "group"),
        tag_id=None if query.tag is None else _tag(call, query.tag),
        natural=query.natural,
        q=query.q.strip(),
        unread_only=Flag.UNREAD in asked.flags,
        needs_reply=Flag.NEEDS_REPLY in asked.flags,
        sort=query.sort,
        limit=query.limit,
        cursor=query.cursor,
        conditions=Conditions(asked.conditions, call.state.clock()),
    )


def _user(call: Call, named: str | None) -> int | None:
    if named == "me":
        return call.signed.user.id
    return None if named is None else id_in_field("user", named, "user")


def _sender(call: Call, named: str) -> int:
    found: Sender | None = next((one for one in call.view.senders.values() if one.value == named), None)
    return found.id if found else id_in_field("sender", named, "sender")


def _tag(call: Call, named: str) -> int:
    wanted = named.casefold()
    found = next((tag for tag in call.view.live(call.view.tags) if tag.name.casefold() == wanted), None)
    return found.id if found else id_in_field("tag", named, "tag")

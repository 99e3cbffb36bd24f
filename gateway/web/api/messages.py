"""Messages: send, look ahead, read, explain, try again, change and cancel, settle."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web

from gateway.core.commands.messages import (
    CancelMessage,
    EditScheduled,
    RetryMessage,
    Settlement,
    SettleMessage,
)
from gateway.domain.model import Message
from gateway.domain.visibility import Permission
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.compose import MetadataText, NewMessage, command_of
from gateway.web.api.inputs import UNSET, AddressText, Body, Unset
from gateway.web.api.lookup import changed
from gateway.web.api.reading import find_message, media_of, read_message
from gateway.web.api.route import Routes
from gateway.web.api.shapes.message import MessageShape, message_shape
from gateway.web.api.times import to_ms_or_none
from gateway.web.formatted import HEADERS, page_of

routes = Routes("Messages")


class MessageChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes while the message is scheduled."""

    body: Body | Unset = UNSET
    send_at: datetime | Unset = UNSET
    expires_at: datetime | Unset | None = UNSET
    metadata: Annotated[dict[str, MetadataText], msgspec.Meta(max_length=50)] | Unset = UNSET


class Retry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Another sender for the new try, if not the workspace's choice."""

    from_: AddressText | None = None


class FormattedQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether pictures from elsewhere are shown too, which tells their sender that somebody looked."""

    pictures: bool = False


class SettleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"as_": "as"}):
    """What a person decides: ask the provider, send again (it may double), or it was sent, or it failed."""

    as_: Literal["check", "resend", "sent", "failed"]


@routes.post("/messages", permission=Permission.REPLY, status=202)
async def send_message(call: Call, body: NewMessage) -> MessageShape:
    """Send a message.

    202: it is stored and waits for its turn. Without `from` the workspace's sender chain chooses.
    """
    command = await command_of(call, body)
    media = await media_of(call, command.media_ids)

    def answer(message: Message) -> MessageShape:
        return message_shape(message, None, media)

    return answer(await call.execute(command, answer))


@routes.get("/messages/{message_id}")
async def get_message(call: Call, message_id: int) -> MessageShape:
    """Read a message."""
    return await read_message(call, message_id)


@routes.get("/messages/{message_id}/html", raw=True, produces="text/html")
async def show_message(call: Call, message_id: int, query: FormattedQuery) -> web.StreamResponse:
    """Show a message as its sender formatted it.

    A page without scripts, forms or anything from elsewhere, in a sandbox of its own. With `pictures` those from
    elsewhere are fetched by us.
    """
    message = await find_message(call, message_id)
    ids = (*message.media_ids, *(() if message.html_id is None else (message.html_id,)))
    files = await media_of(call, ids)
    html = files.get(message.html_id or 0)
    pictures = [one for one in files.values() if one is not html]
    page = (
        None
        if html is None
        else await page_of(call.state.blobs, html, pictures, call.state.http if query.pictures else None)
    )
    if page is None:
        raise problems.not_found("formatted message")
    return web.Response(text=page, content_type="text/html", headers=HEADERS)


@routes.post("/messages/{message_id}/retry", permission=Permission.REPLY, status=202)
async def retry_message(call: Call, message_id: int, body: Retry | None = None) -> MessageShape:
    """Send a failed message again, as a new one that names it in `retry_of`."""
    await read_message(call, message_id)
    made = await call.execute(RetryMessage(message_id, body.from_ if body else None))
    return await read_message(call, made.id)


@routes.patch("/messages/{message_id}", permission=Permission.REPLY)
async def update_message(call: Call, message_id: int, body: MessageChange) -> MessageShape:
    """Change a scheduled message."""
    await read_message(call, message_id)
    times: dict[str, Any] = {
        name: changed(value) if value is UNSET else to_ms_or_none(value, name)
        for name, value in (("send_at", body.send_at), ("expires_at", body.expires_at))
    }
    await call.execute(EditScheduled(message_id, changed(body.body), metadata=changed(body.metadata), **times))
    return await read_message(call, message_id)


@routes.delete("/messages/{message_id}", permission=Permission.REPLY)
async def cancel_message(call: Call, message_id: int) -> MessageShape:
    """Cancel a message that waits; what has left can't be taken back (409)."""
    await read_message(call, message_id)
    await call.execute(CancelMessage(message_id))
    return await read_message(call, message_id)


@routes.post("/messages/{message_id}/settle", permission=Permission.REPLY)
async def settle_message(call: Call, message_id: int, body: SettleRequest) -> MessageShape:
    """Decide a message whose sending is uncertain."""
    await read_message(call, message_id)
    await call.execute(SettleMessage(message_id, Settlement(body.as_)))
    return await read_message(call, message_id)

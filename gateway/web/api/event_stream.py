"""`/events/stream`: the log by server-sent events, resumed by Last-Event-ID, ended when the token is revoked."""

from typing import Annotated

import msgspec
from aiohttp import web

from gateway.core.errors import invalid
from gateway.domain.model import Event
from gateway.feed.live import TooManyStreams
from gateway.storage import event_log
from gateway.web.api.call import Call
from gateway.web.api.events import event_shape, types_of
from gateway.web.api.inputs import Types
from gateway.web.api.route import Routes
from gateway.web.problems import Problem

routes = Routes("Events")

HEARTBEAT_S = 15.0
_BATCH = 200
_END = b"\n\n"


class StreamQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to begin, unless Last-Event-ID says: after a position; without one, now. `types` is a comma list."""

    after: Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)] | None = None
    types: Types | None = None


@routes.get("/events/stream", raw=True, produces="text/event-stream")
async def stream_events(call: Call, query: StreamQuery) -> web.StreamResponse:
    """Follow events by SSE; each has its position as id and its type as event.

    A reader that doesn't keep up is sent `reload` and closed; it comes back with its Last-Event-ID.
    """
    types = types_of(query.types)
    after = await _start(call, query)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    )
    if call.state.events.streams >= call.state.limits.streams:
        raise Problem(503, "too-many-streams", "Too many live streams are open.", headers={"Retry-After": "10"})
    try:
        await response.prepare(call.request)
        await response.write(b"retry: 2000\n\n")
        after = await _catch_up(call, response, after, types)
        await _follow(call, response, after, types)
    except ConnectionResetError:
        pass  # they have gone
    return response


async def _catch_up(call: Call, response: web.StreamResponse, after: int, types: list[str] | None) -> int:
    """What was missed, in pieces, however much it is."""
    while True:
        found, after = await call.state.poll.events(call.workspace_id, call.viewer, after, types=types, limit=_BATCH)
        if not found:
            return after
        await response.write(b"".join(map(line, found)))


async def _follow(call: Call, response: web.StreamResponse, after: int, types: list[str] | None) -> None:
    hub = call.state.events
    wanted = None if types is None else frozenset(f"event: {name}".encode() for name in types)
    try:
        stream = await hub.open(call.workspace_id, call.viewer, call.signed.credential, after)
    except TooManyStreams:
        return  # after `retry`, they come again
    try:
        while (chunk := await stream.read(HEARTBEAT_S)) is not None:
            shown = chunk if wanted is None else _of_types(chunk, wanted)
            await response.write(shown or b": still here\n\n")
    finally:
        hub.leave(stream)


def _of_types(chunk: bytes, wanted: frozenset[bytes]) -> bytes:
    frames = [frame for frame in chunk.split(_END) if not wanted.isdisjoint(frame.split(b"\n"))]
    return b"".join(frame + _END for frame in frames)


async def _start(call: Call, query: StreamQuery) -> int:
    last = call.request.headers.get("Last-Event-ID")
    if last is not None:
        if not (last.isascii() and last.isdigit() and len(last) <= 18):
            raise invalid("Last-Event-ID", "This is the position of no event.")
        return int(last)
    if query.after is not None:
        return query.after
    return await call.read(lambda session: event_log.head(session, call.workspace_id))


def line(event: Event) -> bytes:
    """An event as a frame of the stream. Given to the hub, which makes it once for all who may see it."""
    body = msgspec.json.encode(event_shape(event))
    return b"id: %d\nevent: %b\ndata: %b\n\n" % (event.position, event.type.encode(), body)


def nothing(event: Event) -> bytes:
    """What a program is told of an event it may not see."""
    return b""

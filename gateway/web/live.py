"""`/live`: what a page is told as it happens. Hints with ids only; the page then asks for what it shows."""

from typing import Final

import msgspec
from aiohttp import web

from gateway.core.campaigning import campaign_of
from gateway.domain.events import Actor, EventType
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.model import Event
from gateway.feed.live import TooManyStreams
from gateway.web.live_presence import Presence
from gateway.web.pages.desk import Desk
from gateway.web.pages.panes import find_row
from gateway.web.problems import Problem

HEARTBEAT_S: Final = 15.0
RETRY: Final = b"retry: 1000\n\n"
_SAW: Final = {
    EventType.MESSAGE_RECEIVED: "inbound",
    EventType.MESSAGE_QUEUED: "outbound",
    EventType.MESSAGE_SENT: "sent",
    EventType.MESSAGE_STATUS_CHANGED: "receipt",
    EventType.MESSAGE_FAILED: "failed",
    EventType.CONTACT_OPTED_OUT: "consent",
    EventType.CONTACT_OPTED_IN: "consent",
    EventType.OPT_OUT_SUGGESTED: "consent",
    EventType.OPT_OUT_DECIDED: "consent",
    EventType.CONTACT_CREATED: "contact",
}


class Hint(msgspec.Struct, frozen=True, omit_defaults=True):
    """That something changed: of what, and which kind of event it was."""

    type: str
    at: int
    conversations: tuple[str, ...] = ()
    threads: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    what: str = ""
    words: str = ""
    mentions: tuple[str, ...] = ()
    changed: str = ""
    by: str = ""


def encode(event: Event) -> bytes:
    """An event as a frame for pages. Given to the hub, which makes it once for all who may see it."""
    hint = Hint(
        event.type,
        event.at,
        _ids("cnv", event.conversation_id),
        _ids("thr", event.thread_id),
        _ids("msg", event.message_id),
        _ids("cnt", event.contact_id),
        _campaigns(event),
        _SAW.get(EventType(event.type), "conversation") if event.type in set(EventType) else "plugin",
        _words(event),
        tuple(format_id("usr", one) for one in event.data.get("mentions", ())),
        *_changed(event),
    )
    return _frame(event, hint)


def encode_gone(event: Event) -> bytes:
    """What a page is told of a conversation that is no longer its reader's to see: look again."""
    return _frame(event, Hint("gone", event.at, _ids("cnv", event.conversation_id)))


def _frame(event: Event, hint: Hint) -> bytes:
    return b"id: %d\nevent: change\ndata: %b\n\n" % (event.position, msgspec.json.encode(hint))


def _ids(prefix: str, made: int | None) -> tuple[str, ...]:
    return () if made is None else (format_id(prefix, made),)


def _campaigns(event: Event) -> tuple[str, ...]:
    """The campaign that it is about, or whose message it is about."""
    if isinstance(named := event.data.get("campaign"), str):
        return (named,)
    return (event.cause,) if campaign_of(event.cause) is not None and event.cause else ()


def _changed(event: Event) -> tuple[str, str]:
    """Of a setting that a person changed: which one, and who, for whoever has it open as well."""
    made, prefix = event.data.get("id"), PREFIXES.get(str(event.data.get("noun")))
    if event.type != EventType.SETTINGS_CHANGED or prefix is None or not isinstance(made, int):
        return "", ""
    who = Actor.parse(event.actor)
    return format_id(prefix, made), format_id("usr", who.id) if who.kind == "user" and who.id else ""


def _words(event: Event) -> str:
    """A few words for the log on the phone page; never what was said."""
    status = event.data.get("status")
    return str(status) if status else event.type.rpartition("_")[2]


def whisper_draft(desk: Desk, conversation_id: int, thread_id: int) -> None:
    """Tells a person's own pages that they have something half written in a thread now, or nothing any more."""
    told = {"conversation": format_id("cnv", conversation_id), "thread": format_id("thr", thread_id)}
    frame = b"event: draft\ndata: %b\n\n" % msgspec.json.encode(told)
    desk.state.live.whisper(desk.workspace_id, desk.signed.user.id, frame)


class LivePages:
    """The stream and the presence of this node."""

    def __init__(self, presence: Presence) -> None:
        self._presence = presence

    async def stream(self, desk: Desk) -> web.StreamResponse:
        """Server-sent events from `after`, or from where the browser left off."""
        after = _position(desk)
        hub = desk.state.live
        if hub.streams >= desk.state.limits.streams:
            raise Problem(503, "too-many-streams", "Too many live streams are open.", headers={"Retry-After": "10"})
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
        )
        try:
            await response.prepare(desk.request)
            await response.write(RETRY)
            stream = await hub.open(desk.workspace_id, desk.viewer, desk.signed.credential, after)
        except (ConnectionResetError, TooManyStreams):
            return response  # they have gone, or come again after `retry`
        self._presence.join(stream, desk.signed.user)
        try:
            while (chunk := await stream.read(HEARTBEAT_S)) is not None:
                await response.write(chunk or b": still here\n\n")
        except ConnectionResetError:
            pass
        finally:
            self._presence.leave(stream)
            hub.leave(stream)
        return response

    async def present(self, desk: Desk) -> web.StreamResponse:
        """Somebody has a conversation open, or writes in it. Told to those who have it open too."""
        form = await desk.form()
        text = form.get("conversation", "")
        found = await find_row(desk, desk.parse(text, "cnv"))
        self._presence.see(desk.signed.user, found.row.conversation.id, typing=form.get("typing") == "1")
        return web.Response(status=204)

    async def who(self, desk: Desk) -> web.StreamResponse:
        """Whether one is still signed in; a page that lost its stream asks."""
        return web.Response(status=204)


def _position(desk: Desk) -> int | None:
    text = desk.request.headers.get("Last-Event-ID") or desk.request.query.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None

"""What waits for a person: work that failed too often, and payloads that nobody could read."""

from aiohttp import web

from gateway.domain.ids import format_id
from gateway.domain.log import Work
from gateway.domain.record import record
from gateway.storage import work_views
from gateway.storage.facts import RawPayload
from gateway.storage.raw_payload_reads import raw_payload_page
from gateway.storage.session import Session
from gateway.web.api.payloads import drop_payload, find_payload, replay_payload
from gateway.web.api.work import drop_work, replay_work
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.frame import call_of, settings_page
from gateway.web.pages.settings.payload_text import text_of
from gateway.web.pages.settings.sections import get, post
from gateway.web.problems import Problem

MOST = 50
SAID = {
    "replayed": marked("It is queued again, and tried at once."),
    "dropped": marked("It was dropped."),
    "read": marked("It could be read now: what it says was stored as if it came in just now."),
}
_KINDS = {
    "hook": marked("Telling a plugin"),
    "automation": marked("Asking the automations"),
    "automation_step": marked("A step of an automation"),
    "media": marked("Fetching a file"),
    "media_erase": marked("Erasing a file"),
    "check": marked("Asking what became of a message"),
    "release": marked("Sending at its time"),
    "timer": marked("Ending a snooze or an idle time"),
    "join": marked("Joining a long message"),
    "webhook": marked("Delivering to a webhook"),
    "webhook_late": marked("Delivering to a webhook"),
    "webhook_off": marked("Telling administrators"),
    "automation_held": marked("Telling administrators"),
    "chat_notice": marked("Telling a chat service"),
}


@record
class ParkedRow:
    """Work that failed too often. `about` says for whom."""

    href: str
    kind: str
    about: str
    error: str
    attempts: int
    when: str
    iso: str


@record
class PayloadRow:
    """Something that could not be read. `gone` where its gateway is no more."""

    href: str
    gateway: str
    gone: bool
    reason: str
    size: int
    when: str
    iso: str


async def show(desk: Desk) -> web.StreamResponse:
    """Both tables."""
    return await _page(desk)


async def replay(desk: Desk) -> web.StreamResponse:
    """Queues it again."""
    await desk.form()
    await replay_work(call_of(desk), desk.id("wrk"))
    raise web.HTTPSeeOther("/settings/work?said=replayed")


async def drop(desk: Desk) -> web.StreamResponse:
    """Throws it away."""
    await desk.form()
    await drop_work(call_of(desk), desk.id("wrk"))
    raise web.HTTPSeeOther("/settings/work?said=dropped")


async def show_payload(desk: Desk) -> web.StreamResponse:
    """What came, as far as it is text."""
    return await _payload_page(desk)


async def replay_raw(desk: Desk) -> web.StreamResponse:
    """Reads it again; what can't be read still is said on its page."""
    await desk.form()
    try:
        await replay_payload(call_of(desk), desk.id("pay"))
    except Problem as problem:
        if problem.status != 409:
            raise
        return await _payload_page(desk, problem)
    raise web.HTTPSeeOther("/settings/work?said=read")


async def drop_raw(desk: Desk) -> web.StreamResponse:
    """Throws it away."""
    await desk.form()
    await drop_payload(call_of(desk), desk.id("pay"))
    raise web.HTTPSeeOther("/settings/work?said=dropped")


async def _page(desk: Desk) -> web.StreamResponse:
    def read(session: Session) -> tuple[list[Work], list[RawPayload]]:
        return (
            work_views.parked(session, desk.workspace_id, MOST + 1),
            raw_payload_page(session, desk.workspace_id, MOST + 1),
        )

    parked, payloads = await desk.read(read)
    return await settings_page(
        desk,
        "work",
        "settings/work.html",
        said=SAID,
        parked=[_parked(desk, one) for one in parked[:MOST]],
        payloads=[_payload(desk, one) for one in payloads[:MOST]],
        more=len(parked) > MOST or len(payloads) > MOST,
        most=MOST,
    )


async def _payload_page(desk: Desk, problem: Problem | None = None) -> web.StreamResponse:
    payload = await find_payload(call_of(desk), desk.id("pay"))
    content = text_of(payload.content)
    return await settings_page(
        desk,
        "work",
        "settings/payload.html",
        status=problem.status if problem else 200,
        row=_payload(desk, payload),
        content=content,
        problem=problem.detail if problem else "",
    )


def _parked(desk: Desk, work: Work) -> ParkedRow:
    gateway = desk.view.gateways.get(work.gateway_id or 0)
    about = gateway.name if gateway else str(work.data.get("plugin", ""))
    return ParkedRow(
        href=f"/settings/work/{format_id('wrk', work.id)}",
        kind=_KINDS.get(work.kind, work.kind.replace("_", " ").capitalize()),
        about=about,
        error=work.last_error or "",
        attempts=work.attempts,
        when=desk.times.full(work.created_at),
        iso=desk.times.iso(work.created_at),
    )


def _payload(desk: Desk, payload: RawPayload) -> PayloadRow:
    gateway = desk.view.gateways.get(payload.gateway_id)
    return PayloadRow(
        href=f"/settings/work/payloads/{format_id('pay', payload.id)}",
        gateway=gateway.name if gateway else "",
        gone=gateway is None or gateway.removed_at is not None,
        reason=payload.reason,
        size=len(payload.content) * 3 // 4,
        when=desk.times.full(payload.at),
        iso=desk.times.iso(payload.at),
    )


ROUTES = (
    get("", show),
    post("/{id}/replay", replay),
    post("/{id}/drop", drop),
    get("/payloads/{id}", show_payload),
    post("/payloads/{id}/replay", replay_raw),
    post("/payloads/{id}/drop", drop_raw),
)

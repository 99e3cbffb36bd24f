"""Telling one while away: by e-mail or text, gathered, and not at night. Devices are told by Alerts, in the top bar."""

from urllib.parse import urlsplit

from aiohttp import web

from gateway.core.commands.notices import SaveNotices
from gateway.core.commands.push import UnsubscribePush
from gateway.core.errors import Refused
from gateway.domain.day_times import clock_text
from gateway.domain.ids import format_id
from gateway.domain.notices import DIGESTS, NoticeSetting
from gateway.domain.record import record
from gateway.domain.sender import SenderKind
from gateway.storage.notice_reads import notice_setting
from gateway.storage.push_reads import device, devices_of
from gateway.web import problems
from gateway.web.api.notices import read_address
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import chat
from gateway.web.pages.settings.chat import chat_rows
from gateway.web.pages.settings.clocks import minutes_of
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.told import told

SAID = {
    "saved": marked("Saved."),
    "forgotten": marked("That device is told nothing any more."),
    "told": marked("The test arrived."),
    "removed": marked("Removed."),
}
_WAITS = {
    2: marked("2 minutes"),
    15: marked("15 minutes"),
    60: marked("1 hour"),
    240: marked("4 hours"),
}


@record
class Device:
    """A browser that is told by web push."""

    id: str
    label: str
    service: str
    since: str


@record
class NoticesForm:
    """What the page shows: what was chosen, or what was typed and is wrong."""

    address: str
    digest: int
    quiet_from: str
    quiet_to: str
    problem: str = ""


async def show(desk: Desk) -> web.Response:
    """The page."""
    me = desk.signed.user.id
    found = await desk.read(lambda session: notice_setting(session, desk.workspace_id, me))
    return await _page(desk, _form(found))


async def save(desk: Desk) -> web.StreamResponse:
    """Where, how soon, and when not."""
    form = await desk.form()
    typed = NoticesForm(
        form.get("address", "").strip()[:320],
        int(form["digest"][:4]) if form.get("digest", "").isdecimal() else DIGESTS[0],
        form.get("quiet_from", "")[:5],
        form.get("quiet_to", "")[:5],
    )
    try:
        await desk.execute(
            SaveNotices(
                read_address(typed.address, desk.view.policy.default_country) if typed.address else None,
                typed.digest,
                minutes_of(typed.quiet_from),
                minutes_of(typed.quiet_to),
                desk.times.zone.key,
            )
        )
    except Refused as refused:
        said = told(desk.language, refused.errors[0].message if refused.errors else refused.detail)
        wrong = NoticesForm(typed.address, typed.digest, typed.quiet_from, typed.quiet_to, said)
        return await _page(desk, wrong, 422)
    raise web.HTTPSeeOther("/settings/notifications?said=saved")


async def forget(desk: Desk) -> web.StreamResponse:
    """One of one's own devices is told nothing any more."""
    await desk.form()
    wanted = desk.id("psh")
    found = await desk.read(lambda session: device(session, desk.workspace_id, wanted))
    if found is None or found.user_id != desk.signed.user.id:
        raise problems.not_found("device")
    await desk.execute(UnsubscribePush(found.id))
    raise web.HTTPSeeOther("/settings/notifications?said=forgotten")


async def _page(desk: Desk, form: NoticesForm, status: int = 200) -> web.Response:
    known = await desk.read(lambda session: devices_of(session, desk.workspace_id, desk.signed.user.id))
    mailbox = any(one.kind is SenderKind.EMAIL for one in desk.view.live(desk.view.senders))
    return await settings_page(
        desk,
        "notifications",
        "settings/notifications.html",
        status=status,
        said=SAID,
        form=form,
        waits=[(minutes, _WAITS[minutes]) for minutes in DIGESTS],
        mailbox=mailbox,
        chats=await chat_rows(desk),
        may_chat=bool(desk.state.notifiers.types),
        devices=[
            Device(
                format_id("psh", one.id),
                one.label or "",
                urlsplit(one.endpoint).hostname or "",
                desk.times.full(one.created_at),
            )
            for one in known
        ],
    )


def _form(found: NoticeSetting | None) -> NoticesForm:
    if found is None:
        return NoticesForm("", DIGESTS[0], "", "")
    quiet = found.quiet_start != found.quiet_end
    return NoticesForm(
        found.address,
        found.digest,
        clock_text(found.quiet_start) if quiet else "",
        clock_text(found.quiet_end) if quiet else "",
    )


ROUTES = (get("", show), post("", save), post("/devices/{id}/forget", forget), *chat.ROUTES)

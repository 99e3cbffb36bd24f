"""How long what is kept, by kind; and the way to all of it."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.commands.settings import UpdateWorkspace
from gateway.domain.record import record
from gateway.domain.retention import KINDS, LONGEST, days_of
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.forms import DONE, Faults, attempt
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.reports.everything import everything_as_lines

HOME: Final = "/settings/data"
KEPT_WORDS: Final = {
    "messages": (marked("Words of messages and notes"), marked("The message stays, with its status, sender and cost.")),
    "media": (marked("Files"), marked("Pictures and files of messages; the library stays.")),
    "events": (marked("The log of events"), marked("What programs and webhooks read.")),
    "audit": (marked("The audit trail"), marked("Who did what in administration.")),
    "raw_payloads": (marked("Payloads nobody could read"), marked("As providers sent them.")),
    "webhook_deliveries": (marked("The log of webhooks"), marked("Deliveries and dead letters.")),
    "automation_runs": (marked("The log of automations"), marked("Runs with what they found.")),
}


@record
class Kept:
    """One kind: its field, and the bounds of it."""

    name: str
    label: str
    words: str
    value: str
    least: int
    for_good: bool


async def show(desk: Desk) -> web.StreamResponse:
    """The page as it is."""
    return await _page(desk, {}, {})


async def _page(desk: Desk, typed: Mapping[str, str], faults: Faults) -> web.StreamResponse:
    _ = desk.language.gettext
    kept = desk.view.workspace.retention
    return await settings_page(
        desk,
        "data",
        "settings/data.html",
        status=422 if faults else 200,
        said=DONE,
        faults={name.removeprefix("retention."): words for name, words in faults.items()},
        longest=LONGEST,
        kinds=[
            Kept(kind, _(label), _(words), typed.get(kind, str(days_of(kept, kind))), rule.least, rule.for_good)
            for kind, rule in KINDS.items()
            for label, words in [KEPT_WORDS[kind]]
        ],
    )


async def save(desk: Desk) -> web.StreamResponse:
    """All of them at once; an empty field is what is so unless set."""
    form = await desk.form()
    wanted = {kind: _days(form[kind]) for kind in KINDS if kind in form}

    async def act() -> None:
        await desk.execute(UpdateWorkspace(retention=wanted))

    return await attempt(desk, act, lambda faults: _page(desk, form, faults), HOME)


def _days(text: str) -> int | None:
    """-1, which no kind allows, for what is no number."""
    plain = text.strip()
    if not plain:
        return None
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else -1


async def everything(desk: Desk) -> web.StreamResponse:
    """All of it, as a download; which is a line of the audit trail."""
    await desk.execute(RecordExport("workspace", desk.workspace_id))
    return await everything_as_lines(desk.request, desk.state.database, desk.workspace_id)


ROUTES = (get("", show), get("/everything.ndjson", everything), post("", save))

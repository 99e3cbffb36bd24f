"""From a conversation: a form begun with its contact, a poll asked, a form that is under way stopped."""

from aiohttp import web

from gateway.core.commands.talks import AskPoll, StartForm
from gateway.domain.ids import format_id
from gateway.domain.polls import is_open
from gateway.domain.visibility import Permission
from gateway.web import guard
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.panes import find_row
from gateway.web.pages.settings.forms import Faults, attempt
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.views_shell import Choice
from gateway.web.pages.views_talks import AskPage


async def show(desk: Desk) -> web.StreamResponse:
    """Which form, which poll."""
    guard.require(desk.signed, Permission.REPLY)
    return await _page(desk, {})


async def ask(desk: Desk) -> web.StreamResponse:
    """The question leaves; a refusal says why."""
    form = await desk.form()
    guard.require(desk.signed, Permission.REPLY)
    found = await find_row(desk, desk.id("cnv"))
    kind, _, named = form.get("ask", "").partition(":")
    thread_id = found.row.conversation.thread_id
    if kind == "form":
        command = StartForm(desk.parse(named, "frm"), thread_id=thread_id)
        return await attempt(
            desk, lambda: desk.execute(command), lambda faults: _page(desk, faults), _address(desk), ""
        )
    poll = AskPoll(desk.parse(named, "pll"), thread_id=thread_id)
    return await attempt(desk, lambda: desk.execute(poll), lambda faults: _page(desk, faults), _address(desk), "")


async def _page(desk: Desk, faults: Faults) -> web.StreamResponse:
    found = await find_row(desk, desk.id("cnv"))
    row = found.row
    person = face_of_contact(row.contact, list(row.addresses), desk.language)
    now = desk.state.clock()
    forms = [
        Choice(one.name, f"form:{format_id('frm', one.id)}") for one in desk.view.live(desk.view.forms) if one.enabled
    ]
    polls = [
        Choice(one.name, f"poll:{format_id('pll', one.id)}")
        for one in desk.view.live(desk.view.polls)
        if is_open(one, now)
    ]
    asking = AskPage(_address(desk), person, forms, polls, list(dict.fromkeys(faults.values())))
    shell = await lone_shell(desk, "inbox")
    return desk.page("ask.html", status=422 if faults else 200, shell=shell, asking=asking)


def _address(desk: Desk) -> str:
    return f"/conversations/{format_id('cnv', desk.id('cnv'))}"

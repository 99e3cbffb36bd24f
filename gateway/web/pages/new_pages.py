"""Starting a conversation: the dialog, who it may go to, the live count, and the send."""

import json

from aiohttp import web

from gateway.core.commands.conversations import ClaimConversation
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import Reason, Refused
from gateway.core.preview import preview
from gateway.domain.address import Address, InvalidAddress, typed_address
from gateway.domain.visibility import Ownership, Permission, may_see
from gateway.storage.contact_reads import ContactView, contact_page
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.session import Session
from gateway.storage.thread_views import thread_view
from gateway.web import guard
from gateway.web.pages.compose_pages import text
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.filters import Filters
from gateway.web.pages.formatting import address_text
from gateway.web.pages.listing import load_list
from gateway.web.pages.panes import as_id
from gateway.web.pages.rows import LIVE
from gateway.web.pages.senders import chosen_from, chosen_of, counted, groups_of
from gateway.web.pages.shell import shell_of
from gateway.web.pages.views_composer import Found, NewConversation

MOST_PEOPLE = 8


def _form(desk: Desk, to: str = "", body: str = "", problem: str = "", field: str = "") -> NewConversation:
    groups = groups_of(desk.view, desk.state.around.capabilities, None, None)
    return NewConversation(groups, chosen_of(groups), to, body, problem, field)


async def show_new(desk: Desk) -> web.StreamResponse:
    """The page, for those without script."""
    loaded = await load_list(desk, Filters())
    shell = shell_of(desk, "inbox", loaded.totals.unread_messages, loaded.position)
    return desk.page("new.html", shell=shell, new=_form(desk, to=desk.request.query.get("to", "")[:320]))


async def show_form(desk: Desk) -> web.StreamResponse:
    """The form alone, when the dialog opens."""
    return html(desk.pieces("new_form", new=_form(desk)))


async def show_people(desk: Desk) -> web.StreamResponse:
    """Contacts that match what was typed, and the typed number itself."""
    q = desk.request.query.get("to", desk.request.query.get("q", "")).replace("\0", "").strip()[:200]
    found: list[Found] = []
    typed = _typed(desk, q)
    if q:
        page = await desk.read(lambda session: _people(session, desk, q))
        found = [one for view, live in page for one in _found(desk, view, live)]
    if isinstance(typed, Address) and not any(one.value == typed.value for one in found):
        found.append(Found(typed.value, "", "", 0, address_text(typed.kind, typed.value), ""))
    return html(desk.pieces("new_people", found=found))


def _people(session: Session, desk: Desk, q: str) -> list[tuple[ContactView, ConversationRow | None]]:
    page = contact_page(session, desk.workspace_id, q=q, limit=MOST_PEOPLE)
    found = []
    for one in page.items:
        thread = one.thread
        view = thread_view(session, desk.workspace_id, desk.signed.user.id, thread.id) if thread else None
        found.append((one, view.live if view else None))
    return found


def _found(desk: Desk, view: ContactView, live: ConversationRow | None) -> list[Found]:
    person = face_of_contact(view.contact, list(view.addresses))
    one_sees = live is not None and sees(desk, live)
    state = "Open now" if one_sees and live is not None and live.conversation.state in LIVE else ""
    href = f"/conversations/{as_id(live.conversation.id)}" if one_sees and live is not None else ""
    return [
        Found(one.value, person.name, person.initials, person.hue, address_text(one.kind, one.value), state, href)
        for one in view.addresses
    ]


def sees(desk: Desk, live: ConversationRow) -> bool:
    """P4 for a live conversation."""
    owner = Ownership(live.conversation.user_id, live.conversation.group_id)
    return may_see(desk.viewer, owner, desk.view.policy)


async def count(desk: Desk) -> web.StreamResponse:
    """What the message would become."""
    form = await desk.form()
    to = _typed(desk, form.get("to", ""))
    if not isinstance(to, Address):
        return web.Response(status=422)
    from_, gateway_id = chosen_from(form.get("from", ""))
    command = SendMessage(body=text(form.get("body", "")), to=to, from_=from_, gateway_id=gateway_id)
    state = desk.state
    ahead = await preview(state.database, state.around, state.clock(), command, desk.caller)
    return web.Response(text=json.dumps(counted(ahead)), content_type="application/json")


async def send(desk: Desk) -> web.StreamResponse:
    """Sends, and goes to the conversation; whatever is wrong comes back in the form with the text kept."""
    form = await desk.form()
    guard.require(desk.signed, Permission.REPLY)
    typed, body = form.get("to", "").strip(), text(form.get("body", ""))
    to = _typed(desk, typed)
    if not isinstance(to, Address):
        return await _again(desk, _form(desk, typed, body, to, "to"), 422)
    try:
        from_, gateway_id = chosen_from(form.get("from", ""))
        message = await desk.execute(SendMessage(body=body, to=to, from_=from_, gateway_id=gateway_id))
    except Refused as refused:
        field = refused.errors[0].field if refused.errors else ""
        status = 422 if refused.reason is Reason.INVALID else 409
        shown = _form(desk, typed, body, refused.detail, field if field in {"to", "body"} else "")
        return await _again(desk, shown, status)
    target = "/conversations"
    if message.conversation_id is not None:
        target = f"/conversations/{as_id(message.conversation_id)}"
        if form.get("claim") == "1":
            await _claim(desk, message.conversation_id)
    if desk.by_script:
        return web.Response(status=200, headers={"HX-Redirect": target})
    raise web.HTTPSeeOther(target)


async def _claim(desk: Desk, conversation_id: int) -> None:
    """Whoever begins it has it, unless somebody has it already."""
    try:
        await desk.execute(ClaimConversation(conversation_id))
    except Refused as refused:
        if refused.reason is not Reason.CONFLICT:
            raise


async def _again(desk: Desk, new: NewConversation, status: int) -> web.StreamResponse:
    if desk.by_script:
        return html(desk.pieces("new_form", new=new), status)
    loaded = await load_list(desk, Filters())
    shell = shell_of(desk, "inbox", loaded.totals.unread_messages, loaded.position)
    return desk.page("new.html", status=status, shell=shell, new=new)


def _typed(desk: Desk, typed: str) -> Address | str:
    """The address somebody typed, or a sentence about what is wrong with it."""
    try:
        return typed_address(typed, desk.view.policy.default_country)
    except InvalidAddress as error:
        return str(error)

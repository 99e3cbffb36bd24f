"""Starting a conversation: the dialog, who it may go to, the live count, and the send."""

import json
from collections.abc import Mapping, Sequence

from aiohttp import web

from gateway.core.commands.conversations import ClaimConversation
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import Reason, Refused, invalid
from gateway.core.preview import preview
from gateway.domain.address import Address, InvalidAddress, typed_address
from gateway.domain.model import Contact, Media
from gateway.domain.record import record
from gateway.domain.settings import Snippet
from gateway.domain.visibility import Ownership, Permission, may_see
from gateway.storage.contact_reads import ContactView, contact_page
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.media_reads import sendable
from gateway.storage.session import Session
from gateway.storage.thread_views import ThreadView, thread_by_address, thread_view
from gateway.web import guard
from gateway.web.contact_sight import sees_contact
from gateway.web.pages.attachments import attachment
from gateway.web.pages.compose_pages import send_once, template_body
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.filters import Filters
from gateway.web.pages.formatting import address_text
from gateway.web.pages.listing import load_list
from gateway.web.pages.message_forms import filled, media_in, message_of
from gateway.web.pages.panes import as_id, kit_maker, snippets_of
from gateway.web.pages.rows import LIVE
from gateway.web.pages.senders import chosen_of, counted, groups_of, uncounted
from gateway.web.pages.shell import shell_of
from gateway.web.pages.views_composer import Found, NewConversation, SenderGroup
from gateway.web.told import told

MOST_PEOPLE = 8


async def _form(
    desk: Desk, form: Mapping[str, str] | None = None, problem: str = "", field: str = ""
) -> NewConversation:
    """The form as it was filled in so far."""
    typed = form or {}
    me, to = desk.signed.user.id, typed.get("to", "")[:320]
    wanted = media_in(typed.get("media", "")) if field != "media" else ()

    def read(session: Session) -> tuple[list[Snippet], list[Media]]:
        return snippets_of(session, desk.workspace_id, me), sendable(session, desk.workspace_id, me, wanted)

    snippets, files = await desk.read(read)
    known = await _known(desk, _typed(desk, to)) if to else Known()
    groups = known.groups or groups_of(desk.view, desk.state.around.capabilities, desk.language, None, None)
    return NewConversation(
        groups,
        chosen_of(groups),
        to,
        typed.get("body", ""),
        problem,
        field,
        known.open_href,
        kit_maker(desk).kit(snippets, known.contact),
        known.understood,
        known.reopen,
        typed.get("subject", ""),
        [attachment(one, desk.language) for one in files],
    )


async def show_new(desk: Desk) -> web.StreamResponse:
    """The page, for those without script."""
    loaded = await load_list(desk, Filters())
    shell = shell_of(desk, "inbox", loaded.totals.unread_messages, loaded.position)
    return desk.page("new.html", shell=shell, new=await _form(desk, {"to": desk.request.query.get("to", "")}))


async def show_form(desk: Desk) -> web.StreamResponse:
    """The form alone, when the dialog opens."""
    return html(desk.pieces("new_form", new=await _form(desk)))


async def show_known(desk: Desk) -> web.StreamResponse:
    """What is known of whoever was named: the address as understood, our senders for it, the contact's merge fields."""
    return html(desk.pieces("new_known", new=await _form(desk, {"to": desk.request.query.get("to", "")})))


@record
class Known:
    """Whoever a new message goes to."""

    understood: str = ""
    groups: Sequence[SenderGroup] = ()
    contact: Contact | None = None
    open_href: str = ""
    reopen: bool = False


async def _known(desk: Desk, to: Address | str) -> Known:
    if not isinstance(to, Address):
        return Known()
    state, command = desk.state, SendMessage(body="", to=to)
    ahead = await preview(state.database, state.around, state.clock(), command, desk.caller)
    groups = groups_of(desk.view, state.around.capabilities, desk.language, ahead, to.kind, to.value)
    shown = address_text(to.kind, to.value)

    def read(session: Session) -> ThreadView | None:
        thread = thread_by_address(session, desk.workspace_id, to.kind, to.value)
        return thread_view(session, desk.workspace_id, desk.signed.user.id, thread.id) if thread else None

    found = await desk.read(read)
    if found is None or (found.live is not None and not sees(desk, found.live)):
        return Known(shown, groups)
    name = found.contact.name if found.contact.saved and found.contact.name else ""
    href = f"/conversations/{as_id(found.live.conversation.id)}" if found.live is not None else ""
    over = found.live is not None and found.live.conversation.state not in LIVE
    return Known(f"{name}, {shown}" if name else shown, groups, found.contact, href, over)


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
        if not sees_contact(session, desk, one):
            continue
        view = thread_view(session, desk.workspace_id, desk.signed.user.id, thread.id) if thread else None
        found.append((one, view.live if view else None))
    return found


def _found(desk: Desk, view: ContactView, live: ConversationRow | None) -> list[Found]:
    person = face_of_contact(view.contact, list(view.addresses), desk.language)
    one_sees = live is not None and sees(desk, live)
    is_open = one_sees and live is not None and live.conversation.state in LIVE
    state = desk.language.gettext("Open now") if is_open else ""
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
    state = desk.state
    try:
        command = await message_of(desk, form, to=to)
    except Refused as refused:
        return web.json_response(uncounted(told(desk.language, refused.detail)))
    ahead = await preview(state.database, state.around, state.clock(), command, desk.caller)
    return web.Response(text=json.dumps(counted(ahead, desk.language)), content_type="application/json")


async def fill_template(desk: Desk) -> web.StreamResponse:
    """A template with the values of whoever was named in it."""
    form = await desk.form()
    to = _typed(desk, form.get("to", ""))
    if not isinstance(to, Address):
        raise invalid("to", "Say first who it goes to.")
    body = await template_body(desk, form.get("template", ""))
    command = await filled(desk, SendMessage(body=body, to=to))
    return web.Response(text=json.dumps({"body": command.body}), content_type="application/json")


async def send(desk: Desk) -> web.StreamResponse:
    """Sends it, or puts it off, and goes to the conversation."""
    form = await desk.form()
    guard.require(desk.signed, Permission.REPLY)
    to = _typed(desk, form.get("to", ""))
    if not isinstance(to, Address):
        return await _again(desk, await _form(desk, form, to, "to"), 422)
    try:
        command = await message_of(desk, form, to=to)
        message = await send_once(desk, command, form.get("key", ""))
    except Refused as refused:
        field = refused.errors[0].field if refused.errors else ""
        status = 422 if refused.reason is Reason.INVALID else 409
        shown = await _form(
            desk, form, told(desk.language, refused.detail), field if field in {"to", "body", "media"} else ""
        )
        return await _again(desk, shown, status)
    target = "/conversations"
    if message is not None and message.conversation_id is not None:
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

"""Writing from a thread: a reply, a note, the live count, a template filled in, and the draft."""

import contextlib
import hashlib
import json

from aiohttp import web

from gateway.core.commands.conversations import AddNote, SaveDraft
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import invalid
from gateway.core.idempotency import Idempotency, Replayed
from gateway.core.preview import render_body
from gateway.domain.visibility import Permission
from gateway.storage.session import Session
from gateway.storage.thread_views import ThreadView, thread_view
from gateway.web import guard, problems
from gateway.web.pages.desk import Desk, html, read_id
from gateway.web.pages.filters import Filters
from gateway.web.pages.panes import as_id, find_row, look_ahead, snippets_of
from gateway.web.pages.senders import chosen_from, counted
from gateway.web.pages.thread_pages import news, whole

LONGEST = 100_000


async def send(desk: Desk) -> web.StreamResponse:
    """Sends a reply; answers with the lines the page does not show yet."""
    conversation_id = desk.id("cnv")
    form = await desk.form()
    guard.require(desk.signed, Permission.REPLY)
    found = await find_row(desk, conversation_id)
    expected = whole(form.get("expected_seq", ""))
    from_, gateway_id = chosen_from(form.get("from", ""))
    command = SendMessage(
        body=text(form.get("body", "")),
        thread_id=found.row.thread.id,
        from_=from_,
        gateway_id=gateway_id,
        expected_seq=expected or None,
    )
    await _once(desk, command, form.get("key", ""))
    await desk.execute(SaveDraft(found.row.thread.id, ""))
    return await _shown(desk, conversation_id, expected or found.row.thread.seq)


async def _once(desk: Desk, command: SendMessage, key: str) -> None:
    """The same click twice is one message: the page makes a key for each."""
    if not key:
        await desk.execute(command)
        return
    said = f"{command.thread_id} {command.from_} {command.gateway_id} {command.body}"
    digest = hashlib.sha256(said.encode()).hexdigest()
    once = Idempotency(f"page-{key[:100]}", digest, 200, lambda _: b"{}")
    with contextlib.suppress(Replayed):
        await desk.state.writer.execute(command, desk.caller, idempotency=once)


async def add_note(desk: Desk) -> web.StreamResponse:
    """Leaves a note for the team."""
    conversation_id = desk.id("cnv")
    form = await desk.form()
    guard.require(desk.signed, Permission.NOTE)
    found = await find_row(desk, conversation_id)
    await desk.execute(AddNote(found.row.thread.id, text(form.get("body", ""))))
    return await _shown(desk, conversation_id, found.row.thread.seq)


async def _shown(desk: Desk, conversation_id: int, after: int) -> web.StreamResponse:
    if desk.by_script:
        return html(await news(desk, after, Filters(), []))
    raise web.HTTPSeeOther(f"/conversations/{as_id(conversation_id)}")


async def count(desk: Desk) -> web.StreamResponse:
    """What a reply would become: parts, encoding, price, and what stands in its way."""
    form = await desk.form()
    found = await _thread(desk)
    ahead = await look_ahead(desk, found.thread.id, text(form.get("body", "")), form.get("from", ""))
    return web.Response(text=json.dumps(counted(ahead)), content_type="application/json")


async def fill_template(desk: Desk) -> web.StreamResponse:
    """A template with this contact's values in it."""
    form = await desk.form()
    found = await _thread(desk)
    wanted, me = read_id(form.get("template", ""), "tpl"), desk.signed.user.id
    snippets = await desk.read(lambda session: snippets_of(session, desk.workspace_id, me))
    template = next((one for one in snippets if one.id == wanted and one.kind == "template"), None)
    if template is None:
        raise problems.not_found("template")
    state = desk.state
    command = SendMessage(body=template.body, thread_id=found.thread.id)
    filled = await render_body(state.database, state.around, state.clock(), command, desk.caller, {})
    return web.Response(text=json.dumps({"body": filled.body}), content_type="application/json")


async def save_draft(desk: Desk) -> web.StreamResponse:
    """Keeps what was typed and not sent."""
    form = await desk.form()
    found = await _thread(desk)
    await desk.execute(SaveDraft(found.thread.id, text(form.get("body", ""))))
    return web.Response(status=204)


async def _thread(desk: Desk) -> ThreadView:
    """The thread in the path. Problem 404 when its live conversation is not this person's to see."""
    thread_id, workspace_id = desk.id("thr"), desk.workspace_id

    def read(session: Session) -> ThreadView | None:
        return thread_view(session, workspace_id, desk.signed.user.id, thread_id)

    found = await desk.read(read)
    if found is None:
        raise problems.not_found("thread")
    if found.live is not None:
        await find_row(desk, found.live.conversation.id)
    return found


def text(body: str) -> str:
    """What a form sent as text: line ends as people mean them, no NUL, not without end."""
    if len(body) > LONGEST:
        raise invalid("body", f"A text may have {LONGEST:,} characters.")
    return body.replace("\r\n", "\n").replace("\0", "")

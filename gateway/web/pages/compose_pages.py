"""Writing from a thread: a reply, a test, a note, the live count, and a template filled in."""

import contextlib
import hashlib
import json
from collections.abc import Mapping

from aiohttp import web

from gateway.core.commands.conversations import AddNote, CompleteConversation, SaveDraft
from gateway.core.commands.messages import SendMessage
from gateway.core.commands.settings import CreateSnippet
from gateway.core.errors import Refused, invalid
from gateway.core.idempotency import Idempotency, Replayed
from gateway.core.preview import preview
from gateway.domain.address import InvalidAddress, typed_address
from gateway.domain.model import Message
from gateway.domain.record import replace
from gateway.domain.visibility import Permission
from gateway.web import guard, problems
from gateway.web.pages.desk import Desk, html, read_id
from gateway.web.pages.draft_pages import keep_draft, tab_in
from gateway.web.pages.filters import filters_in
from gateway.web.pages.formatting import address_text
from gateway.web.pages.kits import template_choice
from gateway.web.pages.message_forms import filled, message_of, text, without_times
from gateway.web.pages.panes import as_id, find_row, find_thread, snippets_of
from gateway.web.pages.senders import counted, uncounted
from gateway.web.pages.thread_pages import news, whole
from gateway.web.told import told


async def send(desk: Desk) -> web.StreamResponse:
    """Sends a reply, or puts it off; answers with the lines the page does not show yet."""
    conversation_id = desk.id("cnv")
    form = await desk.form()
    guard.require(desk.signed, Permission.REPLY)
    found = await find_row(desk, conversation_id)
    expected = whole(form.get("expected_seq", ""))
    command = await message_of(desk, form, thread_id=found.row.thread.id)
    await send_once(desk, replace(command, expected_seq=expected or None), form.get("key", ""))
    draft = await keep_draft(desk, SaveDraft(found.row.thread.id, "", tab=tab_in(form)), conversation_id)
    if form.get("then") == "complete":
        guard.require(desk.signed, Permission.WORK)
        await desk.execute(CompleteConversation(conversation_id))
    after = whole(form.get("after", "")) or expected or found.row.thread.seq
    return await _shown(desk, conversation_id, after, form, draft)


async def send_once(desk: Desk, command: SendMessage, key: str) -> Message | None:
    """The same click twice is one message: the page makes a key for each. None for the second."""
    if not key:
        return await desk.execute(command)
    digest = hashlib.sha256(repr(command).encode()).hexdigest()
    once = Idempotency(f"page-{key[:100]}", digest, 200, lambda _: b"{}")
    with contextlib.suppress(Replayed):
        return await desk.state.writer.execute(command, desk.caller, idempotency=once)
    return None


async def send_test(desk: Desk) -> web.StreamResponse:
    """Sends what stands in the composer to a number somebody names: a disclaimer, then the text."""
    form = await desk.form()
    guard.require(desk.signed, Permission.REPLY)
    command = await _asked(desk, form)
    try:
        to = typed_address(form.get("test_to", ""), desk.view.policy.default_country)
    except InvalidAddress as error:
        raise invalid("test_to", str(error)) from None
    test = replace(without_times(command), to=to, thread_id=None, test=True, expected_seq=None)
    await send_once(desk, test, form.get("key", ""))
    _ = desk.language.gettext
    said = _("Two messages are on their way to %(number)s", number=address_text(to.kind, to.value))
    return html("", 200, said)


async def _asked(desk: Desk, form: Mapping[str, str]) -> SendMessage:
    """The message as typed: of a thread, or to nobody yet."""
    if form.get("thread"):
        found = await find_thread(desk, read_id(form["thread"], "thr"))
        return await message_of(desk, form, thread_id=found.thread.id)
    return await message_of(desk, {**form, "merge": ""})


async def add_note(desk: Desk) -> web.StreamResponse:
    """Leaves a note for the team."""
    conversation_id = desk.id("cnv")
    form = await desk.form()
    guard.require(desk.signed, Permission.NOTE)
    found = await find_row(desk, conversation_id)
    await desk.execute(AddNote(found.row.thread.id, text(form.get("body", "")), form.get("on_contact") == "1"))
    draft = await keep_draft(desk, SaveDraft(found.row.thread.id, note="", tab=tab_in(form)), conversation_id)
    return await _shown(desk, conversation_id, whole(form.get("after", "")) or found.row.thread.seq, form, draft)


async def _shown(
    desk: Desk, conversation_id: int, after: int, form: Mapping[str, str], headers: Mapping[str, str]
) -> web.StreamResponse:
    if desk.by_script:
        return html(await news(desk, after, filters_in(form.get("query", "")), []), headers=headers)
    raise web.HTTPSeeOther(f"/conversations/{as_id(conversation_id)}")


async def count(desk: Desk) -> web.StreamResponse:
    """What a reply would become: the final text, parts, encoding, price, and what stands in its way."""
    form = await desk.form()
    found = await find_thread(desk, desk.id("thr"))
    state = desk.state
    try:
        command = await message_of(desk, form, thread_id=found.thread.id)
    except Refused as refused:
        return web.json_response(uncounted(told(desk.language, refused.detail)))
    ahead = await preview(state.database, state.around, state.clock(), command, desk.caller)
    return web.Response(text=json.dumps(counted(ahead, desk.language)), content_type="application/json")


async def fill_template(desk: Desk) -> web.StreamResponse:
    """A template with this contact's values in it."""
    form = await desk.form()
    found = await find_thread(desk, desk.id("thr"))
    body = await template_body(desk, form.get("template", ""))
    command = await filled(desk, SendMessage(body=body, thread_id=found.thread.id))
    return web.Response(text=json.dumps({"body": command.body}), content_type="application/json")


async def keep_template(desk: Desk) -> web.StreamResponse:
    """Keeps an answer as a template, for oneself or the team; answers with its entry for the menu."""
    form, _ = await desk.form(), desk.language.gettext
    command = CreateSnippet("template", form.get("name", ""), text(form.get("body", "")), form.get("shared") == "1")
    try:
        made = await desk.execute(command)
    except Refused as refused:
        return html("", 422, told(desk.language, refused.errors[0].message if refused.errors else refused.detail))
    if not desk.by_script:
        raise web.HTTPSeeOther("/settings/templates")
    entry = desk.pieces("snippet_entry", q=template_choice(made), kind="template", ic="file-text")
    return html(entry, 200, _("Saved as the template “%(name)s”", name=made.name))


async def template_body(desk: Desk, wanted: str) -> str:
    """A template the person may use. Problem 404 otherwise."""
    template_id, me = read_id(wanted, "tpl"), desk.signed.user.id
    snippets = await desk.read(lambda session: snippets_of(session, desk.workspace_id, me))
    template = next((one for one in snippets if one.id == template_id and one.kind == "template"), None)
    if template is None:
        raise problems.not_found("template")
    return template.body

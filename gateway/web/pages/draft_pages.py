"""What is half written in a thread: kept for its writer, who sees in every list where something waits."""

from collections.abc import Mapping

from aiohttp import web

from gateway.core.commands.conversations import SaveDraft
from gateway.web.live import whisper_draft
from gateway.web.pages.desk import Desk
from gateway.web.pages.message_forms import media_in, text
from gateway.web.pages.panes import find_thread
from gateway.web.pages.thread_pages import whole


async def save_draft(desk: Desk) -> web.StreamResponse:
    """Keeps what was typed and not sent, with the files that were to go along, and the note beside it."""
    form, thread_id = await desk.form(), desk.id("thr")
    found = await find_thread(desk, thread_id)
    subject = form.get("subject", "").strip()[:998] or None
    body, note = text(form.get("body", "")), text(form.get("note", ""))
    over = whole(form["over"]) if "over" in form else None
    draft = SaveDraft(thread_id, body, subject, media_in(form.get("media", "")), note, over, tab_in(form))
    newest = next(one.conversation_id for one in found.threads if one.id == thread_id)
    return web.Response(status=204, headers=await keep_draft(desk, draft, newest))


def tab_in(form: Mapping[str, str]) -> str | None:
    """Which tab of a browser a form comes from, as the tab names itself; None where it doesn't say."""
    return form.get("tab", "")[:64] or None


async def keep_draft(desk: Desk, draft: SaveDraft, conversation_id: int | None) -> dict[str, str]:
    """Keeps or forgets a draft; where that changes what a list shows, the writer's own pages are told.

    Answers the header that tells the page which draft there is now.
    """
    kept = await desk.execute(draft)
    if kept.turned and conversation_id is not None:
        whisper_draft(desk, conversation_id, draft.thread_id)
    return {"X-Draft": str(kept.at)}

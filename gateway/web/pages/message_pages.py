"""What can be done about one message: again, differently, not at all, decided; and a mail as it was formatted."""

from typing import Any

from aiohttp import web

from gateway.core.commands.messages import (
    CancelMessage,
    EditScheduled,
    RetryMessage,
    Settlement,
    SettleMessage,
)
from gateway.core.errors import conflict
from gateway.domain.address import AddressKind
from gateway.domain.ids import format_id
from gateway.domain.model import Media, Message
from gateway.domain.status import Status
from gateway.domain.visibility import Permission
from gateway.storage.message_reads import MessageView, message_view
from gateway.storage.records import MEDIA
from gateway.web import guard, problems
from gateway.web.formatted import remote_pictures
from gateway.web.pages.action_pages import done
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.message_forms import moment, text
from gateway.web.pages.panes import as_id, find_row, find_thread
from gateway.web.pages.senders import chosen_from, groups_of
from gateway.web.pages.views_message import Decision, FormattedMail, ScheduledEdit


async def retry(desk: Desk) -> web.StreamResponse:
    """Sends a failed message again, as a new one, from the same or from another sender."""
    form = await desk.form()
    message = await _to_act_on(desk)
    from_, gateway_id = chosen_from(form.get("from", ""))
    await desk.execute(RetryMessage(message.id, from_, gateway_id))
    return done(desk, desk.language.gettext("Sending again"), _page_of(message))


async def show_senders(desk: Desk) -> web.StreamResponse:
    """The senders a failed message could take instead."""
    message = (await _find(desk)).message
    kind = message.their_kind if message.their_kind is not AddressKind.SHORT_CODE else None
    groups = groups_of(desk.view, desk.state.around.capabilities, desk.language, None, kind, message.their_address)
    return html(desk.pieces("retry_menu", message=format_id("msg", message.id), groups=groups))


async def cancel(desk: Desk) -> web.StreamResponse:
    """Withdraws a message that waits."""
    await desk.form()
    message = await _to_act_on(desk)
    await desk.execute(CancelMessage(message.id))
    return done(desk, desk.language.gettext("Cancelled"), _page_of(message))


async def show_edit(desk: Desk) -> web.StreamResponse:
    """A scheduled message, to be changed."""
    message = (await _find(desk)).message
    if message.status is not Status.SCHEDULED:
        raise conflict("not-scheduled", f"This message is {message.status}; it can't be changed any more.")
    at = desk.times.at(message.send_at or desk.times.now)
    expires = desk.times.at(message.expires_at) if message.expires_at is not None else None
    tail = f"\n{message.appended}" if message.appended else ""
    shown = ScheduledEdit(
        id=format_id("msg", message.id),
        body=message.body.removesuffix(tail),
        appended=message.appended or "",
        at=f"{at:%Y-%m-%dT%H:%M}",
        expires=f"{expires:%Y-%m-%dT%H:%M}" if expires else "",
        back=_page_of(message),
    )
    return _dialog(desk, "edit_dialog", edit=shown)


async def edit(desk: Desk) -> web.StreamResponse:
    """Changes a scheduled message."""
    form = await desk.form()
    message = await _to_act_on(desk)
    send_at = moment(desk, "", form.get("send_local", ""), "send_at")
    command = EditScheduled(
        message.id,
        text(form.get("body", "")),
        send_at if send_at is not None else message.send_at or 0,
        moment(desk, "", form.get("expires_local", ""), "expires_at"),
    )
    await desk.execute(command)
    return done(desk, desk.language.gettext("Changed"), _page_of(message))


async def show_decision(desk: Desk) -> web.StreamResponse:
    """What can be decided about a message nobody knows the outcome of."""
    message = (await _find(desk)).message
    if message.status is not Status.UNCERTAIN:
        raise conflict("not-uncertain", f"This message is {message.status}; there is nothing to decide.")
    gateway = desk.view.gateways.get(message.gateway_id or 0)
    shown = Decision(
        id=format_id("msg", message.id),
        body=message.body,
        via=sender_text(message.our_address),
        gateway=gateway.name if gateway else "",
        at=desk.times.full(message.created_at),
        back=_page_of(message),
    )
    return _dialog(desk, "decide_dialog", decision=shown)


async def decide(desk: Desk) -> web.StreamResponse:
    """Decides it; the decision is an event in the thread."""
    form = await desk.form()
    message = await _to_act_on(desk)
    try:
        as_ = Settlement(form.get("as", ""))
    except ValueError:
        raise problems.invalid("as", "Choose what to do.") from None
    await desk.execute(SettleMessage(message.id, as_))
    _ = desk.language.gettext
    said = {
        Settlement.CHECK: _("The provider is being asked"),
        Settlement.RESEND: _("Sending again"),
        Settlement.SENT: _("Marked as sent"),
        Settlement.FAILED: _("Marked as failed"),
    }
    return done(desk, said[as_], _page_of(message))


async def show_formatted(desk: Desk) -> web.StreamResponse:
    """A mail in its frame, with the offer to fetch what it shows from elsewhere."""
    message = (await _find(desk)).message
    files: list[Media] = await desk.read(
        lambda session: MEDIA.by(session, desk.workspace_id, "id", [message.html_id or 0])
    )
    if not files:
        raise problems.not_found("formatted message")
    made = format_id("msg", message.id)
    frame = FormattedMail(
        id=made,
        src=f"/api/v1/messages/{made}/html",
        title=message.subject or "",
        elsewhere=await remote_pictures(desk.state.blobs, files[0]),
        pictures=desk.request.query.get("pictures") == "1",
    )
    return html(desk.pieces("mail_frame", frame=frame))


def _dialog(desk: Desk, name: str, **context: Any) -> web.StreamResponse:
    """The inside of a dialog for a script, else a page of its own."""
    if desk.by_script:
        return html(desk.pieces(name, whole_page=False, **context))
    return desk.page("dialog.html", inside=f"partials/{name}.html", whole_page=True, **context)


async def _to_act_on(desk: Desk) -> Message:
    guard.require(desk.signed, Permission.REPLY)
    return (await _find(desk)).message


async def _find(desk: Desk) -> MessageView:
    """A message in a conversation that the person may see, or in none of a thread they may."""
    message_id = desk.id("msg")
    found = await desk.read(lambda session: message_view(session, desk.workspace_id, message_id))
    if found is None:
        raise problems.not_found("message")
    if found.message.conversation_id is None:
        await find_thread(desk, found.message.thread_id)
    else:
        await find_row(desk, found.message.conversation_id)
    return found


def _page_of(message: Message) -> str:
    return f"/conversations/{as_id(message.conversation_id)}" if message.conversation_id else "/conversations"

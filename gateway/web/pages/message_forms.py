"""What a form of the composer says, as a message: text, files, subject, times, merge fields to be filled in."""

from collections.abc import Mapping
from datetime import datetime

from gateway.core.commands.messages import SendMessage
from gateway.core.errors import invalid
from gateway.core.preview import render_body
from gateway.core.templates import check
from gateway.domain.address import Address
from gateway.domain.record import replace
from gateway.web.pages.desk import Desk, read_id
from gateway.web.pages.senders import chosen_from

LONGEST = 100_000
MOST_MEDIA = 10


async def message_of(
    desk: Desk, form: Mapping[str, str], *, thread_id: int | None = None, to: Address | None = None
) -> SendMessage:
    """The message a form describes. Refused with the field that can't be understood, or filled in."""
    from_, gateway_id = chosen_from(form.get("from", ""))
    command = SendMessage(
        body=text(form.get("body", "")),
        to=to,
        thread_id=thread_id,
        from_=from_,
        gateway_id=gateway_id,
        subject=form.get("subject", "").strip()[:998] or None,
        media_ids=media_in(form.get("media", "")),
        send_at=moment(desk, form.get("send_at", ""), form.get("send_local", ""), "send_at"),
        expires_at=moment(desk, "", form.get("expires_local", ""), "expires_at"),
    )
    return await filled(desk, command) if form.get("merge") == "1" else command


async def filled(desk: Desk, command: SendMessage) -> SendMessage:
    """The same with its merge fields filled in, for whoever it goes to."""
    check(command.body)
    state = desk.state
    return await render_body(state.database, state.around, state.clock(), command, desk.caller, {})


def without_times(command: SendMessage) -> SendMessage:
    """The same, to leave at once."""
    return replace(command, send_at=None, expires_at=None)


def media_in(listed: str) -> tuple[int, ...]:
    """Ids of uploads, in a list with commas."""
    named = list(dict.fromkeys(one for one in listed.split(",") if one))
    if len(named) > MOST_MEDIA:
        raise invalid("media", f"A message carries {MOST_MEDIA} files at most.")
    return tuple(read_id(one, "med") for one in named)


def moment(desk: Desk, ms: str, local: str, field: str) -> int | None:
    """Milliseconds, or a local time in the zone of the browser's cookie. None where neither is given."""
    if ms.isascii() and ms.isdigit() and len(ms) < 15:
        return int(ms)
    if not local:
        return None
    try:
        at = datetime.fromisoformat(local)
    except ValueError:
        raise invalid(field, "Choose a date and a time.") from None
    return int(at.replace(tzinfo=desk.times.zone).timestamp() * 1000)


def text(body: str) -> str:
    """What a form sent as text: line ends as people mean them, no NUL, not without end."""
    if len(body) > LONGEST:
        raise invalid("body", f"A text may have {LONGEST:,} characters.")
    return body.replace("\r\n", "\n").replace("\0", "")

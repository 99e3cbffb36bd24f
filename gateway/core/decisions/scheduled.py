"""After a message was accepted: change or withdraw it, send it again, decide an uncertain one."""

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.messages import (
    CancelMessage,
    EditScheduled,
    ReleaseScheduled,
    RetryMessage,
    SendMessage,
    Settlement,
    SettleMessage,
)
from gateway.core.compose import over_the_limit
from gateway.core.decisions.send import enqueue, send
from gateway.core.decisions.uncertain import may_be_there
from gateway.core.errors import conflict, invalid
from gateway.core.gateway_choice import health_needs, price_tables
from gateway.core.needs import Needs
from gateway.core.previews import preview_of
from gateway.core.quiet import held_until, is_called_off
from gateway.core.scene import Scene
from gateway.core.statuses import change
from gateway.core.threads import append_fact
from gateway.core.wishes import message_waits
from gateway.domain.address import Address
from gateway.domain.events import EventType
from gateway.domain.ids import format_id
from gateway.domain.model import Conversation, Direction, Message, Part, Thread
from gateway.domain.prices import price_of
from gateway.domain.record import replace
from gateway.domain.segments import split
from gateway.domain.status import FAILURES, WAITING, Status
from gateway.domain.visibility import Permission


def message_needs(command: object, needs: Needs) -> None:
    """The message with its parts, thread, ledger and work, and how the gateways are."""
    health_needs(needs)
    message_id = getattr(command, "message_id")  # noqa: B009 - several commands share this
    needs.messages.add(message_id)
    needs.ledger = True
    needs.work_of.add(message_id)


def edit(command: EditScheduled, scene: Scene) -> Message:
    """Only what has not left can change; the text is composed again, the sender stays."""
    require(scene.caller, Permission.REPLY)
    message = scene.message(command.message_id)
    if message.status is not Status.SCHEDULED:
        raise conflict("not-scheduled", f"This message is {message.status}; only a scheduled one can be changed.")
    if command.body is not UNCHANGED:
        message = _recompose(scene, message, command.body)
    send_at = message.send_at if command.send_at is UNCHANGED else command.send_at
    expires_at = message.expires_at if command.expires_at is UNCHANGED else command.expires_at
    if send_at is None or send_at <= scene.now:
        raise invalid("send_at", "That time has passed. Choose a later one.")
    if expires_at is not None and expires_at <= send_at:
        raise invalid("expires_at", "It would expire before it is sent.")
    if command.metadata is not UNCHANGED:
        message = replace(message, metadata=command.metadata)
    if send_at != message.send_at:
        scene.drop_work("release", message.id)
        scene.schedule("release", send_at, subject_id=message.id)
    message = scene.working.put(replace(message, send_at=send_at, expires_at=expires_at))
    _tell(scene, message, "edited")
    return message


def _recompose(scene: Scene, message: Message, body: str) -> Message:
    if not body.strip() and not message.media_ids:
        raise invalid("body", "Write something, or attach a file.", "empty")
    sender = scene.view.senders.get(message.sender_id or 0)
    text = f"{body}\n{message.appended}" if message.appended else body
    cut = split(text) if message.channel == "sms" else None
    segments = len(cut.parts) if cut else 1
    too_long = over_the_limit(scene, segments)
    if too_long is not None:
        raise invalid(too_long.field, too_long.message, too_long.code)
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        scene.working.remove(part)
    for index in range(1, segments + 1):
        scene.working.put(Part(scene.workspace_id, message.id, index, Status.QUEUED))
    tables = price_tables(sender, scene.view.gateways.get(message.gateway_id or 0)) if sender else []
    price = price_of(tables, message.channel, message.their_address, segments)
    conversation = scene.find(Conversation, message.conversation_id)
    changed = replace(
        message,
        body=text,
        encoding=cut.encoding if cut else message.encoding,
        units=cut.units if cut else len(text),
        segments=segments,
        cost_micros=price.micros if price else None,
        currency=price.currency if price else None,
    )
    if conversation is not None and conversation.last_message_id == message.id:
        scene.working.put(replace(conversation, preview=preview_of(changed)))
    return changed


def cancel(command: CancelMessage, scene: Scene) -> Message:
    """Withdraws what no worker has begun."""
    require(scene.caller, Permission.REPLY)
    message = scene.message(command.message_id)
    if message.status is Status.CANCELLED:
        return message
    if message.status not in WAITING:
        raise conflict("already-sending", f"This message is {message.status}; it can't be withdrawn any more.")
    if any(one.state == "running" for one in scene.work_for("send", message.id)):
        raise conflict("already-sending", "This message is being sent right now.")
    if any(may_be_there(one) for one in scene.work_for("send", message.id)):
        raise conflict("already-sending", "This message may have left already; it can't be withdrawn any more.")
    return _withdraw(scene, message)


def _withdraw(scene: Scene, message: Message) -> Message:
    for kind in ("send", "release"):
        scene.drop_work(kind, message.id)
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        scene.working.put(replace(part, status=Status.CANCELLED, updated_at=scene.now))
    return change(scene, message, Status.CANCELLED)


def release(command: ReleaseScheduled, scene: Scene) -> None:
    """Its time has come: from now on it is an ordinary message in its thread's lane. A machine's waits for morning."""
    message = scene.find(Message, command.message_id)
    if message is None or message.status not in (Status.SCHEDULED, Status.HELD):
        return
    if message.status is Status.SCHEDULED and message.send_at is not None and message.send_at > scene.now:
        # It was put off after a worker had taken this up, or the clock went back: at its time, and not now.
        scene.schedule("release", message.send_at, subject_id=message.id)
        return
    if is_called_off(scene, message):
        _withdraw(scene, message)
        return
    if message_waits(scene, message):
        change(scene, message, Status.HELD)
        return
    until = held_until(scene, message)
    if until is not None:
        change(scene, message, Status.HELD)
        scene.schedule("release", until, subject_id=message.id)
        return
    message = change(scene, message, Status.QUEUED)
    enqueue(scene, message)
    scene.emit(
        EventType.MESSAGE_QUEUED,
        thread=scene.find(Thread, message.thread_id),
        conversation=scene.find(Conversation, message.conversation_id),
        message_id=message.id,
        data={"nature": str(message.nature), "channel": message.channel},
    )


def retry_needs(command: RetryMessage, needs: Needs) -> None:
    """The failed message, whether it was sent again already, and all that sending needs."""
    message_needs(command, needs)
    needs.record(Message, "retry_of", [command.message_id])


def retry(command: RetryMessage, scene: Scene) -> Message:
    """A new message with the same words; the failed one stays as it is."""
    message = scene.message(command.message_id)
    if message.direction is not Direction.OUTBOUND or message.status not in FAILURES:
        raise conflict("not-failed", f"This message is {message.status}; only a failed one can be sent again.")
    _require_first(scene, message)
    return _again(scene, message, command.from_, command.gateway_id)


def _require_first(scene: Scene, message: Message) -> None:
    """A second press, or a colleague's, sends nothing: the thread's lock decides who was first."""
    for other in scene.working.all(Message):
        if other.retry_of == message.id and other.status is not Status.CANCELLED:
            named = format_id("msg", other.id)
            raise conflict("already-retried", f"This message was sent again already, as {named}.")


def _again(scene: Scene, message: Message, from_: str | None, gateway_id: int | None = None) -> Message:
    tail = f"\n{message.appended}" if message.appended else ""
    sender = scene.view.senders.get(message.sender_id or 0)
    again = SendMessage(
        body=message.body.removesuffix(tail),
        to=Address(message.their_kind, message.their_address),
        from_=from_ or (format_id("snd", sender.id) if sender and sender.removed_at is None else None),
        channel=message.channel if message.channel in ("mms", "email", "whatsapp") else None,
        subject=message.subject,
        media_ids=message.media_ids,
        purpose=message.purpose,
        nature=message.nature,
        metadata=message.metadata,
        retry_of=message.id,
        gateway_id=gateway_id,
    )
    return send(again, scene)


def settle(command: SettleMessage, scene: Scene) -> Message:
    """What a person decides about an uncertain message is an event, whatever they decide."""
    require(scene.caller, Permission.REPLY)
    message = scene.message(command.message_id)
    if message.status is not Status.UNCERTAIN:
        raise conflict("not-uncertain", f"This message is {message.status}; there is nothing to decide.")
    _tell(scene, message, f"settled as {command.as_}")
    match command.as_:
        case Settlement.CHECK:
            scene.schedule("check", scene.now, subject_id=message.id, gateway_id=message.gateway_id)
            return message
        case Settlement.SENT:
            return _all_parts(scene, message, Status.SENT)
        case Settlement.FAILED:
            return _all_parts(scene, message, Status.FAILED)
        case Settlement.RESEND:
            _all_parts(scene, message, Status.FAILED)
            return _again(scene, message, None)


def _all_parts(scene: Scene, message: Message, status: Status) -> Message:
    scene.drop_work("send", message.id)
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        scene.working.put(replace(part, status=status, updated_at=scene.now))
    return change(scene, message, status, sentence="Marked as failed by hand.", code="settled", retryable=True)


def _tell(scene: Scene, message: Message, what: str) -> None:
    thread = scene.find(Thread, message.thread_id)
    conversation = scene.find(Conversation, message.conversation_id)
    facts = {"status": str(message.status), "action": what}
    told = {**facts, "message_id": format_id("msg", message.id)}
    append_fact(scene, message.thread_id, EventType.MESSAGE_STATUS_CHANGED, conversation, told)
    scene.emit(
        EventType.MESSAGE_STATUS_CHANGED, thread=thread, conversation=conversation, message_id=message.id, data=facts
    )

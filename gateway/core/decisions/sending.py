"""A worker's side of a send: `sending` is durable before the first byte leaves, its outcome recorded once."""

from collections.abc import Sequence

from gateway.core import consents
from gateway.core.carrying import capabilities_through, not_taken
from gateway.core.commands.messages import (
    BeginSend,
    Dropped,
    RecordSendFailure,
    RecordSent,
    RecoverSend,
    Start,
)
from gateway.core.decisions.failover import PASSED_ON, back_to_queued, move_elsewhere, untried
from gateway.core.decisions.last_look import drop, last_look
from gateway.core.decisions.leased import fenced, work_needs
from gateway.core.decisions.receipts import attempt_key, provider_key, rematch, remember_part
from gateway.core.decisions.uncertain import MAY_BE_THERE, leave_uncertain, may_be_there, uncertain_needs
from gateway.core.gateway_choice import health_needs
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.statuses import change, move_part, settle
from gateway.domain.encoding import Encoding
from gateway.domain.model import Media, Message, Work
from gateway.domain.record import replace
from gateway.domain.segments import split
from gateway.domain.status import Status
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.values import Outbound, SenderView, SendResult
from gateway.storage.facts import ProviderKey

MEDIA_WAIT_MS = 2_000


def begin_needs(command: BeginSend, needs: Needs) -> None:
    """The message with its work, its parts, its files, and the ledger for the last look at consent."""
    work_needs(command.work, needs)
    needs.ledger = True
    needs.files = True
    if may_be_there(command.work):
        uncertain_needs(command.work, needs)


def sent_needs(command: RecordSent, needs: Needs) -> None:
    """The same, receipts that were faster than this answer, and what else the provider calls by these ids."""
    work_needs(command.work, needs)
    keys = {provider_key(command.account, part.provider_id) for part in command.result.parts if part.provider_id}
    needs.provider_keys.update(keys)
    needs.parked_keys.update(keys | {attempt_key(command.work.subject_id or 0)})


def failure_needs(command: RecordSendFailure, needs: Needs) -> None:
    """The message with its work, receipts that came before anybody could say which part they are for, and how the
    gateways are that it might leave by.
    """
    work_needs(command.work, needs)
    health_needs(needs)
    uncertain_needs(command.work, needs)


def recover_needs(command: RecoverSend, needs: Needs) -> None:
    """The same."""
    work_needs(command.work, needs)
    uncertain_needs(command.work, needs)


def begin(command: BeginSend, scene: Scene) -> Start | Dropped:
    """The last look: still wanted, not expired, not opted out. Then it is `sending`."""
    work = fenced(scene, command.work)
    message = scene.find(Message, command.work.subject_id)
    if work is None or message is None:
        return Dropped("fenced")
    if message.status is not Status.QUEUED:
        scene.working.remove(work)
        return Dropped("not-queued")
    dropped = last_look(scene, work, message)
    if dropped is not None:
        return dropped
    files = _files(scene, message)
    if any(one.state == "pending" for one in files):
        waiting = replace(work, state="queued", due_at=scene.now + MEDIA_WAIT_MS, lease_owner=None, lease_until=None)
        scene.working.put(waiting)
        return Dropped("media-pending")
    if any(one.state == "unavailable" for one in files):
        return drop(scene, work, message, Status.FAILED, "media-unavailable", "A file could not be fetched.")
    unfit = _unfit(scene, message, files)
    if unfit is not None:
        return drop(scene, work, message, Status.FAILED, "media-type", unfit)
    message = scene.working.put(replace(message, attempts=message.attempts + 1))
    change(scene, message, Status.SENDING)
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        move_part(scene, part, Status.SENDING)
    return Start(_outbound(scene, command, message), tuple(files))


def record_sent(command: RecordSent, scene: Scene) -> Message | None:
    """The provider's ids and answers, part by part. A fenced worker's ids are kept; its word on status is not."""
    message = scene.find(Message, command.work.subject_id)
    if message is None:
        return None
    work = fenced(scene, command.work)
    keys: list[ProviderKey] = []
    reason = code = None
    for result in command.result.parts:
        part = next(
            (one for one in scene.working.parts_of(scene.workspace_id, message.id) if one.index == result.index), None
        )
        if part is None:
            continue
        part = scene.working.put(replace(part, provider_id=result.provider_id or part.provider_id))
        if work is not None:
            move_part(scene, part, result.status, result.code)
            if result.status is not Status.SENT:
                reason, code = result.reason or reason, result.code or code
        key = remember_part(scene, command.account, part)
        if key is not None:
            keys.append(key)
    if work is not None:
        scene.working.remove(work)
        for part in scene.working.parts_of(scene.workspace_id, message.id):
            if part.status is Status.SENDING:  # the channel said nothing of it
                move_part(scene, part, Status.UNCERTAIN)
        if command.result.cost_micros is not None:
            message = scene.working.put(
                replace(message, cost_micros=command.result.cost_micros, currency=command.result.currency)
            )
        message = scene.working.put(_as_it_left(scene.find(Message, message.id) or message, command.result))
        message = settle(scene, message, sentence=reason, code=code)
    rematch(scene, keys)
    return scene.find(Message, message.id) if work is not None else None


def _as_it_left(message: Message, result: SendResult) -> Message:
    """What the channel added: the subject where nobody had given one, and what the next message refers back to."""
    if result.subject is None and not result.metadata:
        return message
    metadata = {**message.metadata, **result.metadata}
    return replace(message, subject=message.subject or result.subject, metadata=metadata)


def record_failure(command: RecordSendFailure, scene: Scene) -> Message | None:
    """Queued again, failed, or uncertain: the channel said which. Only what provably did not leave is queued again."""
    work = fenced(scene, command.work)
    message = scene.find(Message, command.work.subject_id)
    if work is None or message is None:
        return None
    if command.kind is SendErrorKind.UNCERTAIN:
        return leave_uncertain(scene, work, message)
    if command.unknown:
        work = replace(work, data={**work.data, MAY_BE_THERE: True})
    if command.retry_at is not None:
        if command.kind in PASSED_ON:
            moved = move_elsewhere(scene, work, message, command.sentence)
            if moved is not None:
                return moved
            work = untried(work)
        return _again(scene, work, message, command.retry_at, command.sentence, counts=command.counts)
    if command.kind is SendErrorKind.OPTED_OUT:
        consents.record_provider_stop(scene, message, command.provider_code, command.sentence)
    final = command.kind in (SendErrorKind.REJECTED, SendErrorKind.OPTED_OUT)
    if may_be_there(work) and not final:  # the last try did not leave; an earlier one may have
        return leave_uncertain(scene, work, message)
    scene.working.remove(work)
    for part in scene.working.parts_of(scene.workspace_id, message.id):
        move_part(scene, part, Status.FAILED, command.provider_code)
    return change(
        scene,
        scene.find(Message, message.id) or message,
        Status.FAILED,
        sentence=command.sentence,
        code=str(command.kind),
        provider_code=command.provider_code,
        retryable=not final,
    )


def recover(command: RecoverSend, scene: Scene) -> None:
    """A worker died: what it had not begun is queued again, what it had begun is uncertain.

    Unless the provider itself refuses a second send of the same attempt: then that is the way to find out.
    """
    work = fenced(scene, command.work)
    message = scene.find(Message, command.work.subject_id)
    if work is None:
        return
    if message is None or message.status not in (Status.QUEUED, Status.SENDING):
        scene.working.remove(work)
    elif message.status is Status.SENDING and command.again_at is None:
        leave_uncertain(scene, work, message)
    elif message.status is Status.SENDING:
        work = replace(work, data={**work.data, MAY_BE_THERE: True})
        _again(scene, work, message, command.again_at or scene.now, "Its worker ended before it was done.")
    else:
        scene.working.put(replace(work, state="queued", lease_owner=None, lease_until=None))


def _again(scene: Scene, work: Work, message: Message, due_at: int, reason: str, *, counts: bool = True) -> Message:
    """A move backwards on purpose: nothing had left, or the provider knows what it has seen."""
    scene.working.put(
        replace(
            work,
            state="queued",
            due_at=due_at,
            lease_owner=None,
            lease_until=None,
            attempts=work.attempts + (1 if counts else 0),
            last_error=reason,
        )
    )
    return back_to_queued(scene, message)


def _files(scene: Scene, message: Message) -> list[Media]:
    found = (scene.find(Media, media_id) for media_id in message.media_ids)
    return [one for one in found if one is not None]


def _unfit(scene: Scene, message: Message, files: Sequence[Media]) -> str | None:
    """What a link leads to is known only now; and so is what another gateway takes."""
    sender, gateway = scene.view.senders.get(message.sender_id or 0), scene.view.gateways.get(message.gateway_id or 0)
    if not files or sender is None or gateway is None:
        return None
    return not_taken(capabilities_through(scene, gateway, sender), message.channel, files)


def _outbound(scene: Scene, command: BeginSend, message: Message) -> Outbound:
    sender = scene.view.senders[message.sender_id or 0]
    parts = split(message.body).parts if message.channel == "sms" else (message.body,)
    return Outbound(
        message_id=message.id,
        attempt=command.attempt,
        sender=SenderView(sender.id, sender.kind, sender.value),
        to=message.their_address,
        channel=message.channel,
        body=message.body,
        parts=parts,
        encoding=Encoding(message.encoding) if message.encoding else None,
        reference=message.id & 0xFF,
        subject=message.subject,
        expires_at=message.expires_at,
        metadata=message.metadata,
        nature=message.nature,
    )

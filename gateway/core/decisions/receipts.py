"""A provider reported on a part: correlate, keep, move along the lattice; park what comes before its part is known."""

from collections.abc import Iterable

from gateway.core import consents
from gateway.core.commands.messages import RecordReceipt, RematchReceipts
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.statuses import move_part, settle
from gateway.domain.ids import parse_id
from gateway.domain.model import Message, Part, ReceiptRecord
from gateway.domain.record import replace
from gateway.domain.status import FAILURES, Status
from gateway.sdk.values import Receipt
from gateway.storage.facts import ParkedReceipt, ProviderKey, bucket_of


def provider_key(account: str, provider_id: str) -> str:
    """The key of a provider's message id, shared by the gateways of one account."""
    return f"{account}|{provider_id}"


def attempt_key(message_id: int) -> str:
    """The key under which a receipt waits that names a message of ours, but no part of it that is known."""
    return f"attempt|{message_id}"


def message_of_attempt(attempt: str | None) -> int | None:
    """The message that an attempt id of ours names (`msg_…-n`), if it is one of ours at all."""
    if not attempt:
        return None
    try:
        return parse_id(attempt.partition("-")[0], "msg")
    except ValueError:
        return None


def receipt_needs(command: RecordReceipt, needs: Needs) -> None:
    """The part by any spelling of its id, or the message by our attempt id."""
    needs.provider_keys.update(provider_key(command.account, one) for one in command.receipt.provider_ids)
    message_id = message_of_attempt(command.receipt.attempt)
    if message_id is not None:
        needs.messages.add(message_id)


def record_receipt(command: RecordReceipt, scene: Scene) -> bool:
    """Keeps every receipt; changes a status only forwards."""
    receipt = command.receipt
    keys = [provider_key(command.account, one) for one in receipt.provider_ids]
    kept = scene.working.put(
        ReceiptRecord(
            scene.workspace_id,
            scene.new_id(),
            command.gateway_id,
            scene.now,
            receipt.provider_ids[0] if receipt.provider_ids else "",
            tuple(keys),
            status=receipt.state,
            code=receipt.code,
            text=receipt.text,
            raw=receipt.raw,
        )
    )
    message_id = message_of_attempt(receipt.attempt)
    part = _part(scene, keys, message_id)
    message = scene.find(Message, message_id if part is None else part.message_id)
    if message is not None:
        _learn(scene, receipt, message)
    if part is None:
        if message_id is not None:
            keys.append(attempt_key(message_id))
        for key in keys:
            scene.working.put(ParkedReceipt(key, kept.id, scene.workspace_id, scene.now))
        return False
    apply(scene, kept, part)
    return True


def _learn(scene: Scene, receipt: Receipt, message: Message) -> None:
    """What a receipt says beside the status: that the contact opted out at the provider, and what the message cost."""
    if receipt.opted_out and message.status not in FAILURES:
        consents.record_provider_stop(scene, message, receipt.code, receipt.text)
    if receipt.cost_micros is not None:
        scene.working.put(replace(message, cost_micros=receipt.cost_micros, currency=receipt.currency))


def rematch_needs(command: RematchReceipts, needs: Needs) -> None:
    """The parts and the parked receipts of these keys."""
    needs.provider_keys.update(command.keys)
    needs.parked_keys.update(command.keys)


def rematch_parked(command: RematchReceipts, scene: Scene) -> int:
    """What a sweep found: a receipt and its part that passed each other on two nodes."""
    wanted = set(command.keys)
    known = [one for one in scene.working.all(ProviderKey) if one.key in wanted]
    before = sum(1 for one in scene.working.all(ParkedReceipt) if one.key in wanted)
    rematch(scene, known)
    return before - sum(1 for one in scene.working.all(ParkedReceipt) if one.key in wanted)


def apply(scene: Scene, receipt: ReceiptRecord, part: Part) -> None:
    """A receipt whose part is known now."""
    scene.working.put(replace(receipt, message_id=part.message_id, part_index=part.index))
    message = scene.find(Message, part.message_id)
    if message is None or receipt.status is None:
        return
    if part.provider_id is None and receipt.provider_id:
        part = scene.working.put(replace(part, provider_id=receipt.provider_id))
    for one in _called_the_same(scene, part):
        move_part(scene, one, receipt.status, receipt.code)
    settle(scene, message, sentence=receipt.text, code=receipt.code)


def rematch_attempt(scene: Scene, message: Message) -> None:
    """The answer of a send is lost for good: receipts that only name the attempt are for its parts, in order."""
    key = attempt_key(message.id)
    for parked in [one for one in scene.working.all(ParkedReceipt) if one.key == key]:
        receipt = scene.find(ReceiptRecord, parked.receipt_id)
        part = _nameless_part(scene, message.id)
        if receipt is None or part is None:
            continue
        _unpark(scene, receipt)
        apply(scene, receipt, part)


def _called_the_same(scene: Scene, part: Part) -> list[Part]:
    """All parts the provider knows by one id: a long text that went as one payload has a single receipt."""
    if part.provider_id is None:
        return [part]
    parts = scene.working.parts_of(scene.workspace_id, part.message_id)
    return [one for one in parts if one.provider_id == part.provider_id]


def rematch(scene: Scene, keys: Iterable[ProviderKey]) -> None:
    """Receipts that came before the send's own answer find their part."""
    for key in keys:
        parked = next((one for one in scene.working.all(ParkedReceipt) if one.key == key.key), None)
        receipt = scene.find(ReceiptRecord, parked.receipt_id) if parked else None
        part = scene.working.get(Part, scene.workspace_id, key.message_id, key.part_index)
        if receipt is not None and part is not None:
            _unpark(scene, receipt)
            apply(scene, receipt, part)


def _unpark(scene: Scene, receipt: ReceiptRecord) -> None:
    for one in scene.working.all(ParkedReceipt):
        if one.receipt_id == receipt.id:
            scene.working.remove(one)


def remember_part(scene: Scene, account: str, part: Part) -> ProviderKey | None:
    """Makes a part findable by what the provider calls it. An id that is given twice names the later message."""
    if part.provider_id is None:
        return None
    bucket, key = bucket_of(scene.now), provider_key(account, part.provider_id)
    known = scene.working.get(ProviderKey, bucket, key)
    if known is not None and known.workspace_id != scene.workspace_id:
        return None
    return scene.working.put(ProviderKey(bucket, key, scene.workspace_id, part.message_id, part.index))


def _part(scene: Scene, keys: list[str], message_id: int | None) -> Part | None:
    bucket = bucket_of(scene.now)
    message = scene.find(Message, message_id)
    for key in keys:
        for one in (bucket, bucket - 1):
            found = scene.working.get(ProviderKey, one, key)
            if found is None or found.workspace_id != scene.workspace_id:
                continue
            if message is None or message.id == found.message_id:  # our own name for a send is never given twice
                return scene.working.get(Part, scene.workspace_id, found.message_id, found.part_index)
    if message is None:
        return None
    if message.segments > 1 and message.status is not Status.UNCERTAIN:
        return None  # which of its parts this is, the answer that is still to come will say
    return _nameless_part(scene, message.id)


def _nameless_part(scene: Scene, message_id: int) -> Part | None:
    parts = scene.working.parts_of(scene.workspace_id, message_id)
    return next((part for part in parts if part.provider_id is None), parts[0] if len(parts) == 1 else None)

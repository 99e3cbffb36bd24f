"""Outbound, from the request to the receipt, through the writer, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.core.caller import system
from gateway.core.commands.media_files import StoreMedia
from gateway.core.commands.messages import (
    CancelMessage,
    Dropped,
    EditScheduled,
    RecordReceipt,
    RecordSendFailure,
    RecordSent,
    RecoverSend,
    ReleaseScheduled,
    RematchReceipts,
    RetryMessage,
    SendMessage,
    Settlement,
    SettleMessage,
    Start,
)
from gateway.core.commands.settings import UpdateSender
from gateway.core.errors import Reason, Refused
from gateway.core.idempotency import Idempotency, Replayed
from gateway.domain.address import provider_address
from gateway.domain.model import Media, Message, Part, ReceiptRecord, Work
from gateway.domain.sender import Capabilities
from gateway.domain.settings import Gateway, Sender
from gateway.domain.status import Status
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.values import PartResult, Receipt, SendResult
from gateway.storage.facts import ParkedReceipt
from gateway.storage.parked_receipts import findable
from gateway.storage.records import PARKED_RECEIPTS, RECEIPTS
from gateway.storage.session import Session
from tests.core.running import ACCOUNT, DESK, MAYA, OTHER_DESK, Core, running_core, together


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def receipt(core: Core, provider_id: str, state: Status | None, *, attempt: str | None = None) -> bool:
    command = RecordReceipt(core.gateway_id, ACCOUNT, Receipt((provider_id,), state, attempt=attempt))
    return await core.writer.execute(command, system(core.workspace_id))


async def begun(core: Core) -> tuple[Work, Start]:
    [work] = await core.claim()
    start = await core.begin(work)
    assert isinstance(start, Start)
    return work, start


async def status(core: Core, message: Message) -> Status:
    return (await core.message(message.id)).status


async def test_a_reply_goes_out_from_the_number_they_wrote_to_and_is_delivered(core: Core) -> None:
    await core.receive("Hello", to=OTHER_DESK)
    sent = await core.send("Hello back")
    assert (sent.status, sent.our_address) == (Status.QUEUED, OTHER_DESK)

    work, start = await begun(core)
    assert await status(core, sent) is Status.SENDING
    assert start.outbound.parts == ("Hello back",)
    await core.accepted(work, start)
    assert await status(core, sent) is Status.SENT
    assert await receipt(core, f"p-{sent.id}-1", Status.DELIVERED)

    delivered = await core.message(sent.id)
    assert delivered.status is Status.DELIVERED
    assert delivered.delivered_at == core.clock.now
    assert await core.all(Work) == []
    [conversation] = await core.conversations()
    assert not conversation.needs_reply


async def test_a_receipt_before_the_sends_own_answer_waits_for_it(core: Core) -> None:
    sent = await core.send()
    work, start = await begun(core)
    assert not await receipt(core, f"p-{sent.id}-1", Status.DELIVERED)
    await core.accepted(work, start)
    assert await status(core, sent) is Status.DELIVERED


async def test_statuses_never_go_back_and_every_receipt_is_kept(core: Core) -> None:
    sent = await core.send()
    await core.accepted(*(await begun(core)))
    for state in (Status.DELIVERED, Status.SENT, Status.UNDELIVERED, None):
        await receipt(core, f"p-{sent.id}-1", state)
    assert await status(core, sent) is Status.DELIVERED
    assert len(await core.all(ReceiptRecord)) == 4


async def test_a_long_text_is_delivered_when_all_its_parts_are(core: Core) -> None:
    sent = await core.send("a" * 400)
    assert sent.segments == 3
    await core.accepted(*(await begun(core)))
    for index in (3, 1):
        await receipt(core, f"p-{sent.id}-{index}", Status.DELIVERED)
    assert await status(core, sent) is Status.SENT
    await receipt(core, f"p-{sent.id}-2", Status.DELIVERED)
    assert await status(core, sent) is Status.DELIVERED


async def test_one_receipt_is_enough_for_a_long_text_that_went_as_one_payload(core: Core) -> None:
    sent = await core.send("a" * 400)
    work, start = await begun(core)
    parts = tuple(PartResult(index, "payload-1") for index in (1, 2, 3))
    command = RecordSent(work, start.outbound.attempt, ACCOUNT, SendResult(parts))
    await core.writer.execute(command, system(core.workspace_id))
    assert await receipt(core, "payload-1", Status.DELIVERED)
    assert await status(core, sent) is Status.DELIVERED


async def test_a_part_the_channel_says_nothing_of_is_uncertain(core: Core) -> None:
    sent = await core.send("a" * 200)
    work, start = await begun(core)
    command = RecordSent(work, start.outbound.attempt, ACCOUNT, SendResult((PartResult(1, "only-1"),)))
    await core.writer.execute(command, system(core.workspace_id))
    assert await status(core, sent) is Status.UNCERTAIN


async def test_one_thread_sends_one_message_at_a_time_in_order(core: Core) -> None:
    first = await core.send("first")
    await core.send("second")
    other = await core.send("elsewhere", to=provider_address("+14155550199"))

    claimed = await core.claim()
    assert [work.subject_id for work in claimed] == [first.id, other.id]


@pytest.mark.parametrize(
    ("kind", "retry", "expected"),
    [
        (SendErrorKind.UNAVAILABLE, True, Status.QUEUED),
        (SendErrorKind.THROTTLED, True, Status.QUEUED),
        (SendErrorKind.UNAVAILABLE, False, Status.FAILED),
        (SendErrorKind.REJECTED, False, Status.FAILED),
        (SendErrorKind.OPTED_OUT, False, Status.FAILED),
        (SendErrorKind.UNCERTAIN, False, Status.UNCERTAIN),
    ],
)
async def test_what_a_failed_send_means(core: Core, kind: SendErrorKind, retry: bool, expected: Status) -> None:
    sent = await core.send()
    work, _ = await begun(core)
    retry_at = core.clock.now + 5_000 if retry else None
    failure = RecordSendFailure(work, kind, "The centre said no.", "E1", retry_at)
    await core.writer.execute(failure, system(core.workspace_id))

    assert await status(core, sent) is expected
    assert len([one for one in await core.all(Work) if one.kind == "send"]) == (1 if retry else 0)
    if kind is SendErrorKind.OPTED_OUT:
        with pytest.raises(Refused) as refused:
            await core.send()
        assert refused.value.code == "recipient-opted-out"


async def test_a_receipt_settles_an_uncertain_message(core: Core) -> None:
    sent = await core.send()
    work, start = await begun(core)
    failure = RecordSendFailure(work, SendErrorKind.UNCERTAIN, "No answer came.")
    await core.writer.execute(failure, system(core.workspace_id))
    assert await receipt(core, "their-id", Status.DELIVERED, attempt=start.outbound.attempt)
    assert await status(core, sent) is Status.DELIVERED


async def test_receipts_of_a_long_text_wait_for_the_answer_that_says_which_part_they_are_for(core: Core) -> None:
    sent = await core.send("a" * 400)
    work, start = await begun(core)
    for index in (3, 1, 2):
        assert not await receipt(core, f"p-{sent.id}-{index}", Status.DELIVERED, attempt=start.outbound.attempt)
    await core.accepted(work, start)
    assert await status(core, sent) is Status.DELIVERED
    assert await core.all(ParkedReceipt) == []
    assert [part.provider_id for part in await core.all(Part)] == [f"p-{sent.id}-{index}" for index in (1, 2, 3)]


async def test_receipts_of_a_long_text_settle_it_when_that_answer_is_lost(core: Core) -> None:
    sent = await core.send("a" * 200)
    work, start = await begun(core)
    await receipt(core, "x-1", Status.DELIVERED, attempt=start.outbound.attempt)
    await core.writer.execute(RecoverSend(work), system(core.workspace_id))
    assert await status(core, sent) is Status.UNCERTAIN
    await receipt(core, "x-2", Status.DELIVERED, attempt=start.outbound.attempt)
    assert await status(core, sent) is Status.DELIVERED


async def test_a_dead_workers_message_is_uncertain_only_if_it_had_begun(core: Core) -> None:
    begun_one = await core.send("begun")
    waiting = await core.send("waiting", to=provider_address("+14155550199"))
    claimed = await core.claim()
    await core.begin(claimed[0])
    for work in claimed:
        await core.writer.execute(RecoverSend(work), system(core.workspace_id))

    assert await status(core, begun_one) is Status.UNCERTAIN
    assert await status(core, waiting) is Status.QUEUED
    [left] = [one for one in await core.all(Work) if one.kind == "send"]
    assert (left.subject_id, left.state) == (waiting.id, "queued")


async def test_a_late_workers_word_is_refused_but_its_ids_are_kept(core: Core) -> None:
    sent = await core.send()
    work, start = await begun(core)
    await core.writer.execute(RecoverSend(work), system(core.workspace_id))
    assert await core.accepted(work, start) is None
    assert await status(core, sent) is Status.UNCERTAIN
    assert [part.provider_id for part in await core.all(Part)] == [f"p-{sent.id}-1"]
    await receipt(core, f"p-{sent.id}-1", Status.DELIVERED)
    assert await status(core, sent) is Status.DELIVERED


async def test_stop_holds_what_is_queued_and_start_lets_it_go_again(core: Core) -> None:
    await core.receive("Hello")
    queued = await core.send("one")
    await core.receive("STOP")
    with pytest.raises(Refused) as refused:
        await core.send("two")
    assert (refused.value.reason, refused.value.errors[0].field) == (Reason.INVALID, "to")

    [work] = await core.claim()
    assert isinstance(await core.begin(work), Dropped)
    failed = await core.message(queued.id)
    assert (failed.status, failed.error_code) == (Status.FAILED, "recipient-opted-out")
    await core.receive("START")
    assert (await core.send("three")).status is Status.QUEUED


async def test_stop_to_one_number_holds_for_every_other(core: Core) -> None:
    await core.receive("STOP", to=DESK)
    for sender in (DESK, OTHER_DESK):
        with pytest.raises(Refused) as refused:
            await core.send("Hello", from_=sender)
        assert refused.value.code == "recipient-opted-out"
    await core.receive("START", to=OTHER_DESK)
    assert (await core.send("Hello", from_=DESK)).status is Status.QUEUED


async def test_a_key_used_ten_times_at_once_sends_once(core: Core) -> None:
    command = SendMessage(body="once", to=provider_address(MAYA))
    once = Idempotency("key-1", "digest", 202, lambda message: str(message.id).encode())
    answers = await together(*(core.writer.execute(command, core.admin, idempotency=once) for _ in range(10)))

    [message] = await core.all(Message)
    assert sum(isinstance(answer, Message) for answer in answers) == 1
    assert {answer.answer for answer in answers if isinstance(answer, Replayed)} == {str(message.id).encode()}
    other = Idempotency("key-1", "another digest", 202, once.render)
    with pytest.raises(Refused, match="another request"):
        await core.writer.execute(command, core.admin, idempotency=other)


async def test_scheduled_messages_wait_change_and_can_be_withdrawn(core: Core) -> None:
    later = core.clock.now + 60_000
    message = await core.send("later", send_at=later)
    assert message.status is Status.SCHEDULED
    assert await core.claim() == []

    changed = await core.writer.execute(EditScheduled(message.id, body="a" * 200, send_at=later + 1), core.admin)
    assert (changed.segments, changed.body) == (2, "a" * 200)
    core.clock.forward(60_001)
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    assert await status(core, message) is Status.QUEUED
    await core.writer.execute(CancelMessage(message.id), core.admin)
    assert await status(core, message) is Status.CANCELLED
    assert await core.all(Work) == []
    with pytest.raises(Refused, match="cancelled"):
        await core.writer.execute(EditScheduled(message.id, body="x"), core.admin)


async def test_what_is_put_off_while_it_is_being_taken_up_leaves_at_its_new_time(core: Core) -> None:
    soon = core.clock.now + 60_000
    message = await core.send("later", send_at=soon)
    await core.writer.execute(EditScheduled(message.id, send_at=soon + 60_000), core.admin)
    core.clock.forward(60_000)
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    assert await status(core, message) is Status.SCHEDULED
    assert {work.due_at for work in await core.all(Work)} == {soon + 60_000}
    core.clock.forward(60_000)
    await core.writer.execute(ReleaseScheduled(message.id), system(core.workspace_id))
    assert await status(core, message) is Status.QUEUED


async def test_a_failed_message_is_sent_again_as_a_new_one(core: Core) -> None:
    message = await core.send("please")
    work, _ = await begun(core)
    failure = RecordSendFailure(work, SendErrorKind.REJECTED, "No.", "E1")
    await core.writer.execute(failure, system(core.workspace_id))
    again = await core.writer.execute(RetryMessage(message.id, from_=OTHER_DESK), core.admin)

    assert (again.retry_of, again.body, again.our_address) == (message.id, "please", OTHER_DESK)
    assert await status(core, message) is Status.FAILED


async def failed(core: Core, body: str, **more: Any) -> Message:
    message = await core.send(body, **more)
    work, _ = await begun(core)
    failure = RecordSendFailure(work, SendErrorKind.REJECTED, "No.", "E1")
    await core.writer.execute(failure, system(core.workspace_id))
    return message


async def test_a_retry_pressed_twice_sends_once(core: Core) -> None:
    message = await failed(core, "please")
    retry = RetryMessage(message.id)
    presses = await asyncio.gather(*(core.writer.execute(retry, core.admin) for _ in range(5)), return_exceptions=True)
    sent = [one for one in presses if isinstance(one, Message)]
    assert [one.retry_of for one in sent] == [message.id]
    assert {one.code for one in presses if isinstance(one, Refused)} == {"already-retried"}
    with pytest.raises(Refused, match="sent again already"):
        await core.writer.execute(retry, core.admin)

    await core.writer.execute(CancelMessage(sent[0].id), core.admin)
    assert (await core.writer.execute(retry, core.admin)).retry_of == message.id


async def test_what_is_sent_again_takes_its_files_along(core: Core) -> None:
    upload = await core.writer.execute(StoreMedia("image/png", 10, "a.png", "blob-1"), core.admin)
    await core.writer.execute(UpdateSender(core.sender_id, mms_enabled=True), core.admin)
    kept = await core.writer.execute(StoreMedia("image/png", 20, "b.png", "blob-2", library=True), core.admin)
    message = await failed(core, "look", media_ids=(upload, kept))
    again = await core.writer.execute(RetryMessage(message.id), core.admin)
    assert (again.channel, again.media_ids) == ("mms", (upload, kept))
    _, start = await begun(core)
    assert [one.blob for one in start.files] == ["blob-1", "blob-2"]
    assert {one.name: one.message_id for one in await core.all(Media)} == {"a.png": message.id, "b.png": None}


async def test_nobody_sends_what_somebody_else_uploaded(core: Core) -> None:
    theirs = await core.writer.execute(StoreMedia("image/png", 10, "a.png", "blob-1"), core.admin)
    await core.writer.execute(UpdateSender(core.sender_id, mms_enabled=True), core.admin)
    with pytest.raises(Refused, match="no such file"):
        await core.send("look", media_ids=(theirs,), caller=core.agent)


@pytest.mark.parametrize(
    ("as_", "expected"),
    [(Settlement.SENT, Status.SENT), (Settlement.FAILED, Status.FAILED), (Settlement.RESEND, Status.FAILED)],
)
async def test_a_person_settles_an_uncertain_message(core: Core, as_: Settlement, expected: Status) -> None:
    message = await core.send("unsure")
    work, _ = await begun(core)
    failure = RecordSendFailure(work, SendErrorKind.UNCERTAIN, "No answer came.")
    await core.writer.execute(failure, system(core.workspace_id))
    await core.writer.execute(SettleMessage(message.id, as_), core.admin)

    settled = await core.message(message.id)
    assert settled.status is expected
    assert settled.error_provider_code is None, "the provider said nothing"
    assert len(await core.all(Message)) == (2 if as_ is Settlement.RESEND else 1)
    assert "settled" in str([event.data for event in await core.events()])


async def test_a_reply_over_something_unseen_is_held_back(core: Core) -> None:
    await core.receive("first")
    await core.send("seen", expected_seq=2)
    with pytest.raises(Refused, match="not seen"):
        await core.send("unseen", expected_seq=2)


async def test_a_test_opens_nothing_and_says_so_first(core: Core) -> None:
    message = await core.send("50 % off", test=True)
    first, second = await core.all(Message)
    assert (first.nature, second.nature) == ("test", "test")
    assert second.id == message.id
    assert await core.conversations() == []


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"body": "   "}, "body", "empty"),
        ({"body": "a" * 1531}, "body", "too-many-segments"),
        ({"from_": "+19995550100"}, "from", "sender-unusable"),
        ({"subject": "Hello"}, "subject", "no-subject"),
        ({"channel": "email"}, "from", "no-sender"),
        ({"expires_at": 1}, "expires_at", "expired"),
    ],
)
async def test_what_may_not_be_sent(core: Core, more: dict[str, Any], field: str, code: str) -> None:
    if code == "no-subject":
        core.capabilities = lambda gateway, sender: Capabilities(sms=True)
    with pytest.raises(Refused) as refused:
        await core.send(**{"body": "Hello", **more})
    assert (refused.value.errors[0].field, refused.value.code) == (field, code)
    assert await core.all(Message) == []
    assert await core.events() == []


async def test_a_receipt_and_its_part_that_passed_each_other_are_brought_together(core: Core) -> None:
    sent = await core.send()
    await core.accepted(*(await begun(core)))
    kept = ReceiptRecord(core.workspace_id, 1, core.gateway_id, core.clock.now, "x", status=Status.DELIVERED)
    parked = ParkedReceipt(f"{ACCOUNT}|p-{sent.id}-1", 1, core.workspace_id, core.clock.now)

    def park(session: Session) -> None:
        RECEIPTS.insert(session, [kept])
        PARKED_RECEIPTS.insert(session, [parked])

    await core.database.write(park)
    found = await core.database.read(lambda session: findable(session, core.clock.now))
    assert found == {core.workspace_id: {parked.key}}
    command = RematchReceipts(tuple(found[core.workspace_id]))
    assert await core.writer.execute(command, system(core.workspace_id)) == 1
    assert await status(core, sent) is Status.DELIVERED
    assert await core.all(ParkedReceipt) == []


async def test_a_sender_that_reaches_people_is_the_default_before_a_simulated_one(core: Core) -> None:
    def capabilities(gateway: Gateway, sender: Sender) -> Capabilities:
        return Capabilities(sms=True, simulated=sender.value == DESK)

    core.capabilities = capabilities
    assert (await core.send(to=provider_address("+14155550199"))).our_address == OTHER_DESK


async def test_a_simulated_sender_is_no_default_beside_a_real_gateway(core: Core) -> None:
    def capabilities(gateway: Gateway, sender: Sender) -> Capabilities:
        return Capabilities(sms=True, simulated=gateway.id == core.gateway_id)

    core.capabilities = capabilities
    with pytest.raises(Refused, match="No sender can carry"):
        await core.send(to=provider_address("+14155550199"))
    chosen = await core.send(to=provider_address("+14155550199"), from_=DESK)
    assert chosen.our_address == DESK, "whoever names it gets it"

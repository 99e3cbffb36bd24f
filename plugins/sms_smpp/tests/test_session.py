"""One session against a peer that says and answers exactly what the story needs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.failures import (
    BindRefusedError,
    ConnectionLostError,
    GarbledResponseError,
    NotBoundError,
    ResponseTimeoutError,
    SessionError,
    WindowFullError,
)
from gateway_sms_smpp.limits import Limits
from gateway_sms_smpp.pdu import (
    AlertNotification,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    BindTransmitterResp,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Outbind,
    Pdu,
    PduError,
    Status,
    SubmitSm,
    SubmitSmResp,
    Unbind,
    UnbindResp,
    encode,
)

from .log import Log
from .peer import Line, Peer

OpenLine = Callable[..., Awaitable[Line]]


@pytest.fixture
async def line() -> AsyncIterator[OpenLine]:
    opened: list[Line] = []

    async def make(limits: Limits | None = None, **handle: Callable[[Delivery], Awaitable[int]]) -> Line:
        opened.append(Line())
        return await opened[-1].open(limits or Limits(), **handle)

    yield make
    for one in opened:
        await one.close()


def submit(one: Line, text: str = "x") -> "asyncio.Task[Pdu]":
    return asyncio.create_task(one.session.request(SubmitSm(destination_addr="1", short_message=text.encode())))


def answer(peer: Peer, request: Pdu, message_id: str = "m") -> None:
    peer.say(SubmitSmResp(message_id=message_id), request.sequence)


async def test_what_waited_at_the_centre_may_come_in_one_segment_with_the_answer_to_the_bind() -> None:
    one = Line()

    def accept_with_backlog(request: Pdu) -> None:
        backlog = b"".join(encode(DeliverSm(source_addr=str(n), short_message=b"waited"), n) for n in range(1, 4))
        one.peer.write(encode(BindTransceiverResp(system_id="peer"), request.sequence) + backlog)

    one.peer.on_bind = accept_with_backlog
    await one.open(Limits())
    answers = await one.peer.requests(DeliverSmResp, 3)
    assert [(answer.sequence, answer.status) for answer in answers] == [(n, Status.ROK) for n in range(1, 4)]
    await one.close()


async def test_answers_in_any_order_reach_their_callers(line: OpenLine) -> None:
    one = await line()
    callers = [submit(one, str(n)) for n in range(5)]
    requests = await one.peer.requests(SubmitSm, 5)

    for request in reversed(requests):
        assert isinstance(request.body, SubmitSm)
        answer(one.peer, request, f"id{request.body.short_message.decode()}")

    answers = await asyncio.gather(*callers)
    assert [pdu.body for pdu in answers] == [SubmitSmResp(message_id=f"id{n}") for n in range(5)]
    assert one.session.load == 0


async def test_no_more_than_the_window_is_on_the_wire(line: OpenLine) -> None:
    one = await line(Limits(window=3))
    callers = [submit(one, str(n)) for n in range(8)]

    for done in range(8):
        requests = await one.peer.requests(SubmitSm, min(done + 3, 8))
        assert len(requests) == min(done + 3, 8)
        assert one.session.load <= 3
        answer(one.peer, requests[done])
    await asyncio.gather(*callers)


async def test_a_window_that_stays_full_is_told_as_such_and_nothing_has_left(line: OpenLine) -> None:
    one = await line(Limits(window=1, window_wait=0.05))
    first, second = submit(one), submit(one)

    with pytest.raises(WindowFullError) as full:
        await second
    answer(one.peer, (await one.peer.requests(SubmitSm))[0])

    assert full.value.left is False
    assert (await first).status == 0


async def test_a_cancelled_caller_keeps_its_slot_until_the_centre_answers(line: OpenLine) -> None:
    one = await line(Limits(window=1))
    first = submit(one)
    (request,) = await one.peer.requests(SubmitSm)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first

    second = submit(one)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(second), 0.05)
    assert len(one.peer.heard.items) == 2

    answer(one.peer, request)
    answer(one.peer, (await one.peer.requests(SubmitSm, 2))[1])
    assert (await second).status == 0


async def test_a_lost_connection_tells_what_had_left(line: OpenLine) -> None:
    one = await line(Limits(window=1))
    left, waiting = submit(one), submit(one)
    await one.peer.requests(SubmitSm)

    one.peer.cut()
    results = await asyncio.gather(left, waiting, return_exceptions=True)

    assert [(type(error), error.left) for error in results if isinstance(error, SessionError)] == [
        (ConnectionLostError, True),
        (NotBoundError, False),
    ]
    with pytest.raises(NotBoundError):
        await submit(one)


async def test_what_waits_for_a_slow_reader_has_provably_not_left(line: OpenLine) -> None:
    one = await line()
    left = submit(one)
    await one.peer.requests(SubmitSm)
    one.session.pause_writing()  # as the transport does when its buffer is full
    waiting = submit(one)
    await asyncio.sleep(0)
    assert one.session.load == 2

    one.session.abort("cut")
    results = await asyncio.gather(left, waiting, return_exceptions=True)

    assert [error.left for error in results if isinstance(error, ConnectionLostError)] == [True, False]


async def test_a_reader_that_catches_up_gets_everything(line: OpenLine) -> None:
    one = await line()
    one.session.pause_writing()
    callers = [submit(one, str(n)) for n in range(3)]
    await asyncio.sleep(0)
    assert one.session.load == 3
    assert len(one.peer.heard.items) == 1

    one.session.resume_writing()
    for request in await one.peer.requests(SubmitSm, 3):
        answer(one.peer, request)
    await asyncio.gather(*callers)


async def test_silence_fails_the_request_and_retires_the_session(line: OpenLine) -> None:
    one = await line(Limits(response_timeout=0.15))
    silent = submit(one)
    (request,) = await one.peer.requests(SubmitSm)

    with pytest.raises(ResponseTimeoutError) as failed:
        await silent
    assert failed.value.left is True
    assert not one.session.bound

    answer(one.peer, request)  # too late, and told apart from an answer to something else
    (unbind,) = await one.peer.requests(Unbind)
    one.peer.say(UnbindResp(), unbind.sequence)
    assert await one.session.wait_ended() == "No answer within 0.15 s"
    assert any("nothing we wait for" in told for told in one.trace.items)


async def test_enquire_link_without_an_answer_cuts_the_connection(line: OpenLine) -> None:
    one = await line(Limits(enquire_link=0.02, response_timeout=0.05))
    await one.peer.requests(EnquireLink)

    assert "No answer to enquire_link" in await one.session.wait_ended()


@pytest.mark.parametrize("status", [Status.RTHROTTLED, 0x0400, 0xFFFF_FFFF])
async def test_refusals_are_answers(line: OpenLine, status: int) -> None:
    one = await line()
    caller = submit(one)
    one.peer.say(SubmitSmResp(), (await one.peer.requests(SubmitSm))[0].sequence, status)
    assert await caller == Pdu(SubmitSmResp.COMMAND, status, 2, None)


async def test_a_generic_nack_answers_its_request(line: OpenLine) -> None:
    one = await line()
    caller = submit(one)
    one.peer.say(GenericNack(), (await one.peer.requests(SubmitSm))[0].sequence, Status.RINVCMDID)
    assert (await caller).status == Status.RINVCMDID


async def test_an_answer_that_cannot_be_read_is_uncertain(line: OpenLine) -> None:
    one = await line()
    caller = submit(one)
    (request,) = await one.peer.requests(SubmitSm)
    one.peer.write(bytes.fromhex("0000001180000004 00000000") + request.sequence.to_bytes(4, "big") + b"x")

    with pytest.raises(GarbledResponseError) as failed:
        await caller
    assert failed.value.left is True


async def test_a_body_that_does_not_fit_never_leaves(line: OpenLine) -> None:
    one = await line(Limits(window=1))
    with pytest.raises(PduError):
        await one.session.request(SubmitSm(destination_addr="1" * 30))
    caller = submit(one)
    answer(one.peer, (await one.peer.requests(SubmitSm))[0])
    assert (await caller).status == 0


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        ("00000010 00007777 00000000 00000009", Status.RINVCMDID),
        ("00000011 00000015 00000000 00000009 01", Status.ROPTPARSTREAM),
    ],
)
async def test_requests_we_cannot_serve_get_a_generic_nack(line: OpenLine, octets: str, status: int) -> None:
    one = await line()
    one.peer.write(bytes.fromhex(octets))
    (nack,) = await one.peer.requests(GenericNack)
    assert (nack.sequence, nack.status) == (9, status)
    assert one.session.bound


async def test_notices_get_no_answer(line: OpenLine) -> None:
    one = await line()
    one.peer.say(AlertNotification(), 1)
    one.peer.say(Outbind(), 2)
    one.peer.say(EnquireLink(), 3)
    await one.peer.requests(EnquireLinkResp)
    assert [pdu.sequence for pdu in one.peer.heard.items[1:]] == [3]


async def test_deliveries_of_one_contact_are_stored_in_order_and_of_several_side_by_side(line: OpenLine) -> None:
    gates = {b"a1": asyncio.Event(), b"b1": asyncio.Event(), b"a2": asyncio.Event()}
    begun: Log[bytes] = Log()

    async def store(delivery: Delivery) -> int:
        assert isinstance(delivery.message, DeliverSm)
        begun.add(delivery.message.short_message)
        await gates[delivery.message.short_message].wait()
        return Status.ROK

    one = await line(handle=store)
    for sequence, text in enumerate((b"a1", b"a2", b"b1"), 1):
        one.peer.say(DeliverSm(source_addr=chr(text[0]), short_message=text), sequence)

    assert await begun.wait(count=2) == [b"a1", b"b1"]
    gates[b"b1"].set()
    assert [pdu.sequence for pdu in await one.peer.requests(DeliverSmResp)] == [3]
    gates[b"a1"].set()
    assert await begun.wait(count=3) == [b"a1", b"b1", b"a2"]
    gates[b"a2"].set()
    assert [pdu.sequence for pdu in await one.peer.requests(DeliverSmResp, 3)] == [3, 1, 2]


async def test_data_sm_is_answered_in_kind(line: OpenLine) -> None:
    one = await line()
    one.peer.say(DataSm(source_addr="1"), 5)
    assert (await one.peer.requests(DataSmResp))[0].sequence == 5


async def test_what_cannot_be_stored_is_to_be_delivered_again(line: OpenLine) -> None:
    async def fail(delivery: Delivery) -> int:
        raise RuntimeError("disk full")

    one = await line(handle=fail)
    one.peer.say(DeliverSm(source_addr="1"), 5)
    assert (await one.peer.requests(DeliverSmResp))[0].status == Status.RX_T_APPN


async def test_a_flood_pauses_reading_and_loses_nothing(line: OpenLine) -> None:
    gate = asyncio.Event()
    begun: Log[int] = Log()

    async def store(delivery: Delivery) -> int:
        begun.add(delivery.header.sequence)
        await gate.wait()
        return Status.ROK

    one = await line(Limits(deliveries=10, response_timeout=0.5, enquire_link=0.5), handle=store)
    caller = submit(one)
    (request,) = await one.peer.requests(SubmitSm)
    for sequence in range(1, 31):
        one.peer.say(DeliverSm(source_addr=str(sequence)), sequence)
    await begun.wait(count=10)
    answer(one.peer, request)

    with pytest.raises(TimeoutError):  # longer than the response timeout: nothing is read, so nothing is overdue
        await asyncio.wait_for(asyncio.shield(caller), 1.0)
    gate.set()

    assert (await caller).status == 0
    assert {pdu.status for pdu in await one.peer.requests(DeliverSmResp, 30)} == {0}
    assert one.session.bound


async def test_unbinding_waits_for_answers_and_takes_nothing_new(line: OpenLine) -> None:
    one = await line()
    caller = submit(one)
    (request,) = await one.peer.requests(SubmitSm)

    leaving = asyncio.create_task(one.session.unbind())
    await asyncio.sleep(0)
    with pytest.raises(NotBoundError):
        await submit(one)
    one.peer.say(DeliverSm(source_addr="1"), 5)
    (refused,) = await one.peer.requests(DeliverSmResp)
    answer(one.peer, request)
    (unbind,) = await one.peer.requests(Unbind)
    one.peer.say(UnbindResp(), unbind.sequence)

    assert (await caller).status == 0
    assert refused.status == Status.RX_T_APPN
    assert await leaving == "We unbound"


async def test_a_centre_that_unbinds_waits_a_moment_for_what_is_on_the_wire(line: OpenLine) -> None:
    one = await line(Limits(unbind_grace=0.05))
    caller = submit(one)
    await one.peer.requests(SubmitSm)

    one.peer.say(Unbind(), 7)
    await one.peer.requests(UnbindResp)

    with pytest.raises(ConnectionLostError) as lost:
        await caller
    assert lost.value.left is True
    assert await one.session.wait_ended() == "The message centre unbound"


async def test_a_delivery_being_stored_when_the_connection_ends_is_finished(line: OpenLine) -> None:
    gate = asyncio.Event()
    begun: Log[int] = Log()
    stored: list[int] = []

    async def store(delivery: Delivery) -> int:
        begun.add(delivery.header.sequence)
        await gate.wait()
        stored.append(delivery.header.sequence)
        return Status.ROK

    one = await line(handle=store)
    for sequence in (1, 2):
        one.peer.say(DeliverSm(source_addr="1"), sequence)
    await begun.wait()
    one.peer.cut()
    with pytest.raises(ConnectionLostError):
        await one.session.enquire()
    gate.set()
    await one.session.wait_ended()

    assert stored == [1]


async def test_a_refused_bind_says_why(line: OpenLine) -> None:
    one = await line()
    again = asyncio.create_task(one.session.bind(BindTransmitter(system_id="me")))
    (request,) = await one.peer.requests(BindTransmitter)
    one.peer.say(BindTransmitterResp(), request.sequence, Status.RALYBND)
    with pytest.raises(BindRefusedError, match="bound already") as refused:
        await again
    assert refused.value.status == Status.RALYBND


async def test_a_centre_that_does_not_answer_unbind_is_left(line: OpenLine) -> None:
    one = await line(Limits(unbind_grace=0.05))
    assert await one.session.unbind() == "We unbound"
    assert len(await one.peer.requests(Unbind)) == 1


async def test_an_unbind_before_the_bind_is_answered_ends_the_session(line: OpenLine) -> None:
    one = Line()
    one.peer.on_bind = lambda request: one.peer.say(Unbind(), 3)
    with pytest.raises(ConnectionLostError, match="centre unbound"):
        await one.open(Limits())
    await one.peer.requests(UnbindResp)
    await one.close()


async def test_giving_up_a_session_that_is_not_bound_cuts_it(line: OpenLine) -> None:
    one = Line()
    one.peer.on_bind = lambda request: None
    opening = asyncio.create_task(one.open(Limits()))
    await one.peer.requests(BindTransceiver)

    assert "given up" in await one.session.unbind()
    with pytest.raises(ConnectionLostError):
        await opening
    await one.close()

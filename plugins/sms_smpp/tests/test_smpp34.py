"""Against smpp34's server, in this process, and its codec as an oracle."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
import smpp34

from gateway.sdk import SendError
from gateway.sdk.text import Status
from gateway_sms_smpp.pdu import DeliverSm, SubmitSm, Tlv, decode, encode
from tests.support.ports import find_free_port

from .conftest import StartStage
from .log import Log

CONSTANTS: Any = smpp34  # its stubs leave out the numbers


class Server:
    """What the server's clients did; every submit is accepted as s1, s2, ... unless it ends in 82."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.clients: Log[Any] = Log()
        self.submits: Log[Any] = Log()
        self.ended: Log[Any] = Log()
        self._server = smpp34.Server("127.0.0.1", port)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._server.start()
        self._serving = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        assert self._serving is not None
        self._serving.cancel()
        await asyncio.gather(self._serving, return_exceptions=True)
        await self._server.stop()

    async def _serve(self) -> None:
        while True:
            event = await self._server.next()
            if isinstance(event, smpp34.Esme):
                self.clients.add(event)
            elif isinstance(event, smpp34.SubmitSmEvent):
                if event.destination_addr.endswith("82"):
                    event.reject(CONSTANTS.ESME_RINVDSTADR)
                else:
                    event.accept(f"s{len(self.submits.items) + 1}")
                self.submits.add(event)
            else:
                self.ended.add(event)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    running = Server(find_free_port())
    await running.start()
    yield running
    await running.stop()


async def test_submit_receipt_message_and_unbind(server: Server, stage: StartStage) -> None:
    one = stage(server.port)
    await one.bound()

    result = await one.send("Hello", "01")
    (client,) = await server.clients.wait()
    answers = [
        await client.deliver_sm(
            "15550100",
            source_addr="15550101",
            esm_class=4,
            tlvs=[
                smpp34.Tlv(CONSTANTS.TLV_RECEIPTED_MESSAGE_ID, b"s1\0"),
                smpp34.Tlv(CONSTANTS.TLV_MESSAGE_STATE, b"\5"),
            ],
        ),
        await client.deliver_sm("15550100", b"Hi", source_addr="15550101", source_addr_ton=1),
    ]
    (receipt,) = await one.receipts(1)
    (message,) = await one.inbounds(1)
    with pytest.raises(SendError):
        await one.send("Hello", "82")
    await one.stop()
    await server.ended.wait()

    assert result.parts[0].provider_id == "s1"
    assert (receipt.provider_ids, receipt.state) == (("s1",), Status.UNDELIVERED)
    assert (message.sender, message.body) == ("+15550101", "Hi")
    assert all(answer.is_success for answer in answers)


async def test_every_pipelined_message_gets_its_own_answer(server: Server, stage: StartStage) -> None:
    one = stage(server.port, window=10)
    await one.bound()

    results = await asyncio.gather(*(one.send(f"message {n}") for n in range(200)))

    by_id = {f"s{n}": submit.short_message for n, submit in enumerate(server.submits.items, 1)}
    answered = [by_id[result.parts[0].provider_id or ""] for result in results]
    assert answered == [b"message %d" % n for n in range(200)]


def test_five_thousand_random_messages_have_the_same_bytes() -> None:
    chance = random.Random(34)

    def word(most: int) -> str:
        return "".join(chance.choices("0123456789abcXYZ+", k=chance.randint(0, most)))

    for sequence in range(1, 5001):
        octets = {name: chance.randint(0, 255) for name in _OCTETS}
        words = {name: word(most) for name, most in _WORDS.items()}
        text = chance.randbytes(chance.randint(0, 254))
        tlvs = [
            (chance.randint(0, 0xFFFF), chance.randbytes(chance.randint(0, 40))) for _ in range(chance.randint(0, 3))
        ]
        theirs: Any = {**octets, **words, "short_message": text, "tlvs": [smpp34.Tlv(*tlv) for tlv in tlvs]}
        ours: Any = {**octets, **words, "short_message": text, "tlvs": tuple(Tlv(*tlv) for tlv in tlvs)}
        for their_kind, our_kind in ((smpp34.SubmitSm, SubmitSm), (smpp34.DeliverSm, DeliverSm)):
            body = our_kind(**ours)
            expected = their_kind(**theirs, sequence_number=sequence).encode()
            assert encode(body, sequence) == expected
            assert decode(expected).body == body


_OCTETS = (
    "source_addr_ton",
    "source_addr_npi",
    "dest_addr_ton",
    "dest_addr_npi",
    "esm_class",
    "protocol_id",
    "priority_flag",
    "registered_delivery",
    "replace_if_present_flag",
    "data_coding",
    "sm_default_msg_id",
)
_WORDS = {
    "service_type": 5,
    "source_addr": 20,
    "destination_addr": 20,
    "schedule_delivery_time": 16,
    "validity_period": 16,
}

"""A message centre that speaks SMPP 3.4 on a free loopback port. Its codec is smpp34's: not only our own idea of it."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import count

import smpp34

from gateway.sdk.faults import Fault, arrange, draw_fate
from gateway.sdk.text import gsm7_decode, gsm7_encode, parse_udh, ucs2_decode, ucs2_encode
from gateway.testing.listening import Listening
from gateway.testing.log import Log

_HEADER = 16
_BINDS = (0x01, 0x02, 0x09)
_SUBMIT, _DELIVER_RESP, _UNBIND, _ENQUIRE, _NACK = 0x04, 0x80000005, 0x06, 0x15, 0x80000000
_RESPONSE = 0x80000000
_INVALID_COMMAND = 0x03
_STATUSES = {Fault.THROTTLE: 0x58, Fault.FAIL: 0x08}  # ESME_RTHROTTLED, ESME_RSYSERR
_MESSAGE_PAYLOAD = 0x0424
_UDHI, _RECEIPT, _UCS2 = 0x40, 0x04, 0x08
_PATIENCE_S = 30.0


class FakeSmsc(Listening):
    """Takes binds of every kind and password, answers submit_sm with an id, and delivers what a test says.

    `heard` are the submit_sm, `ids` the message ids it answered (or will answer, while `hold` holds them back), in the
    same order.
    """

    def __init__(self, **given: Callable[..., object]) -> None:
        super().__init__(**given)  # type: ignore[arg-type]  # chance and sleep, as they are
        self.heard: Log[smpp34.SubmitSm] = Log()
        self.ids: Log[str] = Log()
        self.bound: Log[int] = Log()
        self._links: list[_Link] = []
        self._numbers = count(1)

    def connection(self) -> asyncio.BaseProtocol:
        """A link of its own for each connection."""
        return _Link(self, self._links)

    def texts(self) -> list[str]:
        """The text of each submit_sm, without its header."""
        return [_text_of(submit) for submit in self.heard]

    async def deliver(self, *pdus: smpp34.DeliverSm) -> list[int]:
        """Delivers over the newest link that may receive, as the dials say; the command_status of each answer."""
        link = next(link for link in reversed(self._links) if link.receives)
        told = arrange(([pdu], draw_fate(self.dials, self._chance)) for pdu in pdus)
        return [await link.deliver(pdu) for pdu in told]

    def text(self, source: str, destination: str, body: str) -> smpp34.DeliverSm:
        """A contact's message as a deliver_sm: GSM 7-bit where that can say it, else UCS-2."""
        try:
            return smpp34.DeliverSm(source, destination, gsm7_encode(body))
        except ValueError:
            return smpp34.DeliverSm(source, destination, ucs2_encode(body), data_coding=_UCS2)

    def receipt(self, message_id: str, state: str = "DELIVRD") -> smpp34.DeliverSm:
        """The delivery receipt of a message it took."""
        submit = self.heard[self.ids.items.index(message_id)]
        said = (
            f"id:{message_id} sub:001 dlvrd:001 submit date:2609211413 done date:2609211413 stat:{state} err:000 text:"
        )
        return smpp34.DeliverSm(submit.destination_addr, submit.source_addr, said.encode(), esm_class=_RECEIPT)

    def take(self, submit: smpp34.SubmitSm) -> str:
        """Notes a submit_sm; the id it will be known by."""
        identity = f"{next(self._numbers):08x}"
        self.ids.add(identity)
        self.heard.add(submit)
        return identity


class _Link(asyncio.Protocol):
    """One connection: frames in, answers out, each request in a task of its own."""

    def __init__(self, centre: FakeSmsc, links: list["_Link"]) -> None:
        self.receives = False
        self._centre = centre
        self._links = links
        self._buffer = b""
        self._waiting: dict[int, asyncio.Future[int]] = {}
        self._sequence = count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._centre.transports.add(transport)
        self._links.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._centre.transports.discard(self._transport)
        self._links.remove(self)
        for task in self._tasks:
            task.cancel()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= _HEADER and len(self._buffer) >= (length := int.from_bytes(self._buffer[:4], "big")):
            frame, self._buffer = self._buffer[:length], self._buffer[length:]
            self._handle(frame)

    async def deliver(self, pdu: smpp34.DeliverSm) -> int:
        """Sends a deliver_sm and waits for its answer."""
        sequence = next(self._sequence)
        octets = pdu.encode()
        answered = self._waiting[sequence] = asyncio.get_running_loop().create_future()
        self._centre.write(self._transport, octets[:12] + sequence.to_bytes(4, "big") + octets[16:])
        try:
            return await asyncio.wait_for(answered, _PATIENCE_S)
        finally:
            del self._waiting[sequence]

    def _handle(self, frame: bytes) -> None:
        command, status, sequence = (int.from_bytes(frame[place : place + 4], "big") for place in (4, 8, 12))
        if command in _BINDS:
            self.receives = command != 0x02
            self._say(command | _RESPONSE, sequence, b"fake\0")
            self._centre.bound.add(command)
        elif command == _SUBMIT:
            submit = smpp34.decode(frame)
            assert isinstance(submit, smpp34.SubmitSm)
            task = asyncio.create_task(self._answer(submit, self._centre.take(submit)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif command == _DELIVER_RESP:
            waiting = self._waiting.get(sequence)
            if waiting is not None and not waiting.done():
                waiting.set_result(status)
        elif command in (_ENQUIRE, _UNBIND):
            self._say(command | _RESPONSE, sequence)
            if command == _UNBIND:
                self._transport.close()
        else:
            self._say(_NACK, sequence, status=_INVALID_COMMAND)

    async def _answer(self, submit: smpp34.SubmitSm, identity: str) -> None:
        fault = await self._centre.spoil()
        if fault in (Fault.HANG, Fault.RESET):
            self._transport.abort()
        elif fault in _STATUSES:
            self._say(_SUBMIT | _RESPONSE, submit.sequence_number, status=_STATUSES[fault])
        elif fault is Fault.RUBBISH:  # an answer that says yes and names nothing
            self._say(_SUBMIT | _RESPONSE, submit.sequence_number, b"\0")
        else:
            self._say(_SUBMIT | _RESPONSE, submit.sequence_number, identity.encode() + b"\0")

    def _say(self, command: int, sequence: int, body: bytes = b"", status: int = 0) -> None:
        fields: Sequence[int] = (_HEADER + len(body), command, status, sequence)
        self._centre.write(self._transport, b"".join(field.to_bytes(4, "big") for field in fields) + body)


def _text_of(submit: smpp34.SubmitSm) -> str:
    payload = next((tlv.value for tlv in submit.tlvs if tlv.tag == _MESSAGE_PAYLOAD), None)
    octets = submit.short_message if payload is None else payload
    if submit.esm_class & _UDHI:
        _, octets = parse_udh(octets)
    if submit.data_coding == _UCS2:
        return ucs2_decode(octets)
    return octets.decode("latin-1") if submit.data_coding == 0x03 else gsm7_decode(octets)

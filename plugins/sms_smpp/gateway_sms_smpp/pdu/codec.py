"""Bytes to PDUs and back. Nothing here raises anything but PduError."""

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from gateway_sms_smpp.pdu import bind, link, message, query
from gateway_sms_smpp.pdu.body import RESPONSE, Body, Unknown
from gateway_sms_smpp.pdu.layout import Layout
from gateway_sms_smpp.pdu.status import PduError, Status
from gateway_sms_smpp.pdu.tlv import read_tlvs, write_tlvs

# A header alone, and the largest message_payload with room for its other fields.
MIN_LENGTH = 16
MAX_LENGTH = 65_536

_HEADER = Struct(">IIII")
_LENGTH = Struct(">I")
_BODIES: dict[int, type[Body]] = {
    body.COMMAND: body
    for body in (
        bind.BindReceiver,
        bind.BindReceiverResp,
        bind.BindTransmitter,
        bind.BindTransmitterResp,
        bind.BindTransceiver,
        bind.BindTransceiverResp,
        bind.Outbind,
        bind.Unbind,
        bind.UnbindResp,
        link.AlertNotification,
        link.EnquireLink,
        link.EnquireLinkResp,
        link.GenericNack,
        message.SubmitSm,
        message.SubmitSmResp,
        message.DeliverSm,
        message.DeliverSmResp,
        message.DataSm,
        message.DataSmResp,
        query.QuerySm,
        query.QuerySmResp,
    )
}
_LAYOUTS = {command: Layout(body) for command, body in _BODIES.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """The sixteen octets every PDU starts with, without the length."""

    command: int
    status: int
    sequence: int

    @property
    def is_response(self) -> bool:
        """Whether it answers a request of the other side."""
        return bool(self.command & RESPONSE)


@dataclass(frozen=True, slots=True)
class Pdu:
    """A whole PDU. `body` is None only for a response with an error status, which may come without one."""

    command: int
    status: int
    sequence: int
    body: Body | None


def encode(body: Body, sequence: int, status: int = Status.ROK) -> bytes:
    """Bytes of a whole PDU. A response with an error status goes without a body, as the specification has it."""
    layout = _LAYOUTS.get(body.COMMAND)
    if layout is None:
        raise PduError("An unknown command has no bytes", Status.RINVCMDID)
    if status and body.COMMAND & RESPONSE:
        return _with_header(body.COMMAND, status, sequence, b"")
    octets = layout.write(body)
    if body.tlvs:
        octets += write_tlvs(body.tlvs)
    return _with_header(body.COMMAND, status, sequence, octets)


def decode(data: bytes) -> Pdu:
    """The PDU in `data`, which is exactly one frame. Raises PduError."""
    header = header_of(data)
    command, status = header.command, header.status
    kind = _BODIES.get(command)
    if kind is None:
        return Pdu(command, status, header.sequence, Unknown(octets=data[MIN_LENGTH:]))
    if command & RESPONSE and (status or len(data) == MIN_LENGTH):
        return Pdu(command, status, header.sequence, _answer(kind, data, status))
    return Pdu(command, status, header.sequence, _body(kind, data))


def header_of(data: bytes) -> Header:
    """The header alone, for a PDU whose body cannot be read. Raises PduError."""
    if len(data) < MIN_LENGTH:
        raise PduError("Shorter than a header", Status.RINVCMDLEN)
    length, command, status, sequence = _HEADER.unpack_from(data)
    if length != len(data) or length > MAX_LENGTH:
        raise PduError(f"command_length {length} for {len(data)} octets", Status.RINVCMDLEN)
    return Header(command, status, sequence)


def _answer(kind: type[Body], data: bytes, status: int) -> Body | None:
    """The body of a refusal, if it has one that can be read; of a bare success, one with empty fields."""
    if len(data) == MIN_LENGTH:
        return None if status else kind()
    try:
        return _body(kind, data)
    except PduError:
        return None


def _body(kind: type[Body], data: bytes) -> Body:
    values, at = _LAYOUTS[kind.COMMAND].read(data, MIN_LENGTH)
    if at < len(data):
        values["tlvs"] = read_tlvs(data, at)
    return kind(**values)


def _with_header(command: int, status: int, sequence: int, octets: bytes) -> bytes:
    length = MIN_LENGTH + len(octets)
    if length > MAX_LENGTH:
        raise PduError(f"{length} octets are more than a PDU may have", Status.RINVCMDLEN)
    if not 0 <= sequence <= 0xFFFF_FFFF or not 0 <= status <= 0xFFFF_FFFF:
        raise PduError("sequence_number or command_status beyond 32 bits")
    return _HEADER.pack(length, command, status, sequence) + octets


class Framer:
    """Cuts a byte stream into frames of one PDU each, holding at most one frame's worth of octets back."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Every frame that is complete now. Raises PduError for a length that makes the rest unreadable."""
        if self._rest:
            data = self._rest + data
            self._rest = b""
        at, end = 0, len(data)
        while end - at >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(data, at)
            if not MIN_LENGTH <= length <= MAX_LENGTH:
                raise PduError(f"command_length {length} is outside {MIN_LENGTH}..{MAX_LENGTH}", Status.RINVCMDLEN)
            if end - at < length:
                break
            yield data[at : at + length]
            at += length
        self._rest = data[at:]

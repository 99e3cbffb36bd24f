"""Long messages: cut into PDUs on the way out, recognised part by part on the way in. Joining is the core's work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gateway.sdk.text import Concat, Encoding, encoding_of, parse_udh, udh
from gateway_sms_smpp.pdu import DataSm, DeliverSm, Tag, Tlv, find
from gateway_sms_smpp.text import Alphabet, Codings, encode

ESM_UDHI = 0x40

# Characters of UCS-2 in one short message, and in one part of a longer one.
_UCS2_WHOLE = 70
_UCS2_PART = 67


class LongMessages(StrEnum):
    """How a centre wants long messages: a header in the text, the three sar_* parameters, or all at once."""

    UDH = "udh"
    SAR = "sar"
    PAYLOAD = "payload"


@dataclass(frozen=True, slots=True)
class Segment:
    """What one submit_sm carries. `parts` are the indexes, from 1, of the core's parts that stand and fall with it."""

    parts: tuple[int, ...]
    data_coding: int
    octets: bytes
    esm_class: int = 0
    tlvs: tuple[Tlv, ...] = ()


def segments(
    parts: Sequence[str], encoding: Encoding | None, reference: int, codings: Codings, form: LongMessages
) -> tuple[Segment, ...]:
    """The PDUs of a message, in order.

    `parts` are as the core cut and counted them. Only a GSM-7 text that a Latin-1 or ASCII centre cannot be given (a
    euro sign, Greek capitals) is cut again, as UCS-2, into at least as many PDUs.
    """
    whole = "".join(parts)
    alphabet = codings.choose(whole, encoding or encoding_of(whole))
    number = codings.number(alphabet)
    if form is LongMessages.PAYLOAD and len(parts) > 1:
        payload = Tlv(Tag.MESSAGE_PAYLOAD, encode(whole, alphabet))
        return (Segment(tuple(range(1, len(parts) + 1)), number, b"", tlvs=(payload,)),)
    again = alphabet is Alphabet.UCS2 and encoding is not Encoding.UCS2
    cut = tuple(_cut_again(whole)) if again else tuple(parts)
    total = len(cut)
    return tuple(
        _segment((index * len(parts) // total + 1,), number, piece, alphabet, concat, form)
        for index, piece in enumerate(cut)
        for concat in (Concat(reference, total, index + 1) if total > 1 else None,)
    )


def _segment(
    parts: tuple[int, ...], number: int, piece: str, alphabet: Alphabet, concat: Concat | None, form: LongMessages
) -> Segment:
    if concat is None:
        return Segment(parts, number, encode(piece, alphabet))
    if form is LongMessages.SAR:
        return Segment(parts, number, encode(piece, alphabet), tlvs=_sar(concat))
    header = udh(concat.reference & 0xFF, concat.total, concat.index)
    return Segment(parts, number, header + encode(piece, alphabet, header=len(header)), ESM_UDHI)


def _sar(concat: Concat) -> tuple[Tlv, ...]:
    return (
        Tlv.of_int(Tag.SAR_MSG_REF_NUM, concat.reference & 0xFFFF, 2),
        Tlv.of_int(Tag.SAR_TOTAL_SEGMENTS, concat.total, 1),
        Tlv.of_int(Tag.SAR_SEGMENT_SEQNUM, concat.index, 1),
    )


def _cut_again(whole: str) -> Iterator[str]:
    """GSM-7 text in UCS-2 parts: its characters are one code unit each, so that no surrogate pair can be cut."""
    size = _UCS2_WHOLE if len(whole) <= _UCS2_WHOLE else _UCS2_PART
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


@dataclass(frozen=True, slots=True)
class Piece:
    """The text of one inbound PDU; `concat` when it is one part of several."""

    text: str
    concat: Concat | None


def piece(message: DeliverSm | DataSm, codings: Codings) -> Piece:
    """The text of a message in any of the forms a long one comes in. Never fails."""
    octets = everything = content(message)
    concat = None
    if message.esm_class & ESM_UDHI:
        concat, octets = parse_udh(everything)
    concat = concat or _sar_of(message)
    if concat is not None and not concat.is_long:
        concat = None
    header = len(everything) - len(octets)
    halves = concat is not None
    return Piece(codings.decode(octets, message.data_coding, keep_halves=halves, header=header), concat)


def content(message: DeliverSm | DataSm) -> bytes:
    """short_message, or message_payload where that is empty."""
    short = message.short_message if isinstance(message, DeliverSm) else b""
    payload = find(message.tlvs, Tag.MESSAGE_PAYLOAD)
    return short or (payload.value if payload else b"")


def _sar_of(message: DeliverSm | DataSm) -> Concat | None:
    reference = find(message.tlvs, Tag.SAR_MSG_REF_NUM)
    total = find(message.tlvs, Tag.SAR_TOTAL_SEGMENTS)
    index = find(message.tlvs, Tag.SAR_SEGMENT_SEQNUM)
    if reference is None or total is None or index is None:
        return None
    return Concat(reference.number(), total.number(), index.number())

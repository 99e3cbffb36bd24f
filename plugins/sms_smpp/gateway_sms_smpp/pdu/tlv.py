"""Optional parameters: a tag, a length and raw octets, kept in order and kept when unknown (SMPP 3.4, section 5.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from struct import Struct

from gateway_sms_smpp.pdu.status import PduError, Status

_HEAD = Struct(">HH")


class Tag(IntEnum):
    """The tags this plugin reads or writes."""

    RECEIPTED_MESSAGE_ID = 0x001E
    USER_MESSAGE_REFERENCE = 0x0204
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427


@dataclass(frozen=True, slots=True)
class Tlv:
    """One optional parameter; `tag` 0..0xFFFF, `value` at most 65,535 octets."""

    tag: int
    value: bytes

    @classmethod
    def of_int(cls, tag: int, value: int, size: int) -> "Tlv":
        """An unsigned integer of `size` octets."""
        return cls(int(tag), value.to_bytes(size, "big"))

    def number(self) -> int:
        """The value as an unsigned integer; 0 when empty."""
        return int.from_bytes(self.value, "big")

    def text(self) -> str:
        """The value as a string without its closing NUL; octets above 0x7F keep their value as code points."""
        return self.value.split(b"\0", 1)[0].decode("latin-1")


def find(tlvs: Sequence[Tlv], tag: int) -> Tlv | None:
    """The first parameter with that tag, which is the one that counts when a peer repeats it."""
    for tlv in tlvs:
        if tlv.tag == tag:
            return tlv
    return None


def write_tlvs(tlvs: Sequence[Tlv]) -> bytes:
    """Their bytes, in order. Raises PduError for a tag or length beyond 16 bits."""
    pieces: list[bytes] = []
    for tlv in tlvs:
        if not 0 <= tlv.tag <= 0xFFFF or len(tlv.value) > 0xFFFF:
            raise PduError(f"Optional parameter 0x{tlv.tag:04X} does not fit into 16 bits", Status.ROPTPARSTREAM)
        pieces += (_HEAD.pack(tlv.tag, len(tlv.value)), tlv.value)
    return b"".join(pieces)


def read_tlvs(data: bytes, at: int) -> tuple[Tlv, ...]:
    """Everything from `at` to the end. Raises PduError for a cut-off parameter.

    Up to three stray NUL octets at the end are padding of sloppy centres: too short for a parameter, empty of meaning.
    """
    found = []
    end = len(data)
    while at < end:
        if end - at < _HEAD.size:
            if any(data[at:]):
                raise PduError("Optional parameters end in the middle of a header", Status.ROPTPARSTREAM)
            break
        tag, length = _HEAD.unpack_from(data, at)
        at += _HEAD.size
        if at + length > end:
            raise PduError(f"Optional parameter 0x{tag:04X} runs past the end", Status.ROPTPARSTREAM)
        found.append(Tlv(tag, data[at : at + length]))
        at += length
    return tuple(found)

"""What every PDU body has in common: a command id and optional parameters."""

from dataclasses import dataclass
from typing import ClassVar

from gateway_sms_smpp.pdu.tlv import Tlv

RESPONSE = 0x8000_0000


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A PDU without its header. Fields stand in the order of the wire; `tlvs` follow them.

    A body with no fields of its own is no dataclass anew: that would write and compile the same methods again.
    """

    COMMAND: ClassVar[int] = 0

    tlvs: tuple[Tlv, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Body):
    """A body whose command id this codec does not know; `octets` is all of it."""

    octets: bytes = b""

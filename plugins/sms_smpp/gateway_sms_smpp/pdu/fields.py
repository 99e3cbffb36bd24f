"""Mandatory fields: how a body's dataclass says what each looks like on the wire, and how it is read and written.

Writing is strict: a value longer than SMPP 3.4 allows is refused. Reading is strict about structure (terminators,
lengths) and lenient about maxima: a centre's 70-character message id is still the id its receipts will carry.
"""

from dataclasses import dataclass, field
from typing import Any

from gateway_sms_smpp.pdu.status import PduError, Status

WIRE = "wire"


@dataclass(frozen=True, slots=True)
class CString:
    """C-octet string of at most `limit` octets, its NUL included. Latin-1, so that no octet is ever lost."""

    limit: int
    status: int = Status.RINVPARLEN

    def write(self, name: str, value: str) -> bytes:
        """Octets with the closing NUL."""
        if not value:
            return b"\0"
        try:
            octets = value.encode("latin-1")
        except UnicodeEncodeError:
            raise PduError(f"{name} has a character without an octet", self.status) from None
        if len(octets) >= self.limit:
            raise PduError(f"{name} is longer than {self.limit - 1} octets", self.status)
        if b"\0" in octets:
            raise PduError(f"{name} contains NUL", self.status)
        return octets + b"\0"

    def read(self, name: str, data: bytes, at: int) -> tuple[str, int]:
        """The string and where the next field begins."""
        end = data.find(b"\0", at)
        if end < 0:
            raise PduError(f"{name} is not terminated", self.status)
        return data[at:end].decode("latin-1"), end + 1


@dataclass(frozen=True, slots=True)
class Octet:
    """Unsigned integer of one octet. Written in runs, see Layout."""

    def read(self, name: str, data: bytes, at: int) -> tuple[int, int]:
        """The number and where the next field begins."""
        if at >= len(data):
            raise PduError(f"{name} is missing", Status.RINVCMDLEN)
        return data[at], at + 1


@dataclass(frozen=True, slots=True)
class Counted:
    """A length octet and that many octets: sm_length with short_message. 254 at most when written."""

    def write(self, name: str, value: bytes) -> bytes:
        """Length and octets."""
        if len(value) > 254:
            raise PduError(f"{name} is longer than 254 octets", Status.RINVMSGLEN)
        return bytes((len(value),)) + value

    def read(self, name: str, data: bytes, at: int) -> tuple[bytes, int]:
        """The octets and where the next field begins."""
        if at >= len(data):
            raise PduError(f"{name} is missing", Status.RINVCMDLEN)
        end = at + 1 + data[at]
        if end > len(data):
            raise PduError(f"{name} runs past the end", Status.RINVMSGLEN)
        return data[at + 1 : end], end


Field = CString | Octet | Counted


def cstring(limit: int, status: int = Status.RINVPARLEN) -> Any:
    """A dataclass field: C-octet string of at most `limit` octets with its NUL, "" unless given."""
    return field(default="", metadata={WIRE: CString(limit, status)})


def octet(default: int = 0) -> Any:
    """A dataclass field: one octet."""
    return field(default=default, metadata={WIRE: Octet()})


def counted() -> Any:
    """A dataclass field: short_message with its length, empty unless given."""
    return field(default=b"", metadata={WIRE: Counted()})

"""Addresses on the wire: digits with a type of number and a numbering plan (SMPP 3.4, sections 5.2.5 and 5.2.6)."""

from dataclasses import dataclass

from gateway.sdk.text import SenderKind

TON_UNKNOWN = 0
TON_INTERNATIONAL = 1
TON_NETWORK_SPECIFIC = 3
TON_ALPHANUMERIC = 5
NPI_UNKNOWN = 0
NPI_ISDN = 1


@dataclass(frozen=True, slots=True)
class WireAddress:
    """An address with its TON and NPI."""

    ton: int
    npi: int
    value: str

    @classmethod
    def of_sender(cls, kind: SenderKind, value: str) -> "WireAddress":
        """How one of our senders is shown to the centre."""
        if kind is SenderKind.ALPHANUMERIC:
            return cls(TON_ALPHANUMERIC, NPI_UNKNOWN, value)
        if kind is SenderKind.SHORT_CODE:
            return cls(TON_NETWORK_SPECIFIC, NPI_UNKNOWN, value)
        return cls.of_recipient(value)

    @classmethod
    def of_recipient(cls, value: str) -> "WireAddress":
        """Where a message goes: E.164 without its +, or a short code as it is."""
        if value.startswith("+"):
            return cls(TON_INTERNATIONAL, NPI_ISDN, value[1:])
        return cls(TON_UNKNOWN, NPI_UNKNOWN, value)


def spelled(ton: int, value: str) -> str:
    """An inbound address as the core reads it: international numbers with their +, everything else untouched."""
    if ton == TON_INTERNATIONAL and value.isascii() and value.isdigit():
        return "+" + value.removeprefix("00")
    return value

"""Addresses on the wire: digits with a type of number and a numbering plan (SMPP 3.4, sections 5.2.5 and 5.2.6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.sdk.text import SenderKind

TON_INTERNATIONAL = 1

Plan = tuple[int, int]
"""Type of number and numbering plan indicator."""

RECIPIENT = "recipient"
"""A number in international form that a message goes to."""
SHORT_RECIPIENT = "short_recipient"
"""Any other one."""

_INTERNATIONAL = (1, 1)
_USUAL: Mapping[str, Plan] = {
    SenderKind.LONG_CODE: _INTERNATIONAL,
    SenderKind.TOLL_FREE: _INTERNATIONAL,
    SenderKind.SHORT_CODE: (3, 0),  # network specific
    SenderKind.ALPHANUMERIC: (5, 0),
    RECIPIENT: _INTERNATIONAL,
    SHORT_RECIPIENT: (0, 0),
}


@dataclass(frozen=True, slots=True)
class WireAddress:
    """An address with its TON and NPI."""

    ton: int
    npi: int
    value: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """How addresses are shown to one centre: TON and NPI of each kind, and what stands before international digits."""

    plans: Mapping[str, Plan] = field(default_factory=dict)
    prefix: str = ""

    @classmethod
    def parse(cls, rules: str, prefix: str) -> "Numbering":
        """From a setting such as `short_code=0/1 recipient=1/1`. ValueError, with a sentence, for what is none."""
        return cls(dict(map(_rule, rules.replace(",", " ").split())), prefix)

    def sender(self, kind: SenderKind, value: str) -> WireAddress:
        """How one of our senders is shown."""
        ton, npi = self._plan(kind)
        return WireAddress(ton, npi, self._spell(value))

    def recipient(self, value: str) -> WireAddress:
        """Where a message goes."""
        ton, npi = self._plan(RECIPIENT if value.startswith("+") else SHORT_RECIPIENT)
        return WireAddress(ton, npi, self._spell(value))

    def _plan(self, kind: str) -> Plan:
        return self.plans.get(kind) or _USUAL.get(kind, _INTERNATIONAL)

    def _spell(self, value: str) -> str:
        """E.164 without its +, or with what this centre wants there; everything else as it is."""
        return self.prefix + value[1:] if value.startswith("+") else value


def spelled(ton: int, value: str) -> str:
    """An inbound address as the core reads it: international numbers with their +, everything else untouched."""
    if ton == TON_INTERNATIONAL and value.isascii() and value.isdigit():
        return "+" + value.removeprefix("00")
    return value


def _rule(rule: str) -> tuple[str, Plan]:
    kind, _, plan = rule.partition("=")
    ton, _, npi = plan.partition("/")
    if kind not in _USUAL:
        raise ValueError(f"TON and NPI can't be set for {kind!r}, only for {', '.join(_USUAL)}.")
    if not (ton.isdecimal() and npi.isdecimal() and int(ton) < 256 and int(npi) < 256):
        raise ValueError(f"{rule!r} is no rule for TON and NPI: those look like {kind}=1/1.")
    return kind, (int(ton), int(npi))

"""Addresses: where a message goes or came from, each in its one canonical spelling.

A phone number is E.164 (`+14155552671`), a short code its digits, an alphanumeric sender as it's written, an e-mail
address lower-case with the domain in Unicode. Numbers are accepted when they are possible, not only when they're in
use by today's plans.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from gateway.domain import phone_number
from gateway.domain.encoding import GSM_CHARACTERS, Encoding, units
from gateway.domain.folding import ascii_digits, visible
from gateway.domain.mailbox import canonical_mailbox
from gateway.domain.record import record
from gateway.domain.sender import SenderKind


class AddressKind(StrEnum):
    """What kind of address it is; short codes and alphanumeric senders are never phone numbers."""

    PHONE = "phone"
    SHORT_CODE = "short_code"
    ALPHANUMERIC = "alphanumeric"
    EMAIL = "email"


@record
class Address:
    """An address in its canonical spelling: two are the same person's exactly when they are equal."""

    kind: AddressKind
    value: str

    def __str__(self) -> str:
        """The canonical value."""
        return self.value


class InvalidAddress(ValueError):
    """What was given is no address. Its text is a sentence for the person who gave it."""


_SHORT_CODE = re.compile(r"[0-9]{3,8}")
_SCHEME = re.compile(r"\s*(?:tel|sms|smsto|whatsapp|mailto):(?://)?", re.IGNORECASE)
_PARAMETERS = re.compile(r"[;?]")
_ALPHANUMERIC_UNITS = 11
# Longer than any address with its decoration; keeps rubbish out of the caches.
_LONGEST = 320

# Canonical forms by raw spelling: parsing takes 30 to 60 us, finding it here 0.1. About 300 octets each.
_REMEMBERED = 16_384


def provider_address(raw: str) -> Address:
    """The address a provider names: a number with `+`, `00` or neither, a short code, a name, or an e-mail address.

    `tel:`, `whatsapp:` and such are dropped. 3 to 8 digits are a short code; up to 11 GSM-7 characters with a letter
    among them are an alphanumeric sender. InvalidAddress for anything else.
    """
    return _provider_address(_bounded(raw))


def typed_address(raw: str, default_country: str | None) -> Address:
    """The address a person types; numbers without `+` or `00` are read in `default_country` (ISO 3166 letters).

    3 to 6 digits are a short code, and so are 7 or 8 unless they are a number in use in the default country.
    InvalidAddress shows what was typed back, among others where a national number meets no default country.
    """
    return _typed_address(_bounded(raw), default_country.upper() if default_country else None)


def sender_address(kind: SenderKind, raw: str) -> Address:
    """The canonical value of one of our own senders. InvalidAddress if it isn't of that kind."""
    if kind is SenderKind.ALPHANUMERIC:
        return _alphanumeric(_clean(_bounded(raw)))
    address = provider_address(raw)
    match kind:
        case SenderKind.EMAIL:
            wanted, described = AddressKind.EMAIL, "an e-mail address"
        case SenderKind.SHORT_CODE:
            wanted, described = AddressKind.SHORT_CODE, "a short code, which has 3 to 8 digits"
        case _:
            wanted, described = AddressKind.PHONE, "a phone number with its country code, such as +14155550100"
    if address.kind is not wanted:
        raise InvalidAddress(f"{_shown(raw)} is not {described}.")
    return address


@lru_cache(maxsize=_REMEMBERED)
def _provider_address(raw: str) -> Address:
    text = _clean(raw)
    if "@" in text:
        return _email(text)
    plus, compact = _digits_of(text)
    if not compact.isdigit() or not compact.isascii():
        return _alphanumeric(text)
    short = _SHORT_CODE.fullmatch(compact)
    if short and not plus:
        return Address(AddressKind.SHORT_CODE, compact)
    number = phone_number.possible(text if plus else "+" + compact.removeprefix("00"), None)
    if number is not None:
        return Address(AddressKind.PHONE, number)
    if short:  # some centres put a + before everything
        return Address(AddressKind.SHORT_CODE, compact)
    raise InvalidAddress(f"{_shown(raw)} is not a possible phone number.")


@lru_cache(maxsize=_REMEMBERED)
def _typed_address(raw: str, country: str | None) -> Address:
    text = _clean(raw)
    if not text:
        raise InvalidAddress("Enter a phone number or an e-mail address.")
    if "@" in text:
        return _email(text)
    plus, compact = _digits_of(text)
    if not compact.isdigit() or not compact.isascii():
        raise InvalidAddress(f"{_shown(raw)} is neither a phone number nor an e-mail address.")
    if not plus and _SHORT_CODE.fullmatch(compact):
        return _short_or_national(raw, text, compact, country)
    number = _typed_number(text, plus=plus, compact=compact, country=country)
    if number is not None:
        return Address(AddressKind.PHONE, number)
    if plus or compact.startswith("00"):
        raise InvalidAddress(f"{_shown(raw)} is not a possible phone number. Check the country code and the digits.")
    if country is None:
        raise InvalidAddress(
            f"{_shown(raw)} has no country code. Begin with + and the country code, or set a default country."
        )
    raise InvalidAddress(
        f"{_shown(raw)} is not a possible phone number in {country}. "
        "If it is from elsewhere, begin with + and its country code."
    )


def _short_or_national(raw: str, text: str, compact: str, country: str | None) -> Address:
    """3 to 8 digits as typed: a short code, unless the default country has such numbers (Denmark's have 8 digits)."""
    if country is not None and len(compact) >= 7:
        number = phone_number.in_use(text, country)
        if number is not None:
            return Address(AddressKind.PHONE, number)
        if text != compact and phone_number.lacks_area(text, country):
            # 555-0100 is written like a number, 5550100 like a code
            raise InvalidAddress(f"{_shown(raw)} lacks its area code.")
    return Address(AddressKind.SHORT_CODE, compact)


def _typed_number(text: str, *, plus: bool, compact: str, country: str | None) -> str | None:
    """E.164 for what was typed, or None. `00` is `+`, unless the country dials abroad in a way that begins so too."""
    if plus:
        return phone_number.possible(text, None)
    if not compact.startswith("00"):
        return phone_number.possible(text, country) if country else None
    dialled = phone_number.in_use(text, country) if country else None
    return dialled or phone_number.possible("+" + compact[2:], None)


def _alphanumeric(text: str) -> Address:
    fits = all(map(GSM_CHARACTERS.__contains__, text)) and units(text, Encoding.GSM7) <= _ALPHANUMERIC_UNITS
    if not (fits and text.isprintable() and any(map(str.isalpha, text)) and not text.startswith("+")):
        raise InvalidAddress(
            f"{_shown(text)} is neither a number, nor an e-mail address, nor a name of up to 11 plain characters."
        )
    return Address(AddressKind.ALPHANUMERIC, text)


def _email(text: str) -> Address:
    value = canonical_mailbox(text)
    if value is None:
        raise InvalidAddress(f"{_shown(text)} is not an e-mail address: those look like name@company.example.")
    return Address(AddressKind.EMAIL, value)


def _bounded(raw: str) -> str:
    if len(raw) > _LONGEST:
        raise InvalidAddress(f"{_shown(raw)} is too long to be an address.")
    return raw


def _clean(raw: str) -> str:
    """Without invisible characters and scheme, wide forms and foreign digits made plain."""
    text = ascii_digits(visible(raw))
    if not text.isascii() and "@" not in text:
        text = unicodedata.normalize("NFKC", text)
    scheme = _SCHEME.match(text)
    return _PARAMETERS.split(text[scheme.end() :], maxsplit=1)[0].strip() if scheme else text.strip()


def _digits_of(text: str) -> tuple[bool, str]:
    """Whether it begins with a plus sign, and the rest without what people put between digits."""
    compact = phone_number.without_separators(text)
    plus = compact.startswith("+")
    return plus, compact[1:] if plus else compact


def _shown(raw: str) -> str:
    text = " ".join(visible(raw).split())
    return f"\u201c{text[:40]}\u2026\u201d" if len(text) > 40 else f"\u201c{text}\u201d"


@lru_cache(maxsize=_REMEMBERED)
def display(address: Address, country: str | None = None) -> str:
    """How people read it: a number grouped as its country does, without the country code where that's `country`."""
    return phone_number.grouped(address.value, country) if address.kind is AddressKind.PHONE else address.value


def digits(value: str) -> str:
    """Only the digits, as 0 to 9: what a search for part of a number compares."""
    return "".join(filter(str.isdecimal, ascii_digits(value)))


def region(address: Address) -> str | None:
    """The country of a phone number (ISO 3166 letters), or None: no number, no one country, or not known."""
    return phone_number.country_of(address.value) if address.kind is AddressKind.PHONE else None

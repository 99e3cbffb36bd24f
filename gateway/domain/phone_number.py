"""Phone numbers: from a spelling to E.164 and back to something people read, over the plans of phonenumbers."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

_SEPARATORS = re.compile(r"[\s().\-/\u2010-\u2015\u2212\u30fb\u00b7~_,]+")
_TRUNK_ZERO = re.compile(r"\(\s*0\s*\)")
# Mexico gave up the 1 between country code and mobile number in 2019; WhatsApp and some centres still write it.
_OLD_MEXICAN = re.compile(r"\+521([0-9]{10})")


def without_separators(text: str) -> str:
    """The text without what people put between digits."""
    return _SEPARATORS.sub("", text)


def possible(text: str, country: str | None) -> str | None:
    """E.164 for a number that is possible as written, without its `(0)`, or without an old prefix; else None."""
    for spelling in (text, _TRUNK_ZERO.sub("", text)):
        written = without_separators(spelling)
        if written.startswith("+00"):
            written = "+" + written[3:]
        parsed = _parse(written, country)
        if parsed is None:
            continue
        value = _e164(parsed)
        if phonenumbers.is_possible_number(parsed):
            return value if value == written else _settled(value)
        old = _OLD_MEXICAN.fullmatch(value)
        if old:
            return f"+52{old[1]}"
    return None


def in_use(text: str, country: str) -> str | None:
    """E.164 for a number that today's plan of `country` has in use when dialled from there, else None."""
    parsed = _parse(text, country)
    return _settled(_e164(parsed)) if parsed is not None and phonenumbers.is_valid_number(parsed) else None


def lacks_area(text: str, country: str) -> bool:
    """Whether the text is a number of `country` without its area code."""
    parsed = _parse(text, country)
    return parsed is not None and (
        phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    )


def grouped(value: str, country: str | None) -> str:
    """An E.164 number as people read it, without its country code in `country`; what is no number stays as it is."""
    parsed = _parse(value, None)
    if parsed is None:
        return value
    national = country is not None and parsed.country_code == phonenumbers.country_code_for_region(country.upper())
    return phonenumbers.format_number(
        parsed, PhoneNumberFormat.NATIONAL if national else PhoneNumberFormat.INTERNATIONAL
    )


def country_of(value: str) -> str | None:
    """The country of an E.164 number (ISO 3166 letters), or None: no one country, or not known."""
    parsed = _parse(value, None)
    found = phonenumbers.region_code_for_number(parsed) if parsed is not None else None
    return None if found == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY else found


def _e164(parsed: PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def _parse(text: str, country: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None


def _settled(value: str) -> str:
    """E.164 read again until it stays: of a number not in use, each reading may take one more trunk prefix off."""
    while (parsed := _parse(value, None)) is not None and phonenumbers.is_possible_number(parsed):
        again = _e164(parsed)
        if again == value:
            break
        value = again
    return value

"""Addresses: every spelling of a number is one person, and nothing else becomes a number."""

import json
from collections.abc import Callable
from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.address import (
    Address,
    AddressKind,
    InvalidAddress,
    digits,
    display,
    provider_address,
    region,
    sender_address,
    typed_address,
)
from gateway.domain.sender import SenderKind

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "numbers.json").read_text())["cases"]
PHONE, SHORT, NAME, EMAIL = AddressKind.PHONE, AddressKind.SHORT_CODE, AddressKind.ALPHANUMERIC, AddressKind.EMAIL

REGIONS = sorted(phonenumbers.SUPPORTED_REGIONS)
EXAMPLES = [
    example
    for code in REGIONS
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE)
    if (example := phonenumbers.example_number_for_type(code, kind)) is not None
]
numbers = st.sampled_from(EXAMPLES)
separators = st.text(st.sampled_from(" .-/()\u00a0\u2011\u200b\u202a\u2013"), max_size=2)
# how the world writes its digits: ASCII, wide, Arabic-Indic, Devanagari
zeros = st.sampled_from("0\uff10\u0660\u0966")


def e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(("who", "country", "raw", "expected"), VECTORS)
def test_the_vectors(who: str, country: str | None, raw: str, expected: str | None) -> None:
    def read() -> Address:
        return provider_address(raw) if who == "provider" else typed_address(raw, country)

    if expected is None:
        with pytest.raises(InvalidAddress):
            read()
    elif expected.startswith("short:"):
        assert read() == Address(SHORT, expected.removeprefix("short:"))
    else:
        assert read() == Address(PHONE, expected)


@pytest.mark.parametrize(
    "raw",
    [
        "+14155550100",
        "14155550100",
        "0014155550100",
        "+0014155550100",
        "tel:+14155550100",
        "tel:+1-415-555-0100;ext=5",
        "sms://+14155550100?body=hello",
        "WhatsApp:+14155550100",
        " +1 (415) 555-0100 ",
        "+1.415.555.0100",
        "(+1) 415/555/0100",
        "+1\u00a0415\u2011555\u20110100",
        "\u202a+14155550100\u202c",
        "+1415\u200b5550100",
        "\uff0b\uff11\uff14\uff11\uff15\uff15\uff15\uff15\uff10\uff11\uff10\uff10",
        "+\u0661\u0664\u0661\u0665\u0665\u0665\u0665\u0660\u0661\u0660\u0660",
        "+1 (0)415 555 0100",
    ],
)
def test_spellings_of_one_number_by_providers_and_people(raw: str) -> None:
    assert provider_address(raw) == Address(PHONE, "+14155550100")
    assert typed_address(raw, "US") == Address(PHONE, "+14155550100")


@pytest.mark.parametrize(
    ("country", "raw", "value"),
    [
        ("US", "(415) 555-0100", "+14155550100"),
        ("us", "415 555 0100", "+14155550100"),
        ("US", "1-415-555-0100", "+14155550100"),
        ("US", "011 44 20 7946 0018", "+442079460018"),
        ("US", "0044 20 7946 0018", "+442079460018"),
        ("GB", "020 7946 0018", "+442079460018"),
        ("GB", "(020) 7946 0018", "+442079460018"),
        ("AU", "0011 1 415 555 0100", "+14155550100"),
        ("AU", "0014155550100", "+14155550100"),
        ("AU", "0011 61 412 345 678", "+61412345678"),
        ("IT", "06 1234 5678", "+390612345678"),
        ("US", "+39 (0)6 1234 5678", "+390612345678"),
        ("MX", "+52 1 55 1234 5678", "+525512345678"),
        ("SG", "9123 4567", "+6591234567"),
        ("DK", "32 12 34 56", "+4532123456"),
        (None, "+44 20 7946 0018", "+442079460018"),
        (None, "0044 20 7946 0018", "+442079460018"),
        ("US", "+682 20 000", "+68220000"),
    ],
)
def test_what_a_person_types_is_read_in_the_default_country(country: str | None, raw: str, value: str) -> None:
    assert typed_address(raw, country) == Address(PHONE, value)


@pytest.mark.parametrize(
    ("country", "raw", "sentence"),
    [
        (None, "0412 345 678", "\u201c0412 345 678\u201d has no country code"),
        (None, "14155550100", "\u201c14155550100\u201d has no country code"),
        ("AU", "14155550100", "not a possible phone number in AU"),
        ("US", "+1 415", "\u201c+1 415\u201d is not a possible phone number"),
        ("US", "555-0100", "lacks its area code"),
        ("US", "+12345", "not a possible"),
        ("US", "abc", "neither a phone number nor an e-mail address"),
        ("US", "12", "not a possible phone number in US"),
        ("US", "415 555 0100 Ann", "neither a phone number"),
        ("US", "1-800-FLOWERS", "neither a phone number"),
        ("US", "+", "neither a phone number"),
        ("US", "", "Enter a phone number"),
        ("US", " \u200b ", "Enter a phone number"),
        ("XX", "415 555 0100", "not a possible phone number in XX"),
        ("US", "4" * 400, "too long"),
    ],
)
def test_what_a_person_cannot_mean_is_shown_back(country: str | None, raw: str, sentence: str) -> None:
    with pytest.raises(InvalidAddress, match=sentence.replace("+", r"\+")):
        typed_address(raw, country)


@given(numbers, st.data())
def test_no_decoration_makes_another_number(number: phonenumbers.PhoneNumber, data: st.DataObject) -> None:
    value = e164(number)
    zero = ord(data.draw(zeros))
    prefix = data.draw(st.sampled_from(["+", "\uff0b", "tel:+", "whatsapp:+", "sms:+", "+00"]))
    written = "".join(data.draw(separators) + chr(zero + int(digit)) for digit in value[1:])
    canonical = provider_address(value)
    assert provider_address(prefix + written) == canonical
    assert typed_address(prefix + written, data.draw(st.sampled_from(["US", "AU", None]))) == canonical
    if len(value) > 9:
        assert provider_address(written) == canonical
        assert provider_address("00" + written) == canonical


@given(numbers)
def test_a_number_in_its_country_s_own_form_is_the_same(number: phonenumbers.PhoneNumber) -> None:
    country = phonenumbers.region_code_for_number(number)
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    if country in phonenumbers.SUPPORTED_REGIONS and len(digits(national)) > 8:
        assert typed_address(national, country) == provider_address(e164(number))


@given(numbers, st.sampled_from(REGIONS))
def test_what_is_displayed_can_be_typed_again(number: phonenumbers.PhoneNumber, elsewhere: str) -> None:
    address = provider_address(e164(number))
    assert typed_address(display(address), elsewhere) == address


@given(st.from_regex(r"\+?[0-9]{9,16}", fullmatch=True))
def test_a_canonical_number_stays_what_it_is(raw: str) -> None:
    try:
        address = provider_address(raw)
    except InvalidAddress:
        return
    assert provider_address(address.value) == address
    assert address.kind is PHONE


@given(st.from_regex(r"[0-9]{3,8}", fullmatch=True))
def test_a_short_code_is_never_a_number(code: str) -> None:
    assert provider_address(code) == Address(SHORT, code)
    assert typed_address(code, None) == Address(SHORT, code)
    assert sender_address(SenderKind.SHORT_CODE, code) == Address(SHORT, code)
    if len(code) <= 6:
        assert typed_address(code, "US") == typed_address(code, "NO") == Address(SHORT, code)


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("12345", Address(SHORT, "12345")),
        ("+12345", Address(SHORT, "12345")),
        ("12 345", Address(SHORT, "12345")),
        ("\uff11\uff12\uff13\uff14\uff15", Address(SHORT, "12345")),
        ("0012345", Address(SHORT, "0012345")),
        ("+6834000", Address(PHONE, "+6834000")),
        ("Acme", Address(NAME, "Acme")),
        ("  ACME Bank ", Address(NAME, "ACME Bank")),
        ("M\u00fcller&S\u00f6h", Address(NAME, "M\u00fcller&S\u00f6h")),
        ("4YOU", Address(NAME, "4YOU")),
        ("whatsapp:+525512345678", Address(PHONE, "+525512345678")),
        ("5215512345678", Address(PHONE, "+525512345678")),
        ("ann@shop.example", Address(EMAIL, "ann@shop.example")),
    ],
)
def test_what_providers_send(raw: str, address: Address) -> None:
    assert provider_address(raw) == address


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "+",
        "12",
        "1",
        "+1",
        "+1234567890123456",
        "twelve chars",
        "\u0410\u0431\u0432",
        "a\nb",
        "+Acme",
        "a\x00b" * 200,
    ],
)
def test_what_providers_send_that_is_no_address(raw: str) -> None:
    with pytest.raises(InvalidAddress, match=r"\u201c.*\u201d.*(is neither|is not|is too long)"):
        provider_address(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Ann.Smith+Orders@Shop.Example", "ann.smith+orders@shop.example"),
        (" ann@shop.example. ", "ann@shop.example"),
        ("mailto:ann@shop.example?subject=hello", "ann@shop.example"),
        ("a..b.@shop.example", "a..b.@shop.example"),
        ("o'neil@mail.shop.example", "o'neil@mail.shop.example"),
        ("ann@B\u00dcCHER.example", "ann@b\u00fccher.example"),
        ("ann@bu\u0308cher.example", "ann@b\u00fccher.example"),
        ("ann@xn--bcher-kva.example", "ann@b\u00fccher.example"),
        ("ann@XN--BCHER-KVA.example", "ann@b\u00fccher.example"),
        ("ann@\uff53\uff48\uff4f\uff50\u3002example", "ann@shop.example"),
        ("rene\u0301@shop.example", "ren\u00e9@shop.example"),
        ("an\u200bn@shop.example", "ann@shop.example"),
        ("1@2.example", "1@2.example"),
    ],
)
def test_spellings_of_one_mailbox(raw: str, value: str) -> None:
    assert typed_address(raw, "US") == provider_address(raw) == Address(EMAIL, value)
    assert provider_address(value).value == value


@pytest.mark.parametrize(
    "raw",
    [
        "@",
        "ann@",
        "@shop.example",
        "ann@shop",
        "ann@shop..example",
        "ann@-shop.example",
        "ann@shop-.example",
        "ann@192.0.2.1",
        "ann@[192.0.2.1]",
        "ann smith@shop.example",
        "ann@shop.example, bob@shop.example",
        "Ann <ann@shop.example>",
        '"ann"@shop.example',
        "ann@shop@shop.example",
        "ann@xn--\u00fc.example.",
        "ann@xn--a\uff20b.example",
        "a" * 65 + "@shop.example",
        "ann@" + "a" * 64 + ".example",
    ],
)
def test_what_is_no_mailbox(raw: str) -> None:
    with pytest.raises(InvalidAddress, match=r"is not an e-mail address"):
        typed_address(raw, "US")


@pytest.mark.parametrize(
    ("kind", "raw", "address"),
    [
        (SenderKind.LONG_CODE, "+1 415 555 0100", Address(PHONE, "+14155550100")),
        (SenderKind.LONG_CODE, "14155550100", Address(PHONE, "+14155550100")),
        (SenderKind.TOLL_FREE, "+1 800 555 0100", Address(PHONE, "+18005550100")),
        (SenderKind.WHATSAPP, "whatsapp:+14155550100", Address(PHONE, "+14155550100")),
        (SenderKind.SHORT_CODE, "123-456", Address(SHORT, "123456")),
        (SenderKind.ALPHANUMERIC, "Acme", Address(NAME, "Acme")),
        (SenderKind.EMAIL, "Help@Shop.example", Address(EMAIL, "help@shop.example")),
    ],
)
def test_our_own_senders(kind: SenderKind, raw: str, address: Address) -> None:
    assert sender_address(kind, raw) == address


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        (SenderKind.LONG_CODE, "12345", "not a phone number with its country code"),
        (SenderKind.WHATSAPP, "Acme", "not a phone number with its country code"),
        (SenderKind.SHORT_CODE, "+14155550100", "not a short code"),
        (SenderKind.ALPHANUMERIC, "12345", "nor a name of up to 11"),
        (SenderKind.ALPHANUMERIC, "Twelve chars", "nor a name of up to 11"),
        (SenderKind.EMAIL, "+14155550100", "not an e-mail address"),
        (SenderKind.EMAIL, "help@shop", "not an e-mail address"),
    ],
)
def test_a_sender_is_of_the_kind_it_says(kind: SenderKind, raw: str, sentence: str) -> None:
    with pytest.raises(InvalidAddress, match=sentence):
        sender_address(kind, raw)


def read_or_refused(read: Callable[[str], Address], raw: str) -> Address | str:
    try:
        return read(raw)
    except InvalidAddress as refused:
        return str(refused)


@given(st.text(st.characters(exclude_categories=[]), max_size=400), st.sampled_from(["US", "DE", None]))
def test_nothing_but_an_address_or_a_sentence_comes_out(raw: str, country: str | None) -> None:
    for read in (provider_address, lambda text: typed_address(text, country)):
        outcome = read_or_refused(read, raw)
        if isinstance(outcome, str):
            assert len(outcome) < 200
            assert outcome.endswith(".")
        else:
            assert outcome.value.encode()
            assert provider_address(outcome.value) == outcome


@pytest.mark.parametrize("raw", ["+4900301234567", "+490301234567", "+49 (0)30 1234567", "+49 0 0 30 1234567"])
def test_a_trunk_zero_too_many_makes_no_second_person(raw: str) -> None:
    assert provider_address(raw) == Address(PHONE, "+49301234567")


@pytest.mark.parametrize(
    ("address", "country", "shown"),
    [
        (Address(PHONE, "+14155550100"), None, "+1 415-555-0100"),
        (Address(PHONE, "+14155550100"), "AU", "+1 415-555-0100"),
        (Address(PHONE, "+14155550100"), "us", "(415) 555-0100"),
        (Address(PHONE, "+61412345678"), "AU", "0412 345 678"),
        (Address(PHONE, "+61412345678"), "XX", "+61 412 345 678"),
        (Address(PHONE, "unread"), None, "unread"),
        (Address(SHORT, "12345"), "US", "12345"),
        (Address(NAME, "Acme"), None, "Acme"),
        (Address(EMAIL, "ann@shop.example"), None, "ann@shop.example"),
    ],
)
def test_how_people_read_it(address: Address, country: str | None, shown: str) -> None:
    assert display(address, country) == shown
    assert str(address) == address.value


@pytest.mark.parametrize(
    ("text", "only"),
    [("+1 (415) 555", "1415555"), ("\u0661\uff12", "12"), ("Acme 4 you", "4"), ("\u00b2", ""), ("", "")],
)
def test_only_the_digits(text: str, only: str) -> None:
    assert digits(text) == only


@pytest.mark.parametrize(
    ("address", "country"),
    [
        (Address(PHONE, "+14155550100"), "US"),
        (Address(PHONE, "+16135550100"), "CA"),
        (Address(PHONE, "+442079460018"), "GB"),
        (Address(PHONE, "+80012345678"), None),
        (Address(PHONE, "+19995550100"), None),
        (Address(PHONE, "unread"), None),
        (Address(SHORT, "12345"), None),
        (Address(EMAIL, "ann@shop.example"), None),
    ],
)
def test_the_country_of_an_address(address: Address, country: str | None) -> None:
    assert region(address) == country

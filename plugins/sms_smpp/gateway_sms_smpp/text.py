"""Text and its octets: which alphabet a data_coding names (SMPP 3.4, section 5.2.19, and 3GPP TS 23.038, section 4)."""

from enum import StrEnum

from gateway.sdk.text import Encoding, gsm7_decode, gsm7_encode, ucs2_decode, ucs2_encode

DEFAULT = 0x00
LATIN1 = 0x03
UCS2 = 0x08

# data_coding values that are an alphabet of their own; Python's names for them. 2 and 4 are octets of no stated
# meaning, in practice text of a centre that did not say so.
_CODECS = {
    0x01: "ascii",
    0x02: "latin-1",
    0x03: "latin-1",
    0x04: "latin-1",
    0x05: "iso2022_jp",
    0x06: "iso8859_5",
    0x07: "iso8859_8",
    0x0A: "iso2022_jp",
    0x0D: "iso2022_jp_1",
    0x0E: "euc_kr",
}


class Alphabet(StrEnum):
    """What a centre means by data_coding 0, its default alphabet. GSM-7 is unpacked, one septet an octet."""

    GSM7 = "gsm7"
    LATIN1 = "latin1"
    ASCII = "ascii"


_PYTHON_CODEC = {Alphabet.LATIN1: "latin-1", Alphabet.ASCII: "ascii"}


def coding_for(text: str, encoding: Encoding, alphabet: Alphabet) -> int:
    """The data_coding that carries a text unchanged: the default alphabet if it can, else Latin-1, else UCS-2.

    Texts the core counted as UCS-2 stay UCS-2, so that what was counted is what is sent.
    """
    if encoding is Encoding.UCS2:
        return UCS2
    if alphabet is Alphabet.GSM7 or _fits(text, _PYTHON_CODEC[alphabet]):
        return DEFAULT
    return LATIN1 if _fits(text, "latin-1") else UCS2


def encode(text: str, data_coding: int, alphabet: Alphabet) -> bytes:
    """Octets of a text in a data_coding that `coding_for` chose. ValueError if it cannot hold the text."""
    if data_coding == UCS2:
        return ucs2_encode(text)
    if data_coding == LATIN1:
        return text.encode("latin-1")
    return gsm7_encode(text) if alphabet is Alphabet.GSM7 else text.encode(_PYTHON_CODEC[alphabet])


def decode(octets: bytes, data_coding: int, alphabet: Alphabet, *, keep_halves: bool = False) -> str:
    """The text of octets; never fails, what cannot be read becomes U+FFFD.

    `keep_halves` leaves half a surrogate pair at the edge of a part for the core to join (see ucs2_decode).
    """
    if data_coding == UCS2 or _is_ucs2_by_scheme(data_coding):
        return ucs2_decode(octets, keep_halves=keep_halves)
    codec = _CODECS.get(data_coding) or (
        "latin-1" if _is_binary_by_scheme(data_coding) else _PYTHON_CODEC.get(alphabet)
    )
    return octets.decode(codec, "replace") if codec else gsm7_decode(octets)


def _is_ucs2_by_scheme(coding: int) -> bool:
    """General groups 0x10..0x7F with alphabet bits 10 (flash, self-deleting), and message waiting group 1110."""
    return (0x10 <= coding <= 0x7F and coding & 0x0C == 0x08) or 0xE0 <= coding <= 0xEF


def _is_binary_by_scheme(coding: int) -> bool:
    """General groups with alphabet bits 01, and group 1111 with its data bit: 8-bit octets."""
    return (0x10 <= coding <= 0x7F and coding & 0x0C == 0x04) or (coding >= 0xF0 and bool(coding & 0x04))


def _fits(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True

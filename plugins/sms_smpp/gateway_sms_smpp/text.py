"""Text and its octets: which alphabet a data_coding names (SMPP 3.4, section 5.2.19, and 3GPP TS 23.038, section 4)."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.sdk.text import Encoding, gsm7_decode, gsm7_encode, ucs2_decode, ucs2_encode
from gateway_sms_smpp.septets import pack, unpack

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
    """How characters become octets. GSM7 has one septet in an octet, GSM7_PACKED eight septets in seven octets."""

    GSM7 = "gsm7"
    GSM7_PACKED = "gsm7_packed"
    LATIN1 = "latin1"
    ASCII = "ascii"
    UCS2 = "ucs2"


_PYTHON_CODEC = {Alphabet.LATIN1: "latin-1", Alphabet.ASCII: "ascii"}
_GSM7 = frozenset({Alphabet.GSM7, Alphabet.GSM7_PACKED})


@dataclass(frozen=True, slots=True)
class Codings:
    """What one centre means by data_coding: its default alphabet, and its numbers for the three we write."""

    alphabet: Alphabet = Alphabet.GSM7
    default: int = 0x00
    latin1: int = 0x03
    ucs2: int = 0x08

    def choose(self, text: str, encoding: Encoding) -> Alphabet:
        """The alphabet that carries a text unchanged: the default one if it can, else Latin-1, else UCS-2.

        Texts the core counted as UCS-2 stay UCS-2, so that what was counted is what is sent.
        """
        if encoding is Encoding.UCS2:
            return Alphabet.UCS2
        if self.alphabet in _GSM7 or _fits(text, _PYTHON_CODEC[self.alphabet]):
            return self.alphabet
        return Alphabet.LATIN1 if self.latin1 != self.default and _fits(text, "latin-1") else Alphabet.UCS2

    def number(self, alphabet: Alphabet) -> int:
        """The data_coding of an alphabet that `choose` chose."""
        if alphabet is self.alphabet:
            return self.default
        return self.ucs2 if alphabet is Alphabet.UCS2 else self.latin1

    def decode(self, octets: bytes, data_coding: int, *, keep_halves: bool = False, header: int = 0) -> str:
        """The text of octets; never fails, what cannot be read becomes U+FFFD.

        `keep_halves` leaves half a surrogate pair at the edge of a part for the core to join (see ucs2_decode).
        `header` octets stood before these: packed septets begin at the next whole septet.
        """
        if data_coding == self.default:
            return _decode(octets, self.alphabet, header)
        if data_coding == self.ucs2 or (data_coding != self.latin1 and _is_ucs2(data_coding)):
            return ucs2_decode(octets, keep_halves=keep_halves)
        if data_coding == self.latin1 or _is_binary_by_scheme(data_coding):
            return _decode(octets, Alphabet.LATIN1, header)
        codec = _CODECS.get(data_coding)
        return octets.decode(codec, "replace") if codec else _decode(octets, self.alphabet, header)


def encode(text: str, alphabet: Alphabet, *, header: int = 0) -> bytes:
    """Octets of a text in an alphabet that `Codings.choose` chose, to stand after `header` octets.

    ValueError if it cannot hold the text.
    """
    if alphabet is Alphabet.UCS2:
        return ucs2_encode(text)
    if alphabet in _GSM7:
        septets = gsm7_encode(text)
        return pack(septets, header) if alphabet is Alphabet.GSM7_PACKED else septets
    return text.encode(_PYTHON_CODEC[alphabet])


def _decode(octets: bytes, alphabet: Alphabet, header: int) -> str:
    codec = _PYTHON_CODEC.get(alphabet)
    if codec is not None:
        return octets.decode(codec, "replace")
    return gsm7_decode(unpack(octets, header) if alphabet is Alphabet.GSM7_PACKED else octets)


def _is_ucs2(coding: int) -> bool:
    """8; general groups 0x10..0x7F with alphabet bits 10 (flash, self-deleting); and message waiting group 1110."""
    return coding == 0x08 or (0x10 <= coding <= 0x7F and coding & 0x0C == 0x08) or 0xE0 <= coding <= 0xEF


def _is_binary_by_scheme(coding: int) -> bool:
    """General groups with alphabet bits 01, and group 1111 with its data bit: 8-bit octets."""
    return (0x10 <= coding <= 0x7F and coding & 0x0C == 0x04) or (coding >= 0xF0 and bool(coding & 0x04))


def _fits(text: str, codec: str) -> bool:
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True

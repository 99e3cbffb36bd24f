"""Encodings of a short message: the GSM 7-bit default alphabet and UCS-2 (3GPP TS 23.038, 6.2.1 and 6.2.3).

A unit is a septet in GSM-7 and a UTF-16 code unit in UCS-2. National shift tables are not used. Nothing here changes
a text on its own: what is to be sent is literal, unless a caller asks for `normalise`.
"""

import codecs
import re
import unicodedata
from enum import StrEnum

# Row by row as the standard prints it; 0x1B is the escape to the extension table.
GSM_BASIC = (
    "@\u00a3$\u00a5\u00e8\u00e9\u00f9\u00ec\u00f2\u00c7\n\u00d8\u00f8\r\u00c5\u00e5"
    "\u0394_\u03a6\u0393\u039b\u03a9\u03a0\u03a8\u03a3\u0398\u039e\x1b\u00c6\u00e6\u00df\u00c9"
    " !\"#\u00a4%&'()*+,-./"
    "0123456789:;<=>?"
    "\u00a1ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZ\u00c4\u00d6\u00d1\u00dc\u00a7"
    "\u00bfabcdefghijklmno"
    "pqrstuvwxyz\u00e4\u00f6\u00f1\u00fc\u00e0"
)
GSM_EXTENSION = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "\u20ac": 0x65,
}
ESCAPE = "\x1b"
REPLACEMENT = "\ufffd"

GSM_CHARACTERS = frozenset(GSM_BASIC.replace(ESCAPE, "")) | frozenset(GSM_EXTENSION)

# The standard library's engine turns a set into a bitmap: 2 us for 200 characters, where `regex` takes 14 and a set 4.
OUTSIDE_GSM = re.compile(f"[^{re.escape(''.join(sorted(GSM_CHARACTERS)))}]")
_EXTENDED = re.compile(f"[{re.escape(''.join(GSM_EXTENSION))}]")
_TO_SEPTET = codecs.charmap_build(GSM_BASIC)
# Most texts are Latin-1, whose octets are translated in one go: 2 us for 200 characters, 10 through the charmap.
_LATIN1_TO_SEPTET = bytes(max(0, GSM_BASIC.find(chr(octet))) for octet in range(256))
_BY_EXTENSION = {septet: character for character, septet in GSM_EXTENSION.items()}
_SURROGATE = re.compile("[\ud800-\udfff]")


class Encoding(StrEnum):
    """How the text of a short message is put into octets."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"


def encoding_of(text: str) -> Encoding:
    """The cheapest encoding that holds the text unchanged. About 2 microseconds for 200 characters."""
    return Encoding.UCS2 if OUTSIDE_GSM.search(text) else Encoding.GSM7


def units(text: str, encoding: Encoding) -> int:
    """The text's length in septets (GSM-7, extension characters count two) or UTF-16 code units (UCS-2)."""
    if encoding is Encoding.UCS2:
        return len(text.encode("utf-16-be", "surrogatepass")) // 2
    return len(text) + len(_EXTENDED.findall(text))


def gsm7_encode(text: str) -> bytes:
    """Unpacked septets, one an octet, extension characters as 0x1B and their code.

    UnicodeEncodeError (a ValueError), with the place of the character, if one is outside the alphabet.
    """
    outside = OUTSIDE_GSM.search(text)
    if outside:
        raise UnicodeEncodeError("gsm7", text, outside.start(), outside.end(), "not in the GSM 7-bit alphabet")
    escaped = _EXTENDED.sub(lambda found: ESCAPE + GSM_BASIC[GSM_EXTENSION[found[0]]], text)
    try:
        return escaped.encode("latin-1").translate(_LATIN1_TO_SEPTET)
    except UnicodeEncodeError:  # Greek capitals
        return codecs.charmap_encode(escaped, "strict", _TO_SEPTET)[0]


def gsm7_decode(septets: bytes) -> str:
    """The text of unpacked septets, one an octet; never fails.

    An extension code nobody defined is shown as the basic character of the same code, an escape before an escape or
    at the end as a space (3GPP TS 23.038, 6.2.1.1); an octet over 0x7F becomes U+FFFD.
    """
    if 0x1B not in septets:
        return _basic(septets)
    pieces = septets.split(b"\x1b")
    text = [_basic(pieces[0])]
    follows_escape = False  # whether the piece before was the first half of a doubled escape
    for place, piece in enumerate(pieces[1:], 1):
        if follows_escape:
            text.append(_basic(piece))
            follows_escape = False
        elif piece:
            text.append(_BY_EXTENSION.get(piece[0]) or _basic(piece[:1]))
            text.append(_basic(piece[1:]))
        else:
            text.append(" ")
            follows_escape = place < len(pieces) - 1
    return "".join(text)


def _basic(septets: bytes) -> str:
    return codecs.charmap_decode(septets, "replace", GSM_BASIC)[0]


def gsm7_pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Septets packed into octets, the first after `fill_bits` (0 to 6) empty bits, which align it behind a header."""
    packed = 0
    for septet in reversed(septets):
        packed = packed << 7 | septet & 0x7F
    return (packed << fill_bits).to_bytes((fill_bits + 7 * len(septets) + 7) // 8, "little")


def gsm7_unpack(octets: bytes, fill_bits: int = 0, count: int | None = None) -> bytes:
    """The septets in packed octets, one an octet.

    Without `count` as many as fit, which is one too many (an `@`) when seven bits are left over: pass it when it's
    known.
    """
    packed = int.from_bytes(octets, "little") >> fill_bits
    fitting = max(0, 8 * len(octets) - fill_bits) // 7
    return bytes(packed >> 7 * place & 0x7F for place in range(fitting if count is None else min(count, fitting)))


def fill_bits(header_octets: int) -> int:
    """How many empty bits (0 to 6) stand between a header of so many octets, its length octet included, and septets."""
    return -8 * header_octets % 7


def ucs2_encode(text: str) -> bytes:
    """UTF-16 big-endian without a byte order mark; unpaired surrogates become U+FFFD."""
    return mend_surrogates(text).encode("utf-16-be")


def ucs2_decode(octets: bytes, *, keep_halves: bool = False) -> str:
    """The text of UTF-16 big-endian octets; never fails. A half character and an odd last octet become U+FFFD.

    Some senders cut a long message inside a surrogate pair: `keep_halves` leaves the two halves for `joining.join` to
    mend.
    """
    whole = octets[: len(octets) & ~1].decode("utf-16-be", "surrogatepass")
    text = whole + REPLACEMENT * (len(octets) & 1)
    return text if keep_halves else mend_surrogates(text)


def mend_surrogates(text: str) -> str:
    """Surrogates that are a pair become their character, unpaired ones U+FFFD. Any other text is returned as it is."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")


def normalise(text: str) -> str:
    """The same text to the eye, in as few units as that takes: composed letters (NFC), a line feed for every line end.

    For text that was composed here, from a page or a template. A text that must stay literal doesn't come here.
    """
    text = mend_surrogates(text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)

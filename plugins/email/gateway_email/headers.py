"""Header fields: read within limits, decoded, and made into one line."""

import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import HeaderParser
from email.policy import compat32

from gateway_email.charsets import text_of
from gateway_email.limits import FIELD_BYTES, HEADER_BYTES

_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_HIDDEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # turn the reading direction around
_FIELD = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")

_parser = HeaderParser(policy=compat32)


def split_headers(raw: bytes) -> tuple[bytes, bytes]:
    """The header block of a part, and its body."""
    if raw.startswith((b"\r\n", b"\n")):
        return b"", raw[2:] if raw.startswith(b"\r\n") else raw[1:]
    ends = [(at, len(mark)) for mark in (b"\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    if not ends:
        return raw, b""
    at, length = min(ends)
    return raw[:at], raw[at + length :]


def parse_headers(block: bytes) -> Message:
    """The fields of a header block; those beyond the limits are cut, lines that are none are left out."""
    return _parser.parsestr("\n".join(text_of(one, "utf-8") for one in _fields(block[:HEADER_BYTES])))


def _fields(block: bytes) -> Iterator[bytes]:
    """Fields, each with its folded lines, cut to what a field may be."""
    field = b""
    for line in block.splitlines():
        if line[:1] in (b" ", b"\t"):
            field += b"\n" + line if field and len(field) + len(line) < FIELD_BYTES else b""
        elif _FIELD.match(line):
            yield from (field,) * bool(field)
            field = line[:FIELD_BYTES]
        else:  # a mailbox's "From " line, or rubbish: the field before it ends here
            yield from (field,) * bool(field)
            field = b""
    yield from (field,) * bool(field)


def field(headers: Message, name: str) -> str:
    """A field as it stands there, unfolded; "" when there is none. Of a name that comes twice, the first."""
    value = headers.get(name)
    return "" if value is None else str(value)


def decoded(value: str) -> str:
    """Encoded words (RFC 2047) in any charset made text. Never raises."""
    if "=?" not in value:
        return value
    # Unfolded first: the library decodes line by line, and drops the blank that a folded line begins with.
    unfolded = "".join(value[:FIELD_BYTES].splitlines())
    try:
        pieces = decode_header(unfolded)
    except (HeaderParseError, ValueError):
        return value
    return "".join(text_of(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in pieces)


def text_field(headers: Message, name: str, longest: int) -> str:
    """A field for people: decoded, one line, at most so many characters."""
    return one_line(decoded(field(headers, name)))[:longest]


def one_line(text: str) -> str:
    """Text that stands in a header or a title: no line ends, no control characters, nothing that turns it around."""
    return _HIDDEN.sub("", _BLANKS.sub(" ", text)).strip()

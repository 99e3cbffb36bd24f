"""What stands in bytes that nobody understood, in whichever of the usual wrappings: for finding, never for showing.

A mail hides its addresses in base64, quoted-printable and encoded words, a form in percents, JSON in escapes; and a
webhook that was kept whole has its body in base64.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

DEPTH = 4
"""Wrappings in each other: a mail in a mail in a webhook that was kept whole."""

# Eight letters hold six bytes, the shortest address. Lines of base64 are broken after a multiple of four.
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}(?:\r?\n[ \t]?[A-Za-z0-9+/_-]{4,})*")
_LINE_ENDS = re.compile(rb"[\r\n \t]")
_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})")


def readings(content: bytes, depth: int = DEPTH) -> Iterator[str]:
    """The bytes as text, as they are and unwrapped in each way, and what is wrapped therein."""
    plain = {content, content.replace(b"\0", b"")}  # UTF-16 of an address is the address with zeros between
    plain |= {quopri.decodestring(content, header=True), unquote_to_bytes(content), _ESCAPE.sub(_character, content)}
    for one in plain:
        yield one.decode("utf-8", "replace")
    if depth == 0:
        return
    inner = {b"\n".join(_decoded(one)) for one in plain}
    for one in inner - {b""}:
        yield from readings(one, depth - 1)


def _character(match: re.Match[bytes]) -> bytes:
    return chr(int(match[1], 16)).encode("utf-8", "replace")


def _decoded(content: bytes) -> Iterator[bytes]:
    for run in _BASE64.findall(content):
        letters = _LINE_ENDS.sub(b"", run).replace(b"-", b"+").replace(b"_", b"/")
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        try:
            yield base64.b64decode(letters + b"=" * (-len(letters) % 4))
        except binascii.Error:  # pragma: no cover  - the alphabet and the length are right
            continue

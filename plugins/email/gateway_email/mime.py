"""A mail taken apart (RFC 2045, 2046), in time and memory that its size bounds.

The standard library's parser reads line by line, each line against every boundary around it, and goes as deep as the
mail says: a small mail can keep it busy for hours. Here bodies are cut by compiled searches, and whoever nests too deep
or has too many parts is told so before anything else is done.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from gateway_email.charsets import text_of
from gateway_email.headers import decoded, one_line, parse_headers, split_headers
from gateway_email.limits import DEPTH, NAME_CHARACTERS, PARTS

_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
_NEWLINE = ord("\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


class TooWild(Exception):
    """More parts, or deeper ones, than any mail that people write."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its header fields and either the parts inside it or its octets as they stand in the mail."""

    headers: Message
    body: bytes = b""
    parts: tuple["Part", ...] = ()
    type: str = "text/plain"

    @property
    def disposition(self) -> str:
        """`attachment`, `inline` or nothing."""
        said = self.headers.get_content_disposition()
        return said if said in ("attachment", "inline") else ""

    @property
    def content_id(self) -> str | None:
        """What HTML calls this part by (`cid:`), without angle brackets."""
        said = one_line(str(self.headers.get("Content-ID", ""))).strip("<> ")[:NAME_CHARACTERS]
        return said or None

    @property
    def name(self) -> str | None:
        """The file name somebody gave it: one line, without folders. Only ever shown."""
        try:
            said = decoded(self.headers.get_filename() or "")
        except (ValueError, LookupError):
            return None
        name = one_line(said).replace("\\", "/").rpartition("/")[2].strip()
        return name[:NAME_CHARACTERS] or None

    def octets(self) -> bytes:
        """The content, decoded. What is encoded badly is decoded as far as it goes."""
        match str(self.headers.get("Content-Transfer-Encoding", "")).strip().lower():
            case "base64":
                return _base64(self.body)
            case "quoted-printable":
                return quopri.decodestring(self.body)
        return self.body

    def text(self) -> str:
        """The content of a text part, with plain line ends."""
        charset = self.headers.get_param("charset")
        text = text_of(self.octets(), charset if isinstance(charset, str) else None)
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def walk(self) -> Iterator["Part"]:
        """This part and all inside it, in the mail's order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(slots=True)
class _Count:
    parts: int = field(default=0)

    def one_more(self, depth: int) -> None:
        self.parts += 1
        if self.parts > PARTS:
            raise TooWild(f"It has more than {PARTS} parts.")
        if depth > DEPTH:
            raise TooWild(f"Its parts are nested more than {DEPTH} deep.")


def parse(raw: bytes) -> Part:
    """The tree of a mail's parts. A mail inside a mail is not opened. Raises TooWild."""
    return _parse(raw, 0, _Count(), "text/plain")


def _parse(raw: bytes, depth: int, count: _Count, default: str) -> Part:
    count.one_more(depth)
    block, body = split_headers(raw)
    headers = parse_headers(block)
    kind = _type_of(headers, default)
    boundary = _boundary(headers) if kind.startswith("multipart/") else None
    if boundary is None:
        return Part(headers, body, type="text/plain" if kind.startswith("multipart/") else kind)
    inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    pieces = list(_cut(body, boundary, PARTS - count.parts + 1))
    return Part(headers, parts=tuple(_parse(one, depth + 1, count, inner) for one in pieces), type=kind)


def _cut(body: bytes, boundary: bytes, most: int) -> Iterator[bytes]:
    """What stands between a multipart's delimiter lines; at most so many, so that one too many is known to be."""
    delimiter = re.compile(rb"--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    start: int | None = None
    given = 0
    for found in delimiter.finditer(body):
        if found.start() and body[found.start() - 1] != _NEWLINE:
            continue  # in the middle of a line
        if start is not None:
            yield _content(body, start, found.start())
            given += 1
        start = found.end()
        if found[1] or given > most:
            return
    if start is not None:  # cut off on its way
        yield _content(body, start, len(body))


def _content(body: bytes, start: int, end: int) -> bytes:
    """Without the line ends that belong to the delimiter lines before and after it."""
    piece = body[start:end]
    piece = piece[2:] if piece.startswith(b"\r\n") else piece.removeprefix(b"\n")
    if end == len(body):
        return piece
    return piece[:-2] if piece.endswith(b"\r\n") else piece.removesuffix(b"\n")


def _type_of(headers: Message, default: str) -> str:
    if headers.get("Content-Type") is None:
        return default
    said = one_line(str(headers["Content-Type"])).partition(";")[0].strip().lower()
    return said if _TYPE.fullmatch(said) else "text/plain" if said in ("text", "") else "application/octet-stream"


def _boundary(headers: Message) -> bytes | None:
    try:
        said = headers.get_boundary()
    except (ValueError, LookupError):
        return None
    return said.rstrip().encode("utf-8", "surrogateescape")[:200] if said and said.strip() else None


def _base64(body: bytes) -> bytes:
    """Whatever stands between is skipped; a group that is cut off is completed."""
    letters = _NOT_BASE64.sub(b"", body.partition(b"=")[0] if b"=" not in body.rstrip(b"=\r\n \t") else body)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""

"""What a mail says: its text, its HTML, its files."""

import html as entities
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.sdk import MediaReference
from gateway.sdk.html import TooWildHtml, tamed
from gateway_email.limits import BODY_CHARACTERS
from gateway_email.mime import Part

_TAG = re.compile(r"<[^<>]*>")
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_MOST_CELLS = 10_000  # laying a table out takes time that grows with their square: 50,000 take six seconds
_WHOLE = "message.txt"
_EXTENSIONS = {"message/rfc822": ".eml", "text/calendar": ".ics", "text/plain": ".txt", "text/html": ".html"}


@dataclass(frozen=True, slots=True)
class Content:
    """`html` is as the mail had it, None where it had none."""

    text: str
    html: str | None
    files: tuple[MediaReference, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    """Something to read, in one of the two forms or in both."""

    text: str | None = None
    html: str | None = None


def content_of(mail: Part) -> Content:
    """The mail's text (made from its HTML where it has no other), its HTML, and everything else as files."""
    files: list[MediaReference] = []
    sections = [one for one in _sections(mail, files) if (one.text or one.html or "").strip()]
    text = "\n\n".join(one.text if one.text is not None else _as_text(one.html or "") for one in sections)
    html = None
    if any(one.html is not None for one in sections):
        html = "\n".join(one.html if one.html is not None else _as_html(one.text or "") for one in sections)
    if len(text) > BODY_CHARACTERS:
        files.append(_file("text/plain", text.encode("utf-8", "replace"), _WHOLE))
        text = f"{text[:BODY_CHARACTERS]}\n\n[{_WHOLE}]"
    return Content(text, html, tuple(files))


def whole_mail(raw: bytes) -> MediaReference:
    """A mail as a file."""
    return _file("message/rfc822", raw, "message.eml")


def _sections(part: Part, files: list[MediaReference]) -> list[_Section]:
    if part.parts or part.type.startswith("multipart/"):
        inside = [_sections(one, files) for one in part.parts]
        if part.type == "multipart/alternative":
            return [_either(inside)]
        return [section for sections in inside for section in sections]
    if part.type in ("text/plain", "text/html") and part.disposition != "attachment" and part.name is None:
        text = part.text()
        return [_Section(text=text) if part.type == "text/plain" else _Section(html=text)]
    octets = part.octets()
    if octets:
        name = part.name or f"{part.type.partition('/')[0]}{_EXTENSIONS.get(part.type, '')}"
        files.append(_file(part.type, octets, name, part.content_id))
    return []


def _either(forms: Sequence[Sequence[_Section]]) -> _Section:
    """The same thing said several times: the plain form and the formatted one, each wherever it stands."""
    plain = next((form for form in forms if form and all(one.text is not None for one in form)), None)
    formatted = next((form for form in reversed(forms) if any(one.html is not None for one in form)), None)
    return _Section(
        None if plain is None else "\n\n".join(one.text or "" for one in plain),
        None if formatted is None else "\n".join(one.html or _as_html(one.text or "") for one in formatted),
    )


def _as_text(html: str) -> str:
    """What HTML says, laid out as text; where it is too wild to be laid out, the words in it."""
    try:
        tame = tamed(html)
        if len(_CELL.findall(tame)) <= _MOST_CELLS:
            return _laid_out(tame)
    except (TooWildHtml, ValueError, AssertionError, RecursionError, LookupError):
        pass
    return " ".join(entities.unescape(_TAG.sub(" ", html)).split())


def _laid_out(html: str) -> str:
    from inscriptis import get_text  # noqa: PLC0415  with lxml 6 MB, for the process that is sent formatted mail
    from inscriptis.model.config import ParserConfig  # noqa: PLC0415

    return str(get_text(html, ParserConfig(display_links=False))).strip("\n")


def _as_html(text: str) -> str:
    return f"<pre>{entities.escape(text)}</pre>"


def _file(content_type: str, octets: bytes, name: str, content_id: str | None = None) -> MediaReference:
    return MediaReference(content_type, None, octets, name, len(octets), content_id)

"""Our Markdown: pages, their headings, links, code blocks and tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.sources import ROOT, find_files

DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of code: its language and its text."""

    language: str
    text: str


def find_pages() -> list[Path]:
    """Every Markdown page of the repository, relative to its root."""
    return [path for path in find_files() if path.suffix == ".md" and "static" not in path.parts]


def read(path: str | Path) -> str:
    """A page's text; the path is relative to the root."""
    return (ROOT / path).read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[Block]:
    """The fenced blocks, of some languages only when they are named."""
    found = [Block(language, body) for language, body in _FENCE.findall(text)]
    return [block for block in found if not languages or block.language in languages]


def prose(text: str) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", text)


def headings(text: str) -> list[str]:
    """The headings, as they are written."""
    return _HEADING.findall(prose(text))


def anchors(text: str) -> set[str]:
    """What a link may name behind `#`: headings in small letters, blanks as hyphens, punctuation gone."""
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings(text))
    return {re.sub(r"\s", "-", heading) for heading in plain}


def links(text: str) -> list[str]:
    """The targets of links and images."""
    return _LINK.findall(_SPAN.sub("", prose(text)))


def spans(text: str) -> list[str]:
    """What stands between backticks outside of blocks."""
    return _SPAN.findall(prose(text))


def sections(text: str, level: int) -> dict[str, str]:
    """Each heading of a level with the text below it, in order."""
    marks = list(re.finditer(rf"^{'#' * level} (.+)$", text, re.MULTILINE))
    found = {}
    for mark in marks:
        rest = text[mark.end() :]
        end = re.search(rf"^#{{1,{level}}} ", rest, re.MULTILINE)
        found[mark[1].strip().strip("`")] = rest[: end.start()] if end else rest
    return found


def rows(text: str) -> Iterator[list[str]]:
    """The cells of every table row, headers and rules included."""
    for line in prose(text).splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]

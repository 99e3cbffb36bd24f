"""HTML that strangers wrote, before any parser sees it: what can't be shown is cut out, what is too wild is refused.

A parser's work grows with the square of what stays open (20,000 nested `<div>`: 1.5 s; 3,000 `<b>` that each `<p>`
opens again: 5.7 s and 70 MB) and of one tag's attributes (60,000: 2.3 s in nh3, 31 s in lxml). Both are counted in one
pass that reads tags as the HTML standard's tokenizer does. Comments, and elements whose content has rules of its own,
are left out: an end tag within one would count here and not for the parser.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator

MOST_CHARACTERS = 1_000_000
MOST_OPEN = 500
MOST_ATTRIBUTES = 200

_TOKEN = re.compile(r"<(?:(!--)|([!?]|/(?=[^a-zA-Z]))|(/?)([a-zA-Z][^\t\n\f\r />]*))")
# One attribute as HTML's tokenizer reads it: what a quote is depends on what stands before it.
_ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*(?:=[^\t\n\f\r />=]*|[^\t\n\f\r />=]+)"""
    r"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"[^"]*"|'[^']*'|[^\t\n\f\r >"'][^\t\n\f\r >]*|(?=>)))?"""
)
_END = re.compile(r"[\t\n\f\r /]*>")
_COMMENT_END = re.compile(r"--!?>")
_OWN_RULES = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)
    for name in (
        *("iframe", "math", "noembed", "noframes", "noscript", "script"),
        *("style", "svg", "template", "textarea", "title", "xmp"),
    )
}
_MARKUP_WITHIN = frozenset({"math", "noscript", "svg", "template"})  # without an end, only the tag itself is left out
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
# Closed by the next one of their kind, so that many may stand one after the other without their end tag.
_SELF_CLOSING = frozenset({"p", "li", "dd", "dt", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "rt", "rp"})
_CELLS = frozenset({"td", "th"})
_BARRIERS = _CELLS | {"caption", "table"}  # an end tag within one closes nothing outside it


class TooWildHtml(ValueError):
    """So large, so deep or with so many attributes that no parser should see it. The text says which."""


def tame(html: str, tags: Collection[str]) -> str:
    """The text of it and the tags of these names, as they stand there. Takes time that grows with its length alone.

    Raises TooWildHtml for what is beyond the limits.
    """
    if len(html) > MOST_CHARACTERS:
        raise TooWildHtml(f"It has more than {MOST_CHARACTERS:,} characters.")
    return "".join(_pieces(html, tags))


def _pieces(html: str, tags: Collection[str]) -> Iterator[str]:
    standing, unended, at = _Standing(), set[str](), 0
    while (token := _TOKEN.search(html, at)) is not None:
        yield html[at : token.start()].replace("<", "&lt;")
        comment, bogus, ends, name = token.groups()
        if comment or bogus:
            at = _after_comment(html, token.end()) if comment else html.find(">", token.end()) + 1 or len(html)
            continue
        at = _tag_end(html, token.end())
        name = name.lower()
        if not ends and name in _OWN_RULES and name not in unended:
            end = _OWN_RULES[name].search(html, at)
            if end is None and name in _MARKUP_WITHIN:
                unended.add(name)
            else:
                at = len(html) if end is None else end.start()
        elif name in tags and html[at - 1] == ">":
            standing.close(name) if ends else standing.open(name)
            yield html[token.start() : at]
    yield html[at:].replace("<", "&lt;")


def _after_comment(html: str, at: int) -> int:
    for short in (">", "->"):
        if html.startswith(short, at):
            return at + len(short)
    end = _COMMENT_END.search(html, at)
    return len(html) if end is None else end.end()


def _tag_end(html: str, at: int) -> int:
    """Behind its `>`; the end of everything for a tag that was cut off, which no parser takes for one."""
    for _ in range(MOST_ATTRIBUTES):
        if end := _END.match(html, at):
            return end.end()
        found = _ATTRIBUTE.match(html, at)
        if found is None:
            return len(html)
        at = found.end()
    if end := _END.match(html, at):
        return end.end()
    raise TooWildHtml(f"A tag in it has more than {MOST_ATTRIBUTES} attributes.")


class _Standing:
    """What is open, never less than a parser has open: what stays open in a table's cell counts on outside it."""

    def __init__(self) -> None:
        self._rooms: list[tuple[str, Counter[str]]] = [("", Counter())]
        self._all: Counter[str] = Counter()
        self._count = 0

    def open(self, name: str) -> None:
        """Raises TooWildHtml for one too many."""
        if name in _VOID:
            return
        if name in _CELLS and self._rooms[-1][0] in _CELLS:
            self._leave()
        lists = self._all["table"] + self._all["ul"] + self._all["ol"]
        if name not in _SELF_CLOSING or self._all[name] <= lists:
            self._rooms[-1][1][name] += 1
            self._all[name] += 1
            self._count += 1
        if self._count > MOST_OPEN:
            raise TooWildHtml(f"More than {MOST_OPEN} tags in it are open at once.")
        if name in _BARRIERS:
            self._rooms.append((name, Counter()))

    def close(self, name: str) -> None:
        """An end tag for what is not open here does nothing."""
        if name == "table" and any(room == "table" for room, _ in self._rooms):
            while self._leave() != "table":
                pass
        elif name in _BARRIERS:
            if self._rooms[-1][0] != name:
                return
            self._leave()
        here = self._rooms[-1][1]
        if here[name]:
            here[name] -= 1
            self._all[name] -= 1
            self._count -= 1

    def _leave(self) -> str:
        name, left = self._rooms.pop()
        self._rooms[-1][1].update(left)
        return name

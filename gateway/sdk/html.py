"""HTML that strangers wrote: refused where it would keep a parser busy, and cleaned of all that acts.

A parser's work grows with the square of what stays open (20,000 nested `<div>`: 1.5 s; 3,000 `<b>` that each `<p>`
opens again: 5.7 s and 70 MB) and of one tag's attributes (60,000: 2.3 s in nh3, 31 s in lxml). Both are counted first,
in one pass; what is within the limits takes a fraction of a second. Still, off the event loop.
"""

import re
from collections import Counter
from collections.abc import Callable

import nh3

MOST_CHARACTERS = 1_000_000
MOST_OPEN = 500
MOST_ATTRIBUTES = 200

_TAG = re.compile(r"<(/?)([a-zA-Z][^\t\n\f\r />]{0,60})")
# One attribute as HTML's tokenizer reads it: what a quote is depends on what stands before it.
_ATTRIBUTE = re.compile(
    r"""[\t\n\f\r /]*=?[^\t\n\f\r />=]+"""
    r"""(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"[^"]*"|'[^']*'|[^\t\n\f\r >"'][^\t\n\f\r >]*|(?=>)))?"""
)
_END = re.compile(r"[\t\n\f\r /]*>")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "basefont",
        "bgsound",
        "frame",
        "keygen",
    ]
)
# Closed by the next one of their kind, so that many may stand one after the other without their end tag.
_SELF_CLOSING = frozenset(
    ["p", "li", "dd", "dt", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "rt", "rp"]
)

_TAGS = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "address",
        "article",
        "aside",
        "b",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "details",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "font",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "main",
        "mark",
        "ol",
        "p",
        "pre",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "section",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "summary",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "wbr",
    ]
)
_FORMAT = {"align", "valign", "bgcolor", "dir", "lang", "title", "style", "width", "height"}
_ATTRIBUTES = {
    "*": _FORMAT,
    "a": {"href", "name"},
    "img": {"src", "alt", "border", "hspace", "vspace"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "nowrap", "scope"},
    "ol": {"start", "type"},
    "li": {"value"},
    "blockquote": {"type"},
}
# Nothing that fetches, moves out of its place, or covers what is not its own.
_STYLES = frozenset(
    [
        "color",
        "background-color",
        "font",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "font-variant",
        "line-height",
        "letter-spacing",
        "text-align",
        "text-decoration",
        "text-indent",
        "text-transform",
        "vertical-align",
        "white-space",
        "word-break",
        "word-wrap",
        "overflow-wrap",
        "border",
        "border-top",
        "border-right",
        "border-bottom",
        "border-left",
        "border-collapse",
        "border-color",
        "border-radius",
        "border-spacing",
        "border-style",
        "border-width",
        "margin",
        "margin-top",
        "margin-right",
        "margin-bottom",
        "margin-left",
        "padding",
        "padding-top",
        "padding-right",
        "padding-bottom",
        "padding-left",
        "width",
        "max-width",
        "min-width",
        "height",
        "max-height",
        "min-height",
        "display",
        "direction",
        "list-style-type",
        "table-layout",
    ]
)
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid", "data"})
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)

Source = Callable[[str], str | None]
"""From where a picture says it is to where it is taken from; None leaves it out."""


class TooWildHtml(ValueError):
    """So large, so deep or with so many attributes that no parser should see it. The text says which."""


def require_tame(html: str) -> None:
    """Raises TooWildHtml for what is beyond the limits."""
    if len(html) > MOST_CHARACTERS:
        raise TooWildHtml(f"It has more than {MOST_CHARACTERS:,} characters.")
    open_now: Counter[str] = Counter()
    standing = 0
    # Every "<" before a letter counts, also one in a comment or a value: what a parser takes for a tag is among them.
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if tag[1]:
            if open_now[name]:
                open_now[name] -= 1
                standing -= 1
            continue
        _require_few_attributes(html, tag.end())
        if name in _VOID:
            continue
        if name in _SELF_CLOSING and open_now[name] > open_now["table"] + open_now["ul"] + open_now["ol"]:
            continue
        open_now[name] += 1
        standing += 1
        if standing > MOST_OPEN:
            raise TooWildHtml(f"More than {MOST_OPEN} tags in it are open at once.")


def _require_few_attributes(html: str, at: int) -> None:
    for _ in range(MOST_ATTRIBUTES):
        if _END.match(html, at):
            return
        found = _ATTRIBUTE.match(html, at)
        if found is None:
            break
        at = found.end()
    if len(html) - at > MOST_ATTRIBUTES * 2:  # a last tag that was cut off harms nobody
        raise TooWildHtml(f"A tag in it has more than {MOST_ATTRIBUTES} attributes, or does not end.")


def sanitise(html: str, source: Source | None = None) -> str:
    """HTML without scripts, forms, frames, styles that fetch, and whatever else acts. Raises TooWildHtml.

    Pictures keep where they say they are (`http`, `https`, `cid`, `data`), or what `source` makes of it: who shows the
    result decides what is fetched.
    """
    require_tame(html)

    def judged(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src":
            kept = value if not value.lower().startswith("data:") or _PICTURE.fullmatch(value) else None
            return kept if kept is None or source is None else source(kept)
        if attribute == "href" and value.lower().lstrip().startswith(("data:", "cid:")):
            return None
        return value

    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "title", "textarea", "noscript", "template", "svg", "math"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=judged,
        url_schemes=set(_SCHEMES),
        url_relative="deny",
        filter_style_properties=set(_STYLES),
        link_rel="noopener noreferrer",
    )

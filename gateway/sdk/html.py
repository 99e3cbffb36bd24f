"""HTML that strangers wrote, cleaned of all that acts. Takes a fraction of a second; still, off the event loop."""

import re
from collections.abc import Callable

import nh3

from gateway.sdk.tame_html import MOST_ATTRIBUTES, MOST_CHARACTERS, MOST_OPEN, TooWildHtml, tame

__all__ = ["MOST_ATTRIBUTES", "MOST_CHARACTERS", "MOST_OPEN", "Source", "TooWildHtml", "sanitise", "tamed"]

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
# What a browser leaves out of an address before it looks at its scheme.
_AROUND = "".join(map(chr, range(33)))
_WITHIN = str.maketrans("", "", "\t\n\r")
_ONLY_PICTURES = re.compile(r"(?:data|cid):", re.IGNORECASE)
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid", "data"})
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)

Source = Callable[[str], str | None]
"""From where a picture says it is to where it is taken from; None leaves it out."""


def tamed(html: str) -> str:
    """Its text, and the tags that can be shown: nothing that keeps a parser busy. Raises TooWildHtml."""
    return tame(html, _TAGS)


def sanitise(html: str, source: Source | None = None) -> str:
    """HTML without scripts, forms, frames, styles that fetch, and whatever else acts. Raises TooWildHtml.

    Pictures keep where they say they are (`http`, `https`, `cid`, `data`), or what `source` makes of it: who shows the
    result decides what is fetched.
    """
    html = tamed(html)

    def judged(tag: str, attribute: str, value: str) -> str | None:
        if attribute not in ("href", "src"):
            return value
        url = value.strip(_AROUND).translate(_WITHIN)
        if attribute == "href":
            return None if _ONLY_PICTURES.match(url) else url
        kept = url if not url.lower().startswith("data:") or _PICTURE.fullmatch(url) else None
        return kept if kept is None or source is None else source(kept)

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

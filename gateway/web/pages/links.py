"""Addresses of pages within what people wrote, made to be followed."""

import re

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"https?://[^\s<>\"'\u200e\u200f\u202a-\u202e\u2066-\u2069]+", re.IGNORECASE)
_AFTER = ".,;:!?\u2026\u201d\u2019\u00bb*_"
_LINK = Markup('<a class="url" href="{0}" target="_blank" rel="noopener noreferrer nofollow ugc">{0}</a>')


def linked(text: str, cut: bool = False) -> str:
    """The text with links in it; all else stays text. Where it was `cut`, what stands last may be half an address."""
    if "://" not in text:
        return text
    pieces, end = [], 0
    for found in _ADDRESS.finditer(text):
        if cut and found.end() == len(text):
            break
        address = _trimmed(found[0])
        if len(address) <= len("https://"):
            continue
        pieces += [escape(text[end : found.start()]), _LINK.format(address)]
        end = found.start() + len(address)
    return Markup("").join([*pieces, escape(text[end:])])


def _trimmed(address: str) -> str:
    """Without the marks that belong to the sentence: the full stop, and a bracket that was opened before it."""
    while address and (address[-1] in _AFTER or (address[-1] == ")" and address.count(")") > address.count("("))):
        address = address[:-1]
    return address

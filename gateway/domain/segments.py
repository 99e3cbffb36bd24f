"""Segments: cutting a text into short messages, and the header that says how they belong together.

Limits and headers: 3GPP TS 23.040, 9.2.3.24. One short message carries 140 octets: 160 septets or 70 UTF-16 code
units. A part of a longer one gives 6 octets to its header (7 with a 16-bit reference), which leaves 153 (152) septets
or 67 (66) units.
"""

from collections.abc import Iterator
from typing import Literal

import regex

from gateway.domain.encoding import Encoding, encoding_of, mend_surrogates, units
from gateway.domain.joining import Concat
from gateway.domain.record import record

ReferenceBits = Literal[8, 16]

_WHOLE = {Encoding.GSM7: 160, Encoding.UCS2: 70}
_PART = {
    (Encoding.GSM7, 8): 153,
    (Encoding.GSM7, 16): 152,
    (Encoding.UCS2, 8): 67,
    (Encoding.UCS2, 16): 66,
}

_CLUSTER = regex.compile(r"\X")
_CONCAT_8 = 0x00
_CONCAT_16 = 0x08


@record
class Segmentation:
    """A text as it goes over the air: `units` in septets (GSM-7) or UTF-16 code units (UCS-2), headers not counted."""

    encoding: Encoding
    units: int
    parts: tuple[str, ...]


def split(text: str, reference_bits: ReferenceBits = 8) -> Segmentation:
    """Cut a text into as few parts as keep every character whole; the empty text is one empty part.

    An escape pair and a surrogate pair are never cut; what a person sees as one character (an emoji with its skin
    tone, a letter with its accent) isn't either, unless it alone is longer than a part. Joined again the parts are
    the text.
    """
    encoding = encoding_of(text)
    if encoding is Encoding.UCS2:
        text = mend_surrogates(text)
    length = units(text, encoding)
    if length <= _WHOLE[encoding]:
        return Segmentation(encoding, length, (text,))
    limit = _PART[encoding, reference_bits]
    if encoding is Encoding.GSM7 and length == len(text) and "\r\n" not in text:
        parts = tuple(text[start : start + limit] for start in range(0, length, limit))
    else:
        parts = tuple(_cut(text, encoding, limit))
    return Segmentation(encoding, length, parts)


def _cut(text: str, encoding: Encoding, limit: int) -> Iterator[str]:
    """Parts of at most `limit` units, each as full as the next whole character allows."""
    start = 0
    while start < len(text):
        end = _furthest(text, start, encoding, limit)
        if end < len(text):
            end = _boundary(text, start, end)
        yield text[start:end]
        start = end


def _furthest(text: str, start: int, encoding: Encoding, limit: int) -> int:
    """Where the longest run of code points from `start` with at most `limit` units ends."""
    run = text[start : start + limit]
    while (excess := units(run, encoding) - limit) > 0:
        run = run[: -((excess + 1) // 2)]  # a code point has at most two units, so this never takes off too many
    return start + len(run)


def _boundary(text: str, start: int, end: int) -> int:
    """The last place up to `end` that is not inside a grapheme cluster; `end` itself if there's none after `start`."""
    sure = end
    while sure > start and not _is_surely_apart(text[sure - 1], text[sure]):
        sure -= 1
    if sure == end:
        return end
    best = sure
    for cluster in _CLUSTER.finditer(text, sure):
        if cluster.end() > end:
            break
        best = cluster.end()
    return best if best > start else end


def _is_surely_apart(before: str, after: str) -> bool:
    """Whether two neighbours are too plain to need a look at the rules: below U+0300 only CR and LF join."""
    return before < "\u0300" > after and not (before == "\r" and after == "\n")


def udh(reference: int, total: int, index: int, bits: ReferenceBits = 8) -> bytes:
    """The user data header of one part, its length octet first: 6 octets with an 8-bit reference, 7 with 16 bits.

    ValueError if the numbers don't fit: `total` up to 255, `index` from 1 to `total`, `reference` within its bits.
    """
    if not (1 <= index <= total <= 255 and 0 <= reference < 1 << bits):
        raise ValueError(f"no header for part {index} of {total} with the {bits}-bit reference {reference}")
    if bits == 8:
        return bytes((5, _CONCAT_8, 3, reference, total, index))
    return bytes((6, _CONCAT_16, 4, reference >> 8, reference & 0xFF, total, index))


def parse_udh(data: bytes) -> tuple[Concat | None, bytes]:
    """Read user data that begins with a header: what it says about concatenation, and the octets after the header.

    Other information elements, in any order, are stepped over. As the standard asks, an element with an impossible
    total or index is ignored, and of several the last counts. A header longer than the data is none: (None, all of
    the data).
    """
    if not data or data[0] >= len(data):
        return None, data
    end = 1 + data[0]
    concat = None
    place = 1
    while place + 2 <= end:
        kind, length = data[place], data[place + 1]
        value = data[place + 2 : place + 2 + length]
        place += 2 + length
        if place > end:
            break
        if kind == _CONCAT_8 and length == 3:
            found = Concat(value[0], value[1], value[2])
        elif kind == _CONCAT_16 and length == 4:
            found = Concat(value[0] << 8 | value[1], value[2], value[3])
        else:
            continue
        if 1 <= found.index <= found.total:
            concat = found
    return concat, data[end:]

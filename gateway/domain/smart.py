"""Smart encoding: the characters that make a text dear, and plain ones that say the same in GSM-7.

One curly quote turns 160 characters a segment into 70. Nothing is replaced unless somebody asks for it.
"""

import unicodedata

from gateway.domain.encoding import GSM_CHARACTERS, OUTSIDE_GSM
from gateway.domain.record import record

# What is written instead, and all that is written so. Word processors, phone keyboards and web pages put most of
# these into texts unasked. Letters with accents and compatibility forms (ligatures, wide and circled forms) are
# worked out from Unicode's own decompositions in `_derived`.
_INSTEAD = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u02bd\u02c8\u02ca\u02cb\u0060\u00b4\u055a\ua78c",
    '"': "\u201c\u201d\u201e\u201f\u2033\u2036\u02ba\u02dd\u3003\u301d\u301e\u301f\u275d\u275e",
    "<": "\u2039\u2329\u3008\u276e",
    ">": "\u203a\u232a\u3009\u276f",
    "<<": "\u00ab\u300a\u226a",
    ">>": "\u00bb\u300b\u226b",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u02d7\u2043\u207b\u208b\u2500\u2501\u2e3a\u2e3b\u00af\u02c9",
    "*": "\u2022\u2023\u2219\u25cf\u25e6\u25aa\u25ab\u00b7\u2217\u2605\u2606\u204e\u2731\u30fb\u2027",
    "...": "\u2026\u22ef",
    "..": "\u2025",
    ".": "\u2024\u3002",
    ",": "\u3001\u060c\u02cf",
    ";": "\u061b\u204f",
    ":": "\u2236\u02d0\ua789\u05c3",
    "!": "\u01c3\u2757\u2755",
    "?": "\u061f\u2753\u2754",
    "!!": "\u203c",
    "?!": "\u203d\u2048",
    "!?": "\u2049",
    "/": "\u2044\u2215\u29f8\u2571",
    "\\": "\u2216\u29f5\u2572",
    "|": "\u2223\u2502\u01c0\u00a6\u2758",
    "_": "\u2017\u02cd\u203f",
    "~": "\u02dc\u223c\u2053\u301c",
    "^": "\u02c6\u2038\u02c4",
    "+": "\u2795\u02d6",
    "x": "\u00d7\u2715\u2716\u2717",
    "=": "\u2261\u2550",
    "%": "\u066a\u2052",
    "#": "\u266f",
    "(": "\u2768\u276a\u3014\u3010",
    ")": "\u2769\u276b\u3015\u3011",
    "->": "\u2192\u21d2\u279c\u2794\u27a1",
    "<-": "\u2190\u21d0\u2b05",
    "<=": "\u2264",
    ">=": "\u2265",
    "+/-": "\u00b1",
    " ": "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\v\u2800",
    "\n": "\u2028\u2029\u0085",
    "": "\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\ufeff\ufe0e\ufe0f\u0000",
    "(c)": "\u00a9",
    "(R)": "\u00ae",
    "(P)": "\u2117",
    "c": "\u00a2",
    "EUR": "\u20a0",
    "INR": "\u20b9",
    "NGN": "\u20a6",
    "PHP": "\u20b1",
    "GHS": "\u20b5",
    "KRW": "\u20a9",
    "ILS": "\u20aa",
    "VND": "\u20ab",
    "RUB": "\u20bd",
    "UAH": "\u20b4",
    "TRY": "\u20ba",
    "BTC": "\u20bf",
    "deg": "\u00b0\u02da",
    "u": "\u00b5\u03bc",
    "S": "\u1e9e",
    "ss": "\ua7a9",
    "AE": "\u01e2",
    "OE": "\u0152",
    "oe": "\u0153",
    "Th": "\u00de",
    "th": "\u00fe",
    "D": "\u00d0\u0110\u0189",
    "d": "\u00f0\u0111",
    "L": "\u0141\u023d",
    "l": "\u0142\u019a",
    "H": "\u0126\u0397",
    "h": "\u0127",
    "i": "\u0131",
    "T": "\u0166\u03a4",
    "t": "\u0167",
    "N": "\u014a\u039d",
    "n": "\u014b\u0149",
    "k": "\u0138",
    "B": "\u0181\u0392",
    "G": "\u01e4",
    "g": "\u01e5",
    "Z": "\u01b5\u0396",
    "z": "\u01b6",
    # Greek in capitals is written with Latin letters where they look the same: GSM-7 holds only the others.
    "A": "\u0391",
    "E": "\u0395",
    "I": "\u0399",
    "K": "\u039a",
    "M": "\u039c",
    "O": "\u039f",
    "P": "\u03a1",
    "Y": "\u03a5",
    "X": "\u03a7",
}
REPLACEMENTS = {character: instead for instead, characters in _INSTEAD.items() for character in characters}


@record
class Costly:
    """A character that forces UCS-2, its place in the text in code points, and what can stand for it, if anything."""

    index: int
    char: str
    replacement: str | None


def costly(text: str) -> tuple[Costly, ...]:
    """Every character outside GSM-7, in order. Empty when the text is cheap as it is."""
    return tuple(Costly(found.start(), found[0], replacement_for(found[0])) for found in OUTSIDE_GSM.finditer(text))


def plain(text: str) -> str:
    """The text with each costly character that has a replacement replaced; the others stay."""
    return OUTSIDE_GSM.sub(lambda found: _or_itself(found[0]), text)


def replacement_for(character: str) -> str | None:
    """What GSM-7 can write for a character, perhaps nothing at all (""), or None: emoji, other scripts."""
    known = REPLACEMENTS.get(character)
    return _derived(character) if known is None else known


def _or_itself(character: str) -> str:
    instead = replacement_for(character)
    return character if instead is None else instead


def _derived(character: str) -> str | None:
    """The nearest letter under the accents, or what a compatibility form stands for, if GSM-7 holds all of it."""
    if "\u0300" <= character <= "\u036f":
        return ""  # an accent by itself, whose letter stands before it
    decomposition = unicodedata.decomposition(character)
    if not decomposition:
        return None
    kind, *rest = decomposition.split() if decomposition.startswith("<") else ("", *decomposition.split())
    written = [chr(int(code, 16)) for code in rest]
    if kind in {"<isolated>", "<initial>", "<medial>", "<final>"}:
        return None
    pieces = [piece if piece in GSM_CHARACTERS else replacement_for(piece) for piece in written]
    return None if None in pieces else "".join(piece for piece in pieces if piece)

"""Folding: what a person wrote, without what the eye doesn't see or doesn't tell apart."""

import unicodedata

import regex

# Zero-width joiners and spaces, bidirectional marks, soft hyphens, variation selectors, fillers, and control characters
# other than white space: pasted from contact cards and web pages, and never meant.
_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cs}]|[\p{Cc}--\s]", flags=regex.VERSION1)
_DIGIT = regex.compile(r"[\p{Nd}--[0-9]]", flags=regex.VERSION1)


def visible(text: str) -> str:
    """The text without invisible and control characters, unpaired surrogates included; white space stays."""
    return text if text.isascii() and text.isprintable() else _INVISIBLE.sub("", text)


def folded(text: str) -> str:
    """The visible text with width and compatibility forms folded (NFKC) and case taken away."""
    if text.isascii():
        return visible(text).lower()
    return unicodedata.normalize("NFKC", visible(text)).casefold()


def ascii_digits(text: str) -> str:
    """The text with the decimal digits of every script as 0 to 9."""
    return text if text.isascii() else _DIGIT.sub(lambda found: str(unicodedata.digit(found[0])), text)

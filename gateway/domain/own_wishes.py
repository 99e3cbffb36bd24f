"""A workspace's own phrases that may mean "no more messages": what people say in its trade, or in another language.

A phrase of several words counts wherever its words stand one after the other; a single word only when it is all that
was said. Case, accents and marks don't count.
"""

from collections.abc import Sequence
from functools import lru_cache

from gateway.domain.said import plain, wants_out

MOST_PHRASES = 100
SHORTEST_PHRASE = 3
LONGEST_PHRASE = 80


def may_want_out(text: str, phrases: Sequence[str]) -> bool:
    """Whether this sounds like somebody who wants no more messages: to anybody, or in one of these phrases."""
    return wants_out(text) or is_among(text, phrases)


def is_among(text: str, phrases: Sequence[str]) -> bool:
    """Whether one of the phrases is said."""
    if not phrases:
        return False
    said = plain(text)
    whole, parts = _read(tuple(phrases))
    return said in whole or any(part in f" {said} " for part in parts)


@lru_cache(maxsize=256)  # one entry for each workspace and state of its settings
def _read(phrases: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    known = [plain(one) for one in phrases]
    return frozenset(known), tuple(f" {one} " for one in known if " " in one)

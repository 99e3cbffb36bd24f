"""A workspace's own phrases that may mean "no more messages": what people say in its trade, or in another language.

A phrase of several words counts wherever its words stand one after the other; a single word only when it is all that
was said. Case, accents and marks don't count.
"""

from collections.abc import Sequence
from functools import lru_cache

from gateway.domain.consent_words import ConsentWord
from gateway.domain.said import of_law, plain, wants_out

MOST_PHRASES = 100
SHORTEST_PHRASE = 3
LONGEST_PHRASE = 80


def phrases_of(value: object) -> tuple[str, ...]:
    """What somebody wrote as phrases, each once. ValueError with a sentence for what can't be one."""
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError("must be a list of phrases.")
    phrases = {plain(one): " ".join(one.split()) for one in reversed(value)}
    if len(phrases) > MOST_PHRASES:
        raise ValueError(f"has more than {MOST_PHRASES} phrases.")
    for said, phrase in reversed(phrases.items()):
        if len(said) < SHORTEST_PHRASE or len(phrase) > LONGEST_PHRASE:
            shown = phrase[:LONGEST_PHRASE]
            raise ValueError(f"“{shown}” must have {SHORTEST_PHRASE} to {LONGEST_PHRASE} letters and digits.")
        if of_law(phrase) in (ConsentWord.START, ConsentWord.HELP):
            raise ValueError(f"“{phrase}” has a meaning by law that is another.")
    return tuple(reversed(phrases.values()))


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

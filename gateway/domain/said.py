"""What somebody texted, as it is compared with words that machines answer to."""

import re
import unicodedata

from gateway.domain.consent_words import ConsentWord, classify, whole_word
from gateway.domain.folding import folded

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_APOSTROPHES = re.compile(r"['\u2019]")
_READ = 2_000
_OF_LAW = frozenset({ConsentWord.STOP, ConsentWord.START})


def plain(text: str) -> str:
    """The words of a text alone, one blank between them: case, accents, width, punctuation and emoji don't count."""
    said = folded(text[:_READ])
    if not said.isascii():
        apart = unicodedata.normalize("NFD", said)
        said = unicodedata.normalize("NFC", "".join(one for one in apart if not unicodedata.combining(one)))
    return " ".join(_APOSTROPHES.sub("", word) for word in _WORD.findall(said))


def first_words(said: str, most: int) -> list[str]:
    """The beginnings of a plain text, the longest first: at most `most` words of it."""
    words = said.split(" ", most)[:most]
    return [" ".join(words[:count]) for count in range(len(words), 0, -1)]


def of_law(word: str) -> ConsentWord | None:
    """Which family of legal words this is or begins with; SUGGEST for what sounds like one of STOP; None: it's free."""
    said = plain(word)
    family = whole_word(word) or whole_word(said)
    if family is None and whole_word(said.split(" ", 1)[0]) in _OF_LAW:
        family = whole_word(said.split(" ", 1)[0])
    if family is not None:
        return family
    return ConsentWord.SUGGEST if wants_out(word) else None


def wants_out(text: str) -> bool:
    """Whether this sounds like somebody who wants no more messages, without saying STOP: that is for a person."""
    return classify(text) is ConsentWord.SUGGEST

"""Consent words: what an inbound text means for consent.

STOP and the words that law and carriers treat alike are obeyed at once, when they are the whole message. What only
sounds like it ("please stop texting me") is a suggestion: an agent is shown it and automation is held, nobody is
unsubscribed by a guess.
"""

import re
from enum import StrEnum
from functools import lru_cache

from gateway.domain.consent_wishes import sounds_like_a_stop
from gateway.domain.folding import folded


class ConsentWord(StrEnum):
    """What a text says about consent. `suggest`: it may be meant as a stop, and a person should look."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    SUGGEST = "suggest"
    NONE = "none"


# Words that mean only one thing. CANCEL, END and QUIT have other uses, and are asked for more certainty in `_whole`.
_CLEAR_STOPS = frozenset({"stop", "stopall", "unsubscribe", "revoke", "optout"})
_WORDS = {
    **dict.fromkeys(_CLEAR_STOPS | {"cancel", "end", "quit"}, ConsentWord.STOP),
    "start": ConsentWord.START,
    "unstop": ConsentWord.START,
    "help": ConsentWord.HELP,
    "info": ConsentWord.HELP,
}
_LONGEST_WORD = max(map(len, _WORDS))

_NOT_LETTERS = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")

# A line that begins a signature, a phone's own footer, or the message that is being answered.
_SIGNATURE = re.compile(
    r"\s*(?:--|__|[-~\u2013\u2014*]\s*[^\W\d_]|>|sent (?:from|via|with|by) |get outlook |on .{1,200} wrote:$|"
    r"from: |-+ ?original message)",
    flags=re.IGNORECASE,
)

# A word, a signature and the message it answers; what comes later is not looked at.
_LONGEST_WHOLE = 4_000
# Of a first line only so much is read: no consent word is longer.
_READ = 400


def classify(text: str, *, stopped: bool = False) -> ConsentWord:
    """What `text` means for consent; `stopped` says that its sender has stopped us, to whom alone YES means START.

    Case, blanks, punctuation, width and invisible characters don't count. The whole message must be the word, or its
    first line where a signature follows.
    """
    word = whole_word(text, stopped=stopped)
    if word is not None:
        return word
    return ConsentWord.SUGGEST if sounds_like_a_stop(text) else ConsentWord.NONE


@lru_cache(maxsize=1024)  # a text is asked about before its batch is loaded and again when it is decided
def whole_word(text: str, *, stopped: bool = False) -> ConsentWord | None:
    """The consent word that the text is, or None: `classify` without the look for suggestions, and cheap."""
    first, *others = text[:_LONGEST_WHOLE].strip().splitlines() or [""]
    if len(_squeezed(first[:60])) > _LONGEST_WORD:  # nearly every text ends here
        return None
    written = _squeezed(first)
    rest = [line for line in others if line.strip()]
    if rest and not _is_signature(rest, certain=written not in _CLEAR_STOPS):
        written = _squeezed(text)
    if stopped and written == "yes":
        return ConsentWord.START
    return _WORDS.get(written)


def _squeezed(text: str) -> str:
    """The letters and digits alone, of a long text those of its beginning: enough to see that it's no consent word."""
    return _NOT_LETTERS.sub("", folded(text[:_READ]))


def _is_signature(lines: list[str], *, certain: bool) -> bool:
    """Whether what follows the first line says nothing of its own.

    A dash, a footer or a quotation always; where it needn't be `certain`, also up to three lines that look like a name.
    """
    if _SIGNATURE.match(lines[0]):
        return True
    return not certain and len(lines) <= 3 and all(map(_looks_like_name, lines))


def _looks_like_name(line: str) -> bool:
    """Up to four words, each with a capital: a name, a company."""
    words = _WORD.findall(line)
    return 1 <= len(words) <= 4 and all(word[0].isupper() for word in words) and "?" not in line

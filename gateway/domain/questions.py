"""Questions that machines ask contacts, and what of a contact's next words is the answer.

Whoever asks says which answers there are and in which words; no answers at all means that any words are one. One
question at a time is open in a thread: the first that was asked.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from gateway.domain.folding import folded
from gateway.domain.record import record

MOST_VALUE = 400
"""Values are counted by the bands of tallies."""


class QuestionState(StrEnum):
    """`ended`: its time was over, the contact opted out, or a person of ours wrote."""

    OPEN = "open"
    ANSWERED = "answered"
    ENDED = "ended"


@record
class Question:
    """Something a plugin asked a contact. `key` is the plugin's name for it, `scale` what its values are counted by.

    Owner, sender, gateway and tags are those of the conversation when it was asked. `about` is the question that this
    one follows up on. `asked_from` is the sender the question itself went out from. `answers` are the words of each
    value; empty: any words. `answer_id` is the message.
    """

    workspace_id: int
    id: int
    plugin: str
    key: str
    thread_id: int
    contact_id: int
    message_id: int
    asked_at: int
    until: int
    scale: str | None = None
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    conversation_id: int | None = None
    user_id: int | None = None
    sender_id: int | None = None
    gateway_id: int | None = None
    tag_ids: tuple[int, ...] = ()
    about: int | None = None
    state: QuestionState = QuestionState.OPEN
    value: int | None = None
    answer_id: int | None = None
    answered_at: int | None = None
    asked_from: int | None = None


# What people say around an answer: "very good 5", "I'd give it a 4", "ganz klar eine 2".
_ENGLISH = """
    a an and the i id we my our it its is was be would give gave say score rate rating mark note grade number star stars
    point points out of from very really so super quite just definitely absolutely clear clearly good great nice well
    fine ok okay bad poor best excellent perfect amazing awesome terrible awful happy service job thanks thank you ty
    thx please hi hello hey all for to
"""
_GERMAN = """
    ein eine einen einer ich wir gebe geben geb gab es das ist war und die der den sterne stern punkte punkt note
    von sehr wirklich ganz klar klare klarer gut super toll prima schlecht perfekt zufrieden danke dank vielen
    schoen bitte hallo alles fuer eindeutig mal
"""
_AROUND = frozenset(f"{_ENGLISH}{_GERMAN}".split())
_MOST_WORDS = 6
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['\u2019\u02bc]")
_OF = re.compile(r"^\W*(\d+)\s*(?:/|out\s+of|of|von|aus)\s*\d+\W*$")
_TONES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f\ufe0e\u200d]")
_PICTURES = re.compile("[\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]+")
_QUOTED = re.compile(r"^\s*(?:>|on .{1,200} wrote:$|am .{1,200} schrieb .{1,200}:$|--\s*$)", flags=re.IGNORECASE)
_READ = 500


def read_answer(text: str, answers: Mapping[str, Sequence[str]]) -> str | None:
    """The value that these words name; None for what is no answer, or might be several.

    "5", "five", "4!!", "5/5", "very good 5" and a thumb are answers; "5 people are coming" is something else.
    """
    said = _APOSTROPHES.sub("", folded(_TONES.sub("", _first_lines(text))))
    found = _OF.match(said)
    if found is not None:
        said = found[1]
    named = {folded(_TONES.sub("", word)): value for value, words in answers.items() for word in (value, *words)}
    if said.strip(" .!,;:-") in named:
        return named[said.strip(" .!,;:-")]
    pictures = {one for run in _PICTURES.findall(said) for one in ([run] if run in named else set(run))}
    words = _WORD.findall(said)
    if len(words) > _MOST_WORDS:
        return None
    plain = [_spelled(word) for word in words]
    values = {named[one] for one in words if one in named} or {named[one] for one in pictures if one in named}
    others = [one for one, word in zip(plain, words, strict=True) if word not in named and one not in _AROUND]
    return values.pop() if len(values) == 1 and not others else None


def _spelled(word: str) -> str:
    return word.replace("\u00e4", "ae").replace("\u00f6", "oe").replace("\u00fc", "ue")


def _first_lines(text: str) -> str:
    """What was said above a signature or the message that is answered."""
    kept = []
    for line in text[:_READ].strip().splitlines():
        if _QUOTED.match(line):
            break
        kept.append(line)
    return " ".join(kept)

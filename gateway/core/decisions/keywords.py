"""Keywords: made, changed, removed; which words are free, and who has those that aren't."""

from collections.abc import Sequence
from typing import Any

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.talks import RemoveKeyword, SaveKeyword
from gateway.core.decisions.machine_texts import checked
from gateway.core.decisions.names import require_live
from gateway.core.decisions.word_holders import require_free_words
from gateway.core.errors import conflict, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.consent import ConsentWord
from gateway.domain.form_answers import choice_of
from gateway.domain.keywords import LONGEST_WORD, MOST_WORDS, Keyword, Match
from gateway.domain.own_wishes import is_among
from gateway.domain.polls import choices_of
from gateway.domain.record import replace
from gateway.domain.said import of_law, plain
from gateway.domain.sender import SenderKind
from gateway.domain.visibility import Permission

MOST = 1_000
"""Keywords of one workspace; they are kept in memory."""

_REFERENCES = (
    ("list_id", "add_to_list", "list", "lists"),
    ("off_list_id", "remove_from_list", "list", "lists"),
    ("tag_id", "tag", "tag", "tags"),
    ("form_id", "start_form", "form", "forms"),
    ("poll_id", "poll", "poll", "polls"),
)
_SPEECHLESS = {SenderKind.EMAIL: "An e-mail address", SenderKind.ALPHANUMERIC: "A name as sender"}


def keyword_needs(command: SaveKeyword | RemoveKeyword, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def save(command: SaveKeyword, scene: Scene) -> Keyword:
    """A new one, or another state of one."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = None if command.keyword_id is None else live_keyword(scene, command.keyword_id)
    known = before or Keyword(scene.workspace_id, scene.new_id(), (), scene.now)
    if before is None and sum(1 for _ in scene.view.live(scene.view.keywords)) >= MOST:
        raise conflict("too-many-keywords", f"A workspace has at most {MOST} keywords.")
    fields = ("words", "match", "sender_ids", "answer", "consent", "choice", "enabled")
    names = (*fields, *(name for name, *_ in _REFERENCES))
    changes: dict[str, Any] = {name: value for name in names if (value := getattr(command, name)) is not UNCHANGED}
    after = _checked(scene, replace(known, **changes), set(changes))
    if before == after:
        return after
    if before is not None:
        scene.working.load(before)
    scene.working.put(after)
    scene.settings_changed("keyword", after.id)
    return after


def remove(command: RemoveKeyword, scene: Scene) -> None:
    """Its words are free again."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = live_keyword(scene, command.keyword_id)
    scene.working.load(before)
    scene.working.put(replace(before, removed_at=scene.now))
    scene.settings_changed("keyword", before.id)


def live_keyword(scene: Scene, keyword_id: int) -> Keyword:
    """One that was not removed, or 404."""
    found = scene.view.keywords.get(keyword_id)
    if found is None or found.removed_at is not None:
        raise not_found("keyword")
    return found


def _checked(scene: Scene, keyword: Keyword, changed: set[str]) -> Keyword:
    words, helps = _words(keyword, scene.view.policy.stop_phrases)
    keyword = replace(keyword, words=words, helps=helps, answer=checked("answer", keyword.answer))
    keyword = replace(keyword, sender_ids=speaking_senders(scene, keyword.sender_ids))
    for name, field, noun, records in _REFERENCES:
        wanted = getattr(keyword, name)
        if wanted is not None and name in changed:
            require_live(field, noun, [wanted], getattr(scene.view, records))
    if helps:
        _check_help(keyword)
    elif not keyword.answer and not any(getattr(keyword, name) for name, *_ in _REFERENCES):
        raise invalid("answer", "A keyword does something: answer, change a list, tag, begin a form, ask a poll.")
    if keyword.form_id is not None and keyword.poll_id is not None:
        raise invalid("start_form", "A form or a poll: two questions at once can't be told apart.")
    if keyword.choice is not None:
        keyword = _vote(scene, keyword)
    if keyword.enabled:
        taken = [(plain(word), word) for word in keyword.words]
        require_free_words(scene, taken, keyword.sender_ids, own_id=keyword.id, helps=helps)
    return keyword


def _words(keyword: Keyword, phrases: Sequence[str]) -> tuple[tuple[str, ...], bool]:
    """The words without those that are the same to us, and whether they ask for help."""
    words = {plain(word): " ".join(word.split()) for word in reversed(keyword.words)}
    if not words or not 1 <= len(keyword.words) <= MOST_WORDS:
        raise invalid("words", f"A keyword has 1 to {MOST_WORDS} words.")
    helps = 0
    for said, word in words.items():
        if not said:
            raise invalid("words", f"“{word}” has no letter and no digit to be known by.")
        if len(word) > LONGEST_WORD:
            raise invalid("words", f"A word has at most {LONGEST_WORD} characters.")
        family = of_law(word) or (ConsentWord.SUGGEST if is_among(word, phrases) else None)
        if family in (ConsentWord.STOP, ConsentWord.START, ConsentWord.SUGGEST):
            raise invalid("words", legal_sentence(word, family), "legal-word")
        helps += family is ConsentWord.HELP
    if helps and helps != len(words):
        raise invalid("words", "HELP and INFO have an answer of their own; give other words a keyword of their own.")
    return tuple(reversed(words.values())), bool(helps)


def legal_sentence(word: str, family: ConsentWord | None) -> str:
    """Why a word can't be had."""
    if family is ConsentWord.START:
        return f"“{word}” always means that somebody wants messages again; the law and carriers say so."
    if family is ConsentWord.SUGGEST:
        return f"“{word}” sounds like somebody who wants no more messages; a person has to look at that."
    return f"“{word}” always means that somebody wants no more messages; the law and carriers say so."


def _check_help(keyword: Keyword) -> None:
    if any(getattr(keyword, name) for name, *_ in _REFERENCES):
        raise invalid("words", "HELP is answered with a text and does nothing else.", "legal-word")
    if not keyword.answer:
        raise invalid("answer", "Write what HELP is answered with.", "empty")
    if keyword.match is Match.FIRST:
        raise invalid("match", "HELP is the whole message, or it is a question to a person.", "legal-word")


def _vote(scene: Scene, keyword: Keyword) -> Keyword:
    poll = scene.view.polls.get(keyword.poll_id or 0)
    if poll is None:
        raise invalid("vote", "Say in which poll this is a vote.")
    choices = choices_of(poll)
    place = choice_of(choices, keyword.choice or "")
    if place is None:
        raise invalid("vote", f"This poll has no choice “{keyword.choice}”.", "not-found")
    return replace(keyword, choice=choices[place].label)


def speaking_senders(scene: Scene, sender_ids: tuple[int, ...]) -> tuple[int, ...]:
    """Senders that can be texted, each once; 422 for others."""
    found = require_live("senders", "sender", sender_ids, scene.view.senders)
    for one in found:
        kind = scene.view.senders[one].kind
        if kind in _SPEECHLESS:
            raise invalid("senders", f"{_SPEECHLESS[kind]} can't be texted: {scene.view.senders[one].value}.")
    return found

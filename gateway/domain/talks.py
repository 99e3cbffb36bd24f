"""Which words are taken on which sender, and what a text means there: looked up in memory for each inbound text."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from gateway.domain.keywords import Keyword, Match
from gateway.domain.polls import Poll, Voters, choices_of, is_open
from gateway.domain.record import record
from gateway.domain.said import first_words, plain


@record
class Hit:
    """What a text hit: a keyword, or a choice (its place) of a poll that is open to anybody."""

    keyword: Keyword | None = None
    poll: Poll | None = None
    choice: int = 0


@record
class Talks:
    """The live keywords and open polls of a workspace by their plain words; each word with the senders it is on."""

    whole: Mapping[str, list[tuple[tuple[int, ...], Hit]]]
    first: Mapping[str, list[tuple[tuple[int, ...], Hit]]]
    longest: int
    help: list[Keyword] = field(default_factory=list)

    def find(self, text: str, sender_id: int | None, now: int) -> Hit | None:
        """What a text means on that sender now (ms): the whole of it first, then its longest beginning."""
        said = plain(text)
        if not said:
            return None
        found = _on(self.whole.get(said, ()), sender_id, now)
        if found is not None or not self.first:
            return found
        for beginning in first_words(said, self.longest):
            found = _on(self.first.get(beginning, ()), sender_id, now)
            if found is not None:
                return found
        return None

    def help_for(self, sender_id: int | None) -> Keyword | None:
        """The answer to HELP there: the sender's own before that of all."""
        fitting = [one for one in self.help if not one.sender_ids or sender_id in one.sender_ids]
        return next((one for one in fitting if one.sender_ids), None) or next(iter(fitting), None)


def _on(taken: Iterable[tuple[tuple[int, ...], Hit]], sender_id: int | None, now: int) -> Hit | None:
    """A poll that is not open has its word only where nothing else has it."""
    fitting = [hit for senders, hit in taken if not senders or sender_id in senders]
    live = (hit for hit in fitting if hit.poll is None or is_open(hit.poll, now))
    return next(live, None) or next(iter(fitting), None)


def talks_of(keywords: Iterable[Keyword], polls: Iterable[Poll]) -> Talks:
    """The words of those that are live and on; a poll's from its beginning to its end, which the decision looks at."""
    whole: dict[str, list[tuple[tuple[int, ...], Hit]]] = {}
    first: dict[str, list[tuple[tuple[int, ...], Hit]]] = {}
    help_texts = []
    for keyword in keywords:
        if keyword.removed_at is not None or not keyword.enabled:
            continue
        if keyword.helps:
            help_texts.append(keyword)
            continue
        for word in keyword.words:
            whole.setdefault(plain(word), []).append((keyword.sender_ids, Hit(keyword)))
            if keyword.match is Match.FIRST:
                first.setdefault(plain(word), []).append((keyword.sender_ids, Hit(keyword)))
    for poll in polls:
        if poll.removed_at is None and poll.voters is Voters.ANYBODY:
            for word, place in poll_words(poll).items():
                whole.setdefault(word, []).append((poll.sender_ids, Hit(poll=poll, choice=place)))
    longest = max((word.count(" ") + 1 for word in first), default=0)
    return Talks(whole, first, longest, help_texts)


def poll_words(poll: Poll) -> dict[str, int]:
    """Every plain word that is a vote, with the place of its choice."""
    words: dict[str, int] = {}
    for place, choice in enumerate(choices_of(poll)):
        for word in (str(place + 1), choice.label, *choice.words):
            words.setdefault(plain(word), place)
    return words

"""Which words are taken where: by keywords that are on, and by the choices of polls that anybody may answer."""

from collections.abc import Iterable, Iterator

from gateway.core.errors import conflict
from gateway.core.scene import Scene
from gateway.domain.polls import Voters
from gateway.domain.said import plain
from gateway.domain.talks import poll_words

Senders = tuple[int, ...]


def require_free_words(
    scene: Scene, words: Iterable[tuple[str, str]], sender_ids: Senders, *, own_id: int, helps: bool = False
) -> None:
    """409 with what holds it, when one of these (plain, written) words is taken on one of the senders (none: all)."""
    wanted = dict(words)
    for said, senders, owner_id, owner in _taken(scene, helps):
        if owner_id == own_id or said not in wanted or not _meet(senders, sender_ids, helps):
            continue
        where = _named(scene, [one for one in senders if not sender_ids or one in sender_ids])
        raise conflict(
            "word-taken", f"“{wanted[said]}” is taken {where} by {owner}. Choose another word, or change that."
        )


def _taken(scene: Scene, helps: bool) -> Iterator[tuple[str, Senders, int, str]]:
    """Every plain word with its senders, the id of its owner, and how people know that."""
    for keyword in scene.view.live(scene.view.keywords):
        if keyword.enabled and keyword.helps is helps:
            for word in keyword.words:
                yield plain(word), keyword.sender_ids, keyword.id, f"the keyword {keyword.name}"
    for poll in scene.view.live(scene.view.polls):
        over = poll.closes_at is not None and poll.closes_at <= scene.now
        if poll.voters is Voters.ANYBODY and not over and not helps:
            for word in poll_words(poll):
                yield word, poll.sender_ids, poll.id, f"the poll {poll.name}"


def _meet(theirs: Senders, ours: Senders, helps: bool) -> bool:
    """Whether they share a sender. A sender's own text for HELP stands before the one for all."""
    if not theirs or not ours:
        return theirs == ours if helps else True
    return bool(set(theirs) & set(ours))


def _named(scene: Scene, sender_ids: list[int]) -> str:
    known = [scene.view.senders[one].value for one in sender_ids if one in scene.view.senders]
    return f"on {', '.join(known)}" if known else "on all numbers"

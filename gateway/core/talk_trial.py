"""What a text would do, asked without sending it: the same words, in the same order, as when it comes in."""

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.consent_words import ConsentWord, whole_word
from gateway.domain.keywords import Keyword
from gateway.domain.nature import Nature
from gateway.domain.own_wishes import may_want_out
from gateway.domain.polls import Poll, choices_of, is_open
from gateway.domain.record import record


@record
class Tried:
    """What the text is: `law` a legal word, a `keyword`, a vote for `choice` of `poll`, or nobody's but a person's.

    `wants_out`: it sounds like somebody who wants no more messages, so no machine answers. In the middle of a form it
    would be the answer to the form's question.
    """

    nature: Nature
    law: ConsentWord | None = None
    keyword: Keyword | None = None
    poll: Poll | None = None
    choice: str | None = None
    wants_out: bool = False


def try_text(view: WorkspaceView, text: str, sender_id: int | None, now: int) -> Tried:
    """As if a contact without a conversation texted it to that sender now (ms)."""
    law = whole_word(text)
    if law in (ConsentWord.STOP, ConsentWord.START):
        return Tried(Nature.KEYWORD, law)
    talks = view.talks
    if law is ConsentWord.HELP:
        answer = talks.help_for(sender_id) if talks is not None else None
        return Tried(Nature.NATURAL if answer is None else Nature.KEYWORD, law, answer)
    hit = talks.find(text, sender_id, now) if talks is not None else None
    wish = may_want_out(text, view.policy.stop_phrases)
    if hit is None or wish:
        return Tried(Nature.NATURAL, wants_out=wish)
    if hit.keyword is not None:
        nature = Nature.POLL if hit.keyword.choice is not None else Nature.KEYWORD
        return Tried(nature, None, hit.keyword, view.polls.get(hit.keyword.poll_id or 0), hit.keyword.choice)
    if hit.poll is None or (not is_open(hit.poll, now) and hit.poll.closed is None):
        return Tried(Nature.NATURAL)
    return Tried(Nature.POLL, poll=hit.poll, choice=choices_of(hit.poll)[hit.choice].label)

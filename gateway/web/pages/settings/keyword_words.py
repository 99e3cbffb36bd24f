"""A keyword in words: what it does, as a sentence; and what a text would be."""

from gateway.core.talk_trial import Tried
from gateway.domain.consent_words import ConsentWord
from gateway.domain.keywords import Keyword, Match
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.talk_fields import where


def sentence(desk: Desk, one: Keyword) -> str:
    """What it does, as one reads it."""
    _ = desk.language.gettext
    whole = one.match is Match.WHOLE
    begins = (
        _("When a message %(where)s is just this word:") if whole else _("When a message %(where)s begins with it:")
    )
    does = []
    view = desk.view
    known = {
        "list": view.lists.get(one.list_id or 0),
        "off": view.lists.get(one.off_list_id or 0),
        "tag": view.tags.get(one.tag_id or 0),
        "form": view.forms.get(one.form_id or 0),
        "poll": view.polls.get(one.poll_id or 0),
    }
    if (found := known["list"]) is not None:
        words = _("put on the list %(name)s, with consent") if one.consent else _("put on the list %(name)s")
        does.append(words % {"name": found.name})
    if (found := known["off"]) is not None:
        does.append(_("take off the list %(name)s", name=found.name))
    if (found := known["tag"]) is not None:
        does.append(_("tag the conversation %(name)s", name=found.name))
    if one.answer is not None:
        does.append(_("answer “%(text)s”", text=_short(one.answer)))
    if (found := known["form"]) is not None:
        does.append(_("start the form %(name)s", name=found.name))
    if (found := known["poll"]) is not None:
        vote = one.choice is not None
        does.append(
            _("count a vote for %(choice)s in %(name)s", choice=one.choice or "", name=found.name)
            if vote
            else _("ask the poll %(name)s", name=found.name)
        )
    return f"{begins % {'where': where(desk, one.sender_ids)}} {', '.join(does)}."


def tried_words(desk: Desk, tried: Tried) -> tuple[str, str]:
    """What a text would be, in a sentence and a tone."""
    _ = desk.language.gettext
    if tried.law is ConsentWord.STOP:
        return _("Opts out at once, on every number. Nothing can change that."), "red"
    if tried.law is ConsentWord.START:
        return _("Opts in again. Nothing can change that."), "green"
    if tried.wants_out:
        return _(
            "For a person: it may mean that no more messages are wanted. Machines wait until somebody decides."
        ), "amber"
    if tried.keyword is not None:
        return _("The keyword %(name)s. %(does)s", name=tried.keyword.name, does=sentence(desk, tried.keyword)), "blue"
    if tried.poll is not None:
        name = {"choice": tried.choice or "", "name": tried.poll.name}
        return _("A vote for %(choice)s in %(name)s, unless a conversation is open.", **name), "blue"
    return _("For a person: it opens a conversation, like anything one writes."), ""


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"

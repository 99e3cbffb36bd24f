"""Keywords: words that contacts text, and what is done and answered then. What a text would do, tried."""

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.talks import RemoveKeyword, SaveKeyword
from gateway.core.errors import invalid
from gateway.core.routing import named_sender
from gateway.core.talk_trial import try_text
from gateway.domain.keywords import Keyword, Match
from gateway.domain.settings import Sender
from gateway.domain.visibility import Permission
from gateway.storage.talk_reads import keyword_uses_of
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, AddressText, Id, Text, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_of
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.talks import KeywordShape, TriedShape, keyword_shape, tried_shape
from gateway.web.api.talk_inputs import Answer, Senders, TagName, Words, record_id, sender_ids, tag_id

routes = Routes("Keywords")


class VoteFor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A choice of a poll, by its label or number."""

    poll: Id
    choice: Answer


class KeywordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes."""

    words: Words | Unset = UNSET
    match: Match | Unset = UNSET
    senders: Senders | Unset = UNSET
    answer: Answer | Unset | None = UNSET
    add_to_list: Id | Unset | None = UNSET
    consent: bool | Unset = UNSET
    remove_from_list: Id | Unset | None = UNSET
    tag: TagName | Unset | None = UNSET
    start_form: Id | Unset | None = UNSET
    ask_poll: Id | Unset | None = UNSET
    vote: VoteFor | Unset | None = UNSET
    enabled: bool | Unset = UNSET


class NewKeyword(KeywordChange, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words and what they do: at least one of `answer`, `add_to_list`, `remove_from_list`, `tag`, `start_form`,
    `ask_poll` and `vote`. `match` is `whole` (the message is the word) or `first` (it begins with it).
    """

    words: Words


class TextToTry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text, and the number it would be sent to."""

    text: Text
    to: AddressText | None = None


@routes.get("/keywords")
async def list_keywords(call: Call, query: PageQuery) -> Page[KeywordShape]:
    """List the keywords, with how many used each."""
    page = page_of(call.view.live(call.view.keywords), query, lambda one: one, lambda one: one.id)
    ids = [one.id for one in page.items]
    used = await call.read(lambda session: keyword_uses_of(session, call.workspace_id, ids))
    return Page([keyword_shape(one, call.view, used[one.id]) for one in page.items], page.next)


@routes.post("/keywords", permission=Permission.MANAGE_OUTREACH, status=201)
async def create_keyword(call: Call, body: NewKeyword) -> KeywordShape:
    """Make a keyword.

    409 names what has one of the words already; words of law (STOP, START and their kin) are 422.
    """

    def answer(made: Keyword) -> KeywordShape:
        return keyword_shape(made, call.view)

    return answer(await call.execute(command_of(call, body), answer))


@routes.ask("/keywords/try", permission=Permission.MANAGE_OUTREACH, status=200)
async def try_keyword(call: Call, body: TextToTry) -> TriedShape:
    """Try a text.

    What it would be, sent by somebody without a conversation. Nothing is stored or sent.
    """
    sender = None if body.to is None else named_sender(call.view, body.to)
    if body.to is not None and not isinstance(sender, Sender):
        raise invalid("to", "There is no such sender.", "not-found")
    sender_id = sender.id if isinstance(sender, Sender) else None
    return tried_shape(try_text(call.view, body.text, sender_id, call.state.clock()))


@routes.get("/keywords/{keyword_id}")
async def get_keyword(call: Call, keyword_id: int) -> KeywordShape:
    """Read a keyword."""
    return await _counted(call, live_record(call.view.keywords, keyword_id, "keyword"))


@routes.patch("/keywords/{keyword_id}", permission=Permission.MANAGE_OUTREACH)
async def update_keyword(call: Call, keyword_id: int, body: KeywordChange) -> KeywordShape:
    """Change a keyword."""
    return await _counted(call, await call.execute(command_of(call, body, keyword_id)))


@routes.delete("/keywords/{keyword_id}", permission=Permission.MANAGE_OUTREACH)
async def remove_keyword(call: Call, keyword_id: int) -> None:
    """Remove a keyword; its words are free again."""
    await call.execute(RemoveKeyword(keyword_id))


def command_of(call: Call, body: KeywordChange, keyword_id: int | None = None) -> SaveKeyword:
    """The change as a command. Asking a poll and voting in one are two things a keyword can't both do."""
    poll, choice = record_id("poll", body.ask_poll, "ask_poll"), UNCHANGED
    if poll is not UNCHANGED:
        choice = None
    if body.vote is not UNSET and body.vote is not None:
        if poll is not UNCHANGED and poll is not None:
            raise invalid("vote", "Ask the poll, or vote in one: not both.")
        poll, choice = record_id("poll", body.vote.poll, "vote.poll"), body.vote.choice
    elif body.vote is None and poll is UNCHANGED:
        poll, choice = None, None
    return SaveKeyword(
        keyword_id,
        UNCHANGED if body.words is UNSET else tuple(body.words),
        changed(body.match),
        sender_ids(call, body.senders),
        changed(body.answer),
        record_id("list", body.add_to_list, "add_to_list"),
        changed(body.consent),
        record_id("list", body.remove_from_list, "remove_from_list"),
        tag_id(call, body.tag),
        record_id("form", body.start_form, "start_form"),
        poll,
        choice,
        changed(body.enabled),
    )


async def _counted(call: Call, found: Keyword) -> KeywordShape:
    used = await call.read(lambda session: keyword_uses_of(session, call.workspace_id, [found.id]))
    return keyword_shape(found, call.view, used[found.id])

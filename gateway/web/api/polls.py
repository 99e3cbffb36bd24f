"""Polls: a question with choices by text, asked, opened, closed, counted."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.talks import AskPoll, OpenPoll, RemovePoll, SavePoll
from gateway.domain.model import Message
from gateway.domain.polls import Poll, Voters
from gateway.domain.visibility import Permission
from gateway.storage.talk_reads import LAST, vote_counts, vote_page
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Name, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import PageQuery, page_from, page_of, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.message import MessageShape, message_shape
from gateway.web.api.shapes.talks import (
    PollShape,
    PollVoteShape,
    ResultsShape,
    poll_shape,
    results_shape,
    vote_shape,
)
from gateway.web.api.talk_inputs import Answer, NewChoice, Senders, Whom, choices_in, sender_ids, whom
from gateway.web.api.times import to_ms_or_none
from gateway.web.reports.talk_tables import votes_csv

routes = Routes("Polls")
Choices = Annotated[list[NewChoice], msgspec.Meta(max_length=50)]


class PollChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes. Choices can be added and reworded, in their order; none can be taken away."""

    name: Name | Unset = UNSET
    question: Answer | Unset = UNSET
    choices: Choices | Unset = UNSET
    voters: Voters | Unset = UNSET
    senders: Senders | Unset = UNSET
    opens_at: datetime | Unset | None = UNSET
    closes_at: datetime | Unset | None = UNSET
    change_allowed: bool | Unset = UNSET
    thanks: Answer | Unset | None = UNSET
    already: Answer | Unset | None = UNSET
    closed: Answer | Unset | None = UNSET


class NewPoll(PollChange, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question with its choices. `voters`: those who were `asked`, or `anybody` who texts a choice to `senders`.

    `thanks`, `already` (a second vote where change isn't allowed) and `closed` are what is answered.
    """

    name: Name
    question: Answer
    choices: Choices


@routes.get("/polls")
async def list_polls(call: Call, query: PageQuery) -> Page[PollShape]:
    """List the polls, with how many voted."""
    page = page_of(call.view.live(call.view.polls), query, lambda one: one, lambda one: one.id)
    ids, now = [one.id for one in page.items], call.state.clock()
    counts = await call.read(lambda session: vote_counts(session, call.workspace_id, ids))
    return Page([poll_shape(one, call.view, counts[one.id], now) for one in page.items], page.next)


@routes.post("/polls", permission=Permission.MANAGE_OUTREACH, status=201)
async def create_poll(call: Call, body: NewPoll) -> PollShape:
    """Make a poll. It is open from `opens_at` until `closes_at`; without them at once and for good."""

    def answer(made: Poll) -> PollShape:
        return poll_shape(made, call.view, {}, call.state.clock())

    return answer(await call.execute(command_of(call, body), answer))


@routes.get("/polls/{poll_id}")
async def get_poll(call: Call, poll_id: int) -> PollShape:
    """Read a poll."""
    return await _counted(call, live_record(call.view.polls, poll_id, "poll"))


@routes.patch("/polls/{poll_id}", permission=Permission.MANAGE_OUTREACH)
async def update_poll(call: Call, poll_id: int, body: PollChange) -> PollShape:
    """Change a poll."""
    return await _counted(call, await call.execute(command_of(call, body, poll_id)))


@routes.delete("/polls/{poll_id}", permission=Permission.MANAGE_OUTREACH)
async def remove_poll(call: Call, poll_id: int) -> None:
    """Remove a poll."""
    await call.execute(RemovePoll(poll_id))


@routes.post("/polls/{poll_id}/open", permission=Permission.MANAGE_OUTREACH, status=200)
async def open_poll(call: Call, poll_id: int) -> PollShape:
    """Open a poll from now on, until it is closed."""
    return await _counted(call, await call.execute(OpenPoll(poll_id, True)))


@routes.post("/polls/{poll_id}/close", permission=Permission.MANAGE_OUTREACH, status=200)
async def close_poll(call: Call, poll_id: int) -> PollShape:
    """Close a poll now."""
    return await _counted(call, await call.execute(OpenPoll(poll_id, False)))


@routes.post("/polls/{poll_id}/ask", permission=Permission.REPLY, status=202)
async def ask_poll(call: Call, poll_id: int, body: Whom) -> MessageShape:
    """Ask a contact.

    The question leaves with its choices; what they say next may be their vote. 409 when the poll is not open.
    """

    def answer(made: Message) -> MessageShape:
        return message_shape(made, None, {})

    return answer(await call.execute(AskPoll(poll_id, **whom(call, body)), answer))


@routes.get("/polls/{poll_id}/results")
async def poll_results(call: Call, poll_id: int) -> ResultsShape:
    """Count the votes, as of now."""
    found = live_record(call.view.polls, poll_id, "poll")
    counts = await call.read(lambda session: vote_counts(session, call.workspace_id, [found.id]))
    return results_shape(found, counts[found.id], call.state.clock())


@routes.get("/polls/{poll_id}/votes", permission=Permission.MANAGE_OUTREACH)
async def list_votes(call: Call, poll_id: int, query: PageQuery) -> Page[PollVoteShape]:
    """List who voted what, the newest contact first."""
    found = live_record(call.view.polls, poll_id, "poll")
    cursor = read_cursor(query.cursor, int)
    before = cursor[0] if cursor else LAST
    votes = await call.read(lambda session: vote_page(session, call.workspace_id, found.id, query.limit + 1, before))
    return page_from(votes, query.limit, lambda one: vote_shape(one, found), lambda one: write_cursor(one.contact_id))


@routes.get("/polls/{poll_id}/export", permission=Permission.EXPORT, raw=True, produces="text/csv")
async def export_poll(call: Call, poll_id: int) -> web.StreamResponse:
    """Take the votes out as CSV, a line for each."""
    found = live_record(call.view.polls, poll_id, "poll")
    await call.execute_more(RecordExport("poll", found.id))
    return await votes_csv(call.request, call.read, call.workspace_id, found)


def command_of(call: Call, body: PollChange, poll_id: int | None = None) -> SavePoll:
    """The change as a command."""
    choices: Any = UNCHANGED
    if body.choices is not UNSET:
        found = choices_in(call, body.choices, "choices")
        choices = tuple(msgspec.to_builtins(one) for one in found)
    return SavePoll(
        poll_id,
        changed(body.name),
        changed(body.question),
        choices,
        changed(body.voters),
        sender_ids(call, body.senders),
        UNCHANGED if body.opens_at is UNSET else to_ms_or_none(body.opens_at, "opens_at"),
        UNCHANGED if body.closes_at is UNSET else to_ms_or_none(body.closes_at, "closes_at"),
        changed(body.change_allowed),
        changed(body.thanks),
        changed(body.already),
        changed(body.closed),
    )


async def _counted(call: Call, found: Poll) -> PollShape:
    counts = await call.read(lambda session: vote_counts(session, call.workspace_id, [found.id]))
    return poll_shape(found, call.view, counts[found.id], call.state.clock())

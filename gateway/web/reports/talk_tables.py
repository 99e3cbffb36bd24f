"""Answers and votes as CSV, written a page at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any

from aiohttp import web

from gateway.domain.forms import Form, FormResponse
from gateway.domain.ids import format_id
from gateway.domain.polls import Poll, PollVote, choices_of
from gateway.storage.contact_reads import ContactView, views_of
from gateway.storage.conversation_rows import contacts_after_merging
from gateway.storage.session import Session
from gateway.storage.talk_reads import LAST, response_page, vote_page
from gateway.web.api.times import to_time
from gateway.web.reports.csv_text import csv_lines
from gateway.web.reports.download import begin_csv

PAGE = 200
PERSON = ("Contact", "Name", "Address")

Read = Callable[[Callable[[Session], Any]], Awaitable[Any]]


async def responses_csv(request: web.Request, read: Read, workspace_id: int, form: Form) -> web.StreamResponse:
    """A line for each response, the latest first: who, how far, and the answers in the order of the questions now.

    Answers to questions that are not asked any more come in columns of their own.
    """
    keys = {one["key"]: None for one in form.questions}
    async for page in _responses(read, workspace_id, form.id):
        keys.update((one["key"], None) for response, _ in page for one in response.answers)
    head = [*PERSON, "State", "Started", "Ended", *keys]
    answer = await begin_csv(request, f"form-{format_id('frm', form.id)}.csv", head)
    async for page in _responses(read, workspace_id, form.id):
        await answer.write(csv_lines(_response_cells(one, who, keys) for one, who in page).encode())
    await answer.write_eof()
    return answer


async def votes_csv(request: web.Request, read: Read, workspace_id: int, poll: Poll) -> web.StreamResponse:
    """A line for each vote: who, which choice, when."""
    answer = await begin_csv(
        request, f"poll-{format_id('pll', poll.id)}.csv", [*PERSON, "Number", "Choice", "Voted", "Changed"]
    )
    labels = [one.label for one in choices_of(poll)]
    before = LAST
    while True:
        load = partial(_votes, workspace_id=workspace_id, poll_id=poll.id, before=before)
        page: list[tuple[PollVote, ContactView | None]] = await read(load)
        if not page:
            break
        rows = (
            [*_person(who, one.contact_id), one.choice + 1, labels[one.choice], _time(one.at), _time(one.changed_at)]
            for one, who in page
        )
        await answer.write(csv_lines(rows).encode())
        before = page[-1][0].contact_id
    await answer.write_eof()
    return answer


async def _responses(
    read: Read, workspace_id: int, form_id: int
) -> AsyncIterator[list[tuple[FormResponse, ContactView | None]]]:
    before = LAST
    while True:

        def look(session: Session, before: int = before) -> list[tuple[FormResponse, ContactView | None]]:
            found = response_page(session, workspace_id, form_id, PAGE, before)
            people = people_of(session, workspace_id, (one.contact_id for one in found))
            return [(one, people.get(one.contact_id)) for one in found]

        page = await read(look)
        if not page:
            return
        yield page
        before = page[-1][0].id


def _votes(session: Session, workspace_id: int, poll_id: int, before: int) -> list[tuple[PollVote, ContactView | None]]:
    found = vote_page(session, workspace_id, poll_id, PAGE, before)
    people = people_of(session, workspace_id, (one.contact_id for one in found))
    return [(one, people.get(one.contact_id)) for one in found]


def people_of(session: Session, workspace_id: int, contact_ids: Iterable[int]) -> Mapping[int, ContactView]:
    """Each contact as who they are now, after merging."""
    now = contacts_after_merging(session, workspace_id, set(contact_ids))
    shown = {
        one.contact.id: one for one in views_of(session, workspace_id, list({c.id: c for c in now.values()}.values()))
    }
    return {asked: shown[contact.id] for asked, contact in now.items() if contact.id in shown}


def _response_cells(one: FormResponse, who: ContactView | None, keys: Iterable[str]) -> list[object]:
    answers = {answer["key"]: answer["value"] for answer in one.answers}
    start = [*_person(who, one.contact_id), str(one.state), _time(one.started_at), _time(one.ended_at)]
    return [*start, *(answers.get(key, "") for key in keys)]


def _person(who: ContactView | None, contact_id: int) -> list[object]:
    if who is None:
        return [format_id("cnt", contact_id), "", ""]
    address = who.addresses[0].value if who.addresses else ""
    return [format_id("cnt", who.contact.id), who.contact.name or "", address]


def _time(at: int | None) -> str:
    return "" if at is None else to_time(at).isoformat(timespec="seconds").replace("+00:00", "Z")

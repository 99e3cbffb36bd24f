"""Settings > Polls: all of them, one with its votes as they come in, one written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.errors import Refused
from gateway.domain.polls import Poll, Voters, choices_of
from gateway.domain.record import record
from gateway.domain.visibility import Permission
from gateway.storage.talk_reads import vote_counts
from gateway.web import guard
from gateway.web.api import polls as api
from gateway.web.api.body import to_type
from gateway.web.api.lookup import live_record
from gateway.web.api.shapes.talks import state_of
from gateway.web.api.times import to_time
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.message_forms import moment
from gateway.web.pages.settings import plugin_fields
from gateway.web.pages.settings.fields import Field, Form, Option
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.settings.talk_bars import WIDTH, Bar, bars_of
from gateway.web.pages.settings.talk_fields import choices_in, lines_of, numbers, tag_names, ticked, where
from gateway.web.problems import Problem
from gateway.web.reports.talk_tables import votes_csv

HOME: Final = "/settings/polls"
SAID = {
    "made": marked("Made."),
    "saved": marked("Saved."),
    "open": marked("Open. Votes count from now on."),
    "closed": marked("Closed. Votes count no more."),
    "removed": marked("Removed."),
}
VOTERS: Mapping[Voters, str] = {
    Voters.ASKED: marked("Of those who were asked"),
    Voters.ANYBODY: marked("Of anybody who texts a choice"),
}
STATES: Mapping[str, tuple[str, str]] = {
    "open": (marked("open"), "st-green"),
    "scheduled": (marked("not open yet"), "st-blue"),
    "closed": (marked("closed"), ""),
}


@record
class PollRow:
    """A poll in the list."""

    href: str
    name: str
    question: str
    state: str
    tone: str
    votes: int


async def show(desk: Desk) -> web.StreamResponse:
    """All of them."""
    live = sorted(desk.view.live(desk.view.polls), key=lambda one: one.name.casefold())
    counts = await desk.read(lambda session: vote_counts(session, desk.workspace_id, [one.id for one in live]))
    rows = [_row(desk, one, counts[one.id]) for one in live]
    return await settings_page(desk, "polls", "settings/talk_polls.html", said=SAID, rows=rows)


async def show_one(desk: Desk) -> web.StreamResponse:
    """The votes, as they come in."""
    poll = _found(desk)
    counts = (await desk.read(lambda session: vote_counts(session, desk.workspace_id, [poll.id])))[poll.id]
    _ = desk.language.gettext
    anybody = poll.voters is Voters.ANYBODY
    return await settings_page(
        desk,
        "polls",
        "settings/talk_poll.html",
        said=SAID,
        poll=poll,
        row=_row(desk, poll, counts),
        bars=bars(desk, poll, counts),
        width=WIDTH,
        total=sum(counts.values()),
        whose=_("Of anybody who texts a choice %(where)s", where=where(desk, poll.sender_ids))
        if anybody
        else _("Of those who were asked"),
        opens=desk.times.full(poll.opens_at) if poll.opens_at else "",
        closes=desk.times.full(poll.closes_at) if poll.closes_at else "",
        may_export=desk.signed.may(Permission.EXPORT),
    )


def bars(desk: Desk, poll: Poll, counts: Mapping[int, int]) -> list[Bar]:
    """The choices in their order, each bar as long as its share of all votes."""
    return bars_of(
        desk.language,
        [(str(place + 1), one.label, counts.get(place, 0)) for place, one in enumerate(choices_of(poll))],
    )


async def show_new(desk: Desk) -> web.StreamResponse:
    """An empty one."""
    return await _page(desk, None)


async def edit(desk: Desk) -> web.StreamResponse:
    """One as it is."""
    return await _page(desk, _found(desk))


async def create(desk: Desk) -> web.StreamResponse:
    """Makes it."""
    form = Form(await desk.form(), desk.language)
    try:
        made = await api.create_poll(call_of(desk), to_type(_read(desk, form), api.NewPoll))
    except (Problem, Refused) as error:
        form.take(error)
        return await _page(desk, None, form)
    raise web.HTTPSeeOther(f"{HOME}/{made.id}?said=made")


async def change(desk: Desk) -> web.StreamResponse:
    """Saves it."""
    poll, form = _found(desk), Form(await desk.form(), desk.language)
    try:
        await api.update_poll(call_of(desk), poll.id, to_type(_read(desk, form), api.PollChange))
    except (Problem, Refused) as error:
        form.take(error)
        return await _page(desk, poll, form)
    raise web.HTTPSeeOther(f"{_href(poll)}?said=saved")


async def open_now(desk: Desk) -> web.StreamResponse:
    """Votes count from now on."""
    await desk.form()
    poll = _found(desk)
    await api.open_poll(call_of(desk), poll.id)
    raise web.HTTPSeeOther(f"{_href(poll)}?said=open")


async def close_now(desk: Desk) -> web.StreamResponse:
    """Votes count no more."""
    await desk.form()
    poll = _found(desk)
    await api.close_poll(call_of(desk), poll.id)
    raise web.HTTPSeeOther(f"{_href(poll)}?said=closed")


async def remove(desk: Desk) -> web.StreamResponse:
    """Takes it away."""
    await desk.form()
    poll = _found(desk)
    try:
        await api.remove_poll(call_of(desk), poll.id)
    except Refused as error:
        form = Form({}, desk.language)
        form.take(error)
        return await _page(desk, poll, None, form.faults.general)
    raise web.HTTPSeeOther(f"{HOME}?said=removed")


async def export(desk: Desk) -> web.StreamResponse:
    """The votes, as CSV."""
    guard.require(desk.signed, Permission.EXPORT)
    poll = _found(desk)
    await desk.execute(RecordExport("poll", poll.id))
    return await votes_csv(desk.request, desk.read, desk.workspace_id, poll)


def _read(desk: Desk, form: Form) -> dict[str, Any]:
    return {
        "name": form.text("name"),
        "question": form.text("question"),
        "choices": choices_in(form.text("choices")),
        "voters": form.text("voters") or Voters.ASKED,
        "senders": ticked(form),
        "opens_at": _moment(desk, form, "opens_at"),
        "closes_at": _moment(desk, form, "closes_at"),
        "change_allowed": form.is_on("change_allowed"),
        "thanks": form.text("thanks") or None,
        "already": form.text("already") or None,
        "closed": form.text("closed") or None,
    }


def _moment(desk: Desk, form: Form, name: str) -> datetime | None:
    at = moment(desk, "", form.text(name), name)
    return None if at is None else to_time(at)


async def _page(
    desk: Desk, poll: Poll | None, form: Form | None = None, told: list[str] | None = None
) -> web.StreamResponse:
    fields = _fields(desk, poll)
    problems = told or []
    times = {name: _local(desk, getattr(poll, name) if poll else None) for name in ("opens_at", "closes_at")}
    if form is not None:
        fields = plugin_fields.refilled(fields, form)
        times = {name: form.text(name) for name in times}
        fields = form.faults.place(fields)
        problems = form.faults.general or [marked("Some fields need another look.")]
    return await settings_page(
        desk,
        "polls",
        "settings/talk_poll_edit.html",
        status=422 if form is not None or told else 200,
        poll=poll,
        href=f"{_href(poll)}/edit" if poll else f"{HOME}/new",
        back_to=_href(poll) if poll else HOME,
        fields=fields,
        times_of=times,
        numbers=numbers(desk, poll.sender_ids if poll else (), form),
        problems=problems,
    )


def _fields(desk: Desk, one: Poll | None) -> list[Field]:
    choices = lines_of(choices_of(one), tag_names(desk)) if one else ""
    return [
        Field("name", marked("Name"), value=one.name if one else "", required=True, wide=True),
        Field("question", marked("Question"), "area", one.question if one else "", required=True),
        Field(
            *("choices", marked("Choices"), "area", choices),
            hint=marked(
                "One in a line. Other words for it after a bar, a tag after a #: Red | crimson, scarlet # Warm."
            ),
            required=True,
        ),
        Field(
            *("voters", marked("Whose answers count"), "choice", one.voters if one else Voters.ASKED),
            options=[Option(one, words) for one, words in VOTERS.items()],
        ),
        Field("change_allowed", marked("A vote may be changed"), "boolean", "on" if one is None or one.change else ""),
        Field("thanks", marked("Thank you"), "area", (one.thanks if one else "") or ""),
        Field(
            "already", marked("Answer to a second vote that doesn't count"), "area", (one.already if one else "") or ""
        ),
        Field("closed", marked("Answer while it isn't open"), "area", (one.closed if one else "") or ""),
    ]


def _local(desk: Desk, at: int | None) -> str:
    """As an input of the reader's own time takes it."""
    return "" if at is None else datetime.fromtimestamp(at / 1000, desk.times.zone).strftime("%Y-%m-%dT%H:%M")


def _row(desk: Desk, one: Poll, counts: Mapping[int, int]) -> PollRow:
    words, tone = STATES[state_of(one, desk.state.clock())]
    return PollRow(_href(one), one.name, one.question, desk.language.gettext(words), tone, sum(counts.values()))


def _href(poll: Poll) -> str:
    return address("polls", "pll", poll.id)


def _found(desk: Desk) -> Poll:
    return live_record(desk.view.polls, desk.id("pll"), "poll")


ROUTES = (
    get("", show),
    get("/new", show_new),
    post("/new", create),
    get("/{id}", show_one),
    get("/{id}/edit", edit),
    post("/{id}/edit", change),
    get("/{id}/votes.csv", export),
    post("/{id}/open", open_now),
    post("/{id}/close", close_now),
    post("/{id}/remove", remove),
)

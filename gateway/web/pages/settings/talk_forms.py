"""Settings > Forms: all of them, one with what was answered, one written."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.errors import Refused
from gateway.domain.form_results import QuestionResult
from gateway.domain.forms import Form, FormResponse, ResponseState, questions_in
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.visibility import Permission
from gateway.storage.contact_reads import ContactView
from gateway.storage.session import Session
from gateway.storage.talk_reads import LAST, response_counts, response_page
from gateway.web import guard
from gateway.web.api import forms as api
from gateway.web.api.body import to_type
from gateway.web.api.lookup import live_record
from gateway.web.language import marked
from gateway.web.pages.contact_list import contact_row
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import form_draft
from gateway.web.pages.settings.fields import Form as Posted
from gateway.web.pages.settings.form_draft import Draft
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.rule_draft import UNIT_LABELS
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.settings.talk_bars import WIDTH, question_bars
from gateway.web.pages.settings.talk_fields import chosen_from, tag_names
from gateway.web.problems import Problem
from gateway.web.reports.form_results import load_results
from gateway.web.reports.talk_tables import people_of, responses_csv

HOME: Final = "/settings/forms"
PAGE: Final = 50
SAID = {
    "made": marked("Made. A keyword, an automation or somebody from a thread's menu begins it."),
    "saved": marked("Saved. Who is in the middle of it is asked the questions it had."),
    "removed": marked("Removed. What was answered stays."),
}
STATES: Mapping[str, tuple[str, str, str]] = {
    ResponseState.RUNNING: (marked("under way"), "st-blue", "message-square"),
    ResponseState.COMPLETED: (marked("completed"), "st-green", "circle-check"),
    ResponseState.LEFT: (marked("left"), "", "x"),
    ResponseState.OPTED_OUT: (marked("opted out"), "st-red", "ban"),
    ResponseState.GIVEN_UP: (marked("for a person"), "st-amber", "hand"),
    ResponseState.EXPIRED: (marked("not answered"), "", "clock"),
    ResponseState.STOPPED: (marked("stopped"), "", "x"),
    ResponseState.REPLACED: (marked("began something else"), "", "rotate-ccw"),
}


@record
class FormRow:
    """A form in the list."""

    href: str
    name: str
    enabled: bool
    asks: str
    counts: str


@record
class ResponseRow:
    """One contact's way through it."""

    who: Any
    href: str
    state: str
    tone: str
    icon: str
    iso: str
    when: str
    answers: list[str]


async def show(desk: Desk) -> web.StreamResponse:
    """All of them."""
    live = sorted(desk.view.live(desk.view.forms), key=lambda one: one.name.casefold())
    counts = await desk.read(lambda session: response_counts(session, desk.workspace_id, [one.id for one in live]))
    rows = [_row(desk, one, counts[one.id]) for one in live]
    return await settings_page(desk, "forms", "settings/talk_forms.html", said=SAID, rows=rows)


async def show_one(desk: Desk) -> web.StreamResponse:
    """What was answered, live."""
    form = _found(desk)
    after = desk.request.query.get("before", "")
    before = desk.parse(after, "rsp") if after else LAST

    def look(session: Session) -> tuple[list[FormResponse], Mapping[int, ContactView], list[QuestionResult]]:
        found = response_page(session, desk.workspace_id, form.id, PAGE + 1, before)
        people = people_of(session, desk.workspace_id, (one.contact_id for one in found))
        return found, people, load_results(session, desk.workspace_id, form) if found else []

    found, people, results = await desk.read(look)
    counts = (await desk.read(lambda session: response_counts(session, desk.workspace_id, [form.id])))[form.id]
    keys = [one.key for one in questions_in(form.questions)]
    rows = [_response(desk, one, people.get(one.contact_id), keys) for one in found[:PAGE]]
    more = f"{_href(form)}?before={format_id('rsp', found[PAGE - 1].id)}" if len(found) > PAGE else ""
    return await settings_page(
        desk,
        "forms",
        "settings/talk_form.html",
        said=SAID,
        form=form,
        href=_href(form),
        asked=[one.text for one in questions_in(form.questions)],
        rows=rows,
        results=[question_bars(desk.language, one) for one in results],
        width=WIDTH,
        counts=[(desk.language.gettext(STATES[state][0]), count) for state, count in sorted(counts.items())],
        more=more,
        may_export=desk.signed.may(Permission.EXPORT),
    )


async def show_new(desk: Desk) -> web.StreamResponse:
    """An empty one."""
    return await _page(desk, None, Draft())


async def edit(desk: Desk) -> web.StreamResponse:
    """One as it is."""
    form = _found(desk)
    return await _page(desk, form, form_draft.stored(form, tag_names(desk)))


async def create(desk: Desk) -> web.StreamResponse:
    """A button of the page of a new one."""
    return await _press(desk, None)


async def change(desk: Desk) -> web.StreamResponse:
    """A button of the page of one that is there."""
    return await _press(desk, _found(desk))


async def remove(desk: Desk) -> web.StreamResponse:
    """Takes it away."""
    await desk.form()
    form = _found(desk)
    try:
        await api.remove_form(call_of(desk), form.id)
    except Refused as error:
        posted = Posted({}, desk.language)
        posted.take(error)
        return await _page(desk, form, form_draft.stored(form, tag_names(desk)), posted)
    raise web.HTTPSeeOther(f"{HOME}?said=removed")


async def export(desk: Desk) -> web.StreamResponse:
    """What was answered, as CSV."""
    guard.require(desk.signed, Permission.EXPORT)
    form = _found(desk)
    await desk.execute(RecordExport("form", form.id))
    return await responses_csv(desk.request, desk.read, desk.workspace_id, form)


async def _press(desk: Desk, form: Form | None) -> web.StreamResponse:
    posted = Posted(await desk.form(), desk.language)
    draft = form_draft.read(posted)
    if form_draft.pressed(draft, posted.text("do")):
        return await _page(desk, form, draft)
    try:
        body = draft.body(posted)
        if not posted.faults:
            call = call_of(desk)
            if form is None:
                made = await api.create_form(call, to_type(body, api.NewForm))
                raise web.HTTPSeeOther(f"{HOME}/{made.id}?said=made")
            await api.update_form(call, form.id, to_type(body, api.FormChange))
            raise web.HTTPSeeOther(f"{_href(form)}?said=saved")
    except (Problem, Refused) as error:
        posted.take(error)
    return await _page(desk, form, draft, posted)


async def _page(desk: Desk, form: Form | None, draft: Draft, posted: Posted | None = None) -> web.StreamResponse:
    faults = defaultdict(str, posted.faults.fields if posted is not None else {})
    rows = form_draft.rows_of(draft, faults)
    problems = (posted.faults.general or [marked("Some fields need another look.")]) if posted is not None else []
    _ = desk.language.gettext
    return await settings_page(
        desk,
        "forms",
        "settings/talk_form_edit.html",
        status=200 if posted is None else 422,
        form=form,
        href=f"{_href(form)}/edit" if form else f"{HOME}/new",
        back_to=_href(form) if form else HOME,
        draft=draft,
        rows=rows,
        faults=faults,
        problems=problems,
        types=form_draft.TYPES,
        orders=form_draft.ORDERS,
        units=UNIT_LABELS,
        lists=chosen_from(desk, "list", _("None")),
        tags=chosen_from(desk, "tag", _("None")),
    )


def _row(desk: Desk, one: Form, counts: Mapping[str, int]) -> FormRow:
    language = desk.language
    asks = language.ngettext("%(num)s question", "%(num)s questions", len(one.questions))
    done = language.ngettext("%(num)s completed", "%(num)s completed", counts.get(ResponseState.COMPLETED, 0))
    running = language.gettext("%(count)s under way", count=language.number(counts.get(ResponseState.RUNNING, 0)))
    return FormRow(_href(one), one.name, one.enabled, asks, f"{done} · {running}")


def _response(desk: Desk, one: FormResponse, who: ContactView | None, keys: list[str]) -> ResponseRow:
    words, tone, icon = STATES[one.state]
    answers = {answer["key"]: str(answer["value"]) for answer in one.answers}
    at = one.ended_at or one.started_at
    return ResponseRow(
        contact_row(desk, who) if who is not None else None,
        f"/contacts/{format_id('cnt', who.contact.id)}" if who is not None else "",
        desk.language.gettext(words),
        tone,
        icon,
        desk.times.iso(at),
        desk.times.full(at),
        [answers.get(key, "") for key in keys],
    )


def _href(form: Form) -> str:
    return address("forms", "frm", form.id)


def _found(desk: Desk) -> Form:
    return live_record(desk.view.forms, desk.id("frm"), "form")


ROUTES = (
    get("", show),
    get("/new", show_new),
    post("/new", create),
    get("/{id}", show_one),
    get("/{id}/edit", edit),
    post("/{id}/edit", change),
    get("/{id}/answers.csv", export),
    post("/{id}/remove", remove),
)

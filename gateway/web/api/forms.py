"""Forms: questions asked by text, begun with a contact, and what was answered."""

from typing import Annotated, Any

import msgspec
from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.talks import RemoveForm, SaveForm, StartForm, StopForm
from gateway.domain.forms import DateOrder, Form, FormResponse, Question, QuestionType, ResponseState
from gateway.domain.visibility import Permission
from gateway.storage.talk_reads import LAST, form_response, response_counts, response_page
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, Id, Name, Unset
from gateway.web.api.lookup import changed, live_record
from gateway.web.api.paging import DEFAULT, Cursor, Limit, PageQuery, page_from, page_of, read_cursor, write_cursor
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.form_results import FormResultsShape, form_results_shape
from gateway.web.api.shapes.talks import FormShape, ResponseShape, form_shape, response_shape
from gateway.web.api.talk_inputs import Answer, NewChoice, TagName, Whom, choices_in, record_id, tag_id, whom
from gateway.web.reports.form_results import load_results
from gateway.web.reports.talk_tables import responses_csv

routes = Routes("Forms")


class NewQuestion(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"least": "min", "most": "max", "order": "date_order"},
):
    """One question. `key` is what texts and CSV call its answer; without one it is `answer_1`, `answer_2`, ...

    `keep` is where the answer goes beside: `name`, or `field:` and the name of a contact's field.
    """

    text: Answer
    key: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    type: QuestionType = QuestionType.TEXT
    choices: Annotated[list[NewChoice], msgspec.Meta(max_length=50)] = []
    least: float | None = None
    most: float | None = None
    order: DateOrder = DateOrder.DAY_FIRST
    wrong: Answer | None = None
    tries: int = 3
    keep: Annotated[str, msgspec.Meta(max_length=110)] | None = None


Questions = Annotated[list[NewQuestion], msgspec.Meta(max_length=100)]


class FormChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What changes. `questions` replaces all of them; who is in the middle of the form is asked those it had."""

    name: Name | Unset = UNSET
    questions: Questions | Unset = UNSET
    thanks: Answer | Unset | None = UNSET
    way_out: Annotated[str, msgspec.Meta(max_length=100)] | Unset = UNSET
    left: Answer | Unset | None = UNSET
    timeout: int | Unset = UNSET
    add_to_list: Id | Unset | None = UNSET
    tag: TagName | Unset | None = UNSET
    enabled: bool | Unset = UNSET


class NewForm(FormChange, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Questions in their order. `timeout` is how long an answer is waited for, in seconds (a day unless set)."""

    name: Name
    questions: Questions


class ResponsesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which responses."""

    state: ResponseState | None = None
    limit: Limit = DEFAULT
    cursor: Cursor | None = None


@routes.get("/forms")
async def list_forms(call: Call, query: PageQuery) -> Page[FormShape]:
    """List the forms, with how many are how far."""
    page = page_of(call.view.live(call.view.forms), query, lambda one: one, lambda one: one.id)
    ids = [one.id for one in page.items]
    counts = await call.read(lambda session: response_counts(session, call.workspace_id, ids))
    return Page([form_shape(one, call.view, counts[one.id]) for one in page.items], page.next)


@routes.post("/forms", permission=Permission.MANAGE_OUTREACH, status=201)
async def create_form(call: Call, body: NewForm) -> FormShape:
    """Make a form."""

    def answer(made: Form) -> FormShape:
        return form_shape(made, call.view, {})

    return answer(await call.execute(command_of(call, body), answer))


@routes.get("/forms/{form_id}")
async def get_form(call: Call, form_id: int) -> FormShape:
    """Read a form."""
    return await _counted(call, live_record(call.view.forms, form_id, "form"))


@routes.patch("/forms/{form_id}", permission=Permission.MANAGE_OUTREACH)
async def update_form(call: Call, form_id: int, body: FormChange) -> FormShape:
    """Change a form."""
    return await _counted(call, await call.execute(command_of(call, body, form_id)))


@routes.delete("/forms/{form_id}", permission=Permission.MANAGE_OUTREACH)
async def remove_form(call: Call, form_id: int) -> None:
    """Remove a form; its answers stay until their contacts are erased."""
    await call.execute(RemoveForm(form_id))


@routes.post("/forms/{form_id}/start", permission=Permission.REPLY, status=201)
async def start_form(call: Call, form_id: int, body: Whom) -> ResponseShape:
    """Begin a form with a contact.

    The first question leaves at once. 409 while another form is under way with them.
    """
    made = await call.execute(StartForm(form_id, **whom(call, body)), response_shape)
    return response_shape(made)


@routes.get("/forms/{form_id}/results")
async def form_results(call: Call, form_id: int) -> FormResultsShape:
    """Count the answers, question by question, as of now."""
    found = live_record(call.view.forms, form_id, "form")
    results = await call.read(lambda session: load_results(session, call.workspace_id, found))
    counts = await call.read(lambda session: response_counts(session, call.workspace_id, [found.id]))
    return form_results_shape(found, results, counts[found.id])


@routes.get("/forms/{form_id}/responses", permission=Permission.MANAGE_OUTREACH)
async def list_responses(call: Call, form_id: int, query: ResponsesQuery) -> Page[ResponseShape]:
    """List who began a form, the latest first, with their answers."""
    live_record(call.view.forms, form_id, "form")
    cursor = read_cursor(query.cursor, int)
    before = cursor[0] if cursor else LAST
    found = await call.read(
        lambda session: response_page(session, call.workspace_id, form_id, query.limit + 1, before, query.state)
    )
    return page_from(found, query.limit, response_shape, lambda one: write_cursor(one.id))


@routes.get("/forms/{form_id}/responses/{response_id}", permission=Permission.MANAGE_OUTREACH)
async def get_response(call: Call, form_id: int, response_id: int) -> ResponseShape:
    """Read a response."""
    return response_shape(await find_response(call, form_id, response_id))


@routes.post("/forms/{form_id}/responses/{response_id}/stop", permission=Permission.REPLY, status=200)
async def stop_response(call: Call, form_id: int, response_id: int) -> ResponseShape:
    """Stop asking.

    What the contact says next is for people. They are told nothing.
    """
    found = await find_response(call, form_id, response_id)
    stopped = await call.execute(StopForm(form_id, found.id, found.thread_id), response_shape)
    return response_shape(stopped)


@routes.get("/forms/{form_id}/export", permission=Permission.EXPORT, raw=True, produces="text/csv")
async def export_form(call: Call, form_id: int) -> web.StreamResponse:
    """Take the answers out as CSV, a line for each response."""
    found = live_record(call.view.forms, form_id, "form")
    await call.execute_more(RecordExport("form", found.id))
    return await responses_csv(call.request, call.read, call.workspace_id, found)


def command_of(call: Call, body: FormChange, form_id: int | None = None) -> SaveForm:
    """The change as a command."""
    questions: Any = UNCHANGED
    if body.questions is not UNSET:
        questions = tuple(_question(call, place, one) for place, one in enumerate(body.questions))
    return SaveForm(
        form_id,
        changed(body.name),
        questions,
        changed(body.thanks),
        changed(body.way_out),
        changed(body.left),
        changed(body.timeout),
        record_id("list", body.add_to_list, "add_to_list"),
        tag_id(call, body.tag),
        changed(body.enabled),
    )


def _question(call: Call, place: int, given: NewQuestion) -> Question:
    return Question(
        given.key or f"answer_{place + 1}",
        given.text.strip(),
        given.type,
        choices_in(call, given.choices, f"questions[{place}].choices"),
        given.least,
        given.most,
        given.order,
        given.wrong,
        given.tries,
        given.keep or None,
    )


async def find_response(call: Call, form_id: int, response_id: int) -> FormResponse:
    """One of the form's. Problem 404 otherwise."""
    found = await call.read(lambda session: form_response(session, call.workspace_id, response_id))
    if found is None or found.form_id != form_id:
        raise problems.not_found("response")
    return found


async def _counted(call: Call, found: Form) -> FormShape:
    counts = await call.read(lambda session: response_counts(session, call.workspace_id, [found.id]))
    return form_shape(found, call.view, counts[found.id])

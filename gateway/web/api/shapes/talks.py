"""Keywords, forms and polls, as the API says them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from gateway.core.talk_trial import Tried
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.forms import Choice, Form, FormResponse, questions_in
from gateway.domain.keywords import Keyword
from gateway.domain.polls import Poll, PollVote, choices_of, is_open
from gateway.web.api.times import to_id, to_id_or_none, to_time, to_time_or_none


class VoteShape(msgspec.Struct, frozen=True):
    """A choice of a poll."""

    poll: str
    choice: str


class KeywordShape(msgspec.Struct, frozen=True):
    """Words, on which senders (none named: all), and what they do. `people` texted it, `times` in all.

    `consent` says whether coming to the list is recorded as consent. `help` is the answer to HELP and INFO.
    """

    id: str
    words: list[str]
    match: str
    senders: list[str]
    answer: str | None
    add_to_list: str | None
    consent: bool
    remove_from_list: str | None
    tag: str | None
    start_form: str | None
    ask_poll: str | None
    vote: VoteShape | None
    help: bool
    enabled: bool
    people: int
    times: int
    created_at: datetime


class TriedShape(msgspec.Struct, frozen=True):
    """What a text would be. `law`: stop, start or help; `vote` where it counts as one. `natural`: a person reads it."""

    nature: str
    law: str | None
    keyword: str | None
    vote: VoteShape | None
    wants_out: bool


class ChoiceShape(msgspec.Struct, frozen=True):
    """One thing to choose: by its number, its label, or one of its other words. `tag` goes on who chooses it."""

    label: str
    words: list[str]
    tag: str | None


class QuestionShape(msgspec.Struct, frozen=True):
    """One question of a form. `min` and `max` bound a number, or the characters of a text."""

    key: str
    text: str
    type: str
    choices: list[ChoiceShape]
    min: float | None
    max: float | None
    date_order: str
    wrong: str | None
    tries: int
    keep: str | None


class FormShape(msgspec.Struct, frozen=True):
    """Questions in order. `timeout` in seconds; `responses` counts by state."""

    id: str
    name: str
    questions: list[QuestionShape]
    thanks: str | None
    way_out: str
    left: str | None
    timeout: int
    add_to_list: str | None
    tag: str | None
    enabled: bool
    responses: Mapping[str, int]
    created_at: datetime


class AnswerShape(msgspec.Struct, frozen=True):
    """The answer to a question: as it was read, and as it was written."""

    key: str
    value: str
    said: str
    at: datetime


class ResponseShape(msgspec.Struct, frozen=True):
    """One contact's way through a form. `waiting_for` is the key of the question that was asked last, while running."""

    id: str
    form: str
    contact_id: str
    thread_id: str
    state: str
    waiting_for: str | None
    answers: list[AnswerShape]
    started_at: datetime
    ended_at: datetime | None


class PollShape(msgspec.Struct, frozen=True):
    """A question with choices. `state`: open, scheduled or closed. `votes` counts contacts."""

    id: str
    name: str
    question: str
    choices: list[ChoiceShape]
    voters: str
    senders: list[str]
    opens_at: datetime | None
    closes_at: datetime | None
    change_allowed: bool
    thanks: str | None
    already: str | None
    closed: str | None
    state: str
    votes: int
    created_at: datetime


class CountShape(msgspec.Struct, frozen=True):
    """Votes for one choice."""

    number: int
    label: str
    votes: int


class ResultsShape(msgspec.Struct, frozen=True):
    """Who chose what, as of now."""

    poll: str
    state: str
    total: int
    choices: list[CountShape]


class PollVoteShape(msgspec.Struct, frozen=True):
    """One contact's vote."""

    contact_id: str
    number: int
    choice: str
    at: datetime
    changed_at: datetime | None


def keyword_shape(found: Keyword, view: WorkspaceView, used: tuple[int, int] = (0, 0)) -> KeywordShape:
    """A keyword as the API says it."""
    poll = to_id_or_none("poll", found.poll_id)
    return KeywordShape(
        to_id("keyword", found.id),
        list(found.words),
        found.match,
        [to_id("sender", one) for one in found.sender_ids],
        found.answer,
        to_id_or_none("list", found.list_id),
        found.consent,
        to_id_or_none("list", found.off_list_id),
        tag_name(view, found.tag_id),
        to_id_or_none("form", found.form_id),
        poll if found.choice is None else None,
        None if poll is None or found.choice is None else VoteShape(poll, found.choice),
        found.helps,
        found.enabled,
        *used,
        to_time(found.created_at),
    )


def tried_shape(tried: Tried) -> TriedShape:
    """What a text would be, as the API says it."""
    vote = None
    if tried.poll is not None and tried.choice is not None:
        vote = VoteShape(to_id("poll", tried.poll.id), tried.choice)
    keyword = None if tried.keyword is None else to_id("keyword", tried.keyword.id)
    law = None if tried.law is None else str(tried.law)
    return TriedShape(tried.nature, law, keyword, vote, tried.wants_out)


def form_shape(found: Form, view: WorkspaceView, responses: Mapping[str, int]) -> FormShape:
    """A form as the API says it."""
    questions = [
        QuestionShape(
            one.key,
            one.text,
            one.type,
            choice_shapes(one.choices, view),
            one.least,
            one.most,
            one.order,
            one.wrong,
            one.tries,
            one.keep,
        )
        for one in questions_in(found.questions)
    ]
    return FormShape(
        to_id("form", found.id),
        found.name,
        questions,
        found.thanks,
        found.way_out,
        found.left,
        found.timeout,
        to_id_or_none("list", found.list_id),
        tag_name(view, found.tag_id),
        found.enabled,
        responses,
        to_time(found.created_at),
    )


def response_shape(found: FormResponse) -> ResponseShape:
    """A response as the API says it."""
    waiting: Any = found.questions[found.question]["key"] if found.state == "running" else None
    return ResponseShape(
        to_id("response", found.id),
        to_id("form", found.form_id),
        to_id("contact", found.contact_id),
        to_id("thread", found.thread_id),
        found.state,
        waiting,
        [AnswerShape(one["key"], one["value"], one["said"], to_time(one["at"])) for one in found.answers],
        to_time(found.started_at),
        to_time_or_none(found.ended_at),
    )


def poll_shape(found: Poll, view: WorkspaceView, counts: Mapping[int, int], now: int) -> PollShape:
    """A poll as the API says it."""
    return PollShape(
        to_id("poll", found.id),
        found.name,
        found.question,
        choice_shapes(choices_of(found), view),
        found.voters,
        [to_id("sender", one) for one in found.sender_ids],
        to_time_or_none(found.opens_at),
        to_time_or_none(found.closes_at),
        found.change,
        found.thanks,
        found.already,
        found.closed,
        state_of(found, now),
        sum(counts.values()),
        to_time(found.created_at),
    )


def results_shape(found: Poll, counts: Mapping[int, int], now: int) -> ResultsShape:
    """A poll's results as the API says them."""
    choices = [CountShape(place + 1, one.label, counts.get(place, 0)) for place, one in enumerate(choices_of(found))]
    return ResultsShape(to_id("poll", found.id), state_of(found, now), sum(counts.values()), choices)


def vote_shape(found: PollVote, poll: Poll) -> PollVoteShape:
    """A vote as the API says it."""
    label = choices_of(poll)[found.choice].label
    changed = to_time_or_none(found.changed_at)
    return PollVoteShape(to_id("contact", found.contact_id), found.choice + 1, label, to_time(found.at), changed)


def state_of(poll: Poll, now: int) -> str:
    """Whether votes count now, later, or no more."""
    if is_open(poll, now):
        return "open"
    return "scheduled" if poll.opens_at is not None and now < poll.opens_at else "closed"


def choice_shapes(choices: tuple[Choice, ...], view: WorkspaceView) -> list[ChoiceShape]:
    """Choices as the API says them."""
    return [ChoiceShape(one.label, list(one.words), tag_name(view, one.tag_id)) for one in choices]


def tag_name(view: WorkspaceView, tag_id: int | None) -> str | None:
    """A tag by its name, as everywhere."""
    tag = view.tags.get(tag_id or 0)
    return None if tag is None else tag.name

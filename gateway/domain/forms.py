"""Forms: questions that are asked by text one after the other, and what was answered."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

import msgspec

from gateway.domain.record import record

WAY_OUT = "EXIT"
DAY_S = 86_400
MOST_QUESTIONS = 30
MOST_CHOICES = 20


class QuestionType(StrEnum):
    """What a good answer looks like."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DATE = "date"
    EMAIL = "email"
    PHONE = "phone"


class DateOrder(StrEnum):
    """How 3/4 is read: the third of April, or March the fourth."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@record
class Choice:
    """One thing to choose: by its number, its label, or one of its other words. `tag_id` is put on who chooses it."""

    label: str
    words: tuple[str, ...] = ()
    tag_id: int | None = None


@record
class Question:
    """One question. `keep` is where the answer goes: `name`, or `field:` and the name of a contact's field.

    `least` and `most` bound a number, or the characters of a text. `wrong` is said of an answer that is none, `tries`
    how often it may be wrong before a person gets the message.
    """

    key: str
    text: str
    type: QuestionType = QuestionType.TEXT
    choices: tuple[Choice, ...] = ()
    least: float | None = None
    most: float | None = None
    order: DateOrder = DateOrder.DAY_FIRST
    wrong: str | None = None
    tries: int = 3
    keep: str | None = None


@record
class Form:
    """Questions in their order. `timeout` is how long an answer is waited for, in seconds.

    `way_out` is the word that ends it, answered with `left`. At the end comes `thanks`, and the contact comes to
    `list_id` and gets `tag_id`.
    """

    workspace_id: int
    id: int
    name: str
    created_at: int
    questions: tuple[Mapping[str, Any], ...] = ()
    thanks: str | None = None
    way_out: str = WAY_OUT
    left: str | None = None
    timeout: int = DAY_S
    list_id: int | None = None
    tag_id: int | None = None
    enabled: bool = True
    removed_at: int | None = None


class ResponseState(StrEnum):
    """How far a contact has come with a form."""

    RUNNING = "running"
    COMPLETED = "completed"
    LEFT = "left"  # by the way out
    OPTED_OUT = "opted_out"  # by STOP
    GIVEN_UP = "given_up"  # no good answer after all tries: a person has it
    EXPIRED = "expired"
    STOPPED = "stopped"  # by somebody of ours
    REPLACED = "replaced"  # the contact began something else


@record
class FormResponse:
    """One contact's way through a form, with the questions as they were when it began.

    `question` is the place of the one that waits for its answer since `asked_at`, wrongly answered `tries` times.
    `answers` are `{"key", "value", "said", "at"}`. `address` and `sender_id` are where the contact was asked last.
    """

    workspace_id: int
    id: int
    form_id: int
    contact_id: int
    thread_id: int
    started_at: int
    address: str
    actor: str
    questions: tuple[Mapping[str, Any], ...]
    state: ResponseState = ResponseState.RUNNING
    question: int = 0
    tries: int = 0
    answers: tuple[Mapping[str, Any], ...] = field(default_factory=tuple)
    sender_id: int | None = None
    asked_at: int = 0
    ended_at: int | None = None


def questions_in(stored: tuple[Mapping[str, Any], ...]) -> tuple[Question, ...]:
    """The questions as they are asked."""
    return msgspec.convert(stored, tuple[Question, ...])


def stored(questions: tuple[Question, ...]) -> tuple[Mapping[str, Any], ...]:
    """The questions as they are kept."""
    return tuple(msgspec.to_builtins(one) for one in questions)

"""Asking a contact something, and waiting for the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from gateway.core.commands.base import Command
from gateway.domain.questions import Question
from gateway.domain.record import record


@record
class AskQuestion(Command[Question]):
    """A plugin asks in a thread. `key` is its own name for it: asked again under the same, the first one is answered.

    `hours` is how long the answer is waited for, `not_within_days` how long ago the last one of the same scale must be.
    """

    plugin: str
    key: str
    thread_id: int
    body: str
    hours: int
    scale: str | None = None
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    conversation_id: int | None = None
    about: int | None = None
    not_within_days: int = 0
    from_: str | None = None
    subject: str | None = None

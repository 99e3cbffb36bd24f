"""Keywords, forms and polls: set up, begun with a contact, ended."""

from collections.abc import Mapping
from typing import Any

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.address import Address
from gateway.domain.forms import Form, FormResponse, Question
from gateway.domain.keywords import Keyword, Match
from gateway.domain.message import Message
from gateway.domain.polls import Poll, Voters
from gateway.domain.record import record


@record
class SaveKeyword(Command[Keyword]):
    """A new keyword (no id), or changes of one: what is left out stays, or is as a new one begins."""

    keyword_id: int | None = None
    words: tuple[str, ...] = UNCHANGED
    match: Match = UNCHANGED
    sender_ids: tuple[int, ...] = UNCHANGED
    answer: str | None = UNCHANGED
    list_id: int | None = UNCHANGED
    consent: bool = UNCHANGED
    off_list_id: int | None = UNCHANGED
    tag_id: int | None = UNCHANGED
    form_id: int | None = UNCHANGED
    poll_id: int | None = UNCHANGED
    choice: str | None = UNCHANGED
    enabled: bool = UNCHANGED


@record
class RemoveKeyword(Command[None]):
    """Its words mean nothing any more; what was recorded stays."""

    keyword_id: int


@record
class SaveForm(Command[Form]):
    """A new form (no id), or changes of one. Who is in the middle of it is asked the questions it had."""

    form_id: int | None = None
    name: str = UNCHANGED
    questions: tuple[Question, ...] = UNCHANGED
    thanks: str | None = UNCHANGED
    way_out: str = UNCHANGED
    left: str | None = UNCHANGED
    timeout: int = UNCHANGED
    list_id: int | None = UNCHANGED
    tag_id: int | None = UNCHANGED
    enabled: bool = UNCHANGED


@record
class RemoveForm(Command[None]):
    """Nobody begins it any more; its answers stay, and who is in the middle of it finishes it."""

    form_id: int


@record
class StartForm(Command[FormResponse]):
    """Ask a contact the first question. One of `to`, `contact_id`, `thread_id` is set; `from_` as in a message."""

    form_id: int
    to: Address | None = None
    contact_id: int | None = None
    thread_id: int | None = None
    from_: str | None = None


@record
class StopForm(Command[FormResponse]):
    """What the contact says next is for people again."""

    form_id: int
    response_id: int
    thread_id: int


@record
class ExpireForm(Command[None]):
    """Look whether the answer has been waited for long enough."""

    response_id: int
    thread_id: int


@record
class SavePoll(Command[Poll]):
    """A new poll (no id), or changes of one."""

    poll_id: int | None = None
    name: str = UNCHANGED
    question: str = UNCHANGED
    choices: tuple[Mapping[str, Any], ...] = UNCHANGED
    voters: Voters = UNCHANGED
    sender_ids: tuple[int, ...] = UNCHANGED
    opens_at: int | None = UNCHANGED
    closes_at: int | None = UNCHANGED
    change: bool = UNCHANGED
    thanks: str | None = UNCHANGED
    already: str | None = UNCHANGED
    closed: str | None = UNCHANGED


@record
class OpenPoll(Command[Poll]):
    """From now on votes count, until somebody closes it; or (`open` false) they count no more."""

    poll_id: int
    open: bool


@record
class RemovePoll(Command[None]):
    """Nobody votes any more; the votes stay."""

    poll_id: int


@record
class AskPoll(Command[Message]):
    """Text a contact the question and its choices; their next message may be their vote."""

    poll_id: int
    to: Address | None = None
    contact_id: int | None = None
    thread_id: int | None = None
    from_: str | None = None

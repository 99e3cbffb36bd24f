"""Tables of what goes over a channel's wire: each line is a case with a label, and says what must come of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.sdk import Inbound, Outbound, Receipt, SendErrorKind, SendResult, Unparsed, WebhookRequest
from gateway.testing.provider import Answer, Heard
from gateway.workers.attempt import Failure


@dataclass(frozen=True, slots=True)
class InboundCase:
    """A webhook as the provider sends it, unsigned, and what it says.

    `expected` are the values `parse` must give; their `raw` is not compared. `status` and `answer` (None: any body) are
    what the provider must get.
    """

    label: str
    request: WebhookRequest
    expected: tuple[Inbound | Receipt, ...]
    status: int = 200
    answer: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request the provider must have got; None is not looked at.

    Of `headers` and `query` what is named must be there; `json` and `form` are the whole body.
    """

    method: str = "POST"
    path: str | None = None
    headers: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None
    json: Any = None
    form: Mapping[str, str | Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A send that must fail: its kind, and what else is known of it. `says` is part of the sentence people read."""

    kind: SendErrorKind
    provider_code: str | None = None
    retry_after: float | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class OutboundCase:
    """A message, what the provider answers (what it answers to all, unless said), and what must come of it.

    `asked` are all the requests the provider must have got, in order; empty is not looked at.
    """

    label: str
    outbound: Outbound
    expected: SendResult | Problem
    answers: tuple[Answer, ...] = ()
    asked: tuple[Asked, ...] = ()


def without_raw(items: Sequence[Inbound | Receipt | Unparsed]) -> list[Inbound | Receipt | Unparsed]:
    """The same, for comparing: raw payloads are kept for people, and two may say the same in other bytes."""
    return [replace(item, raw=b"") for item in items]


def check_outcome(outcome: SendResult | Failure, expected: SendResult | Problem) -> None:
    """Raises AssertionError where the outcome of a send is another one."""
    if isinstance(expected, SendResult):
        assert outcome == expected
        return
    assert isinstance(outcome, Failure), f"it was sent: {outcome}"
    assert (outcome.kind, outcome.provider_code) == (expected.kind, expected.provider_code), outcome.sentence
    assert outcome.retry_after == expected.retry_after
    assert expected.says in outcome.sentence


def check_asked(heard: Heard, expected: Asked) -> None:
    """Raises AssertionError where the provider was asked something else."""
    assert heard.method == expected.method
    assert expected.path in (None, heard.path)
    for name, value in (expected.headers or {}).items():
        assert heard.headers.get(name.lower()) == value, name
    for name, value in (expected.query or {}).items():
        assert list(heard.query.get(name, ())) == [value], name
    if expected.json is not None:
        assert heard.json() == expected.json
    if expected.form is not None:
        wanted = {name: [value] if isinstance(value, str) else list(value) for name, value in expected.form.items()}
        assert heard.form() == wanted

"""Campaigns as their pages show them: all of them, one being written, one looked at first, one under way."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from gateway.domain.record import record
from gateway.web.pages.views_shell import Choice, Person


@record
class CampaignRow:
    """One campaign in the list of them. `done` of `total` recipients are dealt with."""

    id: str
    name: str
    state: str
    label: str
    tone: str
    icon: str
    when: str
    iso: str
    total: int = 0
    done: int = 0
    replies: int = 0


@record
class CampaignsPage:
    """The newest of them; `next` is where older ones come from."""

    rows: Sequence[CampaignRow]
    next: str
    may_manage: bool


@record
class ConditionLine:
    """One condition as it was typed; `error` is what is wrong with it."""

    number: int
    field: str = ""
    op: str = "is"
    value: str = ""
    error: str = ""


@record
class CampaignForm:
    """A campaign being written: what is chosen and typed, what can be, and what is wrong."""

    id: str
    title: str
    typed: Mapping[str, str]
    lists: Sequence[Choice]
    conditions: Sequence[ConditionLine]
    ops: Sequence[tuple[str, str]]
    senders: Sequence[Choice]
    templates: Sequence[Choice]
    purposes: Sequence[Choice]
    files: Sequence[Choice]
    people: Sequence[Choice]
    zone: str
    agreed: bool
    faults: Mapping[str, str] = field(default_factory=dict)


@record
class Letter:
    """What one contact would get: the final text with its parts and price, or why they get nothing."""

    person: Person
    text: str
    subject: str = ""
    to: str = ""
    sender: str = ""
    counted: str = ""
    cost: str = ""
    zone: str = ""
    waits: str = ""
    refusals: Sequence[str] = ()
    costly: str = ""


@record
class Review:
    """Before it is sent: whom it reaches, who is left out and why, and some of the letters."""

    recipients: int
    lines: Sequence[tuple[str, int, str]]
    segments: int
    cost: str
    estimated: bool
    complete: bool
    letters: Sequence[Letter]


@record
class RecipientRow:
    """One recipient: what became of them, and why. `href` leads to what was said since."""

    person: Person
    href: str
    state: str
    label: str
    tone: str
    icon: str
    reason: str = ""
    note: str = ""


@record
class Figure:
    """One number of the results, as a link to whom it counts. `share` is of those it was sent to."""

    label: str
    count: str
    href: str
    share: str = ""
    current: bool = False


@record
class CampaignPage:
    """A campaign that was started: how it is, its figures, and a page of its recipients.

    `fresh`: it goes on, or ended a few minutes ago, so that answers and delivery reports still come in.
    """

    row: CampaignRow
    body: str
    subject: str
    facts: Sequence[tuple[str, str]]
    figures: Sequence[Figure]
    skipped: Sequence[tuple[str, str]]
    percent: int
    said: str
    reason: str
    verbs: frozenset[str]
    people: Sequence[RecipientRow]
    next: str
    shown: str
    pace: str
    may_manage: bool
    may_export: bool
    fresh: bool

"""Trying a rule against what happened: what it would have done, sent and cost. Nothing is changed, and time is bounded.

Events are those of the log, whether or not the rule was there. What is asked of contacts and conversations is how they
are now; what is asked of the event, the message and the hour is how it was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gateway.core.automation_facts import facts_of, moment_of
from gateway.core.batch import Surroundings
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import Refused
from gateway.core.once import once_for
from gateway.core.preview import Composed, Tried, compose_all
from gateway.core.templates import render
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.automation import Automation, delay_of
from gateway.domain.ids import PREFIXES, parse_id
from gateway.domain.model import Event
from gateway.domain.nature import Nature
from gateway.domain.record import record
from gateway.domain.rules import all_hold, rule_of
from gateway.domain.settings import Snippet
from gateway.host.asked import Asked
from gateway.host.event_views import view_of
from gateway.host.named import find_named
from gateway.storage import automation_reads, event_log
from gateway.storage.database import Database
from gateway.storage.session import Session

LONGEST_S = 8.0
COMPOSING_S = 4.0
"""After so long further messages are counted, and taken to be like those that were composed."""
PIECE = 500
TOGETHER = 50
"""Messages composed with one load: what is loaded is looked through for each of them."""
SAMPLE = 10
DAY_MS = 86_400_000
SENDS = "send_message"


@record
class Sample:
    """One event it would have run for. Ids of contacts are as the outside sees them."""

    position: int
    at: int
    conversation_id: int | None
    contact_id: str | None
    contact_name: str | None
    text: str | None


@dataclass(slots=True)
class Trial:
    """What would have happened. `since` (ms) is how far back was looked."""

    since: int
    matched: int = 0
    runs: int = 0
    would: dict[str, int] = field(default_factory=dict)
    refused: int = 0
    in_quiet_hours: int = 0
    costs: dict[str, int] = field(default_factory=dict)
    sample: list[Sample] = field(default_factory=list)
    complete: bool = True
    composed: int = 0
    counted: int = 0

    @property
    def estimated(self) -> bool:
        """Whether there were more messages than could be composed in time."""
        return self.counted > 0

    def settle(self) -> None:
        """What was only counted is taken to be like what was composed."""
        if not self.counted or not self.composed:
            return
        share = (self.composed + self.counted) / self.composed
        self.would[SENDS] = round(self.would.get(SENDS, 0) * share)
        self.refused = round(self.refused * share)
        self.in_quiet_hours = round(self.in_quiet_hours * share)
        self.costs = {currency: round(micros * share) for currency, micros in self.costs.items()}

    @property
    def currency(self) -> str | None:
        """What most of it is paid in."""
        return max(self.costs, key=lambda one: self.costs[one], default=None)

    @property
    def cost_micros(self) -> int | None:
        """In millionths of the currency; None where no price is known."""
        return None if self.currency is None else self.costs[self.currency]


class Trials:
    """`monotonic` in seconds; `clock` in milliseconds."""

    def __init__(
        self,
        database: Database,
        around: Surroundings,
        asked: Asked,
        clock: Callable[[], int],
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._around = around
        self._asked = asked
        self._clock = clock
        self._monotonic = monotonic

    async def run(self, view: WorkspaceView, rule: Automation, days: int) -> Trial:
        """What a rule, stored or not, would have done within the last so many days."""
        started, now = self._monotonic(), self._clock()
        composed: Composed = {}
        trial = Trial(since=now - days * DAY_MS)
        templates, before, first = await self._database.read(partial(_window, workspace_id=view.id, since=trial.since))
        rules = [rule_of(one) for one in rule.conditions]
        seen: set[str] = set()
        while True:
            read = partial(_piece, view=view, when=rule.when, before=before, first=first)
            events, facts = await self._database.read(read)
            if not events:
                trial.settle()
                return trial
            matching: list[tuple[Event, Mapping[str, Any]]] = []
            for event, known in zip(events, facts, strict=True):
                full = await self._asked.with_fields(rules, view_of(event), known)
                if not all_hold(rules, full, moment_of(view, event)):
                    continue
                trial.matched += 1
                once = once_for(rule.once_per, view, event, full)
                if once is None or once not in seen:
                    matching.append((event, full))
                if once is not None:
                    seen.add(once)
            tried = _would(view, rule, templates, matching, trial)
            for place in range(0, len(tried), TOGETHER):
                if trial.composed and self._monotonic() - started >= COMPOSING_S:
                    trial.counted += len(tried) - place
                    break
                await self._count(view, tried[place : place + TOGETHER], trial, composed)
            before = events[-1].position
            if self._monotonic() - started >= LONGEST_S:
                trial.complete, trial.since = False, events[-1].at
                trial.settle()
                return trial

    async def _count(self, view: WorkspaceView, tried: Sequence[Tried], trial: Trial, known: Composed) -> None:
        read = partial(
            compose_all, around=self._around, now=self._clock(), workspace_id=view.id, tried=tried, known=known
        )
        trial.composed += len(tried)
        for one in await self._database.read(read):
            if one.refused:
                trial.refused += 1
                continue
            trial.would[SENDS] = trial.would.get(SENDS, 0) + 1
            trial.in_quiet_hours += one.quiet
            if one.price is not None:
                trial.costs[one.price.currency] = trial.costs.get(one.price.currency, 0) + one.price.micros


def _would(
    view: WorkspaceView,
    rule: Automation,
    templates: Sequence[Snippet],
    matching: Sequence[tuple[Event, Mapping[str, Any]]],
    trial: Trial,
) -> list[Tried]:
    """Counts what some runs would have done; answers the messages that are still to be composed."""
    tried: list[Tried] = []
    trial.runs += len(matching)
    for event, facts in matching:
        text, waited = None, 0
        for action in rule.actions:
            waited += delay_of(action)
            if action["type"] != SENDS:
                trial.would[action["type"]] = trial.would.get(action["type"], 0) + 1
                continue
            command = _message(view, templates, action.get("settings") or {}, event, facts)
            if command is None:
                trial.refused += 1
            else:
                text = text or command.body
                tried.append(Tried(command, event.at + waited))
        if len(trial.sample) < SAMPLE:
            trial.sample.append(_sample(event, facts, text))
    return tried


def _window(session: Session, workspace_id: int, since: int) -> tuple[Sequence[Snippet], int, int]:
    """The team's templates; the position after the newest event, and that of the first to look at."""
    head = event_log.head(session, workspace_id)
    first = automation_reads.first_position_since(session, workspace_id, head, since)
    return automation_reads.team_templates(session, workspace_id), head + 1, first


def _piece(
    session: Session, view: WorkspaceView, when: str, before: int, first: int
) -> tuple[list[Event], list[dict[str, Any]]]:
    events = automation_reads.events_before(session, view.id, when, before, first, PIECE)
    return events, facts_of(session, view, events) if events else []


def _message(
    view: WorkspaceView,
    templates: Sequence[Snippet],
    settings: Mapping[str, Any],
    event: Event,
    facts: Mapping[str, Any],
) -> SendMessage | None:
    """What would have been sent; None where there was nobody to send it to, or a word was missing."""
    body = settings.get("body")
    if not body and settings.get("template"):
        found = find_named(view, templates, "template", str(settings["template"]))
        body = found.body if found else None
    contact = facts.get("contact")
    if not body or (event.thread_id is None and contact is None):
        return None
    try:
        text = render(str(body), facts)
    except Refused:
        return None
    return SendMessage(
        text,
        thread_id=event.thread_id,
        contact_id=None
        if event.thread_id is not None or contact is None
        else parse_id(contact["id"], PREFIXES["contact"]),
        from_=settings.get("from") or None,
        channel=settings.get("channel"),
        nature=Nature.AUTO,
    )


def _sample(event: Event, facts: Mapping[str, Any], text: str | None) -> Sample:
    contact = facts.get("contact") or {}
    name = contact.get("name") or next(iter(contact.get("addresses") or ()), None)
    return Sample(event.position, event.at, event.conversation_id, contact.get("id"), name, text)

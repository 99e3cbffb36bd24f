"""What a campaign would do, were it started now: whom it reaches, who is left out and why, what it says and costs.

Whom it reaches is counted over everybody, a slice at a time; words, parts and prices are put together for a sample
spread evenly over them, and are exact where that is everybody.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from gateway.core.automation_facts import zone_of
from gateway.core.batch import Surroundings
from gateway.core.campaign_people import Person, Slice, addresses_of_families, families_of, people_after, words_for
from gateway.core.campaigning import sends_for
from gateway.core.compose import Composition
from gateway.core.decisions.campaign_slices import message_for
from gateway.core.errors import FieldError, Refused
from gateway.core.gateway_choice import health_needs
from gateway.core.loading import load
from gateway.core.needs import Needs
from gateway.core.quiet import home_zone, quiet_until, zones_for
from gateway.core.scene import Scene
from gateway.core.targets import compose_for, find_target
from gateway.core.verdict import NO_VERDICT
from gateway.core.working_set import WorkingSet
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.address import Address
from gateway.domain.campaigns import Campaign, RecipientState
from gateway.domain.model import Contact
from gateway.domain.record import record, replace
from gateway.domain.rules import Moment
from gateway.storage.conversation_rows import contacts_after_merging
from gateway.storage.database import Database
from gateway.storage.session import Session

SAMPLE: Final = 200
TOGETHER: Final = 20
SLICE: Final = 1_000
LONGEST_S: Final = 15.0


@record
class Shown:
    """What one contact would get. `zone` is where their clocks are, `waits_until` (ms) the end of their night."""

    contact: Contact
    text: str
    subject: str | None = None
    composition: Composition | None = None
    to: Address | None = None
    refusals: tuple[FieldError, ...] = ()
    zone: str = ""
    waits_until: int | None = None


@record
class Totals:
    """Of everybody. `skipped` by code; `repeats` count once, `left_out` don't meet the conditions.

    `estimated`: segments, cost, quiet and what only composing shows are reckoned from a sample. `complete` is False
    where counting took too long.
    """

    recipients: int
    skipped: dict[str, int] = field(default_factory=dict)
    repeats: int = 0
    left_out: int = 0
    without_consent: int = 0
    segments: int = 0
    cost: dict[str, int] = field(default_factory=dict)
    quiet: int = 0
    estimated: bool = False
    complete: bool = True


@record
class Look:
    """The totals, and what the first of them would get."""

    totals: Totals
    shown: tuple[Shown, ...]


@dataclass(slots=True)
class _Counted:
    ids: list[int] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    skipped: Counter[str] = field(default_factory=Counter)
    repeats: int = 0
    left_out: int = 0
    without_consent: int = 0
    complete: bool = True


class CampaignPreviews:
    """Reads a slice at a time, so that nobody else's page waits; changes nothing."""

    def __init__(
        self, database: Database, around: Surroundings, clock: Callable[[], int], monotonic: Callable[[], float]
    ) -> None:
        self._database = database
        self._around = around
        self._clock = clock
        self._monotonic = monotonic

    async def look(self, view: WorkspaceView, campaign: Campaign, user: str | None, shown: int = 5) -> Look:
        """All of it."""
        counted = await self._count(view, campaign)
        sample = _spread(counted.ids, SAMPLE)
        composed: list[Shown] = []
        for start in range(0, len(sample), TOGETHER):
            composed += await self.show(view, campaign, sample[start : start + TOGETHER], user)
        return Look(_totals(counted, composed), tuple(composed[:shown]))

    async def show(
        self, view: WorkspaceView, campaign: Campaign, contact_ids: Sequence[int], user: str | None
    ) -> list[Shown]:
        """What each of these contacts would get."""
        read = partial(
            _show, around=self._around, view=view, campaign=campaign, ids=contact_ids, user=user, now=self._clock()
        )
        return await self._database.read(read)

    async def first(self, view: WorkspaceView, campaign: Campaign, limit: int) -> list[int]:
        """Some contacts it would go to."""
        found: list[int] = []
        after = 0
        while len(found) < limit:
            part = await self._slice(view, campaign, after, set(found), SLICE // 10)
            found += [one.contact_id for one in part.recipients if one.state is RecipientState.WAITING]
            after = part.to
            if part.last:
                break
        return found[:limit]

    async def _count(self, view: WorkspaceView, campaign: Campaign) -> _Counted:
        counted, after = _Counted(), 0
        until = self._monotonic() + LONGEST_S
        while True:
            part = await self._slice(view, campaign, after, counted.known, SLICE)
            for one in part.recipients:
                counted.known.add(one.contact_id)
                if one.state is RecipientState.WAITING:
                    counted.ids.append(one.contact_id)
                else:
                    counted.skipped[one.code or ""] += 1
            counted.repeats += part.repeats
            counted.left_out += part.left_out
            counted.without_consent += part.without_consent
            after = part.to
            if part.last:
                return counted
            if self._monotonic() > until:
                counted.complete = False
                return counted

    async def _slice(self, view: WorkspaceView, campaign: Campaign, after: int, known: set[int], limit: int) -> Slice:
        read = partial(
            people_after,
            view=view,
            campaign=replace(campaign, started_at=None),
            moment=Moment(self._clock(), zone_of(view)),
            after=after,
            limit=limit,
            known=known,
        )
        return await self._database.read(read)


def _spread(ids: Sequence[int], most: int) -> list[int]:
    """Evenly over all of them, the first among them."""
    if len(ids) <= most:
        return list(ids)
    return [ids[index * len(ids) // most] for index in range(most)]


def _totals(counted: _Counted, composed: Sequence[Shown]) -> Totals:
    fits = [one for one in composed if not one.refusals]
    estimated = len(composed) < len(counted.ids)
    scale = len(counted.ids) / len(composed) if composed else 1.0
    skipped = Counter(counted.skipped)
    for one in composed:
        if one.refusals:
            skipped[one.refusals[0].code] += 1
    refused = len(composed) - len(fits)
    if estimated:
        for code, count in Counter(one.refusals[0].code for one in composed if one.refusals).items():
            skipped[code] += round(count * (scale - 1))
        refused = round(refused * scale)
    cost: Counter[str] = Counter()
    for one in fits:
        price = one.composition.price if one.composition else None
        if price is not None:
            cost[price.currency] += price.micros
    return Totals(
        len(counted.ids) - refused,
        dict(skipped),
        counted.repeats,
        counted.left_out,
        counted.without_consent,
        round(sum(one.composition.segments for one in fits if one.composition) * scale),
        {currency: round(micros * scale) for currency, micros in cost.items()},
        round(sum(one.waits_until is not None for one in fits) * scale),
        estimated,
        counted.complete,
    )


def _show(
    session: Session,
    around: Surroundings,
    view: WorkspaceView,
    campaign: Campaign,
    ids: Sequence[int],
    user: str | None,
    now: int,
) -> list[Shown]:
    ws = campaign.workspace_id
    winners = contacts_after_merging(session, ws, ids)
    addresses = addresses_of_families(session, ws, families_of(session, ws, {one.id for one in winners.values()}))
    needs, working = Needs(contacts={one.id for one in winners.values()}, ledger=True), WorkingSet()
    health_needs(needs)
    load(session, ws, needs, working, now, around.digest, lock=False)
    known = replace(view, campaigns={**view.campaigns, campaign.id: campaign})
    scene = Scene(working, known, sends_for(campaign), now, around.ids, NO_VERDICT, around.capabilities, around.digest)
    people = [Person(winners[one], addresses.get(winners[one].id, ())) for one in ids if one in winners]
    return [_shown(scene, campaign, one, user) for one in people]


def _shown(scene: Scene, campaign: Campaign, person: Person, user: str | None) -> Shown:
    contact = person.contact
    try:
        body, subject = words_for(campaign, person, user)
        command = message_for(campaign, contact.id, body, subject)
        target = find_target(scene, command)
        composition = compose_for(scene, command, target)
    except Refused as refused:
        errors = refused.errors or (FieldError("to", refused.detail, refused.code),)
        return Shown(contact, "", refusals=errors)
    to = target.address
    at = max(scene.now, campaign.send_at or 0)
    return Shown(
        contact,
        composition.text,
        subject,
        composition,
        to,
        composition.refusals,
        ", ".join(zones_for(contact, to.kind, to.value)[:3]) or home_zone(scene.view),
        quiet_until(scene, contact, to.kind, to.value, at),
    )

"""The numbers behind the statistics pages. Agents are given their own, everybody else all of them."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

from gateway.core.errors import invalid
from gateway.domain.statistics import Dimension, Measure
from gateway.domain.time_zones import zone_named
from gateway.domain.visibility import Permission
from gateway.storage.session import Session
from gateway.web.api.call import Call
from gateway.web.api.inputs import Id, Zone
from gateway.web.api.route import Page, Routes
from gateway.web.api.times import id_in_field, to_id
from gateway.web.reports.figures import Figures
from gateway.web.reports.period import Period, period_of
from gateway.web.reports.reading import (
    Scope,
    load_hours,
    load_names,
    load_overview,
    load_subjects,
    scope_for,
    sees_all,
)

routes = Routes("Statistics")


class StatsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Which days, in which time zone (UTC unless said); of one user, sender, gateway, tag or campaign when it is named.

    `range` is today or the last 7, 30 or 90 days; `from` and `to` are days and go before it.
    """

    range: Literal["today", "7", "30", "90"] = "30"
    from_: date | None = None
    to: date | None = None
    timezone: Zone = "UTC"
    user: Id | None = None
    sender: Id | None = None
    gateway: Id | None = None
    tag: Id | None = None
    campaign: Id | None = None


class VolumesQuery(StatsQuery, frozen=True, forbid_unknown_fields=True):
    """The same, and how finely."""

    per: Literal["day", "hour"] = "day"


class DurationShape(msgspec.Struct, frozen=True):
    """How long something took, in seconds; null where it never happened. The median is within 5 %."""

    count: int
    median: float | None
    mean: float | None


class FiguresShape(msgspec.Struct, frozen=True):
    """Counts and durations.

    `sent`, `delivered` and `failed` are what became of the outbound messages written then, tests left out;
    `delivery_rate` is the share delivered of those, 0 to 1; `failures` says why some failed, by the code of the error,
    of all, a sender or a gateway. `ended` were archived or closed without being completed.
    `tagged` is how often a tag was put on, and told of each tag alone: 0 everywhere else.
    """

    inbound: int
    outbound: int
    sent: int
    delivered: int
    failed: int
    delivery_rate: float | None
    failures: dict[str, int]
    opened: int
    reopened: int
    completed: int
    ended: int
    tagged: int
    first_reply: DurationShape
    resolution: DurationShape


class SummaryShape(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """A period, and as many days before it."""

    from_: date
    to: date
    timezone: str
    figures: FiguresShape
    before: FiguresShape


class VolumeShape(msgspec.Struct, frozen=True):
    """One day (`2026-11-21`) or hour (`2026-11-21T10:00+01:00`)."""

    at: str
    figures: FiguresShape


class HourShape(msgspec.Struct, frozen=True):
    """First replies in one hour of the day, 0 to 23, over all days."""

    hour: int
    first_reply: DurationShape


class SubjectShape(msgspec.Struct, frozen=True):
    """The figures of one user, sender, gateway or tag."""

    id: str
    name: str
    figures: FiguresShape


class CampaignFiguresShape(msgspec.Struct, frozen=True):
    """What became of a campaign's messages of those days, and of those who got them.

    `outbound` are all that were queued then; `sent`, `delivered` and `failed` what became of them, as everywhere.
    `replied` and `opted_out` count contacts, by when they were written to; `reply_rate` is the share of `sent` and
    `delivered` that was answered, 0 to 1.
    """

    outbound: int
    sent: int
    delivered: int
    failed: int
    delivery_rate: float | None
    replied: int
    reply_rate: float | None
    opted_out: int


class CampaignStatsShape(msgspec.Struct, frozen=True):
    """The figures of one campaign. One that was removed keeps them, and its name."""

    id: str
    name: str
    figures: CampaignFiguresShape


@routes.get("/stats/summary")
async def get_stats_summary(call: Call, query: StatsQuery) -> SummaryShape:
    """Read the sums of a period, and of the one before."""
    scope, period = scope_in(call, query), period_in(call, query)
    found = await call.read(lambda session: load_overview(session, call.workspace_id, scope, period))
    return SummaryShape(period.first, period.last, period.zone.key, _figures(found.now), _figures(found.before))


@routes.get("/stats/volumes")
async def list_stats_volumes(call: Call, query: VolumesQuery) -> Page[VolumeShape]:
    """List the sums of each day or hour; hours in which nothing happened are left out."""
    scope, period = scope_in(call, query), period_in(call, query)
    if query.per == "hour":
        hours = await call.read(lambda session: load_hours(session, call.workspace_id, scope, period))
        return Page([VolumeShape(at, _figures(one)) for at, one in hours.items()])
    found = await call.read(lambda session: load_overview(session, call.workspace_id, scope, period))
    return Page([VolumeShape(day.isoformat(), _figures(one)) for day, one in sorted(found.days.items())])


@routes.get("/stats/hours")
async def list_stats_hours(call: Call, query: StatsQuery) -> Page[HourShape]:
    """List how long first replies took, by the hour of the day."""
    scope, period = scope_in(call, query), period_in(call, query)
    found = await call.read(lambda session: load_overview(session, call.workspace_id, scope, period))
    return Page([HourShape(hour, _duration(one, Measure.FIRST_REPLY)) for hour, one in found.hours.items()])


@routes.get("/stats/users")
async def list_stats_users(call: Call, query: StatsQuery) -> Page[SubjectShape]:
    """List users with their figures; an agent finds only themselves."""
    page = await _subjects(call, query, Dimension.USER)
    own = to_id("user", call.signed.user.id)
    return page if sees_all(call.viewer) else Page([one for one in page.items if one.id == own])


@routes.get("/stats/senders", permission=Permission.VIEW_REPORTS)
async def list_stats_senders(call: Call, query: StatsQuery) -> Page[SubjectShape]:
    """List senders with their figures."""
    return await _subjects(call, query, Dimension.SENDER)


@routes.get("/stats/gateways", permission=Permission.VIEW_REPORTS)
async def list_stats_gateways(call: Call, query: StatsQuery) -> Page[SubjectShape]:
    """List gateways with their figures: the delivery rates."""
    return await _subjects(call, query, Dimension.GATEWAY)


@routes.get("/stats/tags", permission=Permission.VIEW_REPORTS)
async def list_stats_tags(call: Call, query: StatsQuery) -> Page[SubjectShape]:
    """List tags: how often they were put on, and what became of the conversations they were on."""
    return await _subjects(call, query, Dimension.TAG)


@routes.get("/stats/campaigns", permission=Permission.VIEW_REPORTS)
async def list_stats_campaigns(call: Call, query: StatsQuery) -> Page[CampaignStatsShape]:
    """List campaigns that wrote to somebody in those days: what arrived, who answered, who opted out."""
    found, names = await _named(call, query, Dimension.CAMPAIGN)
    shapes = [CampaignStatsShape(to_id("campaign", id_), name, _campaign(found[id_])) for id_, name in names.items()]
    return Page(sorted(shapes, key=lambda one: one.name.casefold()))


async def _subjects(call: Call, query: StatsQuery, dimension: Dimension) -> Page[SubjectShape]:
    found, names = await _named(call, query, dimension)
    shapes = [SubjectShape(to_id(dimension, id_), name, _figures(found[id_])) for id_, name in names.items()]
    return Page(sorted(shapes, key=lambda one: one.name.casefold()))


async def _named(
    call: Call, query: StatsQuery, dimension: Dimension
) -> tuple[Mapping[int, Figures], Mapping[int, str]]:
    """The figures of each subject, and what those are called that have a name."""
    period = period_in(call, query)

    def look(session: Session) -> tuple[Mapping[int, Figures], Mapping[int, str]]:
        found = load_subjects(session, call.workspace_id, dimension, period)
        return found, load_names(session, call.view, dimension, found)

    return await call.read(look)


def scope_in(call: Call, query: StatsQuery) -> Scope:
    """Whose figures are asked for. 403 where they are not the caller's to see."""
    named = [
        Scope(dimension, id_in_field(dimension, text, dimension))
        for dimension, text in (
            (Dimension.USER, query.user),
            (Dimension.SENDER, query.sender),
            (Dimension.GATEWAY, query.gateway),
            (Dimension.TAG, query.tag),
            (Dimension.CAMPAIGN, query.campaign),
        )
        if text is not None
    ]
    if len(named) > 1:
        raise invalid("user", "Name one user, sender, gateway, tag or campaign; not several at once.")
    return scope_for(call.viewer, named[0] if named else Scope())


def period_in(call: Call, query: StatsQuery) -> Period:
    """The days that are asked for."""
    zone = zone_named(query.timezone)
    if zone is None:
        raise invalid("timezone", "This is not a time zone; use a name like Europe/Paris.")
    return period_of(query.range, query.from_, query.to, zone, call.state.clock())


def _figures(one: Figures) -> FiguresShape:
    return FiguresShape(
        inbound=one.count(Measure.INBOUND),
        outbound=one.count(Measure.OUTBOUND),
        sent=one.count(Measure.SENT),
        delivered=one.count(Measure.DELIVERED),
        failed=one.count(Measure.FAILED),
        delivery_rate=None if one.delivery_rate is None else round(one.delivery_rate, 4),
        failures=one.failures,
        opened=one.count(Measure.OPENED),
        reopened=one.count(Measure.REOPENED),
        completed=one.count(Measure.COMPLETED),
        ended=one.count(Measure.ENDED),
        tagged=one.count(Measure.TAGGED),
        first_reply=_duration(one, Measure.FIRST_REPLY),
        resolution=_duration(one, Measure.RESOLUTION),
    )


def _campaign(one: Figures) -> CampaignFiguresShape:
    rates = [None if rate is None else round(rate, 4) for rate in (one.delivery_rate, one.reply_rate)]
    return CampaignFiguresShape(
        outbound=one.count(Measure.OUTBOUND),
        sent=one.count(Measure.SENT),
        delivered=one.count(Measure.DELIVERED),
        failed=one.count(Measure.FAILED),
        delivery_rate=rates[0],
        replied=one.count(Measure.REPLIED),
        reply_rate=rates[1],
        opted_out=one.count(Measure.OPTED_OUT),
    )


def _duration(one: Figures, measure: Measure) -> DurationShape:
    return DurationShape(one.count(measure), _seconds(one.median(measure)), _seconds(one.mean(measure)))


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else round(ms / 1000, 1)

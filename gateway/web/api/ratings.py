"""What contacts answered on the scales of plugins: surveys, behind the statistics page."""

from datetime import datetime
from typing import Literal

import msgspec

from gateway.core.errors import invalid
from gateway.domain.statistics import Dimension
from gateway.domain.visibility import Permission
from gateway.sdk.registration import Scale
from gateway.storage.assignment_reads import open_by_user
from gateway.web.api.call import Call
from gateway.web.api.route import Page, Routes
from gateway.web.api.statistics import StatsQuery, period_in, scope_in
from gateway.web.api.times import to_id, to_id_or_none, to_time
from gateway.web.reports.names import names_of
from gateway.web.reports.ratings import Rating, rating_of, ratings_by_day, remarks_on
from gateway.web.reports.reading import load_overview, load_subjects, require_all

routes = Routes("Statistics")


class ScaleQuery(StatsQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which days, whose, and on which scale."""

    scale: str


class BreakdownQuery(ScaleQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same, and by what."""

    per: Literal["day", "user", "sender", "gateway", "tag"] = "day"


class PointShape(msgspec.Struct, frozen=True):
    """How often one value was answered."""

    value: int
    label: str
    count: int


class RatingShape(msgspec.Struct, frozen=True):
    """Answers of a period. `response_rate` and `satisfied` are shares, 0 to 1; null of nothing.

    Answers count for the day their question was asked on, so that the rate is one of the same questions.
    """

    scale: str
    label: str
    asked: int
    answered: int
    response_rate: float | None
    average: float | None
    satisfied: float | None
    points: list[PointShape]


class RatedShape(msgspec.Struct, frozen=True):
    """One day (`2026-11-21`), user, sender, gateway or tag: `id` is null for days, `name` the day's."""

    id: str | None
    name: str
    rating: RatingShape


class RemarkShape(msgspec.Struct, frozen=True):
    """What somebody said beside their answer."""

    at: datetime
    words: str
    value: int | None
    conversation_id: str | None
    user_id: str | None


@routes.get("/stats/ratings")
async def list_stats_ratings(call: Call, query: StatsQuery) -> Page[RatingShape]:
    """List the scales that contacts were asked on, with their answers."""
    scope, period = scope_in(call, query), period_in(call, query)
    found = await call.read(lambda session: load_overview(session, call.workspace_id, scope, period))
    ratings = [rating_of(scale, found.now) for scale in call.state.plugin_web.scales]
    return Page([_shape(one) for one in ratings if one.asked or one.answered])


@routes.get("/stats/ratings/breakdown")
async def list_stats_rating_breakdown(call: Call, query: BreakdownQuery) -> Page[RatedShape]:
    """List a scale's answers by day, user, sender, gateway or tag; all but the days are for who sees everybody's."""
    scale, scope, period = _scale(call, query.scale), scope_in(call, query), period_in(call, query)
    if query.per == "day":
        overview = await call.read(lambda session: load_overview(session, call.workspace_id, scope, period))
        days = ratings_by_day(scale, overview.days)
        return Page([RatedShape(None, day.isoformat(), _shape(one)) for day, one in days.items()])
    require_all(call.viewer)
    dimension = Dimension(query.per)
    subjects = await call.read(lambda session: load_subjects(session, call.workspace_id, dimension, period))
    names = names_of(call.view, dimension)
    rated = {id_: rating_of(scale, one) for id_, one in subjects.items() if id_ in names}
    shapes = [RatedShape(to_id(dimension, id_), names[id_], _shape(one)) for id_, one in rated.items() if one.asked]
    return Page(sorted(shapes, key=lambda one: one.name.casefold()))


@routes.get("/stats/ratings/remarks")
async def list_stats_remarks(call: Call, query: ScaleQuery) -> Page[RemarkShape]:
    """List what was said beside a scale's answers, the newest 50."""
    scale, scope, period = _scale(call, query.scale), scope_in(call, query), period_in(call, query)
    found = await call.read(lambda session: remarks_on(session, call.workspace_id, scale, scope, period))
    return Page(
        [
            RemarkShape(
                to_time(one.at),
                one.words,
                one.value,
                to_id_or_none("conversation", one.conversation_id),
                to_id_or_none("user", one.user_id),
            )
            for one in found
        ]
    )


class LoadShape(msgspec.Struct, frozen=True):
    """What somebody has now, and whether they get more at this hour. `id` is null for what nobody has."""

    id: str | None
    name: str | None
    available: bool
    open: int


@routes.get("/stats/load", permission=Permission.VIEW_REPORTS)
async def list_stats_load(call: Call) -> Page[LoadShape]:
    """List how many open conversations everybody has now; last those that nobody has."""
    found = await call.read(lambda session: open_by_user(session, call.workspace_id))
    now = call.state.clock()
    people = [one for one in call.view.live(call.view.users) if one.kind == "person"]
    rows = [LoadShape(to_id("user", one.id), one.name, one.takes_work(now), found.get(one.id, 0)) for one in people]
    return Page([*rows, LoadShape(None, None, False, found.get(0, 0))])


def _scale(call: Call, name: str) -> Scale:
    found = next((one for one in call.state.plugin_web.scales if one.name == name), None)
    if found is None:
        known = ", ".join(one.name for one in call.state.plugin_web.scales) or "none"
        raise invalid("scale", f"There is no scale {name}. There are: {known}.")
    return found


def _shape(rating: Rating) -> RatingShape:
    points = [PointShape(value, label, rating.counts.get(value, 0)) for value, label in rating.scale.points.items()]
    return RatingShape(
        rating.scale.name,
        rating.scale.label,
        rating.asked,
        rating.answered,
        _rounded(rating.response_rate),
        _rounded(rating.average),
        _rounded(rating.satisfied),
        points,
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)

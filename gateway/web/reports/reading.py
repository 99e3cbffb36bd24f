"""Reports read from the tallies. Agents see what they did themselves; supervisors and administrators all of it."""

from collections.abc import Iterable, Mapping
from datetime import date

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.record import record
from gateway.domain.statistics import Dimension
from gateway.domain.visibility import Permission, Viewer, may
from gateway.storage import statistics
from gateway.storage.session import Session
from gateway.storage.statistics import Sum
from gateway.web import problems
from gateway.web.reports.figures import Figures, figures_of
from gateway.web.reports.names import campaign_names, names_of
from gateway.web.reports.period import Period

_OWN = "Agents see their own figures; a supervisor sees all of them."


@record
class Scope:
    """Whose figures: everybody's, or one user's, sender's, gateway's, tag's or campaign's."""

    dimension: Dimension = Dimension.ALL
    subject: int = 0


@record
class Overview:
    """A period and the one before it; by day, and by the hour of the day over all days."""

    now: Figures
    before: Figures
    days: Mapping[date, Figures]
    hours: Mapping[int, Figures]


def sees_all(viewer: Viewer) -> bool:
    """Whether somebody sees the figures of others."""
    return may(viewer.role, Permission.VIEW_REPORTS)


def scope_for(viewer: Viewer, wanted: Scope) -> Scope:
    """What somebody asked to see. Problem 403 when it's not theirs; all of it is, for an agent, their own."""
    if sees_all(viewer) or wanted == Scope(Dimension.USER, viewer.user_id):
        return wanted
    if wanted == Scope():
        return Scope(Dimension.USER, viewer.user_id)
    raise problems.forbidden(_OWN)


def require_all(viewer: Viewer) -> None:
    """Problem 403 for who sees only their own."""
    if not sees_all(viewer):
        raise problems.forbidden(_OWN)


def load_overview(session: Session, workspace_id: int, scope: Scope, period: Period) -> Overview:
    """A period at a glance."""
    found = _quarters(session, workspace_id, scope, period)
    days: dict[date, Figures] = {day: Figures() for day in period.days}
    hours: dict[int, Figures] = {hour: Figures() for hour in range(24)}
    for one in found:
        moment = period.moment(one.place)
        days.setdefault(moment.date(), Figures()).add(one)
        hours[moment.hour].add(one)
    before = figures_of(_quarters(session, workspace_id, scope, period.previous))
    return Overview(figures_of(found), before, days, hours)


def load_hours(session: Session, workspace_id: int, scope: Scope, period: Period) -> dict[str, Figures]:
    """Each hour of a period that has something in it, by its local time (`2026-11-21T10:00+01:00`)."""
    found: dict[str, Figures] = {}
    for one in _quarters(session, workspace_id, scope, period):
        hour = period.moment(one.place).replace(minute=0).isoformat(timespec="minutes")
        found.setdefault(hour, Figures()).add(one)
    return found


def load_subjects(session: Session, workspace_id: int, dimension: Dimension, period: Period) -> dict[int, Figures]:
    """The figures of each user, sender, gateway, tag or campaign that has any."""
    first, last = period.quarters
    found: dict[int, Figures] = {}
    for one in statistics.by_subject(session, workspace_id, dimension, first, last):
        found.setdefault(one.place, Figures()).add(one)
    return found


def load_names(session: Session, view: WorkspaceView, dimension: Dimension, ids: Iterable[int]) -> dict[int, str]:
    """What some subjects are called."""
    if dimension is Dimension.CAMPAIGN:
        return campaign_names(session, view.id, ids)
    names = names_of(view, dimension)
    return {id_: names[id_] for id_ in ids if id_ in names}


def load_days(
    session: Session, workspace_id: int, dimension: Dimension, subjects: Iterable[int], period: Period
) -> dict[int, list[Figures]]:
    """The figures of some subjects on each day of a period. Read by key, a subject at a time: for the few of a team."""
    found: dict[int, list[Figures]] = {}
    for subject in subjects:
        days = {day: Figures() for day in period.days}
        for one in _quarters(session, workspace_id, Scope(dimension, subject), period):
            days.setdefault(period.moment(one.place).date(), Figures()).add(one)
        found[subject] = list(days.values())
    return found


def _quarters(session: Session, workspace_id: int, scope: Scope, period: Period) -> Iterable[Sum]:
    first, last = period.quarters
    return statistics.by_quarter(session, workspace_id, scope.dimension, scope.subject, first, last)

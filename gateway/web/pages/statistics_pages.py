"""The statistics: how much, how fast, by whom, through what, with a table behind each picture and CSV of each table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.statistics import Dimension, Measure
from gateway.sdk.registration import Scale
from gateway.storage.session import Session
from gateway.web import problems
from gateway.web.language import marked
from gateway.web.pages.charts import Chart, Series, bar_chart, line_chart, shares
from gateway.web.pages.desk import Desk, html, read_id
from gateway.web.pages.shell import lone_shell
from gateway.web.pages.statistics_ratings import Rated, ratings_csv, section_of
from gateway.web.pages.statistics_tables import (
    TABLES,
    Named,
    Table,
    csv_of,
    days_csv,
    load_named,
    number_name,
    table_of,
)
from gateway.web.pages.statistics_words import duration_text, kpis_of, reasons_text, share_text
from gateway.web.pages.views_shell import Choice
from gateway.web.pages.views_statistics import Delivery, Kept, Report
from gateway.web.reports.figures import Figures
from gateway.web.reports.names import names_of
from gateway.web.reports.period import RANGES, USUAL, Period, period_of
from gateway.web.reports.ratings import rating_of, remarks_on
from gateway.web.reports.reading import (
    Overview,
    Scope,
    load_days,
    load_names,
    load_overview,
    load_subjects,
    require_all,
    scope_for,
    sees_all,
)

_RANGES: Final = (
    ("today", marked("Today")),
    ("7", marked("7 days")),
    ("30", marked("30 days")),
    ("90", marked("90 days")),
)
MOST_LINES: Final = 50  # how many people have a small line of their days; each is a read by key
Subjects = Mapping[Dimension, Mapping[int, Figures]]
Names = Mapping[Dimension, Mapping[int, Named]]
Days = Mapping[int, Sequence[Figures]]


async def show_statistics(desk: Desk) -> web.StreamResponse:
    """The page, or for a script what is in it."""
    wanted, period = asked(desk)
    own = not sees_all(desk.viewer)
    scope = scope_for(desk.viewer, wanted)

    scales = desk.state.plugin_web.scales

    def read(session: Session) -> tuple[Overview, Subjects, Names, Days, list[Rated]]:
        overview = load_overview(session, desk.workspace_id, scope, period)
        tables = () if own else TABLES
        found = {one.dimension: load_subjects(session, desk.workspace_id, one.dimension, period) for one in tables}
        people = list(found.get(Dimension.USER, ()))[:MOST_LINES]
        rated = [one for one in scales if rating_of(one, overview.now).asked]
        said = [Rated(one, remarks_on(session, desk.workspace_id, one, scope, period)) for one in rated]
        names = {dimension: load_named(session, desk.view, dimension, each) for dimension, each in found.items()}
        return overview, found, names, load_days(session, desk.workspace_id, Dimension.USER, people, period), said

    overview, subjects, names, days, rated = await desk.read(read)
    sections = [section_of(desk, one, overview, subjects, _scale_csv(one.scale, period, wanted)) for one in rated]
    report = replace(
        _report(desk, period, wanted, overview, subjects, names, days),
        ratings=[one for one in sections if one is not None],
    )
    if desk.by_script:
        return html(desk.pieces("report", report=report), headers={"HX-Push-Url": _address(period, wanted)})
    return desk.page("statistics.html", shell=await lone_shell(desk, "statistics"), report=report)


async def show_csv(desk: Desk) -> web.StreamResponse:
    """One of the tables, or the days, to take away."""
    name = desk.request.match_info["table"]
    wanted, period = asked(desk)
    if name == "days":
        scope = scope_for(desk.viewer, wanted)
        overview = await desk.read(lambda session: load_overview(session, desk.workspace_id, scope, period))
        return _file(f"days-{period.first}-{period.last}", days_csv(overview.days))
    if name == "ratings":
        return await _ratings_file(desk, wanted, period)
    table = next((one for one in TABLES if one.name == name), None)
    if table is None:
        raise problems.not_found("page")
    require_all(desk.viewer)

    def look(session: Session) -> str:
        found = load_subjects(session, desk.workspace_id, table.dimension, period)
        return csv_of(table, found, load_names(session, desk.view, table.dimension, found))

    return _file(f"{name}-{period.first}-{period.last}", await desk.read(look))


async def _ratings_file(desk: Desk, wanted: Scope, period: Period) -> web.Response:
    name = desk.request.query.get("scale", "")
    scale = next((one for one in desk.state.plugin_web.scales if one.name == name), None)
    if scale is None:
        raise problems.not_found("page")
    scope, everybody = scope_for(desk.viewer, wanted), sees_all(desk.viewer)

    def read(session: Session) -> tuple[Overview, Subjects]:
        tables = TABLES if everybody else ()
        found = {one.dimension: load_subjects(session, desk.workspace_id, one.dimension, period) for one in tables}
        return load_overview(session, desk.workspace_id, scope, period), found

    overview, subjects = await desk.read(read)
    return _file(f"{scale.name}-{period.first}-{period.last}", ratings_csv(desk, scale, overview, subjects))


def asked(desk: Desk) -> tuple[Scope, Period]:
    """Whose figures of which days the address says."""
    query = desk.request.query
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    period = period_of(query.get("range", USUAL), first, last, desk.times.zone, desk.times.now)
    sender = query.get("sender", "")
    return (Scope(Dimension.SENDER, read_id(sender, "snd")) if sender else Scope()), period


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _file(name: str, text: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return web.Response(text=text, content_type="text/csv", headers=headers)


def _report(
    desk: Desk, period: Period, wanted: Scope, overview: Overview, subjects: Subjects, names: Names, days: Days
) -> Report:
    _, own = desk.language.gettext, not sees_all(desk.viewer)
    chosen = _chosen(desk, period)
    tables = [] if own else [one for one in TABLES if _is_shown(one, subjects)]
    return Report(
        title=_("Your statistics") if own else _("Statistics"),
        ranges=[
            Choice(_(label), f"/statistics?{_query(name, wanted)}", pressed=name == chosen) for name, label in _RANGES
        ],
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        chosen=chosen,
        mailboxes=[] if own else _mailboxes(desk, wanted),
        kpis=kpis_of(overview.now, overview.before, desk.language, own=own),
        volumes=_lines(desk, overview, _("Messages in and out"), _VOLUMES),
        episodes=_lines(desk, overview, _("Conversations opened and completed"), _EPISODES),
        hours=_hours(desk, overview),
        deliveries=_deliveries(desk, subjects.get(Dimension.GATEWAY, {})),
        tables=[
            table_of(
                desk,
                one,
                subjects[one.dimension],
                names[one.dimension],
                _csv(one, period),
                days if one.dimension is Dimension.USER else {},
            )
            for one in tables
        ],
        days_csv=f"/statistics/days.csv?{_span(period, wanted)}",
        own=own,
        zone=desk.times.zone.key,
        empty=not overview.now.counts,
        reasons=reasons_text(overview.now, desk.language),
        kept=_kept(desk, overview.now),
    )


def _is_shown(table: Table, subjects: Subjects) -> bool:
    """Gateways have a picture of their own; who sends no campaigns need not read that there were none."""
    if table.dimension is Dimension.CAMPAIGN:
        return bool(subjects[table.dimension])
    return table.dimension is not Dimension.GATEWAY


_VOLUMES: Final = (("c1", marked("Received"), Measure.INBOUND), ("c2", marked("Sent"), Measure.OUTBOUND))
_EPISODES: Final = (("c1", marked("Opened"), Measure.OPENED), ("c2", marked("Completed"), Measure.COMPLETED))


def _lines(desk: Desk, overview: Overview, caption: str, drawn: Sequence[tuple[str, str, Measure]]) -> Chart:
    language = desk.language
    if len(overview.days) == 1:
        head, places = language.gettext("Hour"), [f"{hour}:00" for hour in range(24)]
        found = [overview.hours[hour] for hour in range(24)]
    else:
        days = sorted(overview.days)
        head, places = language.gettext("Day"), [language.date(day, "MMMd") for day in days]
        found = [overview.days[day] for day in days]
    series = [
        Series(colour, language.gettext(name), [one.count(measure) for one in found]) for colour, name, measure in drawn
    ]
    return line_chart(caption, head, places, series)


def _hours(desk: Desk, overview: Overview) -> Chart:
    _, aim = desk.language.gettext, desk.view.policy.first_reply_target
    medians = [overview.hours[hour].median(Measure.FIRST_REPLY) for hour in range(24)]
    return bar_chart(
        _("Median minutes to the first reply, by the hour of the reply"),
        (_("Hour"), _("Median first reply")),
        [str(hour) for hour in range(24)],
        [round((ms or 0) / 60_000, 1) for ms in medians],
        [duration_text(ms, desk.language) for ms in medians],
        target=(aim / 60, _("Target %(time)s", time=duration_text(aim * 1_000, desk.language))) if aim else None,
    )


def _kept(desk: Desk, now: Figures) -> Kept | None:
    """How many first replies came within the target that the team has set."""
    aim = desk.view.policy.first_reply_target
    share = now.within(Measure.FIRST_REPLY, aim * 1_000) if aim else None
    if aim is None or share is None:
        return None
    return Kept(desk.language.percent(share), duration_text(aim * 1_000, desk.language))


def _deliveries(desk: Desk, found: Mapping[int, Figures]) -> list[Delivery]:
    _, language = desk.language.gettext, desk.language
    names = names_of(desk.view, Dimension.GATEWAY)
    lines = []
    for id_, one in sorted(found.items(), key=lambda pair: -pair[1].settled):
        if not one.settled or id_ not in names:
            continue
        parts = [(colour, one.count(measure)) for colour, measure in _OUTCOMES]
        delivered, pending, failed = (share_text(count, one.settled, language) for _, count in parts)
        words = _(
            "%(delivered)s delivered, %(pending)s under way, %(failed)s failed",
            delivered=delivered,
            pending=pending,
            failed=failed,
        )
        lines.append(Delivery(names[id_], delivered, language.number(one.settled), words, shares(parts)))
    return lines


_OUTCOMES: Final = (("c2", Measure.DELIVERED), ("c4", Measure.SENT), ("c5", Measure.FAILED))


def _mailboxes(desk: Desk, wanted: Scope) -> list[Choice]:
    return [
        Choice(number_name(one), format_id(PREFIXES["sender"], one.id), pressed=wanted.subject == one.id)
        for one in desk.view.live(desk.view.senders)
    ]


def _chosen(desk: Desk, period: Period) -> str:
    """Which of the ranges these days are; nothing for days somebody picked."""
    query = desk.request.query
    if query.get("from") or query.get("to"):
        return ""
    name = query.get("range", USUAL)
    return name if name in RANGES else USUAL


def _query(name: str, wanted: Scope) -> str:
    return urlencode({"range": name, **_sender(wanted)})


def _span(period: Period, wanted: Scope) -> str:
    return urlencode({"from": period.first.isoformat(), "to": period.last.isoformat(), **_sender(wanted)})


def _sender(wanted: Scope) -> dict[str, str]:
    return {"sender": format_id("snd", wanted.subject)} if wanted.dimension is Dimension.SENDER else {}


def _csv(table: Table, period: Period) -> str:
    return f"/statistics/{table.name}.csv?{_span(period, Scope())}"


def _scale_csv(scale: Scale, period: Period, wanted: Scope) -> str:
    return f"/statistics/ratings.csv?{urlencode({'scale': scale.name})}&{_span(period, wanted)}"


def _address(period: Period, wanted: Scope) -> str:
    return f"/statistics?{_span(period, wanted)}"

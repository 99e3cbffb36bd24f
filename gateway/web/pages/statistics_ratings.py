"""Sections of the statistics page: what contacts answered on the scales of plugins, with its CSV."""

from collections.abc import Mapping, Sequence
from typing import Final

from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.statistics import Dimension
from gateway.sdk.registration import Scale
from gateway.storage.question_reads import Remark
from gateway.web.language import Language, marked
from gateway.web.pages.charts import bar_chart
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.statistics_words import share_text
from gateway.web.pages.views_statistics import Kpi, Point, RatingSection, Said, SubjectRow, SubjectTable
from gateway.web.reports.csv_text import csv_text
from gateway.web.reports.figures import Figures
from gateway.web.reports.names import names_of
from gateway.web.reports.ratings import Rating, rating_of, ratings_by_day
from gateway.web.reports.reading import Overview

_TABLES: Final = (
    (Dimension.USER, marked("%(scale)s, by agent"), marked("Agent")),
    (Dimension.SENDER, marked("%(scale)s, by number"), marked("Number")),
    (Dimension.TAG, marked("%(scale)s, by tag"), marked("Tag")),
)
# What the scales that come with the product are called, for translators: their plugin knows no languages.
_SHIPPED: Final = (
    marked("Satisfaction, 1 to 5"), marked("very bad"), marked("bad"), marked("so so"), marked("good"),
    marked("very good"), marked("Satisfaction, yes or no"), marked("yes"), marked("no"),
    marked("Would recommend us, 0 to 10"), marked("not at all"), marked("certainly"),
)  # fmt: skip
_NONE: Final = "\N{EN DASH}"
_BINARY: Final = 2  # of two answers an average says nothing that the share doesn't

Subjects = Mapping[Dimension, Mapping[int, Figures]]


@record
class Rated:
    """What was read for one scale."""

    scale: Scale
    remarks: Sequence[Remark]


def section_of(desk: Desk, rated: Rated, overview: Overview, subjects: Subjects, csv: str) -> RatingSection | None:
    """The section of a scale; None where nobody was asked on it."""
    now, before = rating_of(rated.scale, overview.now), rating_of(rated.scale, overview.before)
    if not now.asked and not now.answered:
        return None
    days = ratings_by_day(rated.scale, overview.days)
    _, language = desk.language.gettext, desk.language
    places = [language.date(day, "MMMd") for day in days]
    mean = len(rated.scale.points) > _BINARY
    values = [one.average if mean else None if one.satisfied is None else one.satisfied * 100 for one in days.values()]
    shown = [_NONE if one is None else language.number(round(one, 1)) for one in values]
    caption = _("Average on each day") if mean else _("Satisfied on each day, percent")
    tables = [_table(desk, now.scale, *one, subjects.get(one[0], {})) for one in _TABLES if one[0] in subjects]
    return RatingSection(
        id=rated.scale.name.replace("_", "-"),
        title=_(rated.scale.label),
        kpis=_kpis(now, before, language),
        points=[_point(now, value, label, language) for value, label in rated.scale.points.items()],
        days=bar_chart(caption, (_("Day"), caption), places, [round(one or 0, 2) for one in values], shown),
        tables=[one for one in tables if one.rows],
        remarks=[_said(desk, rated.scale, one) for one in rated.remarks],
        csv=csv,
    )


def _kpis(now: Rating, before: Rating, language: Language) -> list[Kpi]:
    _ = language.gettext
    found = [Kpi(_("Answers"), language.number(now.answered))]
    if len(now.scale.points) > _BINARY:
        change = "" if now.average is None or before.average is None else f"{now.average - before.average:+.1f}"
        better = None if change in {"", "+0.0", "-0.0"} else change.startswith("+")
        found.insert(0, Kpi(_("Average"), _mean(now, language), change.replace("-", "\N{MINUS SIGN}"), better))
    good = sum(count for value, count in now.counts.items() if value in now.scale.good)
    found.append(Kpi(_("Satisfied"), share_text(good, now.answered, language)))
    found.append(Kpi(_("Response rate"), share_text(now.answered, now.asked, language)))
    return found


def _mean(rating: Rating, language: Language) -> str:
    return _NONE if rating.average is None else language.number(round(rating.average, 1))


def _point(rating: Rating, value: int, label: str, language: Language) -> Point:
    count = rating.counts.get(value, 0)
    share = round(count * 100 / rating.answered, 2) if rating.answered else 0
    colour = "c2" if value in rating.scale.good else "c4"
    name = str(value) if label == str(value) or len(rating.scale.points) <= _BINARY else f"{value}"
    words = language.gettext(label)
    return Point(f"{name} \N{MIDDLE DOT} {words}" if words != name else name, language.number(count), share, colour)


def _table(
    desk: Desk, scale: Scale, dimension: Dimension, title: str, first: str, found: Mapping[int, Figures]
) -> SubjectTable:
    _, language, names = desk.language.gettext, desk.language, names_of(desk.view, dimension)
    rows = []
    for id_, figures in found.items():
        one = rating_of(scale, figures)
        if id_ not in names or not one.asked:
            continue
        user = desk.view.users.get(id_) if dimension is Dimension.USER else None
        good = sum(count for value, count in one.counts.items() if value in scale.good)
        cells = [language.number(one.asked), language.number(one.answered), _mean(one, language)]
        cells.append(share_text(good, one.answered, language))
        values = [one.asked, one.answered, one.average, one.satisfied]
        rows.append(SubjectRow(names[id_], cells, values, face_of_user(user) if user else None))
    rows.sort(key=lambda row: (-(row.values[0] or 0), row.name.casefold()))
    head = [_(first), _("Asked"), _("Answers"), _("Average"), _("Satisfied")]
    return SubjectTable(f"{scale.name.replace('_', '-')}-{dimension}", _(title, scale=_(scale.label)), head, rows, "")


def _said(desk: Desk, scale: Scale, remark: Remark) -> Said:
    rated = "" if remark.value is None else f"{remark.value}"
    if remark.value is not None and len(scale.points) <= _BINARY:
        rated = desk.language.gettext(scale.points.get(remark.value, rated))
    url = "" if remark.conversation_id is None else f"/conversations/{format_id('cnv', remark.conversation_id)}"
    return Said(remark.words, rated, desk.times.full(remark.at), url)


def ratings_csv(desk: Desk, scale: Scale, overview: Overview, subjects: Subjects) -> str:
    """A line for each day, user, number, gateway and tag, with how often each value was answered."""
    head = ["by", "name", "asked", "answered", "response_rate", "average", "satisfied", *map(str, scale.points)]
    rows = [["day", day.isoformat(), *_cells(one)] for day, one in ratings_by_day(scale, overview.days).items()]
    for dimension, found in subjects.items():
        names = names_of(desk.view, dimension)
        rated = [(names[id_], rating_of(scale, one)) for id_, one in found.items() if id_ in names]
        rows += [[str(dimension), name, *_cells(one)] for name, one in sorted(rated, key=_named) if one.asked]
    return csv_text(head, rows)


def _named(rated: tuple[str, Rating]) -> str:
    return rated[0].casefold()


def _cells(one: Rating) -> list[object]:
    shares = [None if share is None else round(share, 4) for share in (one.response_rate, one.average, one.satisfied)]
    return [one.asked, one.answered, *shares, *(one.counts.get(value, 0) for value in one.scale.points)]

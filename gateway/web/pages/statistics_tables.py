"""Tables of the statistics: by user, sender, gateway and tag, on the page and as CSV."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from gateway.domain.statistics import Dimension, Measure
from gateway.web.language import marked
from gateway.web.pages.charts import spark
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.statistics_words import duration_text, share_text
from gateway.web.pages.views_statistics import SubjectRow, SubjectTable
from gateway.web.reports.csv_text import csv_text
from gateway.web.reports.figures import Figures
from gateway.web.reports.names import names_of

Count = Callable[[Figures], int]


@dataclass(frozen=True, slots=True)
class Table:
    """What a table shows of each subject. `rates` and `times` say whether it has columns for those."""

    name: str
    title: str
    dimension: Dimension
    first: str
    counts: Sequence[tuple[str, Measure]]
    rates: bool = False
    times: Sequence[tuple[str, Measure]] = ()


_FIRST: Final = (marked("First reply"), Measure.FIRST_REPLY)
_CLOSE: Final = (marked("Time to close"), Measure.RESOLUTION)
_IN: Final = (marked("Received"), Measure.INBOUND)
_OUT: Final = (marked("Sent"), Measure.OUTBOUND)
_DONE: Final = (marked("Completed"), Measure.COMPLETED)
TABLES: Final = (
    Table("users", marked("By agent"), Dimension.USER, marked("Agent"), (_OUT, _DONE), times=(_FIRST, _CLOSE)),
    Table(
        "senders",
        marked("By number"),
        Dimension.SENDER,
        marked("Number"),
        (_IN, _OUT, _DONE),
        rates=True,
        times=(_FIRST,),
    ),
    Table("gateways", marked("By gateway"), Dimension.GATEWAY, marked("Gateway"), (_IN, _OUT), rates=True),
    Table(
        "tags",
        marked("By tag"),
        Dimension.TAG,
        marked("Tag"),
        ((marked("Put on"), Measure.TAGGED), _DONE),
        times=(_CLOSE,),
    ),
)
_DAYS: Final = (
    Measure.INBOUND,
    Measure.OUTBOUND,
    Measure.SENT,
    Measure.DELIVERED,
    Measure.FAILED,
    Measure.OPENED,
    Measure.REOPENED,
    Measure.COMPLETED,
    Measure.ENDED,
)
_TIMES: Final = (Measure.FIRST_REPLY, Measure.RESOLUTION)


def table_of(
    desk: Desk, table: Table, found: Mapping[int, Figures], csv: str, days: Mapping[int, Sequence[Figures]]
) -> SubjectTable:
    """The table on the page, the busiest first; `days` draw the first of its counts as a small line."""
    _, language = desk.language.gettext, desk.language
    names = names_of(desk.view, table.dimension)
    ordered = sorted(found.items(), key=lambda pair: (-sum(pair[1].counts.values()), pair[0]))
    rows = []
    for id_, one in ordered:
        if id_ not in names:
            continue
        cells = [language.number(one.count(measure)) for _name, measure in table.counts]
        cells += [share_text(one.count(Measure.DELIVERED), one.settled, language)] if table.rates else []
        cells += [duration_text(one.median(measure), language) for _name, measure in table.times]
        values: list[float | None] = [one.count(measure) for _name, measure in table.counts]
        values += [one.delivery_rate] if table.rates else []
        values += [one.median(measure) for _name, measure in table.times]
        user = desk.view.users.get(id_) if table.dimension is Dimension.USER else None
        drawn = [day.count(table.counts[0][1]) for day in days.get(id_, ())]
        line = spark(drawn) if len(drawn) > 1 else None
        rows.append(SubjectRow(names[id_], cells, values, face_of_user(user) if user else None, line))
    head = [table.first, *(name for name, _measure in table.counts), *([_RATE] if table.rates else [])]
    head += [name for name, _measure in table.times]
    return SubjectTable(table.name, _(table.title), [_(one) for one in head], rows, csv, any(one.spark for one in rows))


_RATE: Final = marked("Delivered")


def csv_of(table: Table, found: Mapping[int, Figures], names: Mapping[int, str]) -> str:
    """The same with every figure: medians and means in seconds, the rate between 0 and 1."""
    head = ["name", *_DAYS, "delivery_rate"]
    head += [f"{measure}_{kind}_seconds" for measure in _TIMES for kind in ("median", "mean")]
    rows = [[names[id_], *_cells(one)] for id_, one in found.items() if id_ in names]
    return csv_text(head, sorted(rows, key=lambda row: str(row[0]).casefold()))


def days_csv(days: Mapping[date, Figures]) -> str:
    """A line a day."""
    head = ["day", *_DAYS, "delivery_rate"]
    head += [f"{measure}_{kind}_seconds" for measure in _TIMES for kind in ("median", "mean")]
    return csv_text(head, [[day.isoformat(), *_cells(one)] for day, one in sorted(days.items())])


def _cells(one: Figures) -> list[object]:
    rate = None if one.delivery_rate is None else round(one.delivery_rate, 4)
    times = [
        None if ms is None else round(ms / 1000, 1)
        for measure in _TIMES
        for ms in (one.median(measure), one.mean(measure))
    ]
    return [*(one.count(measure) for measure in _DAYS), rate, *times]

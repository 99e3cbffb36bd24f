"""Tables of the statistics: by user, sender, gateway, tag and campaign, on the page and as CSV."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.settings import Sender
from gateway.domain.statistics import Dimension, Measure
from gateway.storage.assignment_reads import open_by_user
from gateway.storage.records import CAMPAIGNS
from gateway.storage.session import Session
from gateway.web.language import Language, marked
from gateway.web.pages.charts import spark
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.statistics_words import duration_text, share_text
from gateway.web.pages.views_statistics import SubjectRow, SubjectTable
from gateway.web.reports.csv_text import csv_text
from gateway.web.reports.figures import Figures, all_together
from gateway.web.reports.reading import load_names


@record
class Table:
    """What a table shows of each subject. `rates` and `times` say whether it has columns for those.

    `sums`: a last line has all of them together. `own`: what its CSV has in place of what all the others have.
    """

    name: str
    title: str
    dimension: Dimension
    first: str
    counts: Sequence[tuple[str, Measure]]
    rates: bool = False
    times: Sequence[tuple[str, Measure]] = ()
    sums: bool = False
    own: Sequence[Measure] = ()


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
        times=(_FIRST, _CLOSE),
    ),
    Table(
        "campaigns",
        marked("By campaign"),
        Dimension.CAMPAIGN,
        marked("Campaign"),
        (
            _OUT,
            (marked("Failed"), Measure.FAILED),
            (marked("Answered"), Measure.REPLIED),
            (marked("Opted out"), Measure.OPTED_OUT),
        ),
        rates=True,
        sums=True,
        own=(
            Measure.OUTBOUND,
            Measure.SENT,
            Measure.DELIVERED,
            Measure.FAILED,
            Measure.REPLIED,
            Measure.OPTED_OUT,
        ),
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


def number_name(sender: Sender) -> str:
    """A number of ours with its label, as pages write numbers."""
    value = sender_text(sender.value)
    return f"{sender.label} {value}" if sender.label else value


@record
class Named:
    """What the page calls a subject, where more of it is to be read, and how many open conversations it has now."""

    name: str
    url: str = ""
    open_now: int = 0


def load_named(session: Session, view: WorkspaceView, dimension: Dimension, ids: Iterable[int]) -> dict[int, Named]:
    """The subjects of a table as the page names them."""
    if dimension is Dimension.SENDER:
        return {id_: Named(number_name(view.senders[id_])) for id_ in ids if id_ in view.senders}
    if dimension is Dimension.CAMPAIGN:
        found = CAMPAIGNS.by(session, view.id, "id", ids)
        return {
            one.id: Named(one.name, "" if one.removed_at else f"/campaigns/{format_id('cmp', one.id)}") for one in found
        }
    open_now = open_by_user(session, view.id) if dimension is Dimension.USER else {}
    return {
        id_: Named(name, open_now=open_now.get(id_, 0))
        for id_, name in load_names(session, view, dimension, ids).items()
    }


def table_of(
    desk: Desk,
    table: Table,
    found: Mapping[int, Figures],
    names: Mapping[int, Named],
    csv: str,
    days: Mapping[int, Sequence[Figures]],
) -> SubjectTable:
    """The table on the page, the busiest first; `days` draw the first of its counts as a small line."""
    _, language = desk.language.gettext, desk.language
    ordered = sorted(found.items(), key=lambda pair: (-sum(pair[1].counts.values()), pair[0]))
    rows = []
    for id_, one in ordered:
        if id_ not in names:
            continue
        cells = _words(table, one, language)
        values: list[float | None] = [one.count(measure) for _name, measure in table.counts]
        values += [one.delivery_rate] if table.rates else []
        values += [one.median(measure) for _name, measure in table.times]
        user = desk.view.users.get(id_) if table.dimension is Dimension.USER else None
        if table.dimension is Dimension.USER:
            cells.append(language.number(names[id_].open_now))
            values.append(names[id_].open_now)
        drawn = [day.count(table.counts[0][1]) for day in days.get(id_, ())]
        line = spark(drawn) if len(drawn) > 1 else None
        face = face_of_user(user) if user else None
        rows.append(SubjectRow(names[id_].name, cells, values, face, line, names[id_].url))
    head = [table.first, *(name for name, _measure in table.counts), *([_RATE] if table.rates else [])]
    head += [name for name, _measure in table.times]
    head += [_NOW] if table.dimension is Dimension.USER else []
    total = _words(table, all_together(found.values()), language) if table.sums and len(rows) > 1 else ()
    return SubjectTable(
        table.name, _(table.title), [_(one) for one in head], rows, csv, any(one.spark for one in rows), total
    )


_RATE: Final = marked("Delivered")
_NOW: Final = marked("Open now")


def _words(table: Table, one: Figures, language: Language) -> list[str]:
    cells = [language.number(one.count(measure)) for _name, measure in table.counts]
    cells += [share_text(one.count(Measure.DELIVERED), one.settled, language)] if table.rates else []
    return cells + [duration_text(one.median(measure), language) for _name, measure in table.times]


def csv_of(table: Table, found: Mapping[int, Figures], names: Mapping[int, str]) -> str:
    """The same with every figure: medians and means in seconds, the rate between 0 and 1."""
    if table.own:
        head = ["name", *table.own, "delivery_rate", "reply_rate"]
        rows = [[names[id_], *_own_cells(table, one)] for id_, one in found.items() if id_ in names]
        return csv_text(head, sorted(rows, key=lambda row: str(row[0]).casefold()))
    head = ["name", *_DAYS, "delivery_rate"]
    head += [f"{measure}_{kind}_seconds" for measure in _TIMES for kind in ("median", "mean")]
    rows = [[names[id_], *_cells(one)] for id_, one in found.items() if id_ in names]
    return csv_text(head, sorted(rows, key=lambda row: str(row[0]).casefold()))


def days_csv(days: Mapping[date, Figures]) -> str:
    """A line a day."""
    head = ["day", *_DAYS, "delivery_rate"]
    head += [f"{measure}_{kind}_seconds" for measure in _TIMES for kind in ("median", "mean")]
    return csv_text(head, [[day.isoformat(), *_cells(one)] for day, one in sorted(days.items())])


def _own_cells(table: Table, one: Figures) -> list[object]:
    rates = [None if rate is None else round(rate, 4) for rate in (one.delivery_rate, one.reply_rate)]
    return [*(one.count(measure) for measure in table.own), *rates]


def _cells(one: Figures) -> list[object]:
    rate = None if one.delivery_rate is None else round(one.delivery_rate, 4)
    times = [
        None if ms is None else round(ms / 1000, 1)
        for measure in _TIMES
        for ms in (one.median(measure), one.mean(measure))
    ]
    return [*(one.count(measure) for measure in _DAYS), rate, *times]

"""The statistics page."""

from collections.abc import Sequence

from gateway.domain.record import record
from gateway.web.pages.charts import Chart, Share
from gateway.web.pages.views_shell import Choice, Person


@record
class Kpi:
    """One figure with what became of it since the period before; `good` is None where more is neither."""

    label: str
    value: str
    change: str = ""
    good: bool | None = None


@record
class Kept:
    """How often a target was kept: a share in words, and the target."""

    share: str
    target: str


@record
class Delivery:
    """One gateway's outcomes."""

    name: str
    rate: str
    total: str
    words: str
    shares: Sequence[Share]


@record
class SubjectRow:
    """One line of a table: its cells as people read them, and what they are ordered by (None comes last).

    `person` for users, `spark` the points of the small line and its area, `url` where more of it is to be read.
    """

    name: str
    cells: Sequence[str]
    values: Sequence[float | None] = ()
    person: Person | None = None
    spark: tuple[str, str] | None = None
    url: str = ""


@record
class SubjectTable:
    """A table by user, sender, gateway, tag or campaign, and where its CSV is. `total`: its last line, or none."""

    id: str
    title: str
    head: Sequence[str]
    rows: Sequence[SubjectRow]
    csv: str
    sparks: bool = False
    total: Sequence[str] = ()


@record
class Point:
    """How often one value of a scale was answered; `share` is a bar's width, 0 to 100."""

    label: str
    count: str
    share: float
    colour: str


@record
class Said:
    """A remark, and where its conversation is."""

    words: str
    rated: str
    when: str
    url: str


@record
class RatingSection:
    """What contacts answered on one scale."""

    id: str
    title: str
    kpis: Sequence[Kpi]
    points: Sequence[Point]
    days: Chart
    tables: Sequence[SubjectTable]
    remarks: Sequence[Said]
    csv: str


@record
class Report:
    """The whole page. `own` is set for who sees their own figures only."""

    title: str
    ranges: Sequence[Choice]
    first: str
    last: str
    chosen: str
    mailboxes: Sequence[Choice]
    kpis: Sequence[Kpi]
    volumes: Chart
    episodes: Chart
    hours: Chart
    deliveries: Sequence[Delivery]
    tables: Sequence[SubjectTable]
    days_csv: str
    own: bool
    zone: str
    empty: bool = False
    ratings: Sequence[RatingSection] = ()
    reasons: str = ""
    kept: Kept | None = None  # of the target for first replies, where there is one

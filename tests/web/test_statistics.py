"""The statistics over HTTP: what is counted, in whose days, for whom, and as CSV."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.core.errors import Refused
from gateway.domain.statistics import QUARTER_MS
from gateway.web.language import ENGLISH
from gateway.web.pages.charts import Series as Line
from gateway.web.pages.charts import bar_chart, ceiling, line_chart, shares, spark
from gateway.web.pages.statistics_words import reasons_text
from gateway.web.reports.csv_text import csv_text
from gateway.web.reports.figures import Figures
from gateway.web.reports.period import period_of
from tests.web.client import Client
from tests.web.conftest import Phone

Phones = Callable[..., Phone]
NOON = int(datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp() * 1000)


async def _until_counted(client: Client, measure: str, count: int) -> None:
    async def look() -> bool:
        return bool((await client.get("/stats/summary"))["figures"][measure] == count)

    await client.until(look)


async def test_a_day_s_work_in_figures(admin: Client, supervisor: Client, agent: Client, phone: Phones) -> None:
    one, two = phone("+12025550180"), phone("+12025550181")
    for contact in (one, two):
        await contact.text("Hello")
    first = await one.conversation()
    sent = await agent.made("/messages", {"thread_id": first["thread_id"], "body": "Good morning"})
    await admin.made("/messages", {"to": "+12025550182", "body": "A try", "test": True})
    await admin.made(f"/conversations/{first['id']}/tags", {"add": ["vip"]})
    await agent.made(f"/conversations/{first['id']}/complete", {})
    await _until_counted(admin, "completed", 1)
    await _until_counted(admin, "delivered", 1)

    figures = (await supervisor.get("/stats/summary?range=today"))["figures"]
    assert (figures["inbound"], figures["outbound"], figures["opened"], figures["ended"]) == (2, 1, 2, 0)
    assert (figures["delivery_rate"], figures["failed"], figures["first_reply"]["count"]) == (1.0, 0, 1)
    assert figures["resolution"]["median"] is not None
    mine = (await agent.get("/stats/summary"))["figures"]
    assert (mine["inbound"], mine["outbound"], mine["completed"]) == (0, 1, 1)
    assert (await supervisor.get("/stats/summary"))["before"]["inbound"] == 0

    me = (await agent.get("/users/me"))["id"]
    assert [row["id"] for row in (await agent.get("/stats/users"))["items"]] == [me]
    assert (await agent.get(f"/stats/summary?user={me}")).status == 200
    other = (await supervisor.get("/users/me"))["id"]
    assert (await agent.get(f"/stats/summary?user={other}")).status == 403
    assert (await agent.get("/stats/senders")).status == 403
    everyone = {row["name"]: row["figures"] for row in (await supervisor.get("/stats/users"))["items"]}
    assert everyone["A agent"]["outbound"] == 1
    senders = (await supervisor.get("/stats/senders"))["items"]
    assert [row["id"] for row in senders] == [sent["sender_id"]]
    by_sender = (await supervisor.get(f"/stats/volumes?range=7&sender={sent['sender_id']}"))["items"]
    assert [day["figures"]["inbound"] for day in by_sender] == [0, 0, 0, 0, 0, 0, 2]
    assert sum(hour["figures"]["inbound"] for hour in (await admin.get("/stats/volumes?per=hour"))["items"]) == 2
    assert [row["name"] for row in (await admin.get("/stats/tags"))["items"]] == ["vip"]
    assert (await admin.get("/stats/gateways"))["items"][0]["figures"]["delivered"] == 1
    assert sum(hour["first_reply"]["count"] for hour in (await admin.get("/stats/hours"))["items"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "range=5",
        "timezone=Mars/Olympus",
        "from=2026-02-30",
        "from=2026-11-02&to=2026-11-01",
        "from=2020-01-01&to=2026-01-01",
        "from=0001-01-01&to=0001-01-31",
        "to=9999-12-31",
        "user=usr_0000000000001&tag=tag_0000000000001",
        "what=1",
    ],
)
async def test_what_is_no_question_is_refused(admin: Client, query: str) -> None:
    assert (await admin.get(f"/stats/summary?{query}")).status in {400, 422}


@pytest.mark.parametrize(
    ("zone", "begins"), [("UTC", "00:00"), ("Asia/Kathmandu", "18:15"), ("America/St_Johns", "03:30")]
)
def test_days_begin_where_they_do(zone: str, begins: str) -> None:
    period = period_of("today", None, None, ZoneInfo(zone), NOON)
    first, last = period.quarters
    assert datetime.fromtimestamp(first * QUARTER_MS / 1000, UTC).strftime("%H:%M") == begins
    assert last - first == 96
    assert period.moment(first).date() == period.first


def test_a_day_with_a_change_of_clocks_is_as_long_as_it_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    period = period_of("", date(2026, 10, 25), date(2026, 10, 25), berlin, NOON)
    assert period.quarters[1] - period.quarters[0] == 100
    assert period.previous.last == date(2026, 10, 24)
    assert len(period_of("7", None, None, berlin, NOON).days) == 7
    for first, last in ((date(2026, 1, 2), date(2026, 1, 1)), (date.min, date.min), (None, date.max)):
        with pytest.raises(Refused):
            period_of("", first, last, berlin, NOON)


def test_a_name_is_no_formula() -> None:
    rows = list(
        csv.reader(io.StringIO(csv_text(["name", "count"], [["=cmd()", 1], ['Say "hi", Bob', None]]).lstrip("\ufeff")))
    )
    assert rows == [["name", "count"], ["'=cmd()", "1"], ['Say "hi", Bob', ""]]


def test_charts_stay_within_their_frames() -> None:
    assert [ceiling(value) for value in (1, 4, 5, 13, 79, 81, 2_000)] == [4, 4, 8, 20, 80, 120, 2_000]
    chart = line_chart("In", "Day", [str(n) for n in range(40)], [Line("c1", "In", [n * 3 for n in range(40)])])
    assert all(0 <= dot.y <= chart.floor and 40 <= dot.x <= chart.width for one in chart.spots for dot in one.dots)
    assert len(chart.labels) <= 8
    assert chart.rows[2] == ["2", "6"]
    alone = line_chart("In", "Day", ["1"], [Line("c1", "In", [0])])
    assert alone.curves[0].points == "40.0,196.0"
    bars = bar_chart("First", ("Hour", "Median"), ["0", "1"], [0, 7.5], ["-", "7 m 30 s"])
    aimed = bar_chart("First", ("Hour", "Median"), ["0", "1"], [2, 7.5], ["2 m", "7 m 30 s"], target=(5, "Target 5 m"))
    assert aimed.target is not None
    assert aimed.spots[0].y > aimed.target.y > aimed.spots[1].y
    assert [spot.colour for spot in aimed.spots] == ["ba c1", "ba c3"]
    assert bars.target is None
    assert [round(one.height) for one in bars.spots] == [0, 174]
    assert [(one.colour, one.x, one.width) for one in shares([("c2", 3), ("c4", 0), ("c5", 1)])] == [
        ("c2", 0, 75),
        ("c5", 75, 25),
    ]
    assert spark([0, 2])[0] == "0.0,26.0 120.0,2.0"


async def test_why_messages_failed(admin: Client, phone: Phones) -> None:
    gateway = (await admin.get("/gateways"))["items"][0]
    assert (await admin.patch(f"/gateways/{gateway['id']}", {"settings": {"fail_rate": 1}})).status == 200
    await admin.made("/messages", {"to": "+12025550188", "body": "Lost"})
    await _until_counted(admin, "failed", 1)
    figures = (await admin.get("/stats/summary"))["figures"]
    assert list(figures["failures"].values()) == [1]
    assert (await admin.get("/stats/gateways"))["items"][0]["figures"]["failures"] == figures["failures"]
    assert (await admin.get("/stats/users"))["items"][0]["figures"]["failures"] == {}


def test_reasons_come_in_words_the_most_frequent_first() -> None:
    codes = {"opted_out": 2, "recipient-opted-out": 3, "30003": 4, "rejected": 1, "expired": 0}
    figures = Figures(counts={"failed": 10} | {f"failed:{code}": count for code, count in codes.items()})
    assert figures.failures == {"30003": 4, "recipient-opted-out": 3, "opted_out": 2, "rejected": 1}
    assert reasons_text(figures, ENGLISH) == "opted out 50%, 30003 40%, refused by the provider 10%"
    assert reasons_text(Figures(), ENGLISH) == ""

"""What view models say: times, faces, filters, statuses, and lines of a thread."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from gateway.domain.address import AddressKind
from gateway.domain.conditions import parse_filter
from gateway.domain.conversation import State
from gateway.domain.model import Conversation, Direction, Entry, EntryKind, Message
from gateway.domain.nature import Nature
from gateway.domain.policy import CloseLabel, CompleteRepeat, Policy
from gateway.domain.record import replace as replace_record
from gateway.domain.status import Status
from gateway.storage.message_reads import MessageView
from gateway.storage.orders import Sort
from gateway.storage.ranges import View
from gateway.storage.thread_reads import EntryView
from gateway.web.pages.account import safe_next
from gateway.web.pages.faces import initials_of
from gateway.web.pages.filters import Filters, filters_in, filters_of
from gateway.web.pages.formatting import Times, address_text, zone_of_browser
from gateway.web.pages.rows import closing
from gateway.web.pages.senders import price_text
from gateway.web.pages.statuses import status_of
from gateway.web.pages.timeline import TimelineMaker
from gateway.web.pages.views_shell import Person
from tests.support.views import empty_view

NOON = 1_795_262_400_000  # Sat 21 Nov 2026 12:00 UTC
HOUR = 3_600_000
DAY = 24 * HOUR
TIMES = Times(NOON, ZoneInfo("UTC"))
MAYA = Person("cnt_1", "Maya", "MO", 3)


@pytest.mark.parametrize(
    ("at", "short", "day"),
    [
        pytest.param(NOON - HOUR, "11:00", "Today", id="today"),
        pytest.param(NOON - DAY, "20 Nov", "Yesterday", id="yesterday"),
        pytest.param(NOON - 3 * DAY, "18 Nov", "Wed 18 Nov", id="this year"),
        pytest.param(NOON - 365 * DAY, "21 Nov 2025", "Fri, 21 Nov 2025", id="another year"),
    ],
)
def test_times_are_as_long_as_they_need_to_be(at: int, short: str, day: str) -> None:
    assert (TIMES.short(at), TIMES.day_name(at)) == (short, day)


def test_a_day_begins_where_the_reader_is() -> None:
    tokyo = Times(NOON + 4 * HOUR, ZoneInfo("Asia/Tokyo"))
    assert tokyo.day_name(NOON + 2 * HOUR) == "Yesterday"
    assert tokyo.clock(NOON) == "21:00"


@pytest.mark.parametrize("name", [None, "", "Mars/Base", "../etc/passwd", "x" * 500, "\0"])
def test_a_zone_that_is_none_is_utc(name: str | None) -> None:
    assert zone_of_browser(name).key == "UTC"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (AddressKind.PHONE, "+14155550148", "+1 415 555 0148"),
        (AddressKind.PHONE, "+447700900123", "+44 7700 900123"),
        (AddressKind.SHORT_CODE, "72345", "72345"),
        (AddressKind.EMAIL, "maya@mail.example", "maya@mail.example"),
    ],
)
def test_addresses_as_people_read_them(kind: AddressKind, value: str, text: str) -> None:
    assert address_text(kind, value) == text


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Maya Okafor", "MO"), ("Cher", "C"), ("عالية حداد", "عح"), ("+1 415", "14"), ("", ""), ("<b>x</b>", "B")],
)
def test_initials(name: str, initials: str) -> None:
    assert initials_of(name) == initials


FILTERS = [
    Filters(),
    Filters(View.OPEN, sender_id=1 << 40),
    Filters(View.ALL, user_id=7, tag_id=9, unread=True, q="o'neil & sons"),
    Filters(View.SNOOZED, group_id=3, natural=True),
    Filters(View.CLOSED, conditions=parse_filter("contact:is:A\\, B & C,last:before:7d").conditions, sort=Sort.ENDED),
    Filters(View.OPEN, needs_reply=True, sort=Sort.OWNER_DOWN),
]


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_survive_their_url(filters: Filters) -> None:
    assert filters_in(filters.query(search=True)) == filters


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_survive_being_kept_as_a_view(filters: Filters) -> None:
    kept = filters.kept()
    assert set(kept) <= {"view", "sender", "user", "group", "tag", "q", "filter", "natural", "sort"}
    assert filters_of(kept) == filters


@pytest.mark.parametrize(
    ("query", "workspace", "hides"),
    [("", False, False), ("", True, True), ("1", False, True), ("0", True, False)],
)
def test_a_reader_may_overrule_what_the_workspace_hides(query: str, workspace: bool, hides: bool) -> None:
    assert filters_of({"natural": query}, natural_only=workspace).hides_machines is hides


@pytest.mark.parametrize(
    "query",
    [{"view": "nonsense"}, {"sender": "usr_1"}, {"tag": "tag_"}, {"q": "  \0 "}, {"filter": "x:y"}, {"sort": "size"}],
)
def test_what_makes_no_sense_in_a_url_is_left_out(query: dict[str, str]) -> None:
    assert filters_of(query) == Filters()


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/phone", "/phone"),
        ("/conversations/cnv_1?view=mine", "/conversations/cnv_1?view=mine"),
        ("https://evil.example/", "/conversations"),
        ("//evil.example", "/conversations"),
        ("/\\evil.example", "/conversations"),
        ("javascript:alert(1)", "/conversations"),
        ("/a\nb", "/conversations"),
        ("", "/conversations"),
    ],
)
def test_after_signing_in_one_stays_here(target: str, goes_to: str) -> None:
    assert safe_next(target) == goes_to


OPEN = Conversation(1, 2, 3, 4, 1, State.OPEN, NOON, NOON)


@pytest.mark.parametrize(
    ("label", "repeat", "completed", "verb"),
    [
        (CloseLabel.COMPLETE, CompleteRepeat.EACH_TIME, 3, "complete"),
        (CloseLabel.COMPLETE, CompleteRepeat.ONCE, 0, "complete"),
        (CloseLabel.COMPLETE, CompleteRepeat.ONCE, 1, "archive"),
        (CloseLabel.ARCHIVE, CompleteRepeat.EACH_TIME, 0, "archive"),
        (CloseLabel.CLOSE, CompleteRepeat.EACH_TIME, 0, "close"),
    ],
)
def test_the_close_button_does_what_the_workspace_says(
    label: CloseLabel, repeat: CompleteRepeat, completed: int, verb: str
) -> None:
    policy = Policy(close_label=label, complete_repeat=repeat)
    choice = closing(replace(OPEN, completed_count=completed), policy)
    assert choice is not None
    assert choice.value == verb
    assert closing(replace(OPEN, state=State.ARCHIVED), policy) is None


@pytest.mark.parametrize(
    ("micros", "currency", "text"),
    [
        (7_900, "USD", "$0.0079"),
        (50_000, "EUR", "€0.05"),
        (1_000_000, "CHF", "1 CHF"),
        (3_000_000, "credits", "3 credits"),
    ],
)
def test_prices(micros: int, currency: str, text: str) -> None:
    assert price_text(micros, currency) == text


def message(id_: int, at: int, *, out: bool = False, status: Status = Status.RECEIVED) -> Message:
    direction = Direction.OUTBOUND if out else Direction.INBOUND
    return Message(
        1, id_, 3, 4, direction, "sms", Nature.NATURAL, status, f"Text {id_}", "+14155550132", "+14155550148", at
    )


def line(seq: int, at: int, *, out: bool = False) -> EntryView:
    entry = Entry(1, 3, seq, 100 + seq, EntryKind.MESSAGE, at, "system", message_id=seq)
    return EntryView(entry, MessageView(message(seq, at, out=out, status=Status.SENT if out else Status.RECEIVED)))


def told(*lines: EntryView, read_seq: int | None = None, unread: int = 0) -> list[str]:
    made = TimelineMaker(empty_view(), TIMES, MAYA).lines(lines, read_seq=read_seq, unread=unread)
    return [f"{one.kind}{'+' if getattr(one, 'same', False) else ''}" for one in made]


MINUTE = 60_000


def test_a_thread_in_days_groups_and_news() -> None:
    assert told() == []
    assert told(line(1, NOON), line(2, NOON + MINUTE)) == ["day", "message", "message+"]
    assert told(line(1, NOON), line(2, NOON + 6 * MINUTE)) == ["day", "message", "message"]
    assert told(line(1, NOON), line(2, NOON + MINUTE, out=True)) == ["day", "message", "message"]
    assert told(line(1, NOON - DAY), line(2, NOON)) == ["day", "message", "day", "message"]
    assert told(line(1, NOON), line(2, NOON), read_seq=1, unread=1) == ["day", "message", "new", "message"]
    assert told(line(1, NOON), line(2, NOON), read_seq=2, unread=0) == ["day", "message", "message+"]


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.RECEIVED])
def test_every_status_has_words_and_failures_a_reason(status: Status) -> None:
    found = status_of(message(1, NOON, out=True, status=status), TIMES)
    assert found is not None
    assert found.text
    assert found.retry == (status in {Status.FAILED, Status.UNDELIVERED, Status.EXPIRED})
    assert bool(found.reason) == (found.retry or status is Status.UNCERTAIN)


def test_nobody_is_invited_to_send_again_to_whoever_opted_out() -> None:
    failed = replace(
        message(1, NOON, out=True, status=Status.FAILED), error_code="opted_out", error_message="Opted out."
    )
    found = status_of(failed, TIMES)
    assert found is not None
    assert (found.reason, found.retry) == ("Opted out.", False)


def test_what_they_wrote_has_no_status() -> None:
    assert status_of(message(1, NOON), TIMES) is None


@pytest.mark.parametrize("nature", Nature)
def test_what_a_machine_said_is_what_the_natural_view_leaves_out(nature: Nature) -> None:
    found = replace_record(message(1, 0, out=True, status=Status.SENT), nature=nature)
    assert TimelineMaker(empty_view(), TIMES, MAYA).message(MessageView(found), 1).auto is (
        nature is not Nature.NATURAL
    )

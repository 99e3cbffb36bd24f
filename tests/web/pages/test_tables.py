"""The table of conversations: its columns, their orders, and what a spreadsheet is given."""

from dataclasses import replace

import pytest

from gateway.storage.orders import Sort
from gateway.storage.ranges import View
from gateway.web.pages.filters import Filters, filters_in
from gateway.web.pages.table_columns import available, chosen, columns_of, usual_sort
from gateway.web.pages.table_pages import cell
from gateway.web.pages.views_list import TagPill
from gateway.web.pages.views_table import TableRow
from tests.web.pages.sample import ANA, MAYA

ROW = TableRow(
    "cnv_1", "/conversations/cnv_1", "", MAYA, True, "+1 415 555 0148", "Main line", "message-square", "Hello", ANA,
    "Orders", [TagPill("VIP", "violet"), TagPill("New", "blue")], "Open", 2, "3", "2 days", "", "Today 10:42", "",
    {"waiting": "", "last": "2026-11-21T10:42:00+00:00", "ended": ""},
)  # fmt: skip


@pytest.mark.parametrize("view", list(View))
@pytest.mark.parametrize("kept", ["", "open:", "ended:owner.messages", "all:nonsense.owner", "rubbish"])
def test_a_table_keeps_the_columns_nobody_can_miss(view: View, kept: str) -> None:
    columns = chosen(view, kept)
    assert {"contact", "text"} <= set(columns) <= set(available(view))
    assert list(columns) == [key for key in available(view) if key in columns]


def test_a_choice_is_that_of_views_alike() -> None:
    assert chosen(View.COMPLETED, "ended:owner") == chosen(View.CLOSED, "ended:owner") == (
        "contact", "text", "owner", "ended",
    )  # fmt: skip
    assert "tags" in chosen(View.OPEN, "ended:owner")


@pytest.mark.parametrize(
    ("view", "sort", "key", "order", "then"),
    [
        (View.OPEN, Sort.NEWEST, "last", "descending", Sort.OLDEST),
        (View.OPEN, Sort.OLDEST, "last", "ascending", Sort.NEWEST),
        (View.OPEN, Sort.NEWEST, "contact", "", Sort.CONTACT),
        (View.OPEN, Sort.CONTACT, "contact", "ascending", Sort.CONTACT_DOWN),
        (View.OPEN, Sort.OWNER_DOWN, "owner", "descending", Sort.OWNER),
        (View.OPEN, Sort.NEWEST, "waiting", "", Sort.WAITING),
        (View.OPEN, Sort.WAITING, "waiting", "ascending", Sort.NEWEST),
        (View.CLOSED, usual_sort(View.CLOSED), "ended", "descending", Sort.ENDED),
    ],
)
def test_a_head_says_the_order_and_leads_to_the_other(view: View, sort: Sort, key: str, order: str, then: Sort) -> None:
    filters = Filters(view, q="o'neil", sort=sort)
    column = next(one for one in columns_of(filters, available(view), str) if one.key == key)
    assert column.order == order
    assert filters_in(column.sort.partition("?")[2]) == replace(filters, sort=then)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hello", "Hello"),
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(1)", "'@SUM(1)"),
        ("+1 (415) 555 0148", "+1 (415) 555 0148"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2", "-2"),
        ("-a", "'-a"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("\N{FULLWIDTH PLUS SIGN}1", "'\N{FULLWIDTH PLUS SIGN}1"),
    ],
)
def test_a_spreadsheet_takes_nothing_for_a_formula(text: str, written: str) -> None:
    assert cell(replace(ROW, text=text), "text") == written
    assert cell(replace(ROW, person=replace(MAYA, name=text)), "contact") == written


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("owner", "Ana Reyes"), ("tags", "VIP, New"), ("unread", "2"), ("last", "2026-11-21T10:42:00+00:00"),
        ("ended", ""), ("number", "+1 415 555 0148"), ("open_for", "2 days"),
    ],
)  # fmt: skip
def test_each_column_has_its_words(key: str, written: str) -> None:
    assert cell(ROW, key) == written

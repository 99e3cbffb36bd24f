"""Conversations as a table: its page, the part of it that changes, and what it shows as CSV."""

import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace

from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.domain.spreadsheet import guarded
from gateway.domain.visibility import Permission
from gateway.storage.ranges import View
from gateway.web import guard
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.filters import Filters, filters_in, filters_of
from gateway.web.pages.inbox_pages import pushed
from gateway.web.pages.shell import shell_of
from gateway.web.pages.table_columns import chosen, label_of, usual_sort
from gateway.web.pages.tables import Shown, load_rows, load_table, row_of, table_of
from gateway.web.pages.thread_pages import whole
from gateway.web.pages.views_table import TableRow
from gateway.web.reports.download import begin

MOST_EXPORTED = 10_000
_PAGE_EXPORTED = 200
_COOKIE = "columns"
_A_YEAR = 31_536_000
_KEPT = re.compile(r"[a-z]{2,8}:[a-z_.]{0,200}")


async def show_table(desk: Desk) -> web.StreamResponse:
    """The page; for a script the part below its head."""
    return await table_response(desk, _filters(desk))


async def table_response(desk: Desk, filters: Filters) -> web.StreamResponse:
    """The table of a list that is filtered so, at the page and with the columns that were asked for."""
    shown, kept = _shown(desk, filters)
    loaded = await load_table(desk, shown)
    table = table_of(desk, shown, loaded)
    shell = shell_of(desk, "table", loaded.totals.unread_messages, loaded.position)
    if desk.by_script:
        answer = html(desk.pieces("table_part", "table_head", "unread_rail", table=table, shell=shell, oob=True))
        place = f"&cursor={shown.cursor}&at={shown.at}" if shown.cursor else ""
        answer.headers.update(pushed(desk, filters.table + place))
    else:
        answer = desk.page("table.html", shell=shell, table=table)
    if kept:
        answer.set_cookie(_COOKIE, kept, max_age=_A_YEAR, httponly=True, samesite="Lax", path="/conversations")
    return answer


def _filters(desk: Desk) -> Filters:
    query, natural_only = desk.request.query, desk.view.policy.natural_only
    filters = filters_of({"view": View.OPEN, **query}, natural_only=natural_only)
    if "query" in query:  # the search box, on top of what the table is filtered by
        filters = replace(filters_in(query["query"]), q=filters.q, natural_only=natural_only)
    elif "sort" not in query:
        filters = replace(filters, sort=usual_sort(filters.view))
    return filters


def _shown(desk: Desk, filters: Filters) -> tuple[Shown, str]:
    """What is shown, and the choice of columns that is to be kept, if there is one."""
    query = desk.request.query
    wanted = query.get("columns", "")
    kept = wanted if _KEPT.fullmatch(wanted) else ""
    columns = chosen(filters.view, kept or desk.request.cookies.get(_COOKIE, ""))
    cursor = query.get("cursor") or None
    return Shown(filters, columns, cursor, whole(query.get("at", "")) if cursor else 0), kept


async def export(desk: Desk) -> web.StreamResponse:
    """All pages of the table as CSV, up to ten thousand rows, for those who may take data out."""
    guard.require(desk.signed, Permission.EXPORT)
    filters = _filters(desk)
    shown, _ = _shown(desk, filters)
    await desk.execute(RecordExport("conversations"))
    answer = await begin(desk.request, f"conversations-{filters.view}.csv", "text/csv; charset=utf-8")
    heads = [desk.language.gettext(label_of(key, filters.view)) for key in shown.columns]
    await answer.write(_lines([heads]))
    async for rows in _pages(desk, replace(shown, cursor=None)):
        await answer.write(_lines([[cell(row, key) for key in shown.columns] for row in rows]))
    await answer.write_eof()
    return answer


async def _pages(desk: Desk, shown: Shown) -> AsyncIterator[list[TableRow]]:
    left = MOST_EXPORTED
    while left:
        page, counts = await load_rows(desk, shown, limit=min(_PAGE_EXPORTED, left))
        yield [row_of(desk, row, counts, shown.filters) for row in page.items]
        if page.next is None:
            return
        left -= len(page.items)
        shown = replace(shown, cursor=page.next)


def cell(row: TableRow, key: str) -> str:
    """What a column says of a row. A spreadsheet must not take what somebody wrote for a formula."""
    found = {
        "contact": row.person.name,
        "owner": row.owner.name if row.owner else "",
        "tags": ", ".join(tag.name for tag in row.tags),
        **row.iso,
    }
    text = found[key] if key in found else str(getattr(row, key))
    return guarded(text, numbers=True)


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()

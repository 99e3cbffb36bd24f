"""A table as CSV (RFC 4180), which spreadsheets open without running what somebody wrote into it."""

import csv
import io
from collections.abc import Iterable, Sequence

from gateway.domain.spreadsheet import guarded


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """With a byte order mark, by which Excel knows UTF-8."""
    return "\ufeff" + csv_lines([head]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """Further lines of such a table."""
    out = io.StringIO()
    csv.writer(out).writerows([[_plain(cell) for cell in row] for row in rows])
    return out.getvalue()


def _plain(cell: object) -> object:
    if isinstance(cell, str):
        return guarded(cell)
    return "" if cell is None else cell

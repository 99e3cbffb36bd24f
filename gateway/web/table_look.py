"""An uploaded table of people looked at before it is read in: its columns, its first lines, what is wrong with it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from gateway.core.errors import invalid
from gateway.domain.contact_table import (
    BadLine,
    BadTable,
    Table,
    check_columns,
    decode,
    guess,
    person_of,
    read_table,
)
from gateway.domain.model import Media
from gateway.domain.record import record
from gateway.storage.blobs import FileBlobs
from gateway.web import problems

T = TypeVar("T")

MOST_SHOWN = 5
MOST_WRONG = 50


@record
class Look:
    """What a table would bring. `wrong` are the first lines that would be refused, with why."""

    head: Sequence[str]
    columns: Mapping[str, str]
    sample: Sequence[Sequence[str]]
    total: int
    good: int
    wrong: Sequence[tuple[int, str]]


async def look_at(blobs: FileBlobs, media: Media, columns: Mapping[str, str] | None, country: str | None) -> Look:
    """Reads the whole table and changes nothing. Refused (422) when it is none, or no column holds addresses.

    Without `columns` they are guessed, and a guess that finds no addresses shows the table all the same.
    """
    return await _read(blobs, media, columns, lambda table, chosen: _look(table, chosen, country))


async def count_lines(blobs: FileBlobs, media: Media, columns: Mapping[str, str] | None) -> tuple[dict[str, str], int]:
    """What the columns hold, and how many lines there are: without reading anybody's number. Refused like `look_at`,
    and where the columns' own names tell of no addresses.
    """

    def count(table: Table, chosen: dict[str, str]) -> tuple[dict[str, str], int]:
        check_columns(chosen, table.head)
        return chosen, len(table.lines)

    return await _read(blobs, media, columns, count)


async def head_of(blobs: FileBlobs, media: Media) -> Sequence[str]:
    """The names of the columns. Refused (422) when it is no table."""
    return await _read(blobs, media, None, lambda table, _: table.head)


async def _read(
    blobs: FileBlobs,
    media: Media,
    columns: Mapping[str, str] | None,
    look: Callable[[Table, dict[str, str]], T],
) -> T:
    content = None if media.blob is None else await blobs.get(media.blob)
    if content is None:
        raise problems.not_found("file")

    def read(content: bytes) -> T:
        table = read_table(decode(content))
        if columns is not None:
            check_columns(columns, table.head)
        return look(table, guess(table.head) if columns is None else dict(columns))

    try:
        return await asyncio.to_thread(read, content)
    except BadTable as error:
        raise invalid("columns" if columns is not None else "media", str(error)) from None


def _look(table: Table, chosen: dict[str, str], country: str | None) -> Look:
    wrong = list(_wrong(table, chosen, country))
    sample = [[*cells, *[""] * len(table.head)][: len(table.head)] for _, cells in table.lines[:MOST_SHOWN]]
    return Look(table.head, chosen, sample, len(table.lines), len(table.lines) - len(wrong), wrong[:MOST_WRONG])


def _wrong(table: Table, columns: Mapping[str, str], country: str | None) -> Sequence[tuple[int, str]]:
    found = []
    for line, cells in table.lines:
        try:
            person_of(cells, table.head, columns, country)
        except BadLine as error:
            found.append((line, str(error)))
    return found

"""Lists and imports, as the API says them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from gateway.domain.lists import ContactImport, ContactList
from gateway.web.api.times import to_id, to_id_or_none, to_time, to_time_or_none


class ListShape(msgspec.Struct, frozen=True):
    """Contacts one means together. `members` counts those who were merged once."""

    id: str
    name: str
    description: str | None
    members: int
    created_at: datetime


class MembersShape(msgspec.Struct, frozen=True):
    """How many contacts came to a list or left it."""

    changed: int


class RefusedLine(msgspec.Struct, frozen=True):
    """A line of a table that names nobody, with why. The head is line 1."""

    line: int
    message: str


class TableShape(msgspec.Struct, frozen=True):
    """What a table would bring, were it read in. `wrong` are the first lines that would be refused."""

    columns: Mapping[str, str]
    total: int
    good: int
    wrong: list[RefusedLine]
    sample: list[list[str]]


class ImportShape(msgspec.Struct, frozen=True):
    """A table being read in: `running`, `done`, or `failed` with why.

    `created` contacts were new, `updated` known before, `listed` came to the list, `refused` lines named nobody or two
    contacts at once, and `opted_out` contacts stay opted out whatever the table says.
    """

    id: str
    state: str
    list: str | None
    total: int
    created: int
    updated: int
    listed: int
    refused: int
    opted_out: int
    errors: Sequence[RefusedLine]
    failure: str | None
    created_at: datetime
    ended_at: datetime | None


def list_shape(found: ContactList, members: int) -> ListShape:
    """A list as the API says it."""
    return ListShape(to_id("list", found.id), found.name, found.description, members, to_time(found.created_at))


def import_shape(job: ContactImport) -> ImportShape:
    """An import as the API says it."""
    return ImportShape(
        to_id("import", job.id),
        job.state,
        to_id_or_none("list", job.list_id),
        job.total,
        job.created,
        job.updated,
        job.listed,
        job.refused,
        job.opted_out,
        [RefusedLine(one["line"], one["message"]) for one in job.errors],
        job.failure,
        to_time(job.created_at),
        to_time_or_none(job.ended_at),
    )

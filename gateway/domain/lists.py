"""Lists of contacts, and tables of people that are read into them."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from gateway.domain.record import record


@record
class ContactList:
    """Contacts one means together, by a name."""

    workspace_id: int
    id: int
    name: str
    created_at: int
    description: str | None = None
    removed_at: int | None = None


@record
class ListMember:
    """A contact on a list; `added_by` is the actor who put them there."""

    workspace_id: int
    list_id: int
    contact_id: int
    added_at: int
    added_by: str = "system"


class ImportState(StrEnum):
    """How far reading a table in has come."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@record
class ContactImport:
    """A table of people on its way in: who they are by which column, and what came of its lines so far.

    `columns` says by the name of a column what it holds (`contact_table`). With `purpose` each line is the proof, in
    `words`, that its person agreed to messages for it. `line` is the last line dealt with; `errors` are those of the
    first refused lines, `{"line", "message"}`. `erased` are keyed hashes of the addresses that were erased while it
    runs: no line of the table brings them back.
    """

    workspace_id: int
    id: int
    media_id: int
    created_at: int
    actor: str
    list_id: int | None = None
    purpose: str | None = None
    words: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    state: ImportState = ImportState.RUNNING
    total: int = 0
    line: int = 0
    created: int = 0
    updated: int = 0
    listed: int = 0
    refused: int = 0
    opted_out: int = 0
    errors: tuple[Mapping[str, Any], ...] = ()
    failure: str | None = None
    ended_at: int | None = None
    erased: tuple[str, ...] = ()

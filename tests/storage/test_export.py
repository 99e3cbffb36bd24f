"""Everything of a workspace goes out, once and in pieces; what must stay is said."""

from dataclasses import dataclass

import pytest

from gateway.domain.lists import ListMember
from gateway.domain.settings import Workspace
from gateway.storage import export, records
from gateway.storage.database import Database
from gateway.storage.export import STAYS, export_rows
from gateway.storage.record_table import RecordTable
from gateway.storage.records import LIST_MEMBERS, WORKSPACES
from gateway.storage.session import Session


@dataclass
class Taken:
    """What came out, and in how many pieces."""

    rows: list[tuple[str, dict[str, object]]]
    pieces: int


def test_every_table_goes_out_or_is_said_to_stay() -> None:
    tables = {one for one in vars(records).values() if isinstance(one, RecordTable)}
    out = {table for _, table, _ in export._TABLES}
    assert out & STAYS == set()
    assert out | STAYS == tables


@pytest.mark.parametrize("size", [1, 2, 3, 500])
async def test_pieces_of_any_size_are_the_whole_of_one_workspace(
    database: Database, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys of several columns too: nothing twice, nothing left out, nothing of the neighbours."""
    monkeypatch.setattr(export, "PIECE", size)
    mine = [ListMember(1, one, contact, 5) for one in (1, 2) for contact in (10, 11, 12)]

    def fill(session: Session) -> None:
        WORKSPACES.insert(session, [Workspace(1, "One", 5), Workspace(2, "Two", 5)])
        LIST_MEMBERS.insert(session, [*mine, ListMember(2, 1, 10, 5)])

    await database.write(fill)
    taken = Taken([], 0)
    place = None
    while True:
        rows, place = await database.read(lambda session, at=place: export_rows(session, 1, at))  # type: ignore[misc]
        taken.rows += rows
        taken.pieces += 1
        if place is None:
            break
    members = [fields for kind, fields in taken.rows if kind == "list_member"]
    assert [(one["list_id"], one["contact_id"]) for one in members] == [(one.list_id, one.contact_id) for one in mine]
    assert [fields["name"] for kind, fields in taken.rows if kind == "workspace"] == ["One"]
    assert {kind for kind, _ in taken.rows} == {"workspace", "list_member"}
    assert taken.pieces >= 6 // size

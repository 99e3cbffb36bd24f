"""Tables read in on real databases: a piece that comes twice counts once, and an import goes on where it stopped."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from gateway.core.commands.lists import CreateList, FailImport, ImportLines, StartImport
from gateway.core.commands.media_files import StoreMedia
from gateway.domain.address import Address, AddressKind
from gateway.domain.contact_table import Person
from gateway.domain.lists import ContactImport, ImportState
from gateway.storage.list_reads import contact_import, member_counts
from gateway.storage.records import CONTACTS, MEDIA, WORK
from tests.core.running import Core, running_core


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as core:
        yield core


async def started(core: Core, **more: Any) -> ContactImport:
    media = await core.writer.execute(StoreMedia("text/csv", 9, "people.csv", "0" * 32), core.admin)
    return await core.writer.execute(StartImport(media, 4, {"Phone": "address"}, **more), core.admin)


def people(*lines: int) -> Sequence[tuple[int, Person]]:
    return [(line, Person((Address(AddressKind.PHONE, f"+1202555{line:04}"),), f"P{line}")) for line in lines]


async def test_pieces_count_once_and_the_file_goes_at_the_end(core: Core) -> None:
    made = await core.writer.execute(CreateList("Everybody"), core.admin)
    job = await started(core, list_id=made.id)
    first = ImportLines(job.id, job.media_id, 3, people(2, 3))
    for _ in range(2):
        after = await core.writer.execute(first, core.admin)
        assert (after.created, after.listed, after.line) == (2, 2, 3)
    overlapping = ImportLines(job.id, job.media_id, 5, people(3, 4), [(5, "Nobody.")], last=True)
    done = await core.writer.execute(overlapping, core.admin)
    assert (done.created, done.updated, done.refused, done.state) == (3, 0, 1, ImportState.DONE)
    assert done.errors == ({"line": 5, "message": "Nobody."},)
    again = await core.writer.execute(overlapping, core.admin)
    assert again == done

    def look(session: Any) -> tuple[Any, ...]:
        workspace_id = core.workspace_id
        kinds = {one.kind for one in WORK.by(session, workspace_id, "workspace_id", [workspace_id])}
        names = {one.name for one in CONTACTS.by(session, workspace_id, "workspace_id", [workspace_id])}
        files = MEDIA.by(session, workspace_id, "id", [job.media_id])
        return member_counts(session, workspace_id, [made.id])[made.id], kinds, names, files

    count, kinds, names, files = await core.database.read(look)
    assert (count, names, files) == (3, {"P2", "P3", "P4"}, [])
    assert kinds == {"import", "media_erase"}


async def test_a_failed_import_says_why_and_takes_no_more(core: Core) -> None:
    job = await started(core)
    await core.writer.execute(FailImport(job.id, job.media_id, "The file is gone."), core.admin)
    after = await core.writer.execute(ImportLines(job.id, job.media_id, 3, people(2, 3)), core.admin)
    assert (after.state, after.failure, after.created) == (ImportState.FAILED, "The file is gone.", 0)
    stored = await core.database.read(lambda session: contact_import(session, core.workspace_id, job.id))
    assert stored == after

"""Tables read in on real databases: a piece that comes twice counts once, and an import goes on where it stopped."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from gateway.core.commands.contacts import EraseContact
from gateway.core.commands.lists import CreateList, FailImport, ForgetTable, ImportLines, NoteTable, StartImport
from gateway.core.commands.media_files import StoreMedia
from gateway.domain.address import Address, AddressKind
from gateway.domain.contact_table import Person
from gateway.domain.lists import ContactImport, ImportState
from gateway.domain.model import Contact, Media, Work
from gateway.storage.list_reads import contact_import, member_counts
from gateway.storage.records import CONTACTS, MEDIA, TABLES, WORK
from tests.core.running import Core, running_core, together


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


async def test_who_is_erased_meanwhile_is_not_brought_back(core: Core) -> None:
    """Also by a line that has a second address beside theirs; whoever else is in the table is read in."""
    job = await started(core)
    await core.writer.execute(ImportLines(job.id, job.media_id, 3, people(2, 3)), core.admin)
    erased = next(one for one in await core.all(Contact) if one.name == "P2")
    await core.writer.execute(EraseContact(erased.id), core.admin)
    theirs, another = (Address(AddressKind.PHONE, f"+1202555{number:04}") for number in (2, 77))
    again = [(4, Person((another, theirs), "P2")), (5, Person((theirs,), "P2")), *people(6)]
    after = await core.writer.execute(ImportLines(job.id, job.media_id, 6, again), core.admin)
    assert (after.created, after.updated, after.refused) == (3, 0, 2)
    assert {one["message"] for one in after.errors} == {"This contact was erased while the table was read in."}
    assert {one.name for one in await core.all(Contact)} == {None, "P3", "P6"}
    done = await core.writer.execute(ImportLines(job.id, job.media_id, 7, people(7), last=True), core.admin)
    assert done.erased == ()
    rows = [repr(row) for kind in TABLES for row in await core.all(kind)]
    assert not [row for row in rows if theirs.value in row or "P2" in row]
    # A table brought after the erasure is another decision of somebody's.
    later = await started(core)
    new = await core.writer.execute(ImportLines(later.id, later.media_id, 3, people(2), last=True), core.admin)
    assert (new.created, new.refused) == (1, 0)


async def test_an_erasure_wins_over_a_piece_on_another_node(database_url: str) -> None:
    """Whichever of the two comes first: nobody of that number is left."""
    async with running_core(database_url) as core, running_core(database_url, node=2) as other:
        for turn in range(6):
            job, line = await started(core), 10 + turn
            known = await core.writer.execute(ImportLines(job.id, job.media_id, line, people(line)), core.admin)
            assert known.created == 1
            found = next(one for one in await core.all(Contact) if one.name == f"P{line}")
            piece = ImportLines(job.id, job.media_id, line + 1, [(line + 1, people(line)[0][1])])
            both = [
                other.writer.execute(piece, other.admin),
                core.writer.execute(EraseContact(found.id), core.admin),
            ]
            await together(*(both if turn % 2 else reversed(both)))
            await core.writer.execute(ImportLines(job.id, job.media_id, 99, people(line), last=True), core.admin)
            assert f"P{line}" not in {one.name for one in await core.all(Contact)}


async def test_a_table_nobody_had_read_in_is_forgotten_after_a_day(core: Core) -> None:
    async def upload() -> int:
        return await core.writer.execute(StoreMedia("text/csv", 9, "people.csv", "0" * 32), core.admin)

    media, used = await upload(), await upload()
    for one in (media, media, used):
        await core.writer.execute(NoteTable(one), core.admin)
    due = [(one.subject_id, one.due_at) for one in await core.all(Work) if one.kind == "unread_table"]
    assert due == [(media, core.clock.now + 86_400_000), (used, core.clock.now + 86_400_000)]
    job = await core.writer.execute(StartImport(used, 4, {"Phone": "address"}), core.admin)
    for one in (media, media, used):
        await core.writer.execute(ForgetTable(one), core.admin)
    assert [one.id for one in await core.all(Media)] == [used], "one that is being read in stays to its end"
    assert [one.subject_id for one in await core.all(Work) if one.kind == "media_erase"] == [media]
    await core.writer.execute(FailImport(job.id, used, "Given up."), core.admin)
    assert await core.all(Media) == []

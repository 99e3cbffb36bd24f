"""Tables of people read in, a piece a transaction, beside everybody's work and not before it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from gateway.core.caller import system
from gateway.core.commands.lists import FailImport, ForgetTable, ImportLines
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.contact_table import BadLine, BadTable, Person, Table, check_columns, decode, person_of, read_table
from gateway.domain.lists import ContactImport, ImportState
from gateway.domain.model import Media, Work
from gateway.storage.blobs import FileBlobs
from gateway.storage.database import Database
from gateway.storage.list_reads import contact_import
from gateway.storage.records import MEDIA
from gateway.workers.chores import Execute

PIECE = 200
"""Lines in one transaction: some ten milliseconds, after which whatever else waits has its turn."""


class Imports:
    """Reads an import on from the line where it stopped."""

    def __init__(
        self, database: Database, execute: Execute, blobs: FileBlobs, view_of: Callable[[int], Awaitable[WorkspaceView]]
    ) -> None:
        self._database = database
        self._execute = execute
        self._blobs = blobs
        self._view_of = view_of

    async def run(self, work: Work) -> None:
        """All of it that is left. What is no table ends the import with a sentence."""
        read = partial(contact_import, workspace_id=work.workspace_id, import_id=work.subject_id or 0)
        job = await self._database.read(read)
        if job is None or job.state is not ImportState.RUNNING:
            return
        caller = system(work.workspace_id)
        content = await self._content(job)
        try:
            table = await asyncio.to_thread(_table, content, job)
        except BadTable as error:
            await self._execute(FailImport(job.id, job.media_id, str(error)), caller)
            return
        country = (await self._view_of(work.workspace_id)).policy.default_country
        left = [line for line in table.lines if line[0] > job.line]
        for start in range(0, max(len(left), 1), PIECE):
            lines = left[start : start + PIECE]
            people, wrong = await asyncio.to_thread(_people, lines, table.head, job, country)
            to, last = lines[-1][0] if lines else job.line + 1, start + PIECE >= len(left)
            await self._execute(ImportLines(job.id, job.media_id, to, people, wrong, last), caller)

    async def give_up(self, work: Work) -> None:
        """It failed again and again: ended, so that its file doesn't stay; the table can be brought anew."""
        read = partial(contact_import, workspace_id=work.workspace_id, import_id=work.subject_id or 0)
        job = await self._database.read(read)
        if job is not None:
            failure = "The table could not be read on. Bring it again: what was read in already is only completed."
            await self._execute(FailImport(job.id, job.media_id, failure), system(work.workspace_id))

    async def forget(self, work: Work) -> None:
        """A table that nobody had read in."""
        await self._execute(ForgetTable(work.subject_id or 0), system(work.workspace_id))

    async def _content(self, job: ContactImport) -> bytes | None:
        read = partial(MEDIA.by, workspace_id=job.workspace_id, column="id", values=[job.media_id])
        found: list[Media] = await self._database.read(read)
        blob = found[0].blob if found else None
        return None if blob is None else await self._blobs.get(blob)


def _table(content: bytes | None, job: ContactImport) -> Table:
    if content is None:
        raise BadTable("The file is gone.")
    table = read_table(decode(content))
    check_columns(job.columns, table.head)
    return table


def _people(
    lines: Sequence[tuple[int, Sequence[str]]], head: Sequence[str], job: ContactImport, country: str | None
) -> tuple[list[tuple[int, Person]], list[tuple[int, str]]]:
    people: list[tuple[int, Person]] = []
    wrong: list[tuple[int, str]] = []
    for line, cells in lines:
        try:
            people.append((line, person_of(cells, head, job.columns, country)))
        except BadLine as error:
            wrong.append((line, str(error)))
    return people, wrong

"""Files that nothing names: an erased contact's go at once, those a crash left go after a week."""

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.core.commands.contacts import EraseContact
from gateway.core.commands.media_files import StoreMedia
from gateway.core.commands.messages import StoredFile
from gateway.core.decisions.erasure import ERASE_MEDIA
from gateway.domain.model import Work
from gateway.storage.blobs import FileBlobs
from gateway.workers.leftovers import UNNAMED_KEPT_S, Leftovers
from tests.core.running import Core, running_core
from tests.host.parts import Moment


@dataclass
class Store:
    core: Core
    blobs: FileBlobs
    leftovers: Leftovers
    folder: Path

    async def kept(self, content: bytes, age_s: float = 0.0) -> str:
        """A file on disk that is so old."""
        blob = await self.blobs.put(content)
        self.age(self.blobs.path(blob), age_s)
        return blob

    def age(self, path: Path, seconds: float) -> None:
        at = self.core.clock() / 1000 - seconds
        os.utime(path, (at, at))

    def on_disk(self) -> set[str]:
        return {path.name for path in self.folder.rglob("*") if path.is_file()}


@pytest.fixture
async def store(database_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    async with running_core(database_url) as core:
        blobs = FileBlobs(tmp_path / "media", os.urandom)
        yield Store(core, blobs, Leftovers(core.database, blobs, Moment().pace(core.clock)), tmp_path / "media")


async def test_an_erased_contacts_files_are_gone_and_a_shared_one_stays(store: Store) -> None:
    theirs, shared = await store.kept(b"theirs"), await store.kept(b"shared")
    await store.core.writer.execute(StoreMedia("image/png", 6, "shared.png", shared), store.core.admin)
    files = (StoredFile("image/png", 6, theirs, "a.png"), StoredFile("image/png", 6, shared, "b.png"))
    message = (await store.core.receive("See", files=files)).message
    assert message is not None
    await store.core.writer.execute(EraseContact(message.contact_id), store.core.admin)
    work = [one for one in await store.core.all(Work) if one.kind == ERASE_MEDIA]
    assert {one.data["blob"] for one in work} == {theirs, shared}
    for one in [*work, *work]:  # each may run twice
        await store.leftovers.erase(one)
    assert store.on_disk() == {shared}


@pytest.mark.parametrize("age", [UNNAMED_KEPT_S - 1, UNNAMED_KEPT_S, UNNAMED_KEPT_S + 1])
async def test_what_nobody_came_for_in_a_week_goes(store: Store, age: float) -> None:
    named, orphan = await store.kept(b"named", age), await store.kept(b"orphan", age)
    await store.core.writer.execute(StoreMedia("image/png", 5, "a.png", named), store.core.admin)
    draft = store.blobs.path(orphan).with_suffix(".part")
    draft.write_bytes(b"half")
    store.age(draft, age)
    stranger = store.folder / orphan[:2] / "README"
    stranger.write_bytes(b"not ours")
    store.age(stranger, age)
    removed = await store.leftovers.sweep()
    if age > UNNAMED_KEPT_S:
        assert (removed, store.on_disk()) == (1, {named, "README"})
    else:
        assert (removed, store.on_disk()) == (0, {named, orphan, draft.name, "README"})


async def test_a_folder_that_is_not_there_holds_nothing(store: Store) -> None:
    assert await store.leftovers.sweep() == 0

"""Files that come with a message: there before it is acknowledged, gone again where it was known, kept by the spool."""

import os
import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gateway.core.caller import Caller
from gateway.core.commands.base import Command
from gateway.domain.model import Media, Message
from gateway.domain.nature import Nature
from gateway.host.spool import SpoolFull
from gateway.sdk import Channel, Outbound, SenderView, SendResult
from gateway.sdk.context import Unavailable
from gateway.sdk.text import Capabilities
from gateway.sdk.values import Inbound, MediaReference
from gateway.storage.blobs import FileBlobs
from gateway.storage.database import StorageUnavailable
from tests.host.parts import Host, running_host


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(side: int) -> bytes:
    """A square picture."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 4)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


@dataclass(frozen=True, slots=True)
class Nothing:
    """No settings."""


class Posting(Channel):
    type = "posting"
    label = "Posting"
    Settings = Nothing

    def capabilities(self, sender: SenderView) -> Capabilities:
        return Capabilities(email=True)

    async def send(self, outbound: Outbound) -> SendResult:
        raise AssertionError("nothing is sent here")


MAIL = Inbound(
    "maya@customer.example",
    "help@desk.example",
    "See the picture.",
    provider_id="1",
    channel="email",
    subject="Lamp",
    media=(
        MediaReference("image/png", None, png(2), "lamp\0.png", content_id="lamp"),
        MediaReference("image/png", None, b"<svg onload=x></svg>", "a.png"),
        MediaReference("image/png", None, png(60_000), "huge.png"),
        MediaReference("text/plain", None, b"", "empty.txt"),
    ),
    html='<p onclick="x">See <img src="cid:lamp"> the <b>picture</b></p><script>x</script>',
    quoted="> Which?",
    nature=Nature.AUTO,
)


@pytest.fixture
async def host(database_url: str, tmp_path: Path) -> AsyncIterator[Host]:
    async with running_host(database_url, tmp_path, Posting) as running:
        yield running


def blobs(folder: Path) -> list[Path]:
    return [path for path in (folder / "media").rglob("*") if path.is_file()]


async def test_files_are_stored_with_their_message(host: Host, tmp_path: Path) -> None:
    await host.intake.take(await host.gateway(), "account", [MAIL])

    [message] = await host.core.all(Message)
    media = {one.id: one for one in await host.core.all(Media)}
    files = [media[one] for one in message.media_ids]
    assert [(one.name, one.content_type, one.state, one.content_id) for one in files] == [
        ("lamp\ufffd.png", "image/png", "stored", "lamp"),
        ("a.png", "text/plain", "stored", None),
        ("huge.png", "application/octet-stream", "stored", None),
    ]
    html = media[message.html_id or 0]
    store = FileBlobs(tmp_path / "media", os.urandom)
    assert await store.get(files[0].blob or "") == png(2)
    assert await store.get(html.blob or "") == b'<p>See <img src="cid:lamp"> the <b>picture</b></p>'
    assert (message.quoted, message.nature, message.conversation_id) == ("> Which?", Nature.AUTO, None)
    assert {one.message_id for one in media.values()} == {message.id}


async def test_the_same_mail_again_leaves_no_second_copy(host: Host, tmp_path: Path) -> None:
    gateway = await host.gateway()
    await host.intake.take(gateway, "account", [MAIL])
    before = set(blobs(tmp_path))
    await host.intake.take(gateway, "account", [MAIL])
    assert set(blobs(tmp_path)) == before
    assert len(await host.core.all(Message)) == 1


async def test_a_long_outage_leaves_one_copy(host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> None:
        raise StorageUnavailable("away")

    with monkeypatch.context() as outage:
        outage.setattr(host.intake, "_execute", away)
        await host.intake.take(await host.gateway(), "account", [MAIL])
        for _ in range(3):
            assert await host.intake.replay() == 0
    assert await host.intake.replay() == 1

    [message] = await host.core.all(Message)
    used = {one.blob for one in await host.core.all(Media)}
    assert {path.name for path in blobs(tmp_path)} == used
    assert len(used) == len(message.media_ids) + 1


@pytest.mark.parametrize(("mails", "written_again"), [(3, 0), (4, 1), (6, 3)])
async def test_files_of_what_waits_are_remembered_up_to_a_limit(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mails: int, written_again: int
) -> None:
    """Beyond it the oldest is written once more when its turn comes; its first copy goes with the weekly sweep."""

    async def away(*_: object) -> None:
        raise StorageUnavailable("away")

    monkeypatch.setattr("gateway.host.inbound.WAITING", 3)
    with monkeypatch.context() as outage:
        outage.setattr(host.intake, "_execute", away)
        # As they come while the database is away and the spool takes nothing either: each provider tries again.
        monkeypatch.setattr(host.spool, "add", full)
        for number in range(mails):
            mail = replace(MAIL, provider_id=str(number), media=MAIL.media[:1], html=None)
            with pytest.raises(Unavailable):
                await host.intake.take(await host.gateway(), "account", [mail])
    for number in range(mails):
        mail = replace(MAIL, provider_id=str(number), media=MAIL.media[:1], html=None)
        await host.intake.take(await host.gateway(), "account", [mail])
    used = {one.blob for one in await host.core.all(Media)}
    on_disk = {path.name for path in blobs(tmp_path)}
    assert len(used) == mails
    assert used <= on_disk
    assert len(on_disk - used) == written_again


async def full(*_: object) -> None:
    raise SpoolFull("no room")


async def test_an_answer_that_got_lost_takes_no_files_away(
    host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def committed(command: Command[object], caller: Caller) -> None:
        await host.core.writer.execute(command, caller)
        raise StorageUnavailable("the connection broke")

    with monkeypatch.context() as outage:
        outage.setattr(host.intake, "_execute", committed)
        await host.intake.take(await host.gateway(), "account", [MAIL])
    assert await host.intake.replay() == 1
    assert {path.name for path in blobs(tmp_path)} == {one.blob for one in await host.core.all(Media)}


async def test_what_is_kept_raw_keeps_no_files_beside_it(host: Host, tmp_path: Path) -> None:
    await host.intake.take(await host.gateway(), "account", [replace(MAIL, sender="nobody at all")])
    assert await host.core.all(Message) == []
    assert blobs(tmp_path) == []


async def test_html_too_wild_to_be_shown_is_a_file(host: Host) -> None:
    await host.intake.take(await host.gateway(), "account", [replace(MAIL, media=(), html="<div>" * 1000)])
    [message] = await host.core.all(Message)
    [file] = await host.core.all(Media)
    assert (message.html_id, message.media_ids) == (None, (file.id,))
    assert (file.name, file.content_type) == ("message.html", "text/plain")

"""Backups as docs/operations.md says them, taken while people work, restored, and served from."""

import asyncio
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from gateway.app import tasks
from gateway.app.serve import running
from gateway.config import Settings, SettingsError
from gateway.domain.ids import format_id
from gateway.domain.visibility import Role
from tests.docs.pages import blocks, read
from tests.support.postgres import PROGRAMS, find_installed
from tests.web.client import Client
from tests.web.conftest import CHEAP, Phone, Serve, World

MANY = 60
SECRET = "a word nobody may read"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6364f8cf500f00038601805a34"
    "7d6b0000000049454e44ae426082"
)


async def write(admin: Client, done: list[str], many: asyncio.Event, stop: asyncio.Event) -> None:
    """Makes contacts until told to stop, and says when they are many."""
    while not stop.is_set() and len(done) < 500:
        number = f"+1202555{1000 + len(done)}"
        made = await admin.made("/contacts", {"name": f"Somebody {len(done)}", "addresses": [number]})
        done.append(made["id"])
        if len(done) == MANY:
            many.set()


async def same_from(settings: Settings, token: str, before: list[str], http: aiohttp.ClientSession) -> None:
    """A product started on what was restored knows all that was answered before the backup began, and goes on."""
    said: list[str] = []
    async with running(settings, said.append, CHEAP):
        client = Client(http, said[-1].removeprefix("Messenger ready at "), token)
        for contact in before:
            assert (await client.get(f"/contacts/{contact}")).status == 200, contact
        found = (await client.get(f"/contacts?q=Somebody+{MANY - 1}"))["items"]
        assert before[MANY - 1] in [one["id"] for one in found], "the index came along"
        gateway = (await client.get("/gateways"))["items"][0]
        text = {"from": "+12025550155", "to": "+12025550100", "body": "After the restore"}
        assert (await client.post(f"/c/{gateway['token']}/inbound", text)).status == 200
        assert (await client.get("/conversations?view=all"))["items"]


async def backed_up(world: World, take: Callable[[], None]) -> tuple[Client, list[str]]:
    """The backup is taken while somebody writes; whatever was answered before it began must be in it."""
    admin = await world.someone(Role.ADMINISTRATOR)
    done: list[str] = []
    many, stop = asyncio.Event(), asyncio.Event()
    writing = asyncio.create_task(write(admin, done, many, stop))
    await many.wait()
    before = list(done)
    await asyncio.to_thread(take)
    stop.set()
    await writing
    return admin, before


async def test_sqlite_by_the_commands_of_the_page(serve_here: Serve, tmp_path: Path) -> None:
    """As printed, in an installation that has just begun, by a shell that stops at the first mishap."""
    world = await serve_here()
    printed = next(one.text for one in blocks(read("docs/operations.md"), "sh") if ".backup" in one.text)
    before_it, copying, after_it = printed.partition('sqlite3 data/gateway.db ".backup backup/gateway.db"\n')
    assert copying

    def run(commands: str) -> None:
        subprocess.run(["sh", "-ec", commands], cwd=tmp_path, check=True, timeout=60)

    def take() -> None:
        run(before_it)
        with (
            sqlite3.connect(tmp_path / "data/gateway.db") as here,
            sqlite3.connect(tmp_path / "backup/gateway.db") as to,
        ):
            here.backup(to)  # what the program does: not every machine has it
        run(after_it)

    admin, before = await backed_up(world, take)
    await same_from(Settings(port=0, data=str(tmp_path / "backup")), admin.token or "", before, world.http)


async def test_postgresql_by_pg_dump(postgres_database: Callable[[], str], serve_here: Serve, tmp_path: Path) -> None:
    url, other = postgres_database(), postgres_database()
    world = await serve_here(database=url)
    data, restored = tmp_path / "data", tmp_path / "restored"
    restored.mkdir()
    programs = find_installed() / PROGRAMS

    def take() -> None:
        dump = tmp_path / "gateway.dump"
        subprocess.run([str(programs / "pg_dump"), "--format=custom", f"--file={dump}", url], check=True, timeout=120)
        restore = [str(programs / "pg_restore"), "--no-owner", "--clean", "--if-exists", f"--dbname={other}", str(dump)]
        subprocess.run(restore, check=True, timeout=120)
        shutil.copy(data / "secret.key", restored / "secret.key")

    admin, before = await backed_up(world, take)
    settings = Settings(port=0, data=str(restored), database=other)
    await same_from(settings, admin.token or "", before, world.http)


async def test_an_export_is_read_back_line_by_line(
    world: World, admin: Client, phone: Callable[..., Phone], tmp_path: Path
) -> None:
    await phone("+12025550171").text("Do you have it in green?")
    conversation = await phone("+12025550171").conversation()
    await admin.patch(f"/contacts/{conversation['contact']['id']}", {"name": "Grace Lin"})
    await admin.post(f"/threads/{conversation['thread_id']}/notes", {"body": "Asks for green."})
    await admin.made("/webhooks", {"url": "https://a.example/hook", "events": ["*"]})
    mail = {
        "address": "us@mail.example",
        "smtp_host": "mail.example",
        "smtp_password": SECRET,
        "imap_host": "mail.example",
    }
    await admin.made("/gateways", {"plugin": "email", "name": "Mail", "settings": mail, "enabled": False})
    stored = await admin.ask("POST", "/media?name=../green!.png", data=PIXEL, headers={"Content-Type": "image/png"})
    assert stored.status == 201
    other = await admin.made("/workspaces", {"name": "Branch"})
    files = tmp_path / "files"
    lines: list[str] = []
    await tasks.export(Settings(data=str(tmp_path / "data")), None, lines.append, files)
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        one = msgspec.json.decode(line, type=dict[str, Any])
        found.setdefault(str(one["type"]), []).append(one)
    assert {"contact", "address", "thread", "conversation", "message", "note"} <= set(found)
    assert {"workspace", "user", "gateway", "sender", "event", "webhook", "media"} <= set(found)
    assert (sorted(one.name for one in files.iterdir())) == [f"{found['media'][0]['id']}-green_.png"]
    assert "secret" not in found["webhook"][0]
    assert SECRET not in "".join(lines)
    sealed = [one for one in found["gateway"] if one["name"] == "Mail"]
    assert sealed[0]["settings"]["smtp_host"] == "mail.example"
    (message,) = found["message"]
    (contact,) = found["contact"]
    assert (message["body"], message["contact_id"]) == ("Do you have it in green?", contact["id"])
    assert (contact["name"], found["note"][0]["body"]) == ("Grace Lin", "Asks for green.")
    assert format_id("thr", found["thread"][0]["id"]) == conversation["thread_id"]
    headers = {"Authorization": f"Bearer {admin.token}"}
    async with world.http.get(f"{world.url}/api/v1/workspace/export", headers=headers) as answer:
        kinds = {msgspec.json.decode(line)["type"] for line in (await answer.read()).splitlines()}
    assert kinds == set(found)
    lines.clear()
    await tasks.export(Settings(data=str(tmp_path / "data")), "Branch", lines.append)
    kinds = {msgspec.json.decode(line)["type"] for line in "\n".join(lines).splitlines()}
    assert (kinds, bool(other)) == ({"workspace", "audit_line"}, True)
    with pytest.raises(SettingsError, match="no workspace"):
        await tasks.export(Settings(data=str(tmp_path / "data")), "Brunch", lines.append)

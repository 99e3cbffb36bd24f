"""What the command line does: each opens the installation, does one thing through the writer, and closes it again."""

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from gateway.app.core import Core, load_plugins, open_core, wall_clock
from gateway.config import Settings, SettingsError
from gateway.core.caller import Caller, system
from gateway.core.commands.audit import RecordExport
from gateway.core.commands.messages import SendMessage
from gateway.core.commands.people import CreateToken
from gateway.core.exporting import as_lines, exported
from gateway.domain.address import AddressKind, InvalidAddress, typed_address
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.record import record
from gateway.domain.visibility import Role
from gateway.feed.tally import FOLLOWER as TALLY
from gateway.storage.blobs import FileBlobs
from gateway.storage.connect import open_database
from gateway.storage.database import Database, StorageUnavailable
from gateway.storage.event_log import count_after
from gateway.storage.migrate import head, migrate, revision_of
from gateway.storage.statistics_again import begin_again, is_whole
from gateway.storage.workspaces import workspace_named
from gateway.web.auth.invitations import Invitations
from gateway.web.auth.passwords import Passwords
from gateway.web.auth.secret import TOKEN_PREFIX, digest_of, new_secret
from gateway.web.auth.workspaces import Workspaces
from gateway.web.state import Site


@record
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    detail: str


async def migrate_database(settings: Settings) -> tuple[str | None, str]:
    """The revisions before and after."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    return await migrate(settings.database_url)


async def create_token(settings: Settings, role: Role, name: str, workspace: str | None) -> str:
    """The secret of a new token."""
    async with open_core(settings) as core:
        caller = await _operator(core, workspace)
        secret = new_secret(os.urandom, TOKEN_PREFIX)
        await core.writer.execute(CreateToken(name, role, digest_of(secret)), caller)
        return secret


async def invite_user(settings: Settings, email: str, role: Role, workspace: str | None) -> str:
    """The link of a new invitation."""
    try:
        address = typed_address(email, None)
    except InvalidAddress as error:
        raise SettingsError(str(error)) from None
    if address.kind is not AddressKind.EMAIL:
        raise SettingsError(f"{email} is not an e-mail address.")
    async with open_core(settings) as core:
        caller = await _operator(core, workspace)
        public = settings.public_url or f"http://{settings.host}:{settings.port}"
        invitations = Invitations(
            core.database, core.writer, Passwords(), Site(public, settings.host), core.pace.clock, os.urandom
        )
        return (await invitations.invite(caller, role, address.value)).url


async def list_workspaces(settings: Settings) -> list[str]:
    """A line for each."""
    async with open_core(settings) as core:
        found = await _workspaces(core).all()
        return [f"{one.workspace.name}{' (suspended)' if one.workspace.suspended_at else ''}" for one in found]


async def create_workspace(settings: Settings, name: str, preset: str) -> str:
    """The id of a new one."""
    async with open_core(settings) as core:
        caller = await _operator(core, None)
        made = await _workspaces(core).create(caller, name, preset)
        return format_id(PREFIXES["workspace"], made.id)


async def rename_workspace(settings: Settings, name: str, new: str) -> None:
    """Another name."""
    async with open_core(settings) as core:
        caller = await _operator(core, None)
        await _workspaces(core).rename(caller, await _named(core, name), new)


async def suspend_workspace(settings: Settings, name: str, *, suspended: bool) -> None:
    """Shut, or open again."""
    async with open_core(settings) as core:
        caller = await _operator(core, None)
        await _workspaces(core).suspend(caller, await _named(core, name), suspended=suspended)


async def remove_workspace(settings: Settings, name: str, again: str) -> None:
    """Gone."""
    async with open_core(settings) as core:
        caller = await _operator(core, None)
        await _workspaces(core).remove(caller, await _named(core, name), again)


def _workspaces(core: Core) -> Workspaces:
    return Workspaces(core.database, core.directory, core.writer)


async def _named(core: Core, name: str) -> int:
    """The id of a workspace that is there."""
    found = next((one.id for one in await _workspaces(core).all() if one.workspace.name == name), None)
    if found is None:
        raise SettingsError(f"There is no workspace called {name}.")
    return found


def list_plugins(settings: Settings) -> Iterator[str]:
    """A line for each plugin."""
    plugins, registry = load_plugins(settings, wall_clock)
    for plugin in plugins:
        channels = [name for name, found in registry.channels.items() if found.plugin == plugin.name]
        brings = f"; channels: {', '.join(channels)}" if channels else ""
        yield f"{plugin.name} {plugin.version or ''} ({plugin.distribution or 'no distribution'}){brings}"


async def send_message(settings: Settings, to: str, body: str, from_: str | None, workspace: str | None) -> str:
    """The id of the queued message."""
    async with open_core(settings) as core:
        caller = await _known(core, workspace)
        view = await core.directory.get(caller.workspace_id)
        try:
            address = typed_address(to, view.policy.default_country)
        except InvalidAddress as error:
            raise SettingsError(str(error)) from None
        message = await core.writer.execute(SendMessage(body=body, to=address, from_=from_), caller)
        return format_id(PREFIXES["message"], message.id)


async def count_again(settings: Settings, workspace: str | None) -> int:
    """How many events a running server counts anew."""
    async with open_core(settings) as core:
        workspace_id = (await _known(core, workspace)).workspace_id
        if not await core.database.read(partial(is_whole, workspace_id=workspace_id)):
            sentence = "The log of events was shortened, so the figures of before can't be counted again. They stay."
            raise SettingsError(sentence)
        await core.database.write(partial(begin_again, workspace_id=workspace_id, follower=TALLY))
        return await core.database.read(partial(count_after, workspace_id=workspace_id, position=0))


async def export(
    settings: Settings, workspace: str | None, say: Callable[[str], None], files: Path | None = None
) -> None:
    """One JSON object a line: `{"type": ..., ...}`.

    Files of messages and of the library go into the folder `files`, under their number and, if one has it, its name.
    """
    async with open_core(settings) as core:
        caller = await _known(core, workspace)
        await core.writer.execute(RecordExport("workspace", caller.workspace_id), caller)
        async for piece in exported(core.database, caller.workspace_id):
            for line in as_lines(piece).decode().rstrip("\n").split("\n"):
                say(line)
            if files is not None:
                await asyncio.to_thread(_copy_files, core.blobs, piece, files)


def _copy_files(blobs: FileBlobs, piece: list[dict[str, Any]], folder: Path) -> None:
    """Those that are still there: retention and erasure take files away before what named them."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in piece:
        if one["type"] == "media" and one["blob"] is not None and blobs.path(one["blob"]).is_file():
            name = re.sub(r"[^\w.-]+", "_", one["name"] or "")[-80:].lstrip(".")
            shutil.copyfile(blobs.path(one["blob"]), folder / f"{one['id']}{'-' if name else ''}{name}")


async def examine(settings: Settings) -> list[Finding]:
    """Plugins, data folder, secret key, database, migrations."""
    findings = [_folder(settings), *_installed(settings)]
    try:
        database = open_database(settings.database_url)
        await database.open()
    except (StorageUnavailable, ValueError) as error:
        return [*findings, Finding("database", False, str(error))]
    try:
        findings.append(await _database(database, settings.database_url))
    finally:
        await database.close()
    return findings


async def _database(database: Database, url: str) -> Finding:
    found, wanted = await revision_of(url), head()
    if found != wanted:
        return Finding("database", False, f"{database.dialect}, at {found or 'nothing'}; run `gateway migrate`.")
    return Finding("database", True, f"{database.dialect}, up to date at {wanted}.")


def _folder(settings: Settings) -> Finding:
    path = settings.folder.absolute()
    if path.is_dir() and os.access(path, os.W_OK):
        return Finding("data folder", True, str(path))
    detail = "can't be written to" if path.exists() else "isn't there yet; the first start makes it"
    return Finding("data folder", not path.exists(), f"{path} {detail}.")


def _installed(settings: Settings) -> list[Finding]:
    try:
        lines = list(list_plugins(settings))
    except Exception as error:  # noqa: BLE001 - whatever a plugin does wrong is the finding
        return [Finding("plugins", False, str(error))]
    return [Finding("plugins", bool(lines), ", ".join(line.partition(" ")[0] for line in lines) or "none installed")]


async def _known(core: Core, workspace: str | None) -> Caller:
    """The same, in a workspace that is there: a mistyped name makes none."""
    if workspace is not None and await core.database.read(partial(workspace_named, name=workspace)) is None:
        raise SettingsError(f"There is no workspace named {workspace!r}.")
    return await _operator(core, workspace)


async def _operator(core: Core, workspace: str | None) -> Caller:
    """Whoever may run this command on the machine may do everything."""
    return system((await core.workspace(workspace)).id)

"""The `gateway` command: serve, and what an operator does beside a running server, which sees it at once."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any, Literal, TypeVar

import click
import uvloop

from gateway.app import tasks
from gateway.app.new_plugin import KINDS, PluginNotWritten, write_plugin
from gateway.app.plugin_cli import Brought, PluginGroup, commands_of_plugins
from gateway.app.serve import serve as run_server
from gateway.config import LogLevel, ProcessRole, Settings, SettingsError, load_settings
from gateway.core.errors import Refused
from gateway.domain.presets import PRESETS
from gateway.domain.visibility import Role
from gateway.host.logs import configure_logs
from gateway.host.manager import ENTRY_POINT_GROUP
from gateway.host.plugins import PluginError
from gateway.host.secrets import SecretsUnreadable
from gateway.storage.database import StorageUnavailable

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

_ROLE = click.Choice([role.value for role in Role])


def where(command: F) -> F:
    """The flags that say which installation a command is about."""
    for option in (
        click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Settings file (gateway.toml)."),
        click.option("--data", help="Data folder."),
        click.option("--database", help="postgresql://... or sqlite:///path; a file in the data folder without it."),
    ):
        command = option(command)
    return command


def _brought() -> Brought:
    return commands_of_plugins(lambda: load_settings({}))


@click.group(cls=PluginGroup, brought=_brought, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="onethread")
def main() -> None:
    """Onethread: one thread for each contact, over every number and channel."""


@main.command()
@where
@click.option("--host", help="Address to listen on (127.0.0.1).")
@click.option("--port", type=int, help="Port to listen on (8080).")
@click.option("--nats", help="nats://... for wake-ups between nodes.")
@click.option("--role", type=click.Choice([role.value for role in ProcessRole]), help="What this process does (all).")
@click.option("--public-url", help="https://... as browsers and providers reach it.")
@click.option("--preset", type=click.Choice(list(PRESETS)), help="What a new workspace starts from.")
@click.option("--log-level", type=click.Choice([level.value for level in LogLevel]), help="The least that is logged.")
def serve(config: Path | None, **flags: Any) -> None:
    """Serve the Messenger, the API and the gateways."""
    settings = _settings(config, flags)
    configure_logs(settings.log_level)
    _run(run_server(settings, _say))


@main.command()
@where
def migrate(config: Path | None, **flags: Any) -> None:
    """Bring the database up to date. `serve` does so too; here it can be done before."""
    before, after = _run(tasks.migrate_database(_settings(config, flags)))
    _say(f"Up to date at {after}." if before == after else f"Migrated from {before or 'nothing'} to {after}.")


@main.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@where
@click.option("--role", type=_ROLE, required=True, help="What the token may do.")
@click.option("--workspace", help="Workspace (the configured one).")
@click.option("--name", default="Command line", show_default=True, help="What people know it by.")
def create_token(config: Path | None, role: str, workspace: str | None, name: str, **flags: Any) -> None:
    """Make an API token and print it, this once."""
    _say(_run(tasks.create_token(_settings(config, flags), Role(role), name, workspace)))


@main.group()
def user() -> None:
    """People of the team."""


@user.command("invite")
@where
@click.argument("email")
@click.option("--role", type=_ROLE, required=True, help="What they may do.")
@click.option("--workspace", help="Workspace (the configured one).")
def invite_user(config: Path | None, email: str, role: str, workspace: str | None, **flags: Any) -> None:
    """Print a link that works once, for seven days."""
    _say(_run(tasks.invite_user(_settings(config, flags), email, Role(role), workspace)))


@main.group("workspace")
def workspaces() -> None:
    """Businesses on this installation, each by itself."""


@workspaces.command("list")
@where
def list_workspaces(config: Path | None, **flags: Any) -> None:
    """Print their names, the oldest first."""
    for line in _run(tasks.list_workspaces(_settings(config, flags))):
        _say(line)


@workspaces.command("create")
@where
@click.argument("name")
@click.option("--preset", type=click.Choice(list(PRESETS)), default="inbox-zero", help="Policies to start from.")
def create_workspace(config: Path | None, name: str, preset: str, **flags: Any) -> None:
    """Make a workspace. `gateway user invite EMAIL --role administrator --workspace NAME` lets somebody in."""
    _say(_run(tasks.create_workspace(_settings(config, flags), name, preset)))


@workspaces.command("rename")
@where
@click.argument("name")
@click.argument("new")
def rename_workspace(config: Path | None, name: str, new: str, **flags: Any) -> None:
    """Give a workspace another name."""
    _run(tasks.rename_workspace(_settings(config, flags), name, new))


@workspaces.command("suspend")
@where
@click.argument("name")
def suspend_workspace(config: Path | None, name: str, **flags: Any) -> None:
    """Let nobody in any more; what contacts send is still stored."""
    _run(tasks.suspend_workspace(_settings(config, flags), name, suspended=True))


@workspaces.command("resume")
@where
@click.argument("name")
def resume_workspace(config: Path | None, name: str, **flags: Any) -> None:
    """Let people in again."""
    _run(tasks.suspend_workspace(_settings(config, flags), name, suspended=False))


@workspaces.command("remove")
@where
@click.argument("name")
@click.option("--yes", "again", required=True, metavar="NAME", help="Its name once more, to be sure.")
def remove_workspace(config: Path | None, name: str, again: str, **flags: Any) -> None:
    """Remove a workspace with all that is in it, for good. A running server empties it piece by piece."""
    _run(tasks.remove_workspace(_settings(config, flags), name, again))


@main.command()
@where
def plugins(config: Path | None, **flags: Any) -> None:
    """Show the plugins that are installed, and what they bring."""
    for line in tasks.list_plugins(_settings(config, flags)):
        _say(line)


@main.command()
@where
def doctor(config: Path | None, **flags: Any) -> None:
    """Look whether everything an installation needs is there. Ends with status 1 when something is not."""
    findings = _run(tasks.examine(_settings(config, flags)))
    for finding in findings:
        _say(f"{'ok  ' if finding.ok else 'BAD '} {finding.what}: {finding.detail}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command()
@where
@click.argument("to")
@click.argument("body")
@click.option("--from", "from_", help="Sender or pool (the workspace's choice).")
@click.option("--workspace", help="Workspace (the configured one).")
def send(config: Path | None, to: str, body: str, from_: str | None, workspace: str | None, **flags: Any) -> None:
    """Send a message; a running server hands it to the provider. Prints its id."""
    _say(_run(tasks.send_message(_settings(config, flags), to, body, from_, workspace)))


@main.command()
@where
@click.option("--workspace", help="Workspace (the configured one).")
def recount(config: Path | None, workspace: str | None, **flags: Any) -> None:
    """Count the statistics again, from the beginning of the log; a running server does it."""
    events = _run(tasks.count_again(_settings(config, flags), workspace))
    _say(f"{events} events are counted again as soon as a server runs; the statistics fill up while it does so.")


@main.command()
@where
@click.option("--workspace", help="Workspace (the configured one).")
@click.option("--files", type=click.Path(path_type=Path, file_okay=False), help="Folder for pictures and files (none).")
def export(config: Path | None, workspace: str | None, files: Path | None, **flags: Any) -> None:
    """Print everything of a workspace as JSON lines, without secrets."""
    _run(tasks.export(_settings(config, flags), workspace, _say, files))


@main.command("new-plugin")
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder (this one).")
@click.option("--kind", type=click.Choice(KINDS), default=KINDS[0], show_default=True, help="What it brings.")
def new_plugin(name: str, into: Path, kind: Literal["channel", "automation"]) -> None:
    """Write a plugin whose tests pass, to begin with: an HTTP channel, or an action and a condition of automations."""
    try:
        taken = tuple(entry_points(group=ENTRY_POINT_GROUP).names)
        folder = write_plugin(name, into, version("onethread"), taken, kind)
    except PluginNotWritten as error:
        raise click.ClickException(str(error)) from None
    _say(f"Written to {folder}. Next: cd {folder}, pip install -e '.[test]', pytest.")


def _settings(config: Path | None, flags: dict[str, Any]) -> Settings:
    try:
        return load_settings(flags, file=config)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Runs to its end; what a person can mend is said in one line."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    except (SettingsError, PluginError, SecretsUnreadable, StorageUnavailable) as error:
        raise click.ClickException(str(error)) from None
    except Refused as refused:
        raise click.ClickException(refused.detail) from None


def _say(line: str) -> None:
    print(line, flush=True)

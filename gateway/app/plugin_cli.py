"""Plugins' commands beside the built-in ones. Plugins are loaded only to list commands, or for a name not ours."""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from gateway.app.core import load_plugins, wall_clock
from gateway.config import Settings, SettingsError
from gateway.host.plugins import PluginError
from gateway.host.registry import Registered
from gateway.sdk.registration import CommandLine

Brought = Mapping[str, Registered[CommandLine]]
_FOUND = "gateway.app.plugin_cli"


def commands_of_plugins(load_settings: Callable[[], Settings]) -> Brought:
    """What the installed plugins bring. Raises ClickException for settings or a plugin that can't be used."""
    try:
        return load_plugins(load_settings(), wall_clock)[1].commands
    except (SettingsError, PluginError) as error:
        raise click.ClickException(str(error)) from None


class PluginGroup(click.Group):
    """A group that plugins add to. A built-in name wins; a plugin that brings one is told so when commands are listed.

    `brought` is called at most once for each run of the program.
    """

    def __init__(self, *arguments: Any, brought: Callable[[], Brought], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._brought = brought

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Ours and theirs, by name."""
        return sorted([*super().list_commands(ctx), *self._of_plugins(ctx)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Ours, or else a plugin's."""
        built_in = super().get_command(ctx, cmd_name)
        if built_in is not None:
            return built_in
        found = self._of_plugins(ctx).get(cmd_name)
        return None if found is None else _command(found)

    def _of_plugins(self, ctx: click.Context) -> Brought:
        if _FOUND not in ctx.meta:
            ctx.meta[_FOUND] = self._unlike_ours(self._brought())
        brought: Brought = ctx.meta[_FOUND]
        return brought

    def _unlike_ours(self, brought: Brought) -> Brought:
        for name in sorted(set(brought) & set(self.commands)):
            raise click.ClickException(
                f"The plugin {brought[name].plugin} brings a command {name}, which is one of gateway's own. "
                "Rename it or uninstall the plugin."
            )
        return brought


def _command(found: Registered[CommandLine]) -> click.Command:
    """Hands everything after the name to the plugin, options and --help too."""
    line = found.item

    def run(arguments: tuple[str, ...]) -> None:
        try:
            status = line.run(arguments)
        except Exception as error:
            raise click.ClickException(f"{line.name} of the plugin {found.plugin} failed: {error!r}") from error
        if not isinstance(status, int):
            raise click.ClickException(f"{line.name} of the plugin {found.plugin} gave no exit status, but {status!r}.")
        sys.exit(status)

    return click.Command(
        line.name,
        callback=run,
        help=line.help,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        add_help_option=False,
        context_settings={"ignore_unknown_options": True},
    )

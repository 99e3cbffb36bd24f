"""Commands of plugins on the command line."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from gateway.app.plugin_cli import Brought, PluginGroup
from gateway.host.registry import build_registry
from gateway.sdk.registration import CommandLine
from tests.host.parts import make_plugin, make_plugins

PLUGIN = """
from gateway.sdk import hookimpl
from gateway.sdk.registration import CommandLine

@hookimpl
def register_cli():
    return [CommandLine("shop-sync", "Synchronise the shop.", lambda arguments: len(arguments))]
"""


def echo(arguments: Sequence[str]) -> int:
    print("Got", *arguments)
    return 3


def fail(arguments: Sequence[str]) -> int:
    raise RuntimeError("no shop there")


def rubbish(arguments: Sequence[str]) -> int:
    return "done"  # type: ignore[return-value]


class Program:
    """A `gateway` with one command of its own, which counts how often it looks for plugins."""

    def __init__(self, *lines: CommandLine) -> None:
        def register_cli() -> Sequence[CommandLine]:
            return lines

        self._plugin = make_plugin("shop", register_cli)
        self.loads = 0
        self._group = PluginGroup("gateway", brought=self._brought)
        self._group.add_command(click.Command("serve", callback=lambda: print("Serving"), help="Serve."))

    def _brought(self) -> Brought:
        self.loads += 1
        return build_registry(make_plugins(self._plugin)).commands

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(self._group, arguments)


def test_the_rest_of_the_line_is_the_plugins_and_so_is_the_status() -> None:
    done = Program(CommandLine("shop-sync", "Synchronise.", echo)).run("shop-sync", "all", "--help", "-x", "1")
    assert (done.output, done.exit_code) == ("Got all --help -x 1\n", 3)


def test_they_are_listed_beside_our_own() -> None:
    program = Program(CommandLine("shop-sync", "Synchronise the shop.", echo))
    done = program.run("--help")
    assert "serve      Serve." in done.output
    assert "shop-sync  Synchronise the shop." in done.output
    assert program.loads == 1


def test_a_command_of_our_own_loads_no_plugin() -> None:
    program = Program(CommandLine("serve", "Serve better.", echo))
    assert (program.run("serve").output, program.loads) == ("Serving\n", 0)


@pytest.mark.parametrize(
    ("line", "asked", "said"),
    [
        (CommandLine("serve", "Serve better.", echo), "--help", "plugin shop brings a command serve"),
        (CommandLine("sync", "Synchronise.", echo), "snyc", "No such command"),
        (CommandLine("sync", "Synchronise.", fail), "sync", "sync of the plugin shop failed: RuntimeError"),
        (CommandLine("sync", "Synchronise.", rubbish), "sync", "gave no exit status"),
    ],
)
def test_what_cannot_be_is_said(line: CommandLine, asked: str, said: str) -> None:
    done = Program(line).run(asked)
    assert done.exit_code != 0
    assert said in done.output


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [(("shop-sync", "a", "b"), 2, ""), (("--help",), 0, "Synchronise the shop."), (("nothing",), 2, "No such command")],
)
def test_an_installed_plugin_is_found(tmp_path: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    (tmp_path / "shop_plugin.py").write_text(PLUGIN)
    info = tmp_path / "shop-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[onethread]\nshop = shop_plugin\n")
    done = subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        capture_output=True, text=True, check=False, timeout=240, cwd=tmp_path,
        env={"PYTHONPATH": os.pathsep.join([str(Path.cwd()), str(tmp_path)])},
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr

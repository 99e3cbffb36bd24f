"""`gateway new-plugin NAME` writes a distribution whose tests pass at once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from gateway import cli
from gateway.app.new_plugin import PluginNotWritten, write_plugin
from tests.support.sources import ROOT

CHANNEL_LINES = 100


def run(command: list[str | Path], folder: Path, path: Path | None = None) -> str:
    found = [str(part) for part in (path, os.environ.get("PYTHONPATH")) if part]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(found)}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


CHECKS = {
    "channel": ("a_reply_goes_the_whole_way", "a_receipt_before_the_answer_settles_it", "a_message_delivered_twice"),
    "automation": ("a_rule_asks_and_reports", "what_is_given_up_and_what_is_tried_again"),
}


@pytest.fixture(params=CHECKS)
def kind(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def written(tmp_path: Path, kind: str) -> Path:
    flags = [] if kind == "channel" else ["--kind", kind]
    done = CliRunner().invoke(cli.main, ["new-plugin", "carrier-pigeon", "--into", str(tmp_path), *flags])
    assert done.exit_code == 0, done.output
    assert str(tmp_path / "onethread-carrier-pigeon") in done.output
    return tmp_path / "onethread-carrier-pigeon"


def test_it_is_installed_found_and_its_tests_pass(written: Path, kind: str, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index"]
    run([sys.executable, "-m", "pip", *install, "--target", target, written], tmp_path)
    listed = run([sys.executable, "-m", "gateway", "plugins", "--data", tmp_path / "data"], tmp_path, target)
    assert "carrier_pigeon" in listed
    passed = run([sys.executable, "-m", "pytest", "-W", "error", "-vv"], written, target)
    assert "skipped" not in passed
    for check in CHECKS[kind]:
        assert re.search(rf"test_{check}.* PASSED", passed), check


def test_it_is_written_as_we_write(written: Path) -> None:
    tools = Path(sys.executable).parent
    rules: list[str | Path] = ["--config", ROOT / "pyproject.toml"]
    run([tools / "ruff", "check", "--no-cache", *rules, "gateway_carrier_pigeon"], written)
    run([tools / "ruff", "format", "--no-cache", "--check", *rules, "."], written)
    run([tools / "mypy", "--strict", "--cache-dir", os.devnull, "-p", "gateway_carrier_pigeon"], written)
    for path in (written / "gateway_carrier_pigeon").glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= CHANNEL_LINES, path


@pytest.mark.parametrize("name", ["", "x", "9lives", "UPPER!", "a b", "class", "x" * 31, "../elsewhere"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PluginNotWritten, match="small letters"):
        write_plugin(name, tmp_path, "0.1.0")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(written: Path) -> None:
    with pytest.raises(PluginNotWritten, match="there already"):
        write_plugin("carrier-pigeon", written.parent, "0.1.0")


def test_a_name_that_is_installed_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli.main, ["new-plugin", "simulator", "--into", str(tmp_path)])
    assert done.exit_code == 1
    assert "installed already" in done.output

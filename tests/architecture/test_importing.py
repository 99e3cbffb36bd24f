"""Importing does nothing: no files, threads, processes, connections."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import ROOT

IMPORTER = Path(__file__).with_name("importing.py")


def import_all(*packages: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", IMPORTER, *packages], capture_output=True, text=True, check=False, cwd=packages[0].parent
    )


def test_no_module_does_anything_when_imported() -> None:
    done = import_all(ROOT / "gateway", *sorted((ROOT / "plugins").glob("*/gateway_*")))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("source", "finding"),
    [
        pytest.param("open('left-behind', 'w')", "writes a file", id="a file"),
        pytest.param("import threading; threading.Thread(target=print).start()", "starts a thread", id="a thread"),
        pytest.param("import socket; socket.socket().bind(('127.0.0.1', 0))", "opens a port", id="a port"),
        pytest.param("import sqlite3; sqlite3.connect(':memory:')", "opens a database", id="a database"),
        pytest.param("import os; os.environ['X'] = '1'", "sets a variable", id="a variable"),
        pytest.param("raise SystemExit(3)", "SystemExit: 3", id="an exit"),
    ],
)
def test_doing_something_is_noticed(tmp_path: Path, source: str, finding: str) -> None:
    package = tmp_path / "busy"
    package.mkdir()
    (package / "__init__.py").write_text(source, encoding="utf-8")
    done = import_all(package)
    assert done.returncode == 1
    assert finding in done.stderr

"""docs/plugins: its Python is run page by page, and the first channel is the one `gateway new-plugin` writes."""

import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from gateway.app.new_plugin import write_plugin
from gateway.sdk.errors import SendErrorKind
from gateway.sdk.faults import Dials
from tests.docs.pages import blocks, headings, links, read, spans
from tests.support.sources import ROOT

PAGES = sorted(path.stem for path in (ROOT / "docs" / "plugins").glob("*.md"))
NO_CODE = {"README", "packaging", "first-channel"}
LONGEST_CHANNEL = 100


def page(name: str) -> str:
    return read(f"docs/plugins/{name}.md")


@pytest.mark.parametrize("name", [name for name in PAGES if name not in NO_CODE])
def test_a_page_is_a_test_that_passes(name: str, tmp_path: Path) -> None:
    code = "\n\n".join(block.text for block in blocks(page(name), "python"))
    (tmp_path / f"test_{name.replace('-', '_')}.py").write_text(code, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout


def test_the_first_channel_is_the_one_that_is_written(tmp_path: Path) -> None:
    package = write_plugin("pigeon", tmp_path, "0.1.0") / "gateway_pigeon"
    shown = [block.text for block in blocks(page("first-channel"), "python")]
    assert shown == [(package / name).read_text(encoding="utf-8") for name in ("plugin.py", "channel.py")]
    assert len(shown[1].splitlines()) <= LONGEST_CHANNEL


def test_the_first_page_lists_the_others() -> None:
    listed = {link.removesuffix(".md") for link in links(page("README")) if "/" not in link}
    assert listed == {name for name in PAGES if name != "README"}


def test_every_kind_of_failure_is_told() -> None:
    assert {kind.name for kind in SendErrorKind} <= set(spans(page("outbound")))


def test_every_dial_is_told() -> None:
    assert {one.name for one in fields(Dials)} <= set(spans(page("testing")))


def test_every_page_has_a_title() -> None:
    assert all(headings(page(name)) for name in PAGES)

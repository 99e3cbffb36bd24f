"""The browser libraries we serve are the published ones, byte for byte."""

import hashlib
import json
from pathlib import Path

import pytest

from scripts.vendor import LIBRARIES, VENDOR, Library, vendor
from tests.support.sources import ROOT


def read_folder(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("manifest", sorted(VENDOR.glob("*/manifest.json")), ids=lambda path: path.parent.name)
def test_files_are_what_the_manifest_says(manifest: Path) -> None:
    files = read_folder(manifest.parent)
    del files["manifest.json"]
    checksums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert checksums == json.loads(manifest.read_text(encoding="utf-8"))["sha256"]


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.folder)
def test_copies_equal_the_installed_package(library: Library, tmp_path: Path) -> None:
    fresh = vendor(library, ROOT / "node_modules", tmp_path)
    assert read_folder(VENDOR / fresh.name) == read_folder(fresh)


def test_nothing_else_is_vendored() -> None:
    assert {path.name.rpartition("-")[0] for path in VENDOR.iterdir()} == {library.folder for library in LIBRARIES}

"""The folders are the architecture: each is there and says in a line what it holds."""

import ast

import pytest

from tests.support.sources import ROOT, parse

LAYERS = ["domain", "sdk", "storage", "core", "host", "feed", "workers", "web", "testing"]
PACKAGES = [path.parent for path in (ROOT / "gateway").rglob("__init__.py")] + sorted(
    (ROOT / "plugins").glob("*/gateway_*")
)


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_has_its_folder(layer: str) -> None:
    assert (ROOT / "gateway" / layer / "__init__.py").is_file()


@pytest.mark.parametrize("package", [str(package.relative_to(ROOT)) for package in PACKAGES])
def test_a_package_says_in_one_line_what_it_holds(package: str) -> None:
    said = ast.get_docstring(parse((ROOT / package / "__init__.py").relative_to(ROOT)))
    assert said
    assert len(said.splitlines()) == 1


def test_every_plugin_is_whole() -> None:
    for project in (ROOT / "plugins").glob("*/pyproject.toml"):
        name = project.parent.name
        parts = {"README.md", "tests", f"gateway_{name}"}
        assert parts <= {path.name for path in project.parent.iterdir()}, f"plugins/{name} lacks one of {parts}"

"""Who may import whom. pyproject.toml holds the layers; here is what needs a look at single names."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import ROOT, find_imports, find_python, is_inside

PLUGINS = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/pyproject.toml"))
SERVER = ("aiohttp.web", "aiohttp.web_app", "aiohttp.web_request", "aiohttp.web_response", "aiohttp.web_runner")
DOMAIN_LIBRARIES = ("gateway.domain", "msgspec", "phonenumbers", "regex")


def describe(path: Path, line: int, name: str) -> str:
    return f"{path}:{line} imports {name}"


def test_layers_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_http_server_stays_in_web_and_testing() -> None:
    wrong = [
        describe(path, line, name)
        for path in find_python("gateway", "plugins")
        if not any(path.is_relative_to(home) for home in ("gateway/web", "gateway/testing"))
        and "tests" not in path.parts
        for line, name in find_imports(path)
        if is_inside(name, *SERVER)
    ]
    assert wrong == []


def test_the_domain_knows_nothing_but_rules() -> None:
    wrong = [
        describe(path, line, name)
        for path in find_python("gateway/domain")
        for line, name in find_imports(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not is_inside(name, *DOMAIN_LIBRARIES)
    ]
    assert wrong == []


def test_imports_are_written_in_full() -> None:
    """Only a plugin's tests, which belong to no package, name their neighbours by a dot."""
    wrong = [
        describe(path, line, name)
        for path in find_python("gateway", "plugins", "tests")
        if not path.match("plugins/*/tests/*")
        for line, name in find_imports(path)
        if name.startswith(".")
    ]
    assert wrong == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_plugin_imports_the_sdk_alone(plugin: str) -> None:
    package, tests = f"gateway_{plugin}", Path("plugins", plugin, "tests")
    wrong = []
    for path in find_python(f"plugins/{plugin}"):
        allowed = (
            ("gateway.sdk", "gateway.testing", package) if path.is_relative_to(tests) else ("gateway.sdk", package)
        )
        wrong += [
            describe(path, line, name)
            for line, name in find_imports(path)
            if name.split(".")[0].startswith("gateway") and not is_inside(name, *allowed)
        ]
    assert wrong == []

"""Everything is locked to an exact version and a hash, and no lock says where a package comes from."""

import json
import re
import tomllib

import pytest

from tests.support.sources import ROOT

PYTHON_LOCKS = ["requirements/run.txt", "requirements/test.txt"]
PROJECTS = [ROOT / "pyproject.toml", *sorted((ROOT / "plugins").glob("*/pyproject.toml"))]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==([^\s;]+)")


def normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {normalise(pin[1]): pin[2] for line in text.splitlines() if (pin := PIN.match(line))}


def read_wishes(*groups: str) -> dict[str, str]:
    wishes = {}
    for path in PROJECTS:
        project = tomllib.loads(path.read_text(encoding="utf-8"))
        listed = project["project"]["dependencies"] + project["build-system"]["requires"]
        for group in groups:
            listed += project.get("dependency-groups", {}).get(group, [])
        for wish in listed:
            pin = PIN.match(wish)
            assert pin, f"{path.relative_to(ROOT)}: {wish} has no exact version"
            wishes[normalise(pin[1])] = pin[2]
    return {name: version for name, version in wishes.items() if name != "onethread"}


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements/run.txt", ["build"]), ("requirements/test.txt", ["build", "test"])]
)
def test_a_lock_holds_what_the_projects_ask_for(lock: str, groups: list[str]) -> None:
    assert read_wishes(*groups).items() <= read_pins(lock).items()


def test_tests_run_with_what_users_run() -> None:
    assert read_pins("requirements/run.txt").items() <= read_pins("requirements/test.txt").items()


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", [*PYTHON_LOCKS, "package-lock.json"])
def test_a_lock_holds_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_npm_packages_are_exact_and_locked_by_hash() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert locked.pop("")["devDependencies"] == wanted["devDependencies"]
    assert all(re.fullmatch(r"\d+(\.\d+)+", version) for version in wanted["devDependencies"].values())
    for name, version in wanted["devDependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version
    assert [name for name, package in locked.items() if "integrity" not in package or "resolved" in package] == []

"""Two commands do everything, and whoever opens the README sees them first."""

import re
import subprocess

from tests.support.sources import ROOT

FIRST_SCREEN = 40  # lines


def test_the_readme_opens_with_both_commands() -> None:
    screen = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:FIRST_SCREEN]
    assert {"make run", "make test"} <= {re.sub(r"\s+#.*", "", line).strip() for line in screen}


def test_the_check_before_landing_is_make_test() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "make" in line] == ["exec make test </dev/null"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_help_names_every_command() -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    named = {line.split()[1] for line in said.splitlines() if line.startswith("make ")}
    assert {"run", "test", "lint", "types", "format", "bench", "lock", "vendor", "clean", "help"} <= named

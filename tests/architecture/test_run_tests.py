"""`make test` tells a story that failed once more, alone; nothing else has a second chance."""

import os
import subprocess
import sys
from pathlib import Path

from scripts.run_tests import BY_CHANCE, unsteady

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "run_tests.py"
ONCE = """
from pathlib import Path

def test_it():
    told = Path(__file__).with_suffix(".told")
    if not told.exists():
        told.touch()
        raise AssertionError("the first time")
"""
NEVER = "def test_it():\n    raise AssertionError('every time')\n"


def run(folder: Path, tests: dict[str, str]) -> tuple[bool, str]:
    """Whether the run of these tests passed, and what it said; in one process with few plugins, which starts sooner."""
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--import-mode=importlib'\n")
    for place, code in tests.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    plain |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist.plugin"}
    command = [sys.executable, str(SCRIPT), "--numprocesses", "0"]
    done = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)
    return done.returncode == 0, done.stdout + done.stderr


def test_what_is_told_once_more(tmp_path: Path) -> None:
    held, said = run(tmp_path, {"tests/e2e/test_a.py": ONCE, "plugins/email/tests/test_b.py": ONCE})
    assert held, said
    assert "Unsteady" in said
    held, said = run(tmp_path, {"tests/e2e/test_a.py": NEVER})
    assert not held, said
    assert said.count("1 failed") == 2


def test_what_has_no_second_chance(tmp_path: Path) -> None:
    held, said = run(tmp_path, {"tests/core/test_a.py": ONCE, "tests/e2e/test_b.py": ONCE})
    assert not held, said
    assert "Once more" not in said
    few = [f"tests/e2e/test_{n}.py::test_it" for n in range(BY_CHANCE)]
    assert unsteady(few)
    assert not unsteady([*few, "tests/e2e/test_more.py::test_it"])
    assert not unsteady([])

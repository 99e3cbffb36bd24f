"""Runs the tests as `make test` does, and tells a story that failed once more. Run by `make test`.

Stories have a browser, a mail server or a second process beside them, on a machine that has other work: of thousands
one may fail that never failed before. It is told again alone, with servers of its own, and must hold then; both
tellings are printed. What runs in one process alone has failed when it fails (docs/decisions/0039).
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

STORIES: Final = (
    "tests/app/",
    "tests/docs/",
    "tests/e2e/",
    "tests/stories/test_over_",
    "tests/testing/",
    "tests/web/",
    "plugins/",
)
"""Where chance may play; not where it is told that nothing is lost or doubled, by a kill, two nodes or a STOP."""
BY_CHANCE: Final = 4
"""How many may fail by chance; where more do, something is wrong."""

ALL_AT_ONCE: Final = ("--numprocesses", "logical", "--dist", "loadfile")
THOSE_AGAIN: Final = ("--numprocesses", "0", "--last-failed", "--last-failed-no-failures", "none")
FAILED: Final = Path(".pytest_cache", "v", "cache", "lastfailed")


def run(how: Sequence[str], arguments: Sequence[str]) -> int:
    """Runs pytest from the project's folder; answers its exit code."""
    return subprocess.run([sys.executable, "-m", "pytest", *how, *arguments], check=False).returncode


def unsteady(failed: Sequence[str]) -> bool:
    """Whether chance may have made these tests fail, given by their ids."""
    return 0 < len(failed) <= BY_CHANCE and all(test.startswith(STORIES) for test in failed)


def main(arguments: Sequence[str]) -> int:
    """Runs the tests that `arguments` choose, all of them when it is empty; answers pytest's exit code.

    Who asks to stop at the first failure gets that one, and nothing more: pytest says it was interrupted.
    """
    FAILED.unlink(missing_ok=True)
    code = run(ALL_AT_ONCE, arguments)
    if code != pytest.ExitCode.TESTS_FAILED:
        return code
    failed = list(json.loads(FAILED.read_text(encoding="utf-8")))
    if not unsteady(failed):
        return code
    print("\nOnce more, alone, since a story may fail by chance:", *failed, sep="\n  ", flush=True)
    again = run(THOSE_AGAIN, arguments)
    if again == pytest.ExitCode.OK:
        print("\nUnsteady, and to be looked into (they failed above, and held when told alone):", *failed, sep="\n  ")
    return again


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

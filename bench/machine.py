"""What the measurements ran on, and which of its cores does what."""

import os
import platform
import sqlite3
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cores:
    """The server's core and the generator's; the same one on a machine that has no second."""

    server: int
    generator: int


@cache
def cores() -> Cores:
    """The first two cores this process may use."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[1 % len(usable)])


def on_core(core: int, command: list[str]) -> list[str]:
    """The command, bound to one core."""
    return ["taskset", "--cpu-list", str(core), *command]


def machine_line() -> str:
    """Processor, cores, and the versions that matter."""
    given = cores()
    libraries = ", ".join(f"{name} {version(name)}" for name in ("aiohttp", "uvloop", "msgspec", "sqlalchemy"))
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; "
        f"servers on core {given.server}, generators on core {given.generator}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}."
    )


def commit_of(folder: Path) -> str:
    """The commit that is checked out, and whether something in it is changed."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()

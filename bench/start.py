"""Scenario: how long a start takes beside the bare import of the same libraries, and what an idle server weighs."""

import compileall
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.effort import Effort
from bench.machine import cores, on_core
from bench.product import serving
from bench.report import Finding, Section
from bench.spread import ratios, short, spread

# What the server's dependencies are imported as; those it only needs later are left out, as it leaves them out.
_LIBRARIES = (
    "aiohttp.web",
    "argon2",
    "click",
    "cryptography.fernet",
    "jinja2",
    "msgspec",
    "phonenumbers",
    "pluggy",
    "prometheus_client",
    "regex",
    "sqlalchemy",
    "structlog",
    "uvloop",
)
_HERE = Path(__file__).parent.parent


def measure(effort: Effort) -> Section:
    """Import and start in turns, both from files the system has in memory already."""
    for folder in ("gateway", "plugins"):  # an installation has compiled files, the libraries here have them too
        compileall.compile_dir(_HERE / folder, quiet=2)
    imports: list[float] = []
    first: list[float] = []
    again: list[float] = []
    fresh: list[float] = []  # alembic stays in memory where it had something to do
    memory: list[float] = []
    effort_of_imports: list[float] = []  # processor seconds, which other programs on the machine lengthen less
    effort_of_starts: list[float] = []
    for _ in range(effort.rounds):
        with tempfile.TemporaryDirectory(prefix="onethread-bench-") as name:
            imports.append(_bare_import(effort_of_imports))
            first.append(_start(Path(name), fresh, []))
            again.append(_start(Path(name), memory, effort_of_starts))
    return Section(
        "Start",
        f"`gateway serve` from the command to the line that says it is ready, {effort.rounds} times, against a "
        "Python that only imports the libraries.",
        [
            Finding(
                "ready again, on a database that is there",
                ratios(again, imports),
                "x",
                2.0,
                1.1,
                most=True,
                detail=f"{short(ratios(effort_of_starts, effort_of_imports).median)} x in processor time",
            ),
            Finding(
                "ready for the first time, database and simulator made",
                ratios(first, imports),
                detail=f"bare import {short(spread(imports).median * 1000)} ms on this machine",
            ),
            Finding(
                "resident memory, idle",
                spread(memory),
                "MB",
                120,
                70,
                most=True,
                detail=f"{short(spread(fresh).median)} MB where the database was just made",
            ),
        ],
    )


def _bare_import(effort: list[float]) -> float:
    begun, before = time.monotonic(), os.times()
    words = [sys.executable, "-c", "import " + ", ".join(_LIBRARIES)]
    subprocess.run(on_core(cores().server, words), check=True)
    after = os.times()
    effort.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return time.monotonic() - begun


def _start(folder: Path, memory: list[float], effort: list[float]) -> float:
    begun = time.monotonic()
    with serving(folder) as product:
        taken = time.monotonic() - begun
        effort.append(product.served.cpu())
        memory.append(product.served.memory())
    return taken

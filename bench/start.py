"""Scenario: how long a start takes beside the bare import of the same libraries, and what an idle server weighs."""

import compileall
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
    for _ in range(effort.rounds):
        with tempfile.TemporaryDirectory(prefix="onethread-bench-") as name:
            imports.append(_bare_import())
            first.append(_start(Path(name), fresh))
            again.append(_start(Path(name), memory))
    return Section(
        "Start",
        f"`gateway serve` from the command to the line that says it is ready, {effort.rounds} times, against a "
        "Python that only imports the libraries.",
        [
            Finding("ready again, on a database that is there", ratios(again, imports), "x", 2.0, 1.1, most=True),
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


def _bare_import() -> float:
    begun = time.monotonic()
    words = [sys.executable, "-c", "import " + ", ".join(_LIBRARIES)]
    subprocess.run(on_core(cores().server, words), check=True)
    return time.monotonic() - begun


def _start(folder: Path, memory: list[float]) -> float:
    begun = time.monotonic()
    with serving(folder) as product:
        taken = time.monotonic() - begun
        memory.append(product.served.memory())
    return taken

"""One run of wrk on the generator's core."""

import os
import subprocess
from pathlib import Path

import msgspec

from bench.machine import cores, on_core

SCRIPT = Path(__file__).with_name("wrk.lua")
_MARK = "RESULT "


class Load(msgspec.Struct, frozen=True):
    """What came of it: answers 200, everything else, the seconds in which requests were made, latencies."""

    answered: int
    wrong: int
    seconds: float
    p50_us: float
    p99_us: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds


def load(
    url: str, *, connections: int, seconds: float, run: int, last_answers: float = 1.0, new_share: float = 0.2
) -> Load:
    """Keeps `connections` busy for `seconds`, then waits `last_answers` seconds for what is under way.

    `run` makes ids and new numbers unique. RuntimeError when anything but 200 was answered.
    """
    given = {
        "BENCH_RUN": str(run),
        "BENCH_SECONDS": str(seconds),
        "BENCH_NEW": str(new_share),
        "BENCH_KNOWN": "2000",
    }
    words = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{round(seconds + last_answers)}s",
        "--timeout",
        "30s",
        "-s",
        str(SCRIPT),
        url,
    ]
    done = subprocess.run(
        on_core(cores().generator, words), env={**os.environ, **given}, capture_output=True, text=True, check=True
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith(_MARK))
    found = msgspec.json.decode(line.removeprefix(_MARK), type=Load)
    if found.wrong:
        raise RuntimeError(f"{found.wrong} requests to {url} were not answered 200:\n{done.stdout}{done.stderr}")
    return found

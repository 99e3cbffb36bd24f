"""A server process on the server's core, and what it costs."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from bench.machine import cores, on_core
from tests.support.process import ServerProcess


class Served:
    """Started at once, on the server's core; leave the `with` block to stop it."""

    def __init__(self, command: Sequence[str | Path], *, cwd: Path | None = None, core: int | None = None) -> None:
        pinned = on_core(cores().server if core is None else core, [str(word) for word in command])
        self.process = ServerProcess(pinned, cwd=cwd)

    def cpu(self) -> float:
        """Processor seconds it has used so far, user and system."""
        return cpu_of(self.process.pid)

    def memory(self) -> float:
        """Resident MB."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1_000_000

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.stop()


def cpu_of(pid: int) -> float:
    """Processor seconds of a process and of its children."""
    process = psutil.Process(pid)
    times = process.cpu_times()
    own = times.user + times.system + times.children_user + times.children_system
    for child in process.children(recursive=True):
        used = child.cpu_times()
        own += used.user + used.system
    return float(own)

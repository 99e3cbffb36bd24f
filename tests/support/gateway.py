"""The product itself, started as its users start it."""

import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.process import ServerProcess


@dataclass(frozen=True, slots=True)
class RunningGateway:
    """A `gateway serve` that has said it is ready."""

    url: str  # http://HOST:PORT, without a slash at the end
    data: Path  # its data folder; start another one on it to see what survived
    process: ServerProcess


def serve_command(port: int, data: Path, *flags: str) -> list[str | Path]:
    """The command line that serves on loopback."""
    return [
        sys.executable, "-m", "gateway", "serve", "--host", "127.0.0.1", "--port", str(port), "--data", data, *flags,
    ]  # fmt: skip

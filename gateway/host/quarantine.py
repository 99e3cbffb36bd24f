"""Plugins that are not loaded at the next start, because they blocked this one. Kept in a file an operator can read."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from gateway.domain.record import record

FILE = "disabled-plugins.json"


@record
class Quarantined:
    """A plugin, why, and since when (milliseconds since the epoch)."""

    plugin: str
    reason: str
    at: int


class Quarantine:
    """The file in the data folder. Delete it, or a line's object, to try a plugin again."""

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self._path = folder / FILE
        self._clock = clock

    def plugins(self) -> list[Quarantined]:
        """Those that are not to be loaded; none when the file is missing or unreadable."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=list[Quarantined])
        except (OSError, msgspec.DecodeError):
            return []

    def add(self, plugin: str, reason: str) -> None:
        """From the next start on, without it."""
        rest = [one for one in self.plugins() if one.plugin != plugin]
        draft = self._path.with_suffix(".draft")
        draft.write_bytes(
            msgspec.json.format(msgspec.json.encode([*rest, Quarantined(plugin, reason, self._clock())]), indent=2)
        )
        draft.replace(self._path)

    def restart_without(self, plugin: str) -> None:
        """For the watchdog: remembers the plugin and starts the process anew in its place.

        Everything acknowledged is durable at any moment, so nothing needs the loop that no longer turns.
        """
        self.add(plugin, "It blocked the event loop for more than ten seconds.")
        sys.stderr.flush()
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  our own command line again

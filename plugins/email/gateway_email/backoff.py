"""How long to wait before the mail server is tried again."""

from collections.abc import Callable


class Backoff:
    """Doubles from `first` to `most` seconds; each wait is between half and all of that. `random` is in [0, 1)."""

    def __init__(self, random: Callable[[], float], *, first: float = 1.0, most: float = 60.0) -> None:
        self._random = random
        self._first = first
        self._most = most
        self._next = first

    def wait(self) -> float:
        """Seconds until the next try."""
        seconds = self._next * (0.5 + self._random() / 2)
        self._next = min(self._most, self._next * 2)
        return seconds

    def worked(self) -> None:
        """It stood: the next wait is the first again."""
        self._next = self._first

    def longest(self) -> None:
        """The next wait is the longest: servers lock accounts that keep trying a wrong password."""
        self._next = self._most

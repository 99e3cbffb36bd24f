"""How long to wait before binding again."""

from collections.abc import Callable


class Backoff:
    """Doubles from `first` to `most` seconds; each wait is between half and all of that, so that many binds spread out.

    A session that lasted `steady` seconds begins them anew. `random` gives floats in [0, 1).
    """

    def __init__(
        self, random: Callable[[], float], *, first: float = 0.5, most: float = 60.0, steady: float = 10.0
    ) -> None:
        self._random = random
        self._first = first
        self._most = most
        self._steady = steady
        self._next = first

    def wait(self) -> float:
        """Seconds until the next try."""
        seconds = self._next * (0.5 + self._random() / 2)
        self._next = min(self._most, self._next * 2)
        return seconds

    def longest(self) -> float:
        """The wait after a wrong password: centres lock accounts that keep trying."""
        self._next = self._most
        return self.wait()

    def lasted(self, seconds: float) -> None:
        """A session stood that long before it ended."""
        if seconds >= self._steady:
            self._next = self._first

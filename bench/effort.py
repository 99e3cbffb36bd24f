"""How long everything is measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds, rounds and sizes of a run."""

    quick: bool
    rounds: int
    seconds: float
    warm_up: float
    threads: int
    """Threads of the large store."""

    @classmethod
    def of(cls, *, quick: bool) -> "Effort":
        """`--quick` or not."""
        if quick:
            return cls(True, 2, 1.0, 1.0, 100_000)
        return cls(False, 5, 4.0, 3.0, 1_000_000)

"""When to try again what failed."""

from gateway.domain.record import record
from gateway.host.pace import Pace


@record
class Backoff:
    """Pauses that double from `first_s` up to `longest_s`, with jitter; after `attempts` failures it is given up."""

    first_s: float
    longest_s: float
    attempts: int

    def pause(self, failures: int, pace: Pace) -> float:
        """Seconds to wait after so many failures (1 for the first)."""
        return pace.jitter(min(self.longest_s, self.first_s * 2 ** min(failures - 1, 30)))

    def exhausted(self, failures: int) -> bool:
        """Whether so many failures are enough."""
        return failures >= self.attempts


SENDS = Backoff(first_s=1.0, longest_s=300.0, attempts=50)
PREPARING = Backoff(first_s=1.0, longest_s=60.0, attempts=8)
HOOKS = Backoff(first_s=5.0, longest_s=3600.0, attempts=12)
CHORES = Backoff(first_s=5.0, longest_s=600.0, attempts=12)
CHAT = Backoff(first_s=5.0, longest_s=900.0, attempts=8)
MEDIA = Backoff(first_s=2.0, longest_s=300.0, attempts=6)

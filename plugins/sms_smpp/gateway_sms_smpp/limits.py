"""What bounds a session."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`window` requests unanswered at once, `deliveries` waiting for the database before reading pauses.

    The times are seconds. `window_wait` is how long a request waits for its turn; `unbind_grace` how long one side that
    unbinds waits for the other: a centre for us to see the answers to what is still on the wire, we for its answer.
    """

    window: int = 10
    response_timeout: float = 30.0
    enquire_link: float = 30.0
    window_wait: float = 10.0
    unbind_grace: float = 5.0
    deliveries: int = 1_000

"""Where a session stands."""

from enum import Enum


class State(Enum):
    """OPEN until the bind is answered; RETIRING takes nothing new but finishes what is on the wire."""

    OPEN = "open"
    BOUND = "bound"
    RETIRING = "retiring"
    CLOSED = "closed"

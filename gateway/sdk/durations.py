"""How long something is, as people write it in settings."""

from gateway.domain.durations import parted, seconds_of

__all__ = ["parted", "seconds_of"]

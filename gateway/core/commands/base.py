"""What every command has in common."""

from typing import Any, Generic, TypeVar

Result = TypeVar("Result", covariant=True)


class Command(Generic[Result]):
    """A request to change state. Its type parameter is what the writer answers once the change is durable."""

    __slots__ = ()


UNCHANGED: Any = type("Unchanged", (), {"__repr__": lambda self: "UNCHANGED", "__slots__": ()})()
"""The value of a field that an update leaves alone, where None would mean "empty it"."""

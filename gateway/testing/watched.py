"""A text that notices being compared with `==`, whose duration tells how much of a guess was right."""

from typing import Any


class Compared(AssertionError):
    """A signature was compared in a way that stops at the first difference."""

    def __init__(self) -> None:
        super().__init__("The signature is compared with ==, or looked up; use hmac.compare_digest.")


class WatchedBytes(bytes):
    """What a watched text becomes when it is encoded."""

    def __eq__(self, other: object) -> bool:
        return _compare(bytes(self), other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = bytes.__hash__


class WatchedText(str):
    """A text that stays watched through what one usually does to a header before comparing it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return _compare(str(self), other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__

    def __getitem__(self, place: Any) -> "WatchedText":
        return WatchedText(super().__getitem__(place))

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> WatchedBytes:
        """Still watched."""
        return WatchedBytes(super().encode(encoding, errors))

    def lower(self) -> "WatchedText":
        """Still watched."""
        return WatchedText(super().lower())

    def strip(self, characters: str | None = None, /) -> "WatchedText":
        """Still watched."""
        return WatchedText(super().strip(characters))

    def removeprefix(self, prefix: str, /) -> "WatchedText":
        """Still watched."""
        return WatchedText(super().removeprefix(prefix))

    def partition(self, separator: str, /) -> "tuple[WatchedText, WatchedText, WatchedText]":
        """All three still watched."""
        before, between, after = super().partition(separator)
        return WatchedText(before), WatchedText(between), WatchedText(after)

    def split(self, separator: str | None = None, times: Any = -1) -> Any:
        """All still watched."""
        return [WatchedText(piece) for piece in super().split(separator, times)]


_SHORT = 16


def _compare(watched: str | bytes, other: object) -> bool:
    """Schemes and versions ("Bearer", "v1", "sha256") are no secret and may be compared; nor is having none."""
    if isinstance(other, str | bytes) and len(other) < _SHORT > len(watched):
        return watched == _plain(other)
    if not isinstance(other, str | bytes) or not other:
        return False
    raise Compared


def _plain(other: str | bytes) -> str | bytes:
    return str(other) if isinstance(other, str) else bytes(other)

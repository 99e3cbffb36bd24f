"""Our attempt id in 16 bits: what fits into user_message_reference, which a centre echoes in its receipts."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from zlib import crc32


def reference_of(attempt: str) -> int:
    """The 16 bits of an attempt id, the same in every process: the low half of its CRC-32."""
    return crc32(attempt.encode()) & 0xFFFF


@dataclass(frozen=True, slots=True)
class Echo:
    """An attempt whose reference is out. `mark` stands for its recipient, whose number is kept nowhere."""

    attempt: str
    mark: str

    @classmethod
    def of(cls, attempt: str, recipient: str) -> "Echo":
        """Of an attempt and the number it goes to."""
        return cls(attempt, _mark(attempt, recipient))

    def is_about(self, recipient: str) -> bool:
        """Whether that number, in its spelling on the wire, is the recipient's."""
        return self.mark == _mark(self.attempt, recipient)


class Echoes:
    """Attempts by reference, the latest of each, so that a receipt finds a send whose answer was lost.

    16 bits come round again: the recipient must be the same too. `open` are those whose answer has not come yet.
    """

    def __init__(self) -> None:
        self._echoes: dict[int, Echo] = {}
        self.open: dict[str, Echo] = {}

    def remember(self, attempt: str, recipient: str) -> int:
        """The reference to send along."""
        reference = reference_of(attempt)
        self._echoes[reference] = self.open[attempt] = Echo.of(attempt, recipient)
        return reference

    def answered(self, attempt: str) -> Echo | None:
        """Its answer has come, or never will; None when that was known before."""
        return self.open.pop(attempt, None)

    def recall(self, echoes: Iterable[Echo]) -> None:
        """What an earlier run kept, oldest first."""
        self._echoes.update((reference_of(echo.attempt), echo) for echo in echoes)

    def attempt_of(self, reference: int, recipient: str) -> str | None:
        """The attempt an echo means; `recipient` is the number on the wire."""
        echo = self._echoes.get(reference)
        return echo.attempt if echo is not None and echo.is_about(recipient) else None


def _mark(attempt: str, recipient: str) -> str:
    return sha256(f"{attempt} {recipient.lstrip('+0')}".encode()).hexdigest()[:12]

"""Our attempt id in 16 bits: what fits into user_message_reference, which a centre echoes in its receipts."""

from zlib import crc32


def reference_of(attempt: str) -> int:
    """The 16 bits of an attempt id, the same in every process: the low half of its CRC-32."""
    return crc32(attempt.encode()) & 0xFFFF


class Echoes:
    """Attempts by reference, the latest of each, so that a receipt finds a send whose answer was lost.

    16 bits come round again: the recipient must be the same too.
    """

    def __init__(self) -> None:
        self._attempts: dict[int, tuple[str, str]] = {}

    def remember(self, attempt: str, recipient: str) -> int:
        """The reference to send along."""
        reference = reference_of(attempt)
        self._attempts[reference] = (attempt, recipient)
        return reference

    def attempt_of(self, reference: int, recipient: str) -> str | None:
        """The attempt an echo means; `recipient` is the number on the wire."""
        attempt, to = self._attempts.get(reference, (None, ""))
        return attempt if to.lstrip("+0") == recipient.lstrip("+0") else None

"""What waits for a contact's next message: a form, or a poll. One thing at most, kept on the thread as a word.

The answer belongs to whoever asked last. Once a person of ours wrote, what the contact says next is for that person:
the question rests (`paused`) until it is asked again.
"""

from gateway.domain.record import record

_PAUSED = "paused:"


@record
class Asking:
    """`kind` is `form` (and `id` that of the response) or `poll`; a poll says which sender it was asked from."""

    kind: str
    id: int
    paused: bool = False
    sender_id: int | None = None

    def __str__(self) -> str:
        """As the thread keeps it."""
        asked_from = "" if self.sender_id is None else f"@{self.sender_id}"
        return f"{_PAUSED if self.paused else ''}{self.kind}:{self.id}{asked_from}"


def asking_of(kept: str | None) -> Asking | None:
    """What a thread keeps, read back."""
    if kept is None:
        return None
    paused = kept.startswith(_PAUSED)
    kind, _, number = kept.removeprefix(_PAUSED).partition(":")
    number, _, sender = number.partition("@")
    return Asking(kind, int(number), paused, int(sender) if sender else None)


def rested(kept: str | None) -> str | None:
    """The same, now that a person wrote."""
    return kept if kept is None or kept.startswith(_PAUSED) else _PAUSED + kept

"""Files: uploaded, fetched, and given up again. Their bytes are in the blob store."""

from gateway.core.commands.base import Command
from gateway.domain.record import record


@record
class StoreMedia(Command[int]):
    """An uploaded file, its bytes in the blob store; with `library`, for the team to send again. Answers its id."""

    content_type: str
    size: int
    name: str | None
    blob: str
    library: bool = False


@record
class RemoveMedia(Command[None]):
    """Forgets an upload nobody sent, or takes a file out of the library; messages that carry it keep it."""

    media_id: int


@record
class RecordMedia(Command[None]):
    """Media of a message was fetched, or can't be had (`blob` None)."""

    media_id: int
    content_type: str | None = None
    size: int | None = None
    blob: str | None = None

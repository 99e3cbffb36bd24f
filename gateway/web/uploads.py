"""Files on their way in, from a form or from a link: told by their bytes, looked at, kept under a random name."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

from gateway.core.caller import Caller
from gateway.core.commands.media_files import StoreMedia
from gateway.core.errors import invalid
from gateway.domain.model import Media
from gateway.host.sniff import HEAD, UNKNOWN, UnsafeImage, check_image, content_type_of
from gateway.sdk.errors import SendError
from gateway.storage.blobs import BlobTooLarge
from gateway.web import problems
from gateway.web.state import AppState

LONGEST_NAME = 200
REDIRECTS = 3
MOST_FETCHED = 10 * 1024 * 1024


class Upload:
    """A file that has come in whole: told by its bytes, looked at, not yet anybody's."""

    def __init__(self, content_type: str, size: int, name: str | None, blob: str, digest: bytes) -> None:
        self.content_type = content_type
        self.size = size
        self.name = name
        self.blob = blob
        self.digest = digest  # of all that its sender said: the same for the same file, sent again
        self._kept = False

    async def keep(self, store: Callable[[StoreMedia], Awaitable[int]], *, library: bool = False) -> int:
        """Makes it a file, which has an id. `store` issues the command."""
        made = await store(StoreMedia(self.content_type, self.size, self.name, self.blob, library))
        self._kept = True
        return made

    def as_media(self, caller: Caller, media_id: int, now: int, *, library: bool = False) -> Media:
        """What it is once it is kept."""
        return Media(
            caller.workspace_id, media_id, self.content_type, "stored", now, self.size, self.name, blob=self.blob,
            user_id=caller.user_id, library=library,
        )  # fmt: skip

    @property
    def kept(self) -> bool:
        """Whether its bytes belong to a file now."""
        return self._kept


@asynccontextmanager
async def receive_file(
    state: AppState, chunks: AsyncIterator[bytes], declared: str | None, name: str | None
) -> AsyncIterator[Upload]:
    """Takes the bytes in; they go again at the end, unless a file was made of them.

    Problem 413 beyond the limit, 422 for an empty file or a picture that is none.
    """
    blobs, limit = state.blobs, state.limits.upload
    head, digest = bytearray(), hashlib.sha256()

    async def watched() -> AsyncIterator[bytes]:
        async for chunk in chunks:
            if len(head) < HEAD:
                head.extend(chunk[: HEAD - len(head)])
            digest.update(chunk)
            yield chunk

    try:
        blob, size = await blobs.receive(watched(), limit)
    except BlobTooLarge:
        raise problems.too_large(limit) from None
    content_type = content_type_of(bytes(head), declared) or UNKNOWN
    name = plain_name(name)
    digest.update(f"\n{content_type}\n{name}".encode())
    upload = Upload(content_type, size, name, blob, digest.digest())
    try:
        _refuse_empty(size)
        await asyncio.to_thread(check_image, blobs.path(blob), content_type)
        yield upload
    except UnsafeImage as error:
        raise problems.invalid("file", str(error)) from None
    finally:
        if not upload.kept:
            with contextlib.suppress(OSError):
                await blobs.delete(blob)


async def keep_file(
    state: AppState, caller: Caller, chunks: AsyncIterator[bytes], declared: str | None, name: str | None
) -> Media:
    """Receives and stores an upload. Problems as of `receive_file`."""
    async with receive_file(state, chunks, declared, name) as upload:
        made = await upload.keep(lambda command: state.writer.execute(command, caller))
    return upload.as_media(caller, made, state.clock())


def _refuse_empty(size: int) -> None:
    if size == 0:
        raise problems.invalid("file", "The file is empty.")


async def keep_link(state: AppState, caller: Caller, url: str) -> Media:
    """Fetches what a link leads to, through the guard, and stores it as an upload. Refused with what went wrong."""
    url = url.strip()
    if not url.startswith("https://"):
        raise invalid("url", "A link begins with https://")
    try:
        answer = await state.http.request("GET", url, limit=MOST_FETCHED, redirects=REDIRECTS)
    except SendError as error:
        raise invalid("url", f"This link can't be fetched: {error.sentence}") from error
    if answer.status != 200:
        raise invalid("url", f"The link answers with status {answer.status}.")

    async def whole() -> AsyncIterator[bytes]:
        yield answer.body

    name = unquote(urlsplit(url).path.rpartition("/")[2]) or None
    declared = answer.headers.get("content-type")
    if content_type_of(answer.body[:HEAD], declared) == "text/plain":
        raise invalid("url", "The link leads to a page, not to a picture or a file.")
    return await keep_file(state, caller, whole(), declared, name)


def plain_name(name: str | None) -> str | None:
    """The last part of a path, without what could fool a reader: a name is only ever shown."""
    if not name:
        return None
    shown = "".join(letter for letter in name.replace("\\", "/").rpartition("/")[2] if letter.isprintable())
    return shown.strip()[-LONGEST_NAME:] or None

"""Files on their way in, from a form or from a link: told by their bytes, looked at, kept under a random name."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
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


async def keep_file(
    state: AppState,
    caller: Caller,
    chunks: AsyncIterator[bytes],
    declared: str | None,
    name: str | None,
    *,
    library: bool = False,
) -> Media:
    """Stores an upload. Problem 413 beyond the limit, 422 for an empty file or a picture that is none."""
    blobs, limit = state.blobs, state.limits.upload
    head = bytearray()

    async def watched() -> AsyncIterator[bytes]:
        async for chunk in chunks:
            if len(head) < HEAD:
                head.extend(chunk[: HEAD - len(head)])
            yield chunk

    try:
        blob, size = await blobs.receive(watched(), limit)
    except BlobTooLarge:
        raise problems.too_large(limit) from None
    content_type = content_type_of(bytes(head), declared) or UNKNOWN
    name = plain_name(name)
    try:
        _refuse_empty(size)
        await asyncio.to_thread(check_image, blobs.path(blob), content_type)
        made = await state.writer.execute(StoreMedia(content_type, size, name, blob, library), caller)
    except BaseException as error:
        with contextlib.suppress(OSError):
            await blobs.delete(blob)
        if isinstance(error, UnsafeImage):
            raise problems.invalid("file", str(error)) from None
        raise
    return Media(
        caller.workspace_id, made, content_type, "stored", state.clock(), size, name, blob=blob,
        user_id=caller.user_id, library=library,
    )  # fmt: skip


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

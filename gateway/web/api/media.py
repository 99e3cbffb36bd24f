"""Pictures and files: uploaded, described, handed out so that no browser runs them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import msgspec
from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from gateway.core.commands.media_files import RemoveMedia
from gateway.domain.model import Media
from gateway.domain.visibility import Permission
from gateway.storage.media_reads import NEWEST, library
from gateway.storage.records import MEDIA, MESSAGES
from gateway.storage.session import Session
from gateway.web import problems
from gateway.web.api.body import cut_off
from gateway.web.api.call import Call
from gateway.web.api.paging import PageQuery, page_from, read_cursor, write_cursor
from gateway.web.api.reading import sees_message
from gateway.web.api.route import Page, Routes
from gateway.web.api.shapes.message import MediaShape, media_shape
from gateway.web.files import file_answer
from gateway.web.problems import Problem
from gateway.web.uploads import LONGEST_NAME, Upload, receive_file

routes = Routes("Media")

_CHUNK = 256 * 1024
_NO_FORM = (ValueError, AssertionError, HttpProcessingError)  # what aiohttp raises for a form that is none


class UploadQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a file whose bytes are the whole body; `library` keeps it for the team, to be sent again."""

    name: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)] | None = None
    library: bool = False


@asynccontextmanager
async def receive_upload(call: Call, query: UploadQuery) -> AsyncIterator[Upload]:
    """The file of the request, in a form or as the whole body."""
    request = call.request
    limit = call.state.limits.upload
    if request.content_length is not None and request.content_length > limit + 64 * 1024:
        raise problems.too_large(limit)
    if request.content_type == "multipart/form-data":
        part = await _file_of(request)
        chunks, declared, name = _chunks_of(part), part.headers.get("Content-Type"), part.filename
    elif request.content_type.startswith(("application/json", "application/x-www-form-urlencoded")):
        raise Problem(415, "unsupported-media-type", "Send multipart/form-data with the file in the field `file`.")
    else:
        chunks, declared, name = request.content.iter_chunked(_CHUNK), request.content_type, query.name
    async with receive_file(call.state, _whole(chunks), declared, name) as upload:
        yield upload


@routes.upload("/media", receive_upload, permission=Permission.REPLY, status=201, consumes="multipart/form-data")
async def upload_media(call: Call, query: UploadQuery, upload: Upload) -> MediaShape:
    """Upload a file, in the field `file` of a form.

    What it is, is told by its bytes. Over the limit: 413.
    """
    now = call.state.clock()

    def shape(made: int) -> MediaShape:
        return media_shape(upload.as_media(call.caller, made, now, library=query.library))

    return shape(await upload.keep(lambda command: call.execute(command, shape), library=query.library))


@routes.get("/media")
async def list_media(call: Call, query: PageQuery) -> Page[MediaShape]:
    """List the team's library, newest first."""
    cursor = read_cursor(query.cursor, int)
    before = cursor[0] if cursor else NEWEST
    found = await call.read(lambda session: library(session, call.workspace_id, limit=query.limit + 1, before=before))
    return page_from(found, query.limit, media_shape, lambda one: write_cursor(one.id))


@routes.delete("/media/{media_id}", permission=Permission.REPLY)
async def delete_media(call: Call, media_id: int) -> None:
    """Delete an upload that no message carries (else 409), or take a file out of the library.

    Messages that carry a file of the library keep it.
    """
    await call.execute(RemoveMedia(media_id))


@routes.get("/media/{media_id}")
async def get_media(call: Call, media_id: int) -> MediaShape:
    """Read what is known of a file."""
    return media_shape(await find_media(call, media_id))


@routes.get("/media/{media_id}/content", raw=True, produces="*/*")
async def get_media_content(call: Call, media_id: int) -> web.StreamResponse:
    """Fetch a file's bytes."""
    media = await find_media(call, media_id)
    return await file_answer(call.state.blobs, media)


async def find_media(call: Call, media_id: int) -> Media:
    """A file of a message the caller may see, or one they uploaded themselves. Problem 404 otherwise."""

    def look(session: Session) -> Media | None:
        found = next(iter(MEDIA.by(session, call.workspace_id, "id", [media_id])), None)
        if found is None or found.library:
            return found
        if found.message_id is None:
            return found if found.user_id == call.signed.user.id else None
        message = next(iter(MESSAGES.by(session, call.workspace_id, "id", [found.message_id])), None)
        return found if message and sees_message(session, call, message) else None

    media = await call.read(look)
    if media is None:
        raise problems.not_found("file")
    return media


async def _whole(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A sender that leaves is told from a disk that fails: both are errors of the operating system."""
    try:
        async for chunk in chunks:
            yield chunk
    except ConnectionResetError:
        raise cut_off() from None


async def _file_of(request: web.Request) -> BodyPartReader:
    try:
        reader = await request.multipart()
        async for part in reader:
            if isinstance(part, BodyPartReader) and part.name == "file":
                return part
    except _NO_FORM:
        raise problems.malformed("This is not a form of the type multipart/form-data.") from None
    raise problems.invalid("file", "Put the file into the field `file`.")


async def _chunks_of(part: BodyPartReader) -> AsyncIterator[bytes]:
    try:
        while chunk := await part.read_chunk(_CHUNK):
            yield chunk
    except _NO_FORM:
        raise problems.malformed("The form ends before its file does.") from None

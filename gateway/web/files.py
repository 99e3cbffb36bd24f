"""A stored file as an answer that no browser runs: its own type, as an attachment, in a sandbox."""

import asyncio
from urllib.parse import quote

from aiohttp import web

from gateway.domain.model import Media
from gateway.storage.blobs import FileBlobs
from gateway.web import problems

CONTENT_POLICY = "sandbox; default-src 'none'"


async def file_answer(blobs: FileBlobs, media: Media | None) -> web.StreamResponse:
    """The file's bytes, whole or the range that was asked for. Problem 404 when it is not there."""
    if media is None or media.blob is None or not await asyncio.to_thread(blobs.path(media.blob).is_file):
        raise problems.not_found("file")
    headers = {
        "Content-Type": media.content_type,
        "Content-Disposition": _disposition(media.name or "file"),
        "Content-Security-Policy": CONTENT_POLICY,
        "Cache-Control": "private, max-age=3600, immutable",
    }
    return web.FileResponse(blobs.path(media.blob), headers=headers)


def _disposition(name: str) -> str:
    plain = "".join(letter if letter.isascii() and letter not in '"\\' else "_" for letter in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"

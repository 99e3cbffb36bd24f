"""A message's own formatting as a page that can do nothing: no scripts, no forms, nothing fetched from anywhere.

What was stored is clean already. It is cleaned once more on its way out, which also puts the message's own pictures
where the text calls them (`cid:`), so that the frame it stands in needs no rights at all. Pictures from elsewhere would
tell their sender that, when and where the message was read: they are left out, until the reader asks for them. Then we
fetch them, so that nothing is told of the reader but that somebody here looked.
"""

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from gateway.domain.model import Media
from gateway.sdk.context import HttpClient
from gateway.sdk.html import Source, TooWildHtml, sanitise
from gateway.storage.blobs import FileBlobs
from gateway.web.remote_pictures import fetch_pictures, remote_urls

POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
MOST_PICTURES = 8 * 1024 * 1024  # octets within one message; what is beyond stays a file beside it
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


async def page_of(blobs: FileBlobs, html: Media, files: Sequence[Media], http: HttpClient | None = None) -> str | None:
    """The page, or None when there is nothing to show (any more). With `http`, pictures from elsewhere are fetched."""
    content = await blobs.get(html.blob) if html.blob else None
    if content is None:
        return None
    pictures = dict(await _pictures(blobs, files))
    if http is not None:
        pictures |= await fetch_pictures(http, await remote_urls(content))
    try:
        clean = await asyncio.to_thread(sanitise, content.decode("utf-8", "replace"), _source(pictures))
    except TooWildHtml:
        return None
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>Message</title></head><body>{clean}</body></html>'


async def remote_pictures(blobs: FileBlobs, html: Media) -> int:
    """How many pictures from elsewhere the message would show."""
    content = await blobs.get(html.blob) if html.blob else None
    return 0 if content is None else len(await remote_urls(content))


async def _pictures(blobs: FileBlobs, files: Sequence[Media]) -> Mapping[str, str]:
    """The message's own pictures by what its text calls them, as `data:` URLs."""
    found: dict[str, str] = {}
    left = MOST_PICTURES
    for one in files:
        if one.content_id is None or one.blob is None or one.content_type not in _SHOWN or (one.size or 0) > left:
            continue
        content = await blobs.get(one.blob)
        if content is not None:
            left -= len(content)
            found[one.content_id] = f"data:{one.content_type};base64,{b64encode(content).decode()}"
    return found


def _source(pictures: Mapping[str, str]) -> Source:
    def source(url: str) -> str | None:
        if url.lower().startswith("cid:"):
            return pictures.get(unquote(url[4:]))
        return url if url.lower().startswith("data:") else pictures.get(url)

    return source

"""Pictures that a mail shows from elsewhere, fetched by us when a reader asks for them, and shown as parts of the mail.

Through the guard that keeps requests from private addresses, within limits of number, size and time, without cookies
or referrer; and only what its bytes say is a picture of a kind every browser decodes.
"""

import asyncio
from base64 import b64encode
from collections.abc import Mapping, Sequence

from gateway.host.sniff import HEAD, UnsafeImage, check_picture, content_type_of
from gateway.sdk.context import HttpClient
from gateway.sdk.errors import SendError
from gateway.sdk.html import TooWildHtml, sanitise

MOST = 40
LARGEST = 2 * 1024 * 1024
ALTOGETHER = 8 * 1024 * 1024
AT_ONCE = 6
REDIRECTS = 3
PATIENCE_S = 15.0
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


async def remote_urls(html: bytes) -> Sequence[str]:
    """Where the pictures of a stored mail are that are not its own, each once, in their order, at most `MOST`."""
    found: dict[str, None] = {}

    def note(url: str) -> None:
        if url.lower().startswith(("https://", "http://")):
            found.setdefault(url)

    try:
        await asyncio.to_thread(sanitise, html.decode("utf-8", "replace"), note)
    except TooWildHtml:
        return ()
    return tuple(found)[:MOST]


async def fetch_pictures(http: HttpClient, urls: Sequence[str]) -> Mapping[str, str]:
    """Pictures as `data:` URLs by where they were. What can't be had in time, or is no picture, is left out."""
    turns, found, left = asyncio.Semaphore(AT_ONCE), dict[str, str](), [ALTOGETHER]

    async def fetch(url: str) -> None:
        async with turns:
            picture = await _fetch(http, url)
        if picture is not None and len(picture) <= left[0]:
            left[0] -= len(picture)
            found[url] = picture

    tasks = [asyncio.ensure_future(fetch(url)) for url in urls]
    if tasks:
        _, late = await asyncio.wait(tasks, timeout=PATIENCE_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return found


async def _fetch(http: HttpClient, url: str) -> str | None:
    try:
        answer = await http.request("GET", url, headers={"Accept": "image/*"}, limit=LARGEST, redirects=REDIRECTS)
    except SendError:
        return None
    kind = content_type_of(answer.body[:HEAD], None)
    if answer.status != 200 or kind not in _SHOWN:
        return None
    try:
        await asyncio.to_thread(check_picture, answer.body)
    except UnsafeImage:
        return None
    return f"data:{kind};base64,{b64encode(answer.body).decode()}"

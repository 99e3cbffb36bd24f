"""The page's icon with how much is unread in it, for the browser's tab."""

from pathlib import Path

from aiohttp import web

from gateway.web.pages.desk import Desk
from gateway.web.pages.templates import FOLDER
from gateway.web.pages.thread_pages import whole

_PLAIN = FOLDER.parent / "static" / "favicon.svg"
_MOST = 99
_A_DAY = 86_400


async def show_icon(desk: Desk) -> web.StreamResponse:
    """`/icon/7.svg`."""
    count = whole(desk.request.match_info["count"])
    headers = {"Cache-Control": f"private, max-age={_A_DAY}"}
    return web.Response(text=badged(_PLAIN, count), content_type="image/svg+xml", headers=headers)


def badged(plain: Path, count: int) -> str:
    """The icon, with a red dot and the number on it; more than 99 is 99+."""
    svg = plain.read_text(encoding="utf-8")
    if not count:
        return svg
    text = str(count) if count <= _MOST else f"{_MOST}+"
    size = {1: 18, 2: 15}.get(len(text), 11)
    badge = (
        '<circle cx="22" cy="10" r="10" fill="#c5221f"/>'
        f'<text x="22" y="{10 + size * 0.36:.1f}" font-family="sans-serif" font-weight="700" font-size="{size}"'
        f' text-anchor="middle" fill="#fff">{text}</text>'
    )
    return svg.replace("</svg>", f"{badge}</svg>")

"""Scripts, styles, icons and fonts: files of ours, from one folder, to anybody."""

from pathlib import Path
from typing import Final

from aiohttp import web

from gateway.web import problems

FOLDER: Final = Path(__file__).resolve().parents[1] / "static"
_TYPES: Final = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
    ".png": "image/png",
}


async def serve_static(request: web.Request) -> web.StreamResponse:
    """One file. What carries its version in its path is kept for ever, the rest is asked about each time (304)."""
    name = request.match_info["path"]
    path = (FOLDER / name).resolve()
    if path.suffix not in _TYPES or not path.is_relative_to(FOLDER) or not path.is_file():
        raise problems.not_found("file")
    forever = name.startswith(("vendor/", "fonts/"))
    keep = "public, max-age=31536000, immutable" if forever else "no-cache"
    return web.FileResponse(path, headers={"Cache-Control": keep, "Content-Type": _TYPES[path.suffix]})

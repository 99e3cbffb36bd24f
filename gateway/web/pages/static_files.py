"""Scripts, styles, icons and fonts: files of ours, from one folder, to anybody."""

import gzip
import hashlib
import re
from functools import lru_cache
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
    ".webmanifest": "application/manifest+json",
}


_NAME: Final = re.compile(r"[\w.\-]{1,100}(?:/[\w.\-]{1,100}){0,5}", re.ASCII)
_STAMP: Final = re.compile(r"[0-9a-f]{10}", re.ASCII)
_PACKED: Final = frozenset({".js", ".css", ".svg", ".txt"})
_COMMENT: Final = re.compile(r"(?:^\s*|  )//.*")
_VENDORED: Final = FOLDER / "vendor"


async def serve_static(request: web.Request) -> web.StreamResponse:
    """One file. What carries its version in its path is kept for ever, the rest is asked about each time (304).

    Text goes out packed to whoever takes it, packed once: the scripts of a page are a third of what they were.
    """
    name, forever = _place(request.match_info["path"])
    if _NAME.fullmatch(name) is None:
        raise problems.not_found("file")
    path = (FOLDER / name).resolve()
    if path.suffix not in _TYPES or not path.is_relative_to(FOLDER) or not path.is_file():
        raise problems.not_found("file")
    keep = "public, max-age=31536000, immutable" if forever else "no-cache"
    headers = {"Cache-Control": keep, "Content-Type": _TYPES[path.suffix]}
    if path.suffix not in _PACKED:
        return web.FileResponse(path, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return web.FileResponse(path, headers=headers)
    return _packed_answer(request, path, headers)


def _place(path: str) -> tuple[str, bool]:
    """Which file a path names, and whether what it holds can never be another one."""
    stamp, slash, rest = path.partition("/")
    name = rest if slash and _STAMP.fullmatch(stamp) else path
    return name, stamp == version() or name.startswith(("vendor/", "fonts/"))


@lru_cache(maxsize=1)
def version() -> str:
    """Ten digits that are others once any of the files is: pages name it, so that browsers need not ask again."""
    found = hashlib.sha256()
    for path in sorted(one for one in FOLDER.rglob("*") if one.is_file()):
        content = path.read_bytes()
        found.update(f"{path.relative_to(FOLDER)} {len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()[:10]


def _packed_answer(request: web.Request, path: Path, headers: dict[str, str]) -> web.Response:
    changed = path.stat().st_mtime_ns
    answer = web.Response(headers=headers)
    answer.etag = tag = f"{changed:x}-gzip"
    if any(one.value == tag for one in request.if_none_match or ()):
        answer.set_status(304)
        return answer
    answer.headers["Content-Encoding"] = "gzip"
    answer.body = _packed(path, changed)
    return answer


@lru_cache(maxsize=256)
def _packed(path: Path, changed: int) -> bytes:
    """A file's text packed, as it was at that time."""
    text = path.read_bytes()
    if path.suffix == ".js" and not path.is_relative_to(_VENDORED):
        text = lean(text.decode()).encode()
    return gzip.compress(text, 9, mtime=0)


def lean(script: str) -> str:
    """A script without what only people read: its comments and how far lines stand in. A seventh less to transfer.

    Lines stay where they are, so that a browser names the right one; no text of ours goes over several of them, and
    none has two spaces and two slashes in it, by which a comment behind code is known.
    """
    return "\n".join(_COMMENT.sub("", line).strip() for line in script.split("\n"))

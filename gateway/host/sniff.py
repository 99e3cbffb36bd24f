"""What a file is, by its first bytes: what somebody calls it counts only where it fits.

Kinds that browsers would run (HTML, SVG, scripts) are never given their own type: they are kept as plain text.
"""

import re
from io import BytesIO
from pathlib import Path

HEAD = 4096
MOST_PIXELS = 50_000_000
UNKNOWN = "application/octet-stream"

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"MThd", "audio/midi"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"#!AMR-WB\n", "audio/amr-wb"),
    (0, b"#!AMR\n", "audio/amr"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
)
# What a container's name may say more exactly.
_WITHIN: dict[str, tuple[str, ...]] = {
    "application/zip": ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."),
    "text/plain": ("text/csv", "text/vcard", "text/x-vcard", "text/calendar"),
    "video/mp4": ("audio/mp4",),
    "video/webm": ("audio/webm",),
    "audio/ogg": ("video/ogg",),
}
_NAME = re.compile(r"[a-z]+/[a-z0-9.+-]+")  # it becomes a header's value
_DECODED = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})


class UnsafeImage(Exception):
    """A picture that is none, or unfolds to more than can be shown. The text says which."""


def content_type_of(head: bytes, declared: str | None) -> str:
    """The type a file is served with, from its first `HEAD` bytes; `declared` only makes it more exact."""
    found = next((kind for at, mark, kind in _SIGNATURES if head[at : at + len(mark)] == mark), None)
    found = found or ("text/plain" if _is_text(head) else UNKNOWN)
    wanted = (declared or "").partition(";")[0].strip().lower()
    return wanted if _NAME.fullmatch(wanted) and wanted.startswith(_WITHIN.get(found, ())) else found


def check_image(path: Path, content_type: str) -> None:
    """Raises UnsafeImage for a picture that can't be decoded, or has too many pixels."""
    if content_type in _DECODED:
        check_picture(path.read_bytes())


def check_picture(content: bytes) -> None:
    """The same of one that is in memory."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415  3 MB, for the process that is sent a picture

    try:
        with Image.open(BytesIO(content)) as image:
            pixels = image.width * image.height * getattr(image, "n_frames", 1)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnsafeImage("This picture can't be read.") from error
    if pixels > MOST_PIXELS:
        raise UnsafeImage(f"A picture may have {MOST_PIXELS:,} pixels; this one has {pixels:,}.")


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head[: HEAD - 4].decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4  # cut within a character
    return True

"""Files as the composer shows them, before they belong to a message."""

from gateway.domain.ids import format_id
from gateway.domain.model import Media
from gateway.sdk.values import MediaReference
from gateway.web.language import Language
from gateway.web.pages.views_composer import Attachment

_KIB = 1024
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"})


def attachment(media: Media, language: Language) -> Attachment:
    """A stored file."""
    made = format_id("med", media.id)
    image = media.content_type in _SHOWN
    name = media.name or (language.gettext("Picture") if image else language.gettext("File"))
    return Attachment(made, name, size_text(media.size), f"/api/v1/media/{made}/content", image)


def offer(found: MediaReference) -> Attachment:
    """A picture elsewhere, which is attached by its link; nothing of it is loaded before."""
    return Attachment("", found.name or found.url or "", size_text(found.size), "", image=False, url=found.url or "")


def size_text(size: int | None) -> str:
    """`84 KB`."""
    if not size:
        return ""
    if size < _KIB * _KIB:
        return f"{max(1, round(size / _KIB))} KB"
    return f"{size / _KIB / _KIB:.1f} MB"

"""Which files a channel delivers: e-mail takes any, carriers and WhatsApp only what phones can show."""

from collections.abc import Set as AbstractSet
from typing import Final

MMS_TYPES: Final = frozenset(
    {
        *(f"image/{one}" for one in ("jpeg", "jpg", "png", "gif", "bmp", "tiff", "webp", "heic", "heif")),
        *(f"audio/{one}" for one in ("3gpp", "3gpp2", "aac", "ac3", "amr", "amr-nb", "amr-wb", "basic", "l24", "mp4")),
        *(f"audio/{one}" for one in ("mpeg", "ogg", "vorbis", "wav", "x-wav", "vnd.wave", "webm", "midi")),
        *(f"video/{one}" for one in ("3gpp", "3gpp2", "h263", "h264", "mp4", "mpeg", "ogg", "quicktime", "webm")),
        *(f"text/{one}" for one in ("plain", "vcard", "x-vcard", "directory", "calendar", "csv", "richtext", "rtf")),
        *(f"application/{one}" for one in ("pdf", "vcard", "ogg", "smil")),
    }
)
"""What MMS carries, by the lists that providers publish."""

WHATSAPP_TYPES: Final = frozenset(
    {
        *(f"image/{one}" for one in ("jpeg", "jpg", "png", "webp")),
        *(f"audio/{one}" for one in ("3gpp", "aac", "amr", "amr-nb", "mp4", "mpeg", "ogg")),
        *(f"video/{one}" for one in ("3gpp", "mp4")),
        *(f"text/{one}" for one in ("plain", "vcard", "x-vcard")),
        *(f"application/{one}" for one in ("pdf", "msword", "vnd.ms-excel", "vnd.ms-powerpoint")),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""What WhatsApp shows or hands over."""

_TAKEN: Final = {
    "mms": ("MMS", MMS_TYPES, "pictures, sound, video, PDFs, contact cards, calendar entries and plain text"),
    "whatsapp": (
        "WhatsApp",
        WHATSAPP_TYPES,
        "pictures, sound, video, PDFs, office files, contact cards and plain text",
    ),
}


def why_not_taken(channel: str, content_type: str, name: str | None, own: AbstractSet[str] | None = None) -> str | None:
    """Why a file of that type can't leave by a channel; None where it can.

    `own` are the types that the gateway itself says it takes, in place of those the channel is known for.
    """
    known = _TAKEN.get(channel)
    if known is None:
        return None
    label, types, told = known
    kind = content_type.partition(";")[0].strip().lower()
    if kind in (types if own is None else own):
        return None
    what = name or kind
    if own is not None:
        return f"{what} can't be sent by {label} here: this gateway does not take files of the type {kind}."
    return f"{what} can't be sent by {label}, which takes {told}. Send it by e-mail, or a link to it."

"""The files of a message on its way out, in the form its channel takes them."""

from collections.abc import Sequence

from gateway.domain.model import Media
from gateway.domain.record import replace
from gateway.host.media_links import MediaLinks
from gateway.sdk.channel import Channel
from gateway.sdk.values import MediaReference, Outbound
from gateway.storage.blobs import FileBlobs


class FileMissing(Exception):
    """A file of the message is not in the store any more: it was erased, or the node does not share the folder."""


class Enclosures:
    """Files are read, or given an address of ours; what was sent as a link is never passed on unseen."""

    def __init__(self, blobs: FileBlobs, links: MediaLinks) -> None:
        self._blobs = blobs
        self._links = links

    async def enclose(self, channel: Channel, outbound: Outbound, files: Sequence[Media]) -> Outbound:
        """The message with its files. Raises FileMissing."""
        if not files:
            return outbound
        media = tuple([await self._reference(channel, one) for one in files])
        return replace(outbound, media=media)

    async def _reference(self, channel: Channel, media: Media) -> MediaReference:
        content = await self._blobs.get(media.blob) if channel.takes_files and media.blob else None
        if media.blob is None or (channel.takes_files and content is None):
            raise FileMissing(media.name or "file")
        url = None if channel.takes_files else self._links.url(media)
        return MediaReference(media.content_type, url, content, media.name, media.size)

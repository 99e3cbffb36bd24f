"""Fetching files: what providers keep for us, after they got their answer, and what a message of ours links to."""

from functools import partial

from gateway.core.caller import system
from gateway.core.commands.media_files import RecordMedia
from gateway.domain.model import Media, Work
from gateway.host.channels import Channels, ChannelUnavailable
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.host.sniff import HEAD, content_type_of
from gateway.sdk.context import HttpClient
from gateway.sdk.errors import SendError
from gateway.sdk.values import MediaReference
from gateway.storage.blobs import FileBlobs
from gateway.storage.database import Database
from gateway.storage.records import MEDIA
from gateway.workers.chores import ChoreFailed, Execute

DEADLINE_S = 30.0
REDIRECTS = 3


class MediaFetcher:
    """What a gateway received is fetched by its channel, which has the credentials; links of ours by nobody's."""

    def __init__(
        self, database: Database, execute: Execute, channels: Channels, blobs: FileBlobs, http: HttpClient
    ) -> None:
        self._database = database
        self._execute = execute
        self._channels = channels
        self._blobs = blobs
        self._http = http
        self._abandoned = Abandoned()

    async def fetch(self, work: Work) -> None:
        """Fetches one file. Raises ChoreFailed."""
        read = partial(MEDIA.by, workspace_id=work.workspace_id, column="id", values=[work.subject_id])
        found: list[Media] = await self._database.read(read)
        if not found or found[0].state != "pending":
            return
        media = found[0]
        reference = MediaReference(media.content_type, media.url, None, media.name, media.size)
        got = await (self._link(reference) if media.gateway_id is None else self._from_channel(work, reference))
        if got.content is None:
            raise ChoreFailed("The provider gave no content.")
        blob = await self._blobs.put(got.content)
        await self._execute(RecordMedia(media.id, got.content_type, len(got.content), blob), system(work.workspace_id))

    async def give_up(self, work: Work) -> None:
        """The thread says that the file can't be had."""
        await self._execute(RecordMedia(work.subject_id or 0), system(work.workspace_id))

    async def _link(self, reference: MediaReference) -> MediaReference:
        try:
            answer = await self._http.request("GET", reference.url or "", redirects=REDIRECTS)
        except SendError as error:
            raise ChoreFailed(error.sentence) from error
        if answer.status != 200:
            raise ChoreFailed(f"The link answers with status {answer.status}.")
        kind = answer.headers.get("content-type", reference.content_type).partition(";")[0].strip().lower()
        kind = content_type_of(answer.body[:HEAD], kind)  # a link may call a program a picture
        return MediaReference(kind, reference.url, answer.body, reference.name, len(answer.body))

    async def _from_channel(self, work: Work, reference: MediaReference) -> MediaReference:
        try:
            async with self._channels.borrow(work.workspace_id, work.gateway_id or 0, paused_too=True) as channel:
                fetch = partial(channel.fetch_media, reference)
                return await run_guarded(channel.type, fetch, DEADLINE_S, self._abandoned)
        except ChannelUnavailable as error:
            raise ChoreFailed(error.sentence, counts=error.lasting) from error
        except Overdue:
            raise ChoreFailed(f"It took longer than {DEADLINE_S:g} seconds.") from None
        except Raised as error:
            cause = error.__cause__
            after = cause.retry_after if isinstance(cause, SendError) else None
            raise ChoreFailed(str(cause or error), after) from error

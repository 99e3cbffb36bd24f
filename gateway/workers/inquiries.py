"""Asking a provider what became of a send whose answer was lost: after a minute, and whenever a person wants to."""

from collections.abc import Sequence
from functools import partial

from gateway.core.caller import system
from gateway.core.commands.messages import RecordReceipt
from gateway.domain.ids import format_id
from gateway.domain.model import Message, Part, Work
from gateway.domain.status import Status
from gateway.host.channels import Channels, ChannelUnavailable
from gateway.host.deadline import Abandoned, Overdue, Raised, run_guarded
from gateway.sdk.values import Inquiry
from gateway.storage.database import Database
from gateway.storage.records import MESSAGES, PARTS
from gateway.storage.session import Session
from gateway.workers.chores import ChoreFailed, Execute

ASK_DEADLINE_S = 20.0


class Inquiries:
    """What a channel can be asked; an answer is a receipt like any other."""

    def __init__(self, database: Database, execute: Execute, channels: Channels) -> None:
        self._database = database
        self._execute = execute
        self._channels = channels
        self._abandoned = Abandoned()

    async def give_up(self, work: Work) -> None:
        """Nobody could be asked for long: it stays uncertain, and a person decides, or asks again."""

    async def ask(self, work: Work) -> None:
        """Asks about one uncertain message. Raises ChoreFailed when nobody could be asked."""
        message, parts = await self._database.read(partial(_read, work=work))
        if message is None or message.status is not Status.UNCERTAIN:
            return
        inquiry = inquiry_about(message, parts)
        try:
            async with self._channels.borrow(work.workspace_id, work.gateway_id or 0, paused_too=True) as channel:
                ask = partial(channel.ask, inquiry)
                receipts = await run_guarded(channel.type, ask, ASK_DEADLINE_S, self._abandoned)
                account = channel.account()
        except ChannelUnavailable as error:
            raise ChoreFailed(error.sentence, counts=error.lasting) from error
        except (Overdue, Raised) as error:
            raise ChoreFailed("The provider could not be asked.") from error
        for receipt in receipts:
            command = RecordReceipt(work.gateway_id or 0, account, receipt)
            await self._execute(command, system(work.workspace_id))


def inquiry_about(message: Message, parts: Sequence[Part]) -> Inquiry:
    """It left after it was made, or was due, and before we gave up waiting for the answer."""
    given_up = [part.updated_at for part in parts if part.updated_at is not None]
    return Inquiry(
        message_id=format_id("msg", message.id),
        provider_ids=tuple(part.provider_id for part in parts if part.provider_id),
        sender=message.our_address,
        to=message.their_address,
        channel=message.channel,
        body=message.body,
        since=max(message.created_at, message.send_at or 0),
        until=max(given_up, default=None),
    )


def _read(session: Session, work: Work) -> tuple[Message | None, list[Part]]:
    messages = MESSAGES.by(session, work.workspace_id, "id", [work.subject_id])
    parts = PARTS.by(session, work.workspace_id, "message_id", [work.subject_id])
    return (messages[0] if messages else None), parts

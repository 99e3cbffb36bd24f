"""A notice to somebody of the team leaves as a message of ours, once."""

import contextlib

from gateway.core.caller import Caller
from gateway.core.commands.messages import SendMessage
from gateway.core.idempotency import Idempotency, Replayed
from gateway.core.writer import Writer
from gateway.domain.address import InvalidAddress, typed_address
from gateway.domain.consent import Purpose
from gateway.domain.nature import Nature
from gateway.domain.people import User
from gateway.domain.visibility import Viewer


class NoticePost:
    """Sends on the reader's own behalf; a worker that dies between the send and the end of its row sends no second."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def send(self, user: User, address: str, text: str, key: str) -> None:
        """A text, or a mail whose subject is the first line. `key` names the notice: it leaves once."""
        try:
            to = typed_address(address, None)
        except InvalidAddress:
            return
        subject = text.partition("\n")[0] if "@" in address else None
        command = SendMessage(body=text, to=to, subject=subject, nature=Nature.AUTO, purpose=Purpose.TRANSACTIONAL)
        caller = Caller(user.workspace_id, "system", viewer_of(user), "Notices")
        once = Idempotency(key, key, 202, lambda _: b"{}")
        with contextlib.suppress(Replayed):
            await self._writer.execute(command, caller, idempotency=once)


def viewer_of(user: User) -> Viewer:
    """Who reads a notice, for what they may see."""
    return Viewer(user.id, user.role, frozenset(user.group_ids))

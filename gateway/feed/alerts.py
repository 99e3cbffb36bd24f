"""A message of a person becomes work for those who want to be told: on their devices, by e-mail, by text."""

from collections.abc import Callable, Sequence

from gateway.domain.events import EventType
from gateway.domain.ids import IdSource
from gateway.domain.model import Event, Work
from gateway.domain.nature import Nature
from gateway.domain.notices import due_at
from gateway.storage.notice_reads import notice_settings, who_waits
from gateway.storage.push_reads import any_device
from gateway.storage.session import Session

PUSH = "push"
NOTICE = "notice"
DELAY_MS = 3_000
"""Whoever looks at the conversation has read the message by then, and is told nothing."""


class Alerts:
    """Rows for `ToWork`, made in its transaction."""

    def __init__(self, ids: IdSource, clock: Callable[[], int]) -> None:
        self._ids = ids
        self._clock = clock

    def work(self, session: Session, workspace_id: int, events: Sequence[Event]) -> list[Work]:
        """A row for each message that a device may be told of, and one for each user whom a notice is to reach."""
        arrived = [
            one
            for one in events
            if one.type == EventType.MESSAGE_RECEIVED and one.message_id and one.data.get("nature") == Nature.NATURAL
        ]
        if not arrived:
            return []
        rows = self._notices(session, workspace_id, arrived)
        if any_device(session, workspace_id):
            now = self._clock()
            rows += [
                Work(workspace_id, self._ids.next(), PUSH, one.at + DELAY_MS, now, subject_id=one.message_id)
                for one in arrived
            ]
        return rows

    def _notices(self, session: Session, workspace_id: int, arrived: Sequence[Event]) -> list[Work]:
        """One row for each user who is told by e-mail or text and for whom none waits yet: it tells of all there is."""
        settings = notice_settings(session, workspace_id)
        if not settings:
            return []
        told = who_waits(session, workspace_id, [one.user_id for one in settings], NOTICE)
        first, now = min(one.at for one in arrived), self._clock()
        return [
            Work(
                workspace_id,
                self._ids.next(),
                NOTICE,
                due_at(one, first),
                now,
                subject_id=one.user_id,
                data={"since": first},
            )
            for one in settings
            if one.user_id not in told
        ]

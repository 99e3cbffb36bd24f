"""Events become notices to chat targets: one row of work at a time for each, which tells of all there is by then."""

from collections.abc import Callable, Sequence

from gateway.domain.chat import ChatTarget, kind_of
from gateway.domain.ids import IdSource
from gateway.domain.model import Event, Work
from gateway.feed.alerts import DELAY_MS
from gateway.feed.kept import Kept
from gateway.storage.chat_reads import chat_targets_of, waited_for
from gateway.storage.session import Session

CHAT_NOTICE = "chat_notice"


class ChatNoticesDue:
    """Rows for `ToWork`. A message is told a moment late: whoever looks at it has read it by then."""

    def __init__(self, ids: IdSource, clock: Callable[[], int]) -> None:
        self._ids = ids
        self._clock = clock
        self._kept = Kept("chat_target", chat_targets_of)

    def work(self, session: Session, workspace_id: int, events: Sequence[Event]) -> list[Work]:
        """A row for each target that an event may be for, unless one waits for it."""
        first: dict[int, tuple[ChatTarget, Event]] = {}
        for event, targets, _ in self._kept.along(session, workspace_id, events):
            kind = kind_of(event)
            for one in targets if kind else ():
                if kind in one.of:
                    first.setdefault(one.id, (one, event))
        if not first:
            return []
        waiting = waited_for(session, workspace_id, CHAT_NOTICE, first)
        now = self._clock()
        return [
            Work(
                workspace_id,
                self._ids.next(),
                CHAT_NOTICE,
                event.at + max(DELAY_MS, target.digest * 60_000),
                now,
                subject_id=target.id,
                data={"after": event.position - 1},
            )
            for target, event in first.values()
            if target.id not in waiting
        ]

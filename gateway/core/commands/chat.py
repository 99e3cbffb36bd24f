"""Where people want to be told in their chat service."""

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.chat import ChatTarget
from gateway.domain.record import record


@record
class AddChatTarget(Command[ChatTarget]):
    """One's own, unless a group is named or `everybody`: those are for administrators. `address` comes sealed."""

    notifier: str
    label: str
    address: str
    of: tuple[str, ...]
    everybody: bool = False
    group_id: int | None = None
    only_mine: bool = False
    digest: int = 0
    quiet_start: int = 0
    quiet_end: int = 0
    timezone: str = "UTC"


@record
class UpdateChatTarget(Command[ChatTarget]):
    """What is named changes; whose it is stays."""

    target_id: int
    label: str = UNCHANGED
    address: str = UNCHANGED
    of: tuple[str, ...] = UNCHANGED
    only_mine: bool = UNCHANGED
    digest: int = UNCHANGED
    quiet_start: int = UNCHANGED
    quiet_end: int = UNCHANGED
    timezone: str = UNCHANGED


@record
class RemoveChatTarget(Command[None]):
    """It is told nothing any more."""

    target_id: int


@record
class RecordChatNotice(Command[None]):
    """All events up to a position were dealt with; `error` says why they were not."""

    target_id: int
    told: int
    error: str | None = None
    reached: bool = False

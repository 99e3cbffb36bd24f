"""How somebody wants to be told while they are away."""

from gateway.core.commands.base import Command
from gateway.domain.address import Address
from gateway.domain.record import record


@record
class SaveNotices(Command[None]):
    """The caller's own. Without an address they are told nothing."""

    address: Address | None
    digest: int
    quiet_start: int = 0
    quiet_end: int = 0
    timezone: str = "UTC"

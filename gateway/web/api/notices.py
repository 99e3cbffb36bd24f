"""How one is told while away: by e-mail or text, gathered, and not at night. One's own alone."""

from typing import Annotated

import msgspec

from gateway.core.commands.notices import SaveNotices
from gateway.core.errors import invalid
from gateway.domain.address import Address, InvalidAddress, typed_address
from gateway.domain.notices import DIGESTS, NoticeSetting
from gateway.storage.notice_reads import notice_setting
from gateway.web.api.call import Call
from gateway.web.api.inputs import AddressText, Zone
from gateway.web.api.quiet_hours import QuietHours, hours_of, minutes_of
from gateway.web.api.route import Routes

routes = Routes("Notices")

Minutes = Annotated[int, msgspec.Meta(ge=0, le=1_440)]


class NewNotices(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`address` is a number or a mailbox. A notice waits `digest` minutes (2, 15, 60 or 240) for what comes with it."""

    address: AddressText
    digest: Minutes = DIGESTS[0]
    quiet_hours: QuietHours | None = None
    timezone: Zone = "UTC"


class NoticesShape(msgspec.Struct, frozen=True):
    """Where one is told, after how many minutes, and when not. Without an address one is told nothing."""

    address: str | None
    digest: int
    quiet_hours: QuietHours | None
    timezone: str


@routes.get("/notices")
async def get_notices(call: Call) -> NoticesShape:
    """Read how one is told while away."""
    me = call.signed.user.id
    return _shape(await call.read(lambda session: notice_setting(session, call.workspace_id, me)))


@routes.put("/notices")
async def save_notices(call: Call, body: NewNotices) -> NoticesShape:
    """Set how one is told while away."""
    address = read_address(body.address, call.view.policy.default_country)
    await call.execute(SaveNotices(address, body.digest, *minutes_of(body.quiet_hours), body.timezone))
    return await get_notices(call)


@routes.delete("/notices")
async def remove_notices(call: Call) -> None:
    """Be told nothing any more while away."""
    await call.execute(SaveNotices(None, DIGESTS[0]))


def read_address(text: str, country: str | None) -> Address:
    """A number or a mailbox as somebody types it. Refused (422) for what is neither."""
    try:
        return typed_address(text, country)
    except InvalidAddress as error:
        raise invalid("address", str(error)) from None


def _shape(found: NoticeSetting | None) -> NoticesShape:
    if found is None:
        return NoticesShape(None, DIGESTS[0], None, "UTC")
    return NoticesShape(found.address, found.digest, hours_of(found.quiet_start, found.quiet_end), found.timezone)

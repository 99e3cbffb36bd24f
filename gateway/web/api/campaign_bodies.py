"""What requests about campaigns say, and the fields of the record that they name."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from gateway.core.errors import invalid
from gateway.domain.campaigns import RecipientState
from gateway.domain.consent import Purpose
from gateway.web.api.call import Call
from gateway.web.api.compose import Channel, Subject
from gateway.web.api.inputs import UNSET, AddressText, Id, Name, Unset
from gateway.web.api.paging import PageQuery
from gateway.web.api.quiet_hours import QuietHours, minutes_of
from gateway.web.api.render import named_template
from gateway.web.api.times import ids_in_field, to_ms_or_none

Ids = Annotated[list[Id], msgspec.Meta(max_length=50)]
Body = Annotated[str, msgspec.Meta(max_length=10_000)]
Rows = Annotated[list[Any], msgspec.Meta(max_length=100)]
Pace = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class NewCampaign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """`lists` are ids: everybody on any of them, once. `conditions` (`{field, op, value}`) are asked of the contact.

    `body` and `subject` are Liquid with `contact` and `user`; `template` (id or name) is copied into the body. `from`
    is a sender or a pool, left out: the workspace's chain. `pace` is messages a minute. `quiet_hours` stand in for the
    workspace's. `require_consent` sends only to whom the ledger knows to have agreed.
    """

    name: Name
    lists: Ids = []
    conditions: Rows = []
    body: Body = ""
    template: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    subject: Subject | None = None
    from_: AddressText | None = None
    channel: Channel | None = None
    media: Annotated[list[Id], msgspec.Meta(max_length=10)] = []
    purpose: Purpose = Purpose.MARKETING
    require_consent: bool = False
    pace: Pace | None = None
    quiet_hours: QuietHours | None = None
    send_at: datetime | None = None
    expires_at: datetime | None = None


class CampaignChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """What changes. Under way only `name`, `pace` and `expires_at` can."""

    name: Name | Unset = UNSET
    lists: Ids | Unset = UNSET
    conditions: Rows | Unset = UNSET
    body: Body | Unset = UNSET
    template: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | Unset | None = UNSET
    subject: Subject | Unset | None = UNSET
    from_: AddressText | Unset | None = UNSET
    channel: Channel | Unset | None = UNSET
    media: Annotated[list[Id], msgspec.Meta(max_length=10)] | Unset = UNSET
    purpose: Purpose | Unset = UNSET
    require_consent: bool | Unset = UNSET
    pace: Pace | Unset | None = UNSET
    quiet_hours: QuietHours | Unset | None = UNSET
    send_at: datetime | Unset | None = UNSET
    expires_at: datetime | Unset | None = UNSET


class Looking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose letter to show, and of how many; left out: the first five."""

    contact_id: Id | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=50)] = 5


class Trying(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the test goes, and whose words it has; left out: the first contact's on the lists."""

    to: AddressText
    contact_id: Id | None = None


class RecipientQuery(PageQuery, frozen=True, forbid_unknown_fields=True):
    """Which recipients: those in a state, those who answered, those who opted out."""

    state: RecipientState | None = None
    replied: bool = False
    opted_out: bool = False


async def fields_of(call: Call, body: NewCampaign | CampaignChange) -> dict[str, Any]:
    """The fields of the record that a body names."""
    given = {name: getattr(body, name) for name in body.__struct_fields__ if getattr(body, name) is not UNSET}
    fields: dict[str, Any] = {name: given[name] for name in ("body", "subject", "channel", "pace") if name in given}
    if "lists" in given:
        fields["list_ids"] = ids_in_field("list", given["lists"], "lists")
    if "media" in given:
        fields["media_ids"] = ids_in_field("media", given["media"], "media")
    if "conditions" in given:
        fields["conditions"] = tuple(given["conditions"])
    if "purpose" in given:
        fields["purpose"] = str(given["purpose"])
    if "require_consent" in given:
        fields["agreed"] = given["require_consent"]
    if "from_" in given:
        fields["from_"] = given["from_"]
    for name in ("send_at", "expires_at"):
        if name in given:
            fields[name] = to_ms_or_none(given[name], name)
    if "quiet_hours" in given:
        hours: QuietHours | None = given["quiet_hours"]
        fields["quiet_start"], fields["quiet_end"] = (None, None) if hours is None else minutes_of(hours)
    if given.get("template"):
        if given.get("body"):
            raise invalid("body", "Give a body or a template, not both.")
        fields["body"] = (await named_template(call, given["template"])).body
    return fields

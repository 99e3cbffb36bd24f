"""What requests about keywords, forms and polls have in common: whom they name, and choices."""

from typing import Annotated, Any

import msgspec

from gateway.core.commands.base import UNCHANGED
from gateway.core.errors import invalid
from gateway.core.routing import named_sender
from gateway.domain.address import Address, InvalidAddress, typed_address
from gateway.domain.forms import Choice
from gateway.domain.settings import Sender
from gateway.web.api.call import Call
from gateway.web.api.inputs import UNSET, AddressText, Id
from gateway.web.api.times import id_in_field, id_in_field_or_none

Words = Annotated[list[Annotated[str, msgspec.Meta(max_length=100)]], msgspec.Meta(max_length=20)]
Senders = Annotated[list[Id], msgspec.Meta(max_length=200)]
Answer = Annotated[str, msgspec.Meta(max_length=10_000)]
TagName = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NewChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to choose: by its number, its label, or one of its other words. `tag` goes on who chooses it."""

    label: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    words: Words = []
    tag: TagName | None = None


class Whom(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A contact, by one of `to`, `contact_id` and `thread_id`; `from` as in a message."""

    to: AddressText | None = None
    contact_id: Id | None = None
    thread_id: Id | None = None
    from_: AddressText | None = None


def whom(call: Call, body: Whom) -> dict[str, Any]:
    """The same for a command. Refused (422) unless exactly one is named."""
    if sum(one is not None for one in (body.to, body.contact_id, body.thread_id)) != 1:
        raise invalid("to", "Give exactly one of to, contact_id and thread_id.")
    return {
        "to": None if body.to is None else _address(call, body.to),
        "contact_id": id_in_field_or_none("contact", body.contact_id, "contact_id"),
        "thread_id": id_in_field_or_none("thread", body.thread_id, "thread_id"),
        "from_": body.from_,
    }


def sender_ids(call: Call, given: Any) -> Any:
    """Senders by id or by value. UNCHANGED where nothing was sent."""
    if given is UNSET:
        return UNCHANGED
    found = []
    for place, text in enumerate(given):
        sender = named_sender(call.view, text)
        if not isinstance(sender, Sender):
            raise invalid(f"senders[{place}]", "There is no such sender.", "not-found")
        found.append(sender.id)
    return tuple(dict.fromkeys(found))


def tag_id(call: Call, given: Any, field: str = "tag") -> Any:
    """A tag by its name."""
    if given is UNSET:
        return UNCHANGED
    if given is None:
        return None
    wanted = given.strip().casefold()
    for tag in call.view.live(call.view.tags):
        if tag.name.casefold() == wanted:
            return tag.id
    raise invalid(field, f"There is no tag “{given}”.", "not-found")


def record_id(noun: str, given: Any, field: str) -> Any:
    """An id of a body that may be left out, or null."""
    if given is UNSET:
        return UNCHANGED
    return None if given is None else id_in_field(noun, given, field)


def choices_in(call: Call, given: list[NewChoice], field: str) -> tuple[Choice, ...]:
    """The choices of a body."""
    return tuple(
        Choice(one.label.strip(), tuple(one.words), tag_id(call, one.tag, f"{field}[{place}].tag"))
        for place, one in enumerate(given)
    )


def _address(call: Call, text: str) -> Address:
    try:
        return typed_address(text, call.view.policy.default_country)
    except InvalidAddress as error:
        raise invalid("to", str(error), "invalid-address") from None

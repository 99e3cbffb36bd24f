"""Conditions in words: what the fields and operators are called, and what a value is."""

from collections.abc import Mapping, Sequence

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.conditions import CHANNELS, KINDS, Condition, Field, Kind, Operator
from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.views_shell import Choice

FIELDS: Mapping[Field, str] = {
    Field.CONTACT: "Contact",
    Field.NUMBER: "Number",
    Field.TEXT: "Last message",
    Field.SENDER: "Mailbox",
    Field.OWNER: "Owner",
    Field.GROUP: "Group",
    Field.TAG: "Tags",
    Field.STATE: "State",
    Field.CHANNEL: "Channel",
    Field.MESSAGES: "Messages",
    Field.OPENED: "Opened",
    Field.LAST: "Last activity",
    Field.WAITING: "Waiting since",
    Field.ENDED: "Ended",
}
OPERATORS: Mapping[Operator, str] = {
    Operator.IS: "is",
    Operator.IS_NOT: "is not",
    Operator.CONTAINS: "contains",
    Operator.NOT_CONTAINS: "does not contain",
    Operator.STARTS_WITH: "starts with",
    Operator.BEFORE: "before",
    Operator.AFTER: "after",
    Operator.GT: "more than",
    Operator.LT: "fewer than",
    Operator.EXISTS: "is there",
    Operator.MISSING: "is empty",
}
STATES: Mapping[State, str] = {
    State.OPEN: "Open",
    State.SNOOZED: "Snoozed",
    State.COMPLETED: "Completed",
    State.ARCHIVED: "Archived",
    State.CLOSED: "Closed",
}
_CHANNELS = {"sms": "SMS", "mms": "MMS", "email": "E-mail", "whatsapp": "WhatsApp"}


def words_of(one: Condition, view: WorkspaceView) -> tuple[str, str]:
    """A condition as people read it: what is asked, and the value that stands out."""
    asked = f"{FIELDS[one.field]} {OPERATORS[one.operator]}"
    if KINDS[one.field] is not Kind.CHOICE or not one.value:
        return asked, one.value
    known = {choice.value: choice.label for choice in choices_of(one.field, view)}
    return asked, known.get(one.value, "somebody or something removed since")


def choices_of(field: Field, view: WorkspaceView) -> Sequence[Choice]:
    """The values that a field of choices has, in the order of their names."""
    match field:
        case Field.SENDER:
            senders = view.live(view.senders)
            return [Choice(one.label or sender_text(one.value), format_id("snd", one.id)) for one in senders]
        case Field.OWNER:
            users = sorted(view.live(view.users), key=lambda one: one.name.casefold())
            return [Choice(one.name, format_id("usr", one.id)) for one in users if one.kind == "person"]
        case Field.GROUP:
            return [Choice(one.name, format_id("grp", one.id)) for one in view.live(view.groups)]
        case Field.TAG:
            return [Choice(one.name, format_id("tag", one.id), icon=one.colour) for one in view.live(view.tags)]
        case Field.STATE:
            return [Choice(label, state.value) for state, label in STATES.items()]
        case _:
            return [Choice(_CHANNELS[one], one) for one in CHANNELS]

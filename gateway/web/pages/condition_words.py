"""Conditions in words: what the fields and operators are called, and what a value is."""

from collections.abc import Callable, Mapping, Sequence

from gateway.core.workspace_view import WorkspaceView
from gateway.domain.conditions import CHANNELS, KINDS, Condition, Field, Kind, Operator
from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.web.language import marked
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.views_shell import Choice

Translate = Callable[..., str]

FIELDS: Mapping[Field, str] = {
    Field.CONTACT: marked("Contact"),
    Field.NUMBER: marked("Number"),
    Field.TEXT: marked("Last message"),
    Field.SENDER: marked("Mailbox"),
    Field.OWNER: marked("Owner"),
    Field.GROUP: marked("Group"),
    Field.TAG: marked("Tags"),
    Field.STATE: marked("State"),
    Field.CHANNEL: marked("Channel"),
    Field.MESSAGES: marked("Messages"),
    Field.OPENED: marked("Opened"),
    Field.LAST: marked("Last activity"),
    Field.WAITING: marked("Waiting since"),
    Field.ENDED: marked("Ended"),
}
OPERATORS: Mapping[Operator, str] = {
    Operator.IS: marked("is"),
    Operator.IS_NOT: marked("is not"),
    Operator.CONTAINS: marked("contains"),
    Operator.NOT_CONTAINS: marked("does not contain"),
    Operator.STARTS_WITH: marked("starts with"),
    Operator.BEFORE: marked("before"),
    Operator.AFTER: marked("after"),
    Operator.GT: marked("more than"),
    Operator.LT: marked("fewer than"),
    Operator.EXISTS: marked("is there"),
    Operator.MISSING: marked("is empty"),
}
OPERATORS_OF_TIMES: Mapping[Operator, str] = {**OPERATORS, Operator.IS: marked("on")}
STATES: Mapping[State, str] = {
    State.OPEN: marked("Open"),
    State.SNOOZED: marked("Snoozed"),
    State.COMPLETED: marked("Completed"),
    State.ARCHIVED: marked("Archived"),
    State.CLOSED: marked("Closed"),
}
_CHANNELS = {"sms": "SMS", "mms": "MMS", "email": marked("E-mail"), "whatsapp": "WhatsApp"}


def words_of(one: Condition, view: WorkspaceView, _: Translate) -> tuple[str, str]:
    """A condition as people read it: what is asked, and the value that stands out."""
    operators = OPERATORS_OF_TIMES if KINDS[one.field] is Kind.TIME else OPERATORS
    asked = f"{_(FIELDS[one.field])} {_(operators[one.operator])}"
    ago = one.value[:-1] if KINDS[one.field] is Kind.TIME and one.value.endswith("d") else ""
    if ago:
        return asked, _(marked("%(days)s days ago"), days=ago)
    if KINDS[one.field] is not Kind.CHOICE or not one.value:
        return asked, one.value
    known = {choice.value: choice.label for choice in choices_of(one.field, view, _)}
    return asked, known.get(one.value, _(marked("something removed since")))


def choices_of(field: Field, view: WorkspaceView, _: Translate) -> Sequence[Choice]:
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
            return [Choice(_(label), state.value) for state, label in STATES.items()]
        case _:
            return [Choice(_(_CHANNELS[one]), one) for one in CHANNELS]

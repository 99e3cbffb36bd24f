"""Conditions of `domain/conditions.py` as SQL. The text of a statement has their fields and operators, never a value.

What a view's range holds is read in its order until the page is full, but where an index knows that only few meet one
of them (`narrowing.py`).
"""

from datetime import UTC, tzinfo
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from gateway.domain.conditions import KINDS, NOUNS, VALUELESS, Condition, Field, Kind, Operator
from gateway.domain.record import record
from gateway.storage.contact_name import digits, plain
from gateway.storage.query import constant, some
from gateway.storage.schema import (
    addresses,
    contact_names,
    contacts,
    conversation_tags,
    conversations,
    entries,
    threads,
)

Asked = tuple[tuple[Field, Operator], ...]
"""The part of conditions that makes the text of a statement."""

_NO: ColumnElement[bool] = literal_column("FALSE", Boolean())
_POSITIVE = {
    Operator.IS_NOT: Operator.IS,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.MISSING: Operator.EXISTS,
}


@record
class Conditions:
    """Conditions, and where a day begins for whoever asks; `now` is what `7d` is counted from."""

    all: tuple[Condition, ...] = ()
    now: int = 0
    zone: tzinfo = UTC

    @property
    def asked(self) -> Asked:
        """Their fields and operators, in the order of the parameters."""
        return tuple((one.field, one.operator) for one in self.all)

    def parameters(self) -> dict[str, Any]:
        """Values for `clauses`."""
        given: dict[str, Any] = {}
        for index, one in enumerate(self.all):
            if one.operator in VALUELESS:
                continue
            if KINDS[one.field] is Kind.TIME:
                given[f"condition_{index}"], given[f"condition_{index}_end"] = one.span(self.now, self.zone)
            else:
                given[f"condition_{index}"] = _value(one)
        return given


def _value(one: Condition) -> Any:
    if one.field in NOUNS:
        return one.id
    if KINDS[one.field] is Kind.NUMBER:
        return int(one.value)
    if KINDS[one.field] is Kind.CHOICE:
        return one.value
    return _pattern(_POSITIVE.get(one.operator, one.operator), _folded(one))


def _folded(one: Condition) -> str:
    if one.field is not Field.NUMBER:
        return plain(one.value) if one.field is Field.CONTACT else one.value
    found = digits(one.value)
    return found if found and not any(letter.isalpha() or letter == "@" for letter in one.value) else plain(one.value)


def _pattern(operator: Operator, text: str) -> str:
    """For LIKE, with a backslash before what it would take for a wildcard."""
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return {Operator.CONTAINS: f"%{text}%", Operator.STARTS_WITH: f"{text}%"}.get(operator, text)


def clauses(asked: Asked) -> list[ColumnElement[bool]]:
    """One condition on `conversations` rows for each, with the parameters of `Conditions.parameters`."""
    return [_clause(field, operator, f"condition_{index}") for index, (field, operator) in enumerate(asked)]


def names_asked(conditions: Conditions) -> tuple[str, ...]:
    """The parameters that a contact's name must be like; those of `contact_names` before a merge may not be."""
    likely = (Operator.CONTAINS, Operator.STARTS_WITH, Operator.IS)
    asked = enumerate(conditions.asked)
    return tuple(f"condition_{n}" for n, (field, how) in asked if field is Field.CONTACT and how in likely)


def _clause(field: Field, operator: Operator, name: str) -> ColumnElement[bool]:
    if operator in _POSITIVE:
        # What has no such thing at all isn't it either; NOT of NULL would leave it out.
        return func.coalesce(_positive(field, _POSITIVE[operator], name), _NO) == _NO
    return _positive(field, operator, name)


def _positive(field: Field, operator: Operator, name: str) -> ColumnElement[bool]:
    c = conversations.c
    match field:
        case Field.CONTACT:
            return _of_contact(operator, name)
        case Field.NUMBER:
            return _of_address(operator, name)
        case Field.TEXT:
            return (
                c.preview != constant("") if operator is Operator.EXISTS else c.preview.ilike(_text(name), escape="\\")
            )
        case Field.TAG:
            return _of_tag(operator, name)
        case Field.MESSAGES:
            counted = _numbers(_message_count(), operator, name)
            # Nothing is counted where the whole thread is too short.
            return counted if operator is Operator.LT else and_(_has_entries(name), counted)
        case Field.OPENED | Field.LAST | Field.WAITING | Field.ENDED:
            return _time(field, operator, name)
        case _:
            return _choice(field, operator, name)


def _choice(field: Field, operator: Operator, name: str) -> ColumnElement[bool]:
    c = conversations.c
    column: ColumnElement[Any] = {
        Field.SENDER: c.last_sender_id,
        Field.OWNER: c.user_id,
        Field.GROUP: c.group_id,
        Field.STATE: c.state,
        Field.CHANNEL: c.last_channel,
    }[field]
    return column.is_not(None) if operator is Operator.EXISTS else column == bindparam(name, type_=column.type)


def _time(field: Field, operator: Operator, name: str) -> ColumnElement[bool]:
    c = conversations.c
    column: ColumnElement[Any] = {
        Field.OPENED: c.opened_at,
        Field.LAST: c.last_at,
        Field.WAITING: c.waiting_since,
        Field.ENDED: c.ended_at,
    }[field]
    start, end = (bindparam(one, type_=BigInteger()) for one in (name, f"{name}_end"))
    match operator:
        case Operator.EXISTS:
            return column.is_not(None)
        case Operator.BEFORE:
            return column < start
        case Operator.AFTER:
            return column >= end
        case _:
            return and_(column >= start, column < end)


def _numbers(value: ColumnElement[Any], operator: Operator, name: str) -> ColumnElement[bool]:
    wanted = bindparam(name, type_=BigInteger())
    return {Operator.GT: value > wanted, Operator.LT: value < wanted}.get(operator, value == wanted)


def _has_entries(name: str) -> ColumnElement[bool]:
    c = conversations.c
    long_enough: Select[Any] = select(literal_column("1")).where(
        threads.c.workspace_id == c.workspace_id,
        threads.c.id == c.thread_id,
        threads.c.seq >= bindparam(name, type_=BigInteger()),
    )
    return some(long_enough.correlate(conversations))


def _message_count() -> ColumnElement[Any]:
    c = conversations.c
    counted = select(func.count()).where(
        entries.c.workspace_id == c.workspace_id,
        entries.c.thread_id == c.thread_id,
        entries.c.conversation_id == c.id,
        entries.c.message_id.is_not(None),
    )
    return counted.correlate(conversations).scalar_subquery()


def _of_contact(operator: Operator, name: str) -> ColumnElement[bool]:
    """The name of who the conversation belongs to now, after a merge; only saved contacts have one."""
    c = conversations.c
    person = contacts.alias("person")
    merged = contacts.alias("merged")
    found: Select[Any] = (
        select(literal_column("1"))
        .select_from(
            person.outerjoin(
                merged, and_(merged.c.workspace_id == person.c.workspace_id, merged.c.id == person.c.merged_into)
            ).join(
                contact_names,
                and_(
                    contact_names.c.workspace_id == person.c.workspace_id,
                    contact_names.c.contact_id == func.coalesce(merged.c.id, person.c.id),
                ),
            )
        )
        .where(
            person.c.workspace_id == c.workspace_id,
            person.c.id == c.contact_id,
            func.coalesce(merged.c.name, person.c.name).is_not(None),
        )
    )
    if operator is not Operator.EXISTS:
        found = found.where(contact_names.c.sort_name.like(_text(name), escape="\\"))
    return some(found.correlate(conversations))


def _of_address(operator: Operator, name: str) -> ColumnElement[bool]:
    c = conversations.c
    person = contacts.alias("person")
    found: Select[Any] = (
        select(literal_column("1"))
        .select_from(
            person.join(
                addresses,
                and_(
                    addresses.c.workspace_id == person.c.workspace_id,
                    or_(addresses.c.contact_id == person.c.id, addresses.c.contact_id == person.c.merged_into),
                    addresses.c.removed_at.is_(None),
                ),
            )
        )
        .where(person.c.workspace_id == c.workspace_id, person.c.id == c.contact_id)
    )
    if operator is not Operator.EXISTS:
        written = func.ltrim(func.lower(addresses.c.value), constant("+"))
        found = found.where(written.like(_text(name), escape="\\"))
    return some(found.correlate(conversations))


def _of_tag(operator: Operator, name: str) -> ColumnElement[bool]:
    c = conversations.c
    tagged: Select[Any] = select(literal_column("1")).where(
        conversation_tags.c.workspace_id == c.workspace_id, conversation_tags.c.conversation_id == c.id
    )
    if operator is not Operator.EXISTS:
        tagged = tagged.where(conversation_tags.c.tag_id == bindparam(name, type_=BigInteger()))
    return some(tagged.correlate(conversations))


def _text(name: str) -> ColumnElement[str]:
    return bindparam(name, type_=Text())

"""Filtering a list by a column: which columns there are, the form of one, and the list as it is afterwards."""

from dataclasses import replace

from aiohttp import web

from gateway.core.errors import invalid
from gateway.domain.conditions import (
    KINDS,
    VALUELESS,
    BadCondition,
    Condition,
    Field,
    Kind,
    condition,
    operators_of,
)
from gateway.web import problems
from gateway.web.pages.condition_words import FIELDS, OPERATORS, OPERATORS_OF_TIMES, choices_of
from gateway.web.pages.desk import Desk, html
from gateway.web.pages.filters import Filters, filters_in
from gateway.web.pages.inbox_pages import list_fragment
from gateway.web.pages.table_pages import table_response
from gateway.web.pages.views_list import FilterForm
from gateway.web.pages.views_shell import Choice


async def show_filter(desk: Desk) -> web.StreamResponse:
    """The form of one column; without one, the columns."""
    query = desk.request.query
    filters, named = filters_in(query.get("query", "")), query.get("field", "")
    if not named:
        fields = [Choice(desk.language.gettext(label), field.value) for field, label in FIELDS.items()]
        as_table = query.get("table") == "1"
        return html(desk.pieces("filter_fields", fields=fields, query=filters.query(search=True), as_table=as_table))
    if named not in set(Field):
        raise problems.not_found("page")
    return html(desk.pieces("filter_form", form=form_of(desk, Field(named), filters)))


def form_of(desk: Desk, field: Field, filters: Filters) -> FilterForm:
    """The form, filled in with what the list is filtered by already."""
    _ = desk.language.gettext
    now = next((one for one in filters.conditions if one.field is field), None)
    kind = KINDS[field]
    value = now.value if now else ""
    ago = value[:-1] if kind is Kind.TIME and value.endswith("d") else ""
    words = OPERATORS_OF_TIMES if kind is Kind.TIME else OPERATORS
    choices = choices_of(field, desk.view, _) if kind is Kind.CHOICE else ()
    return FilterForm(
        field=field.value,
        label=_(FIELDS[field]),
        kind=kind.value,
        operators=[
            Choice(_(words[one]), one.value, pressed=now is not None and one is now.operator)
            for one in operators_of(field)
        ],
        choices=[replace(one, pressed=one.value == value) for one in choices],
        value="" if ago else value,
        ago=ago,
        query=filters.query(search=True),
        before=str(now) if now else "",
        table=desk.request.query.get("table") == "1",
    )


async def apply_filter(desk: Desk) -> web.StreamResponse:
    """The list with one condition more, or another one in its place. Without a value it is taken away."""
    query = desk.request.query
    filters, field = filters_in(query.get("query", "")), query.get("field", "")
    kept = tuple(one for one in filters.conditions if str(one) != query.get("before"))
    operator, value = query.get("operator", ""), query.get("value", "").strip()
    if query.get("ago", "").strip():
        value = f"{query['ago'].strip()}d"
    if "clear" not in query and (value or operator in VALUELESS):
        kept = (*kept, _condition(field, operator, value))
    changed = replace(filters, conditions=kept, natural_only=desk.view.policy.natural_only)
    as_table = query.get("table") == "1"
    if not desk.by_script:
        raise web.HTTPSeeOther(changed.table if as_table else changed.page)
    return await (table_response(desk, changed) if as_table else list_fragment(desk, changed))


def _condition(field: str, operator: str, value: str) -> Condition:
    try:
        return condition(field, operator, value)
    except BadCondition as error:
        raise invalid("value", f"{error}.") from None

"""Liquid with limits: what `gateway/core/templates.py` loads when the first template is checked or rendered."""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from liquid import BoundTemplate, Environment
from liquid.exceptions import LiquidError, ResourceLimitError, UndefinedError
from liquid.undefined import StrictDefaultUndefined

from gateway.core.errors import Refused, invalid
from gateway.core.template_limits import bound_filters, refuse_ranges, work_counted


class _Limited(Environment):
    loop_iteration_limit = 1000
    local_namespace_limit = 100_000
    output_stream_limit = 10_000
    context_depth_limit = 10


_ENVIRONMENT = _Limited(undefined=StrictDefaultUndefined)
bound_filters(_ENVIRONMENT)

_PATH = re.compile(r"""[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[(?:\d+|"[^"]*"|'[^']*')\])*""")

_MISTAKES = (LiquidError, RecursionError, ArithmeticError, ValueError, TypeError)
"""What the library raises of its own, and what it lets through of what Python says of a value."""


def check(source: str, field: str, known: Mapping[str, Collection[str] | None], *, closed: bool) -> None:
    """Refuses a template that can't work, with the place: syntax, unknown filters, fields that `known` has not."""
    try:
        analysis = _parsed(source).analyze()
    except _MISTAKES as error:
        raise _refused(field, source, error) from error
    for name, spans in analysis.filters.items():
        if name not in _ENVIRONMENT.filters:
            raise invalid(field, f"There is no filter “{name}” ({_place(source, spans[0].index)}).", "unknown-filter")
    for variables in analysis.globals.values():
        for variable in variables:
            if closed and str(variable.segments[0]) not in known:
                place = _place(source, variable.span.index)
                raise invalid(field, f"There is no “{variable.segments[0]}” here ({place}).", "unknown-field")
            _check_field(field, source, variable, known)


def render(source: str, values: Mapping[str, Any], field: str) -> str:
    """The text, or a refusal that names the missing field or the limit reached."""
    try:
        with work_counted():
            return _parsed(source).render(**values)
    except UndefinedError as error:
        what = _missing(source, error)
        raise invalid(field, f"{what} has no value here. Give it one, or a default.", "missing-field") from error
    except _MISTAKES as error:
        raise _refused(field, source, error) from error


@lru_cache(maxsize=64)
def _parsed(source: str) -> BoundTemplate:
    template = _ENVIRONMENT.from_string(source)
    refuse_ranges(template)
    return template


def _check_field(field: str, source: str, variable: Any, known: Mapping[str, Collection[str] | None]) -> None:
    head, *rest = variable.segments
    offered = known.get(str(head))
    if offered is None or not rest or str(rest[0]) in offered:
        return
    place = _place(source, variable.span.index)
    raise invalid(field, f"{head} has no “{rest[0]}” ({place}).", "unknown-field")


def _refused(field: str, source: str, error: Exception) -> Refused:
    if isinstance(error, ResourceLimitError | RecursionError):
        return invalid(field, "This template does too much: fewer loops, less output.", "template-limit")
    token = getattr(error, "token", None)
    place = f" ({_place(source, token.start_index)})" if token is not None else ""
    return invalid(field, f"{_first_line(error)}{place}.", "template-syntax")


def _missing(source: str, error: UndefinedError) -> str:
    """The whole name of the field, also where the library names its beginning only: of a stranger nothing is known."""
    written = _PATH.match(source, error.token.start_index) if error.token is not None else None
    return written[0] if written else _first_line(error).removesuffix(" is undefined")


def _first_line(error: Exception) -> str:
    line = str(error).splitlines()[0].strip() if str(error) else "This template has a mistake"
    return line[:1].upper() + line[1:]


def _place(source: str, index: int) -> str:
    before = source[: max(index, 0)]
    line = before.count("\n") + 1
    return f"line {line}, column {len(before) - before.rfind(chr(10))}"

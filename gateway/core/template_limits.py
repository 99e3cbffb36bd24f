"""Limits that Liquid itself doesn't have: what a filter may be given and make, and where a range may stand.

The library counts loops, names and output. It counts neither what a filter makes of its input, nor the numbers of
`(1..1000000000)`, over which a filter, or `contains`, would go one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from liquid import BoundTemplate, Environment, RenderContext, Undefined
from liquid.ast import Node
from liquid.builtin.expressions import LoopExpression
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import LiquidSyntaxError, ResourceLimitError
from liquid.expression import Expression
from liquid.token import Token

MOST_OF_A_VALUE = 100_000
"""Characters, elements, or bytes of a number: the longest message there is."""
MOST_WORK = 20_000_000
"""Of one template: characters that go into its filters, times those of their arguments. A second or so at most."""

_spent: ContextVar[list[int] | None] = ContextVar("spent", default=None)


def bound_filters(environment: Environment) -> None:
    """Puts each filter under the limits."""
    for name, function in list(environment.filters.items()):
        environment.filters[name] = _Bounded(function)


@contextmanager
def work_counted() -> Iterator[None]:
    """One template's work begins at nothing."""
    token = _spent.set([0])
    try:
        yield
    finally:
        _spent.reset(token)


def refuse_ranges(template: BoundTemplate) -> None:
    """Raises LiquidSyntaxError where a range stands anywhere but after `in`: loops are counted, nothing else is."""
    context = RenderContext(template)
    for node in template.nodes:
        _look(node, context)


def _look(node: Node, context: RenderContext) -> None:
    for expression in node.expressions():
        _look_into(expression, looped=False)
    for child in node.children(context, include_partials=False):
        _look(child, context)


def _look_into(expression: Expression, *, looped: bool) -> None:
    if isinstance(expression, RangeLiteral) and not looped:
        raise LiquidSyntaxError("a range can only be looped over", token=_token(expression))
    of_a_loop = isinstance(expression, LoopExpression)
    for child in expression.children():
        _look_into(child, looped=of_a_loop and child is getattr(expression, "iterable", None))


def _token(expression: Expression) -> Token:
    return expression.token


class _Bounded:
    """A filter, and all that the library asks it about itself."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __getattr__(self, name: str) -> Any:
        return getattr(self._function, name)

    def __call__(self, *values: Any, **named: Any) -> Any:
        left, *others = values or (None,)
        given = [_size(one) for one in (*others, *named.values())]
        _spend(_size(left) * max(1, sum(given)))
        made = self._function(*values, **named)
        _size(made)
        return made


def _spend(work: int) -> None:
    spent = _spent.get()
    total = work
    if spent is not None:
        spent[0] += work
        total = spent[0]
    if total > MOST_WORK:
        raise ResourceLimitError("filters do too much", token=None)


def _size(value: Any) -> int:
    size = _measured(value)
    if size > MOST_OF_A_VALUE:
        raise ResourceLimitError("a value is too large", token=None)
    return size


def _measured(value: Any) -> int:
    if issubclass(type(value), Undefined):  # to ask it for its class is to use it already
        return 1
    match value:
        case str():
            return len(value)
        case bool() | float() | None:
            return 1
        case int():
            return value.bit_length() // 8 + 1
        case dict():
            return sum(_measured(one) for pair in value.items() for one in pair) + 1
        case range():
            return MOST_OF_A_VALUE + 1  # from whatever it came: a range is nothing for filters
        case list() | tuple():
            return _all(value)
        case _:
            return 1


def _all(values: Sequence[Any]) -> int:
    total = 1
    for one in values:
        total += _measured(one) + 1
        if total > MOST_OF_A_VALUE:
            break
    return total

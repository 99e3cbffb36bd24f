"""Lists kept under a name."""

from collections.abc import Mapping
from dataclasses import field

from gateway.core.commands.base import UNCHANGED, Command
from gateway.domain.record import record
from gateway.domain.settings import SavedView


@record
class CreateView(Command[SavedView]):
    """`query` are the parameters of `GET /conversations`, as text; `layout` is list or table."""

    name: str
    query: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    layout: str = "list"


@record
class UpdateView(Command[SavedView]):
    """Another name, question, circle or layout. `query` replaces all of it."""

    view_id: int
    name: str = UNCHANGED
    query: Mapping[str, str] = UNCHANGED
    shared: bool = UNCHANGED
    layout: str = UNCHANGED


@record
class RemoveView(Command[None]):
    """The conversations in it stay."""

    view_id: int

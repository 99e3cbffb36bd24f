"""Lists kept under a name. Shared ones are the team's; one's own are nobody else's business."""

from collections.abc import Mapping

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.saved_views import CreateView, RemoveView, UpdateView
from gateway.core.decisions.names import checked_name
from gateway.core.errors import invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.conditions import BadCondition, parse_filter
from gateway.domain.events import EventType
from gateway.domain.record import replace
from gateway.domain.settings import SavedView
from gateway.domain.visibility import Permission

FIELDS = ("view", "sender", "user", "group", "tag", "q", "filter", "natural", "sort")
LAYOUTS = ("list", "table")
LONGEST = 2_000


def create_needs(command: CreateView, needs: Needs) -> None:
    """Nothing: it is new."""


def view_needs(command: UpdateView | RemoveView, needs: Needs) -> None:
    """The view."""
    needs.record(SavedView, "id", [command.view_id])


def create(command: CreateView, scene: Scene) -> SavedView:
    """A list kept for use again."""
    _require(scene, command.shared)
    view = SavedView(
        scene.workspace_id,
        scene.new_id(),
        checked_name(command.name),
        scene.now,
        _checked_query(command.query),
        scene.caller.user_id,
        command.shared,
        _checked_layout(command.layout),
    )
    scene.working.put(view)
    _tell(scene, view)
    return view


def update(command: UpdateView, scene: Scene) -> SavedView:
    """What is named changes. Sharing it, or changing what is shared, is for those who manage content."""
    before = _mine_or_shared(scene, command.view_id)
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
    if command.query is not UNCHANGED:
        after = replace(after, query=_checked_query(command.query))
    if command.shared is not UNCHANGED:
        after = replace(after, shared=command.shared)
    if command.layout is not UNCHANGED:
        after = replace(after, layout=_checked_layout(command.layout))
    _require(scene, before.shared or after.shared)
    if after != before:
        scene.working.put(after)
        _tell(scene, after)
    return after


def remove(command: RemoveView, scene: Scene) -> None:
    """The conversations in it stay."""
    view = _mine_or_shared(scene, command.view_id)
    _require(scene, view.shared)
    scene.working.put(replace(view, removed_at=scene.now))
    _tell(scene, view)


def _require(scene: Scene, shared: bool) -> None:
    if shared:
        require(scene.caller, Permission.MANAGE_CONTENT)


def _mine_or_shared(scene: Scene, view_id: int) -> SavedView:
    view = scene.need(SavedView, view_id, "view")
    if not view.shared and scene.caller.is_person and view.user_id != scene.caller.user_id:
        raise not_found("view")
    return view


def _checked_query(query: Mapping[str, str]) -> dict[str, str]:
    """Which words mean something is for whoever answers the question; what could never be one is refused here."""
    for name, value in query.items():
        if name not in FIELDS:
            raise invalid(f"query.{name}"[:80], f"It is one of {', '.join(FIELDS)}.")
        if len(value) > LONGEST:
            raise invalid(f"query.{name}", f"At most {LONGEST} characters; this has {len(value)}.")
    try:
        parse_filter(query.get("filter", ""))
    except BadCondition as error:
        raise invalid("query.filter", f"{error}.") from None
    return {name: value for name, value in query.items() if value}


def _checked_layout(layout: str) -> str:
    if layout not in LAYOUTS:
        raise invalid("layout", f"It is one of {', '.join(LAYOUTS)}.")
    return layout


def _tell(scene: Scene, view: SavedView) -> None:
    """Views are read when they are wanted, so no node's picture of the settings grows old by this."""
    scene.emit(EventType.SETTINGS_CHANGED, data={"noun": "view", "id": view.id})

"""Templates, quick replies and quick notes. Shared ones are the team's; one's own are nobody else's business."""

from gateway.core import templates
from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateSnippet, OrderSnippets, RecordSnippetUse, RemoveSnippet, UpdateSnippet
from gateway.core.decisions.names import checked_name
from gateway.core.errors import invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.events import EventType
from gateway.domain.record import replace
from gateway.domain.settings import Snippet
from gateway.domain.visibility import Permission

KINDS = ("template", "quick_reply", "quick_note")
LONGEST_BODY = 10_000


def create_needs(command: CreateSnippet, needs: Needs) -> None:
    """Nothing: it is new."""


def snippet_needs(command: UpdateSnippet | RemoveSnippet | RecordSnippetUse, needs: Needs) -> None:
    """The snippet."""
    needs.record(Snippet, "id", [command.snippet_id])


def create(command: CreateSnippet, scene: Scene) -> Snippet:
    """Words kept for use again."""
    _require(scene, command.shared)
    if command.kind not in KINDS:
        raise invalid("kind", f"It is one of {', '.join(KINDS)}.")
    name, body = checked_name(command.name), _checked_body(command.kind, command.body)
    snippet = Snippet(
        scene.workspace_id,
        scene.new_id(),
        command.kind,
        name,
        body,
        scene.now,
        scene.caller.user_id,
        command.shared,
    )
    scene.working.put(snippet)
    _tell(scene, snippet)
    return snippet


def update(command: UpdateSnippet, scene: Scene) -> Snippet:
    """What is named changes. Sharing it, or changing what is shared, is for those who manage content."""
    before = _mine_or_shared(scene, command.snippet_id, command.kind)
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
    if command.body is not UNCHANGED:
        after = replace(after, body=_checked_body(before.kind, command.body))
    if command.shared is not UNCHANGED:
        after = replace(after, shared=command.shared)
    _require(scene, before.shared or after.shared)
    if after != before:
        scene.working.put(after)
        _tell(scene, after)
    return after


def remove(command: RemoveSnippet, scene: Scene) -> None:
    """Messages made from it stay."""
    snippet = _mine_or_shared(scene, command.snippet_id, command.kind)
    _require(scene, snippet.shared)
    scene.working.put(replace(snippet, removed_at=scene.now))
    _tell(scene, snippet)


def order_needs(command: OrderSnippets, needs: Needs) -> None:
    """The snippets."""
    needs.record(Snippet, "id", command.snippet_ids)


def order(command: OrderSnippets, scene: Scene) -> None:
    """The team's order is for those who manage content."""
    found = [_mine_or_shared(scene, one, command.kind) for one in dict.fromkeys(command.snippet_ids)]
    _require(scene, any(one.shared for one in found))
    for place, snippet in enumerate(found, 1):
        if snippet.position != place:
            scene.working.put(replace(snippet, position=place))
            _tell(scene, snippet)


def record_use(command: RecordSnippetUse, scene: Scene) -> None:
    """A fact beside the words: nobody reads them again for it."""
    require(scene.caller, Permission.REPLY)
    snippet = _mine_or_shared(scene, command.snippet_id, command.kind)
    scene.working.put(replace(snippet, uses=snippet.uses + 1))


def _require(scene: Scene, shared: bool) -> None:
    require(scene.caller, Permission.MANAGE_CONTENT if shared else Permission.REPLY)


def _mine_or_shared(scene: Scene, snippet_id: int, kind: str) -> Snippet:
    noun = kind.replace("_", " ")
    snippet = scene.need(Snippet, snippet_id, noun)
    hidden = not snippet.shared and scene.caller.is_person and snippet.user_id != scene.caller.user_id
    if snippet.kind != kind or hidden:
        raise not_found(noun)
    return snippet


def _checked_body(kind: str, body: str) -> str:
    """Only a template is Liquid, and is refused now rather than when it is needed."""
    if not body.strip():
        raise invalid("body", "Write something first.", "empty")
    if len(body) > LONGEST_BODY:
        raise invalid("body", f"At most {LONGEST_BODY} characters; this has {len(body)}.")
    if kind == "template":
        templates.check(body)
    return body


def _tell(scene: Scene, snippet: Snippet) -> None:
    """Snippets are read when they are wanted, so no node's picture of the settings grows old by this."""
    scene.emit(EventType.SETTINGS_CHANGED, data={"noun": snippet.kind, "id": snippet.id})

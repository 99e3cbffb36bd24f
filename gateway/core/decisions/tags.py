"""The workspace's tags: words with a colour. `tagging.py` puts them on conversations."""

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateTag, MergeTags, RemoveTag, UpdateTag
from gateway.core.decisions.names import checked_name, require_free
from gateway.core.errors import invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.record import replace
from gateway.domain.settings import Tag
from gateway.domain.visibility import Permission
from gateway.storage.facts import ConversationTag

PALETTE = ("orange", "violet", "teal", "blue", "red", "green", "amber", "grey")
"""The colours the pages can show, each readable in both themes."""


def tag_needs(command: CreateTag | UpdateTag | RemoveTag, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def create(command: CreateTag, scene: Scene) -> Tag:
    """One more word."""
    require(scene.caller, Permission.MANAGE_CONTENT)
    name = checked_name(command.name)
    require_free("tag", name, scene.view.tags.values())
    tag = Tag(scene.workspace_id, scene.new_id(), name, scene.now, _checked_colour(command.colour))
    scene.working.put(tag)
    scene.settings_changed("tag", tag.id)
    return tag


def update(command: UpdateTag, scene: Scene) -> Tag:
    """Another name or colour, everywhere at once."""
    require(scene.caller, Permission.MANAGE_CONTENT)
    before = _live(scene, command.tag_id)
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
        require_free("tag", after.name, scene.view.tags.values(), before.id)
    if command.colour is not UNCHANGED:
        after = replace(after, colour=_checked_colour(command.colour))
    if after == before:
        return before
    scene.working.load(before)
    scene.working.put(after)
    scene.settings_changed("tag", after.id)
    return after


def remove(command: RemoveTag, scene: Scene) -> None:
    """No conversation shows it any more: a removed tag is nobody's, however many rows still point to it."""
    require(scene.caller, Permission.MANAGE_CONTENT)
    tag = _live(scene, command.tag_id)
    scene.working.load(tag)
    scene.working.put(replace(tag, removed_at=scene.now))
    scene.settings_changed("tag", tag.id)


def merge_needs(command: MergeTags, needs: Needs) -> None:
    """The settings, locked, and where the two are."""
    needs.settings = True
    needs.record(ConversationTag, "tag_id", [command.tag_id, command.into_id])


def merge(command: MergeTags, scene: Scene) -> Tag:
    """A change of names and no event of any thread: sealed conversations are renamed as well."""
    require(scene.caller, Permission.MANAGE_CONTENT)
    tag, into = _live(scene, command.tag_id), _live(scene, command.into_id)
    if tag.id == into.id:
        raise invalid("into", "That is the same tag. Choose another one.")
    rows = [row for row in scene.working.all(ConversationTag) if row.workspace_id == scene.workspace_id]
    have = {row.conversation_id for row in rows if row.tag_id == into.id}
    for row in rows:
        if row.tag_id == tag.id:
            scene.working.remove(row)
            if row.conversation_id not in have:
                scene.working.put(ConversationTag(row.workspace_id, row.conversation_id, into.id))
    scene.working.load(tag)
    scene.working.put(replace(tag, removed_at=scene.now))
    scene.settings_changed("tag", tag.id)
    return into


def _checked_colour(colour: str) -> str:
    if colour not in PALETTE:
        raise invalid("colour", f"A tag's colour is one of {', '.join(PALETTE)}.")
    return colour


def _live(scene: Scene, tag_id: int) -> Tag:
    tag = scene.view.tags.get(tag_id)
    if tag is None or tag.removed_at is not None:
        raise not_found("tag")
    return tag

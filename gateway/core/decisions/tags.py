"""The workspace's tags: words with a colour. `tagging.py` puts them on conversations."""

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateTag, RemoveTag, UpdateTag
from gateway.core.decisions.names import checked_name, require_free
from gateway.core.errors import invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.record import replace
from gateway.domain.settings import Tag
from gateway.domain.visibility import Permission

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


def _checked_colour(colour: str) -> str:
    if colour not in PALETTE:
        raise invalid("colour", f"A tag's colour is one of {', '.join(PALETTE)}.")
    return colour


def _live(scene: Scene, tag_id: int) -> Tag:
    tag = scene.view.tags.get(tag_id)
    if tag is None or tag.removed_at is not None:
        raise not_found("tag")
    return tag

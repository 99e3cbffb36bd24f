"""Chat targets: one's own are one's own business, those of groups and of the team are administrators'."""

from collections.abc import Sequence
from typing import Any

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.chat import AddChatTarget, RecordChatNotice, RemoveChatTarget, UpdateChatTarget
from gateway.core.decisions.names import checked_name, require_live
from gateway.core.errors import conflict, forbidden, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.chat import CHAT_DIGESTS, ChatTarget, Told
from gateway.domain.events import EventType
from gateway.domain.record import replace
from gateway.domain.time_zones import zone_named
from gateway.domain.visibility import Permission

MOST_TARGETS = 200
_DAY = 1_440


def add_needs(_command: AddChatTarget, needs: Needs) -> None:
    """The others, which are counted."""
    needs.everything(ChatTarget)


def add(command: AddChatTarget, scene: Scene) -> ChatTarget:
    """One more place."""
    shared = command.everybody or command.group_id is not None
    if shared:
        require(scene.caller, Permission.MANAGE_SETTINGS)
    elif scene.caller.user_id is None:
        raise forbidden("Only somebody who is signed in can be told.")
    if command.group_id is not None:
        require_live("group", "group", [command.group_id], scene.view.groups)
    if sum(one.removed_at is None for one in scene.working.all(ChatTarget)) >= MOST_TARGETS:
        raise conflict("too-many-targets", f"There are {MOST_TARGETS} chat targets already. Remove one first.")
    made = ChatTarget(
        scene.workspace_id,
        scene.new_id(),
        command.notifier,
        checked_name(command.label, "label"),
        command.address,
        _checked_kinds(command.of),
        scene.now,
        None if shared else scene.caller.user_id,
        command.group_id,
        command.only_mine,
        command.digest,
        command.quiet_start,
        command.quiet_end,
        command.timezone,
    )
    _check_times(made)
    scene.working.put(made)
    _tell(scene, made)
    return made


def target_needs(command: Any, needs: Needs) -> None:
    """The target that a command names."""
    needs.record(ChatTarget, "id", [command.target_id])


def update(command: UpdateChatTarget, scene: Scene) -> ChatTarget:
    """What is named changes."""
    before = mine(scene, command.target_id)
    names = ("address", "only_mine", "digest", "quiet_start", "quiet_end", "timezone")
    given = {name: getattr(command, name) for name in names if getattr(command, name) is not UNCHANGED}
    after = replace(before, **given)
    if command.label is not UNCHANGED:
        after = replace(after, label=checked_name(command.label, "label"))
    if command.of is not UNCHANGED:
        after = replace(after, of=_checked_kinds(command.of))
    _check_times(after)
    if after != before:
        scene.working.put(after)
        _tell(scene, after)
    return after


def remove(command: RemoveChatTarget, scene: Scene) -> None:
    """With its address."""
    target = mine(scene, command.target_id)
    scene.working.put(replace(target, removed_at=scene.now, address=""))
    _tell(scene, target)


def record(command: RecordChatNotice, scene: Scene) -> None:
    """Never backwards: of two workers the one that got further counts."""
    target = scene.find(ChatTarget, command.target_id)
    if target is None or target.removed_at is not None:
        return
    told_at = scene.now if command.reached else target.told_at
    told = max(target.told, command.told)
    scene.working.put(replace(target, told=told, told_at=told_at, last_error=command.error))


def mine(scene: Scene, target_id: int) -> ChatTarget:
    """A target that the caller may change. Another's own is not found."""
    target = scene.need(ChatTarget, target_id, "chat target")
    if target.user_id is None:
        require(scene.caller, Permission.MANAGE_SETTINGS)
    elif scene.caller.is_person and target.user_id != scene.caller.user_id:
        raise not_found("chat target")
    return target


def _checked_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    known = [one for one in dict.fromkeys(kinds) if one in set(Told)]
    if not known or len(known) != len(kinds):
        raise invalid("of", "Choose at least one thing to be told of.")
    return tuple(known)


def _check_times(target: ChatTarget) -> None:
    if target.digest not in CHAT_DIGESTS:
        raise invalid("digest", f"A notice waits {', '.join(map(str, CHAT_DIGESTS))} minutes.")
    if not (0 <= target.quiet_start < _DAY and 0 <= target.quiet_end < _DAY):
        raise invalid("quiet_from", "Quiet hours begin and end at a time of day.")
    if zone_named(target.timezone) is None:
        raise invalid("timezone", "This is not a time zone; use a name like Europe/Paris.")


def _tell(scene: Scene, target: ChatTarget) -> None:
    """Whoever follows the log reads the targets again."""
    scene.emit(EventType.SETTINGS_CHANGED, data={"noun": "chat_target", "id": target.id})

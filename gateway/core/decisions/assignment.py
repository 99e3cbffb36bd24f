"""A conversation that nobody has is given to somebody, by the rules of the workspace.

The settings are locked meanwhile, so that two nodes never give two to the one whose turn it is.
"""

from collections.abc import Iterable, Mapping

from gateway.core.commands.assignment import AssignByRule
from gateway.core.decisions.turns import turn_key
from gateway.core.episodes import owner_facts
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.threads import append_event
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.assignment import AssignmentRule, chosen_by, rules_of
from gateway.domain.automation import AutomationMark
from gateway.domain.conversation import State
from gateway.domain.events import EventType
from gateway.domain.model import Conversation
from gateway.domain.record import replace
from gateway.storage.facts import ConversationTag, ViewCount

NOBODY, FULL = "nobody-available", "everybody-full"


def rule_needs(command: AssignByRule, needs: Needs) -> None:
    """The conversation with its tags, how many each has, whose turn it was last; and the settings, locked."""
    needs.settings = True
    needs.conversations.add(command.conversation_id)
    needs.tags_of.add(command.conversation_id)
    needs.everything(ViewCount)
    needs.record(AutomationMark, "key", [turn_key(group) for group in command.groups])


def assign_by_rule(command: AssignByRule, scene: Scene) -> Conversation | None:
    """Compare and set: whoever claimed it meanwhile keeps it, and one that is over needs nobody."""
    conversation = scene.find(Conversation, command.conversation_id)
    if conversation is None or conversation.user_id is not None or conversation.state is not State.OPEN:
        return None
    tags = {one.tag_id for one in scene.working.all(ConversationTag) if one.conversation_id == conversation.id}
    load, reason = _load(scene), None
    for rule in rules_of(scene.view.workspace.assignment):
        if not rule.fits(conversation.group_id, conversation.last_sender_id, tags):
            continue
        there = [one for one in available(scene.view, rule.group_id) if one != command.leaves]
        free = rule.free(there, load)
        if free:
            return _give(scene, conversation, rule, free, load)
        reason = FULL if there else reason or NOBODY
    if reason is not None and command.tell:
        append_event(scene, EventType.ASSIGNMENT_WAITING, conversation, {"reason": reason})
    return None


def available(view: WorkspaceView, group_id: int | None) -> list[int]:
    """The people who take new conversations, of a group where it is named."""
    return [
        one.id
        for one in view.live(view.users)
        if one.kind == "person" and one.available and (group_id is None or group_id in one.group_ids)
    ]


def _give(
    scene: Scene, conversation: Conversation, rule: AssignmentRule, free: list[int], load: Mapping[int, int]
) -> Conversation:
    mark = scene.working.get(AutomationMark, scene.workspace_id, turn_key(rule.group_id))
    chosen = chosen_by(rule.method, free, mark.value if mark else 0, load)
    scene.working.put(AutomationMark(scene.workspace_id, turn_key(rule.group_id), chosen, scene.now))
    before = owner_facts(conversation)
    given = scene.working.put(replace(conversation, user_id=chosen, group_id=rule.group_id or conversation.group_id))
    facts = {"from_user_id": before["user_id"], "from_group_id": before["group_id"], "by": str(rule.method)}
    append_event(scene, EventType.CONVERSATION_ASSIGNED, given, {**owner_facts(given), **facts})
    return given


def _load(scene: Scene) -> dict[int, int]:
    """How many open conversations each has: what is counted, and what this batch has changed so far."""
    load: dict[int, int] = {}
    for one in scene.working.all(ViewCount):
        if one.workspace_id == scene.workspace_id and one.state == State.OPEN and one.user_id:
            load[one.user_id] = load.get(one.user_id, 0) + one.count
    inserted, updated, _ = scene.working.changes(Conversation)
    for before, after in (*((None, one) for one in inserted), *updated):
        for owner, step in ((_owner(before), -1), (_owner(after), 1)):
            if owner is not None:
                load[owner] = load.get(owner, 0) + step
    return load


def _owner(conversation: Conversation | None) -> int | None:
    return conversation.user_id if conversation is not None and conversation.state is State.OPEN else None


def groups_of(rules: Iterable[AssignmentRule]) -> tuple[int | None, ...]:
    """The groups whose turns must be known."""
    return tuple(dict.fromkeys(rule.group_id for rule in rules))

"""Conversations given out in turn among those who are available."""

from gateway.core.commands.automations import AssignInTurn
from gateway.core.commands.conversations import AssignConversation
from gateway.core.decisions.ownership import assign
from gateway.core.errors import conflict, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.assignment import next_in_turn
from gateway.domain.automation import AutomationMark
from gateway.domain.model import Conversation


def turn_key(group_id: int | None) -> str:
    """Under what it is remembered who had the last one: automations and rules share a turn."""
    return f"turn|{group_id or 0}"


def turn_needs(command: AssignInTurn, needs: Needs) -> None:
    """The conversation, and whose turn it was last."""
    needs.conversations.add(command.conversation_id)
    needs.record(AutomationMark, "key", [turn_key(command.group_id)])


def assign_in_turn(command: AssignInTurn, scene: Scene) -> Conversation:
    """The next one after whoever had the last, in the order in which they joined."""
    group = scene.view.groups.get(command.group_id or 0)
    if command.group_id is not None and (group is None or group.removed_at is not None):
        raise invalid("group_id", "There is no such group.", "not-found")
    people = [
        one.id
        for one in scene.view.live(scene.view.users)
        if one.kind == "person" and one.takes_work(scene.now) and (group is None or group.id in one.group_ids)
    ]
    if not people:
        raise conflict("nobody-available", f"Nobody{f' in {group.name}' if group else ''} is available at the moment.")
    mark = scene.working.get(AutomationMark, scene.workspace_id, turn_key(command.group_id))
    last = mark.value if mark else 0
    chosen = next_in_turn(people, last)
    scene.working.put(AutomationMark(scene.workspace_id, turn_key(command.group_id), chosen, scene.now))
    return assign(AssignConversation(command.conversation_id, chosen, command.group_id), scene)

"""A conversation that nobody has is given to somebody, by the rules of the workspace.

The settings are locked meanwhile, so that two nodes never give two to the one whose turn it is.
"""

from collections.abc import Iterable, Iterator, Mapping

from gateway.core.assigning import look_for_waiting, note_hours
from gateway.core.commands.assignment import AssignByRule, BeginHours
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
from gateway.domain.people import User
from gateway.domain.record import replace
from gateway.domain.working_hours import WorkingHours, begins_after
from gateway.storage.facts import ConversationTag, ViewCount

NOBODY, OFF_HOURS, FULL = "nobody-available", "outside-hours", "everybody-full"


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
    load, reason, waits = _load(scene), None, list[WorkingHours]()
    for rule in rules_of(scene.view.workspace.assignment):
        if not rule.fits(conversation.group_id, conversation.last_sender_id, tags):
            continue
        there = [one for one in available(scene.view, rule.group_id, scene.now) if one != command.leaves]
        free = rule.free(there, load)
        if free:
            return _give(scene, conversation, rule, free, load)
        reason = FULL if there else reason or NOBODY
        waits += _off_hours(scene.view, rule.group_id, command.leaves)
    if reason is not None and command.tell:
        append_event(scene, EventType.ASSIGNMENT_WAITING, conversation, _told(reason, waits, scene.now))
    return None


def available(view: WorkspaceView, group_id: int | None, now: int) -> list[int]:
    """The people who take new conversations at a moment (ms), of a group where it is named."""
    return [one.id for one in _people(view, group_id) if one.takes_work(now)]


def hours_needs(command: BeginHours, needs: Needs) -> None:
    """The settings, locked, and when their hours were to begin."""
    needs.settings = True
    needs.work_of.add(command.user_id)


def begin_hours(command: BeginHours, scene: Scene) -> None:
    """As if they had switched themselves to available; at another hour (a clock was set) nothing is given."""
    user = scene.view.users.get(command.user_id)
    if user is None:
        return
    note_hours(scene, user)
    if user.removed_at is None and user.takes_work(scene.now):
        look_for_waiting(scene)


def _people(view: WorkspaceView, group_id: int | None) -> Iterator[User]:
    return (
        one for one in view.live(view.users) if one.kind == "person" and (group_id is None or group_id in one.group_ids)
    )


def _off_hours(view: WorkspaceView, group_id: int | None, leaves: int | None) -> Iterator[WorkingHours]:
    """Of those who would take it if their hours had begun."""
    people = (one for one in _people(view, group_id) if one.available and one.id != leaves)
    return (one.working_hours for one in people if one.working_hours is not None)


def _told(reason: str, waits: Iterable[WorkingHours], now: int) -> dict[str, object]:
    """Why it waits; where it is only the hour, also until when."""
    begins = min((at for at in (begins_after(one, now) for one in waits) if at is not None), default=None)
    return {"reason": OFF_HOURS, "until": begins} if reason == NOBODY and begins is not None else {"reason": reason}


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

"""An automation that does nothing more in a thread, since a machine there answers it; let go on by a person."""

from gateway.core.access import require
from gateway.core.commands.automations import HoldAutomation, ReplayRun, ResumeAutomation, RetryRun
from gateway.core.decisions.automations import tell
from gateway.core.errors import conflict
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.automation import Automation, AutomationHold, AutomationMark, AutomationRun, hold_key
from gateway.domain.record import replace
from gateway.domain.visibility import Permission, may

AUTOMATION_HELD = "automation_held"
"""Work: tell the user who is its subject that a rule is held."""

TOLD_AGAIN_AFTER_MS = 24 * 3_600_000
"""Of one rule people are told once in so long, in however many threads it is held."""


def _told_key(automation_id: int) -> str:
    return f"{automation_id}|held"


def hold_needs(command: HoldAutomation, needs: Needs) -> None:
    """The rule, whether it is held, and when that was told."""
    needs.record(Automation, "id", [command.automation_id])
    needs.record(AutomationHold, "key", [hold_key(command.automation_id, command.thread_id)])
    needs.record(AutomationMark, "key", [_told_key(command.automation_id)])


def hold(command: HoldAutomation, scene: Scene) -> AutomationHold:
    """From now on, and those who keep automations are told."""
    key = hold_key(command.automation_id, command.thread_id)
    before = scene.working.get(AutomationHold, scene.workspace_id, key)
    if before is not None and before.released_at is None:
        return before
    automation = scene.need(Automation, command.automation_id, "automation")
    held = AutomationHold(
        scene.workspace_id, key, automation.id, command.thread_id, scene.now, command.reason, released_at=None
    )
    _tell_people(scene, automation)
    tell(scene, automation)
    return scene.working.put(held)


def _tell_people(scene: Scene, automation: Automation) -> None:
    key = _told_key(automation.id)
    told = scene.working.get(AutomationMark, scene.workspace_id, key)
    if told is not None and told.at > scene.now - TOLD_AGAIN_AFTER_MS:
        return
    scene.working.put(AutomationMark(scene.workspace_id, key, automation.id, scene.now))
    for user in scene.view.live(scene.view.users):
        if user.kind == "person" and may(user.role, Permission.MANAGE_AUTOMATIONS):
            scene.schedule(AUTOMATION_HELD, scene.now, subject_id=user.id, data={"automation": automation.id})


def resume_needs(command: ResumeAutomation, needs: Needs) -> None:
    """The rule, and where it is held."""
    needs.record(Automation, "id", [command.automation_id])
    if command.thread_id is None:
        needs.record(AutomationHold, "automation_id", [command.automation_id])
    else:
        needs.record(AutomationHold, "key", [hold_key(command.automation_id, command.thread_id)])


def resume(command: ResumeAutomation, scene: Scene) -> int:
    """It begins to count anew. What it was kept from doing meanwhile is not made up for."""
    require(scene.caller, Permission.MANAGE_AUTOMATIONS)
    automation = scene.need(Automation, command.automation_id, "automation")
    held = [
        one
        for one in scene.working.all(AutomationHold)
        if one.automation_id == automation.id and one.released_at is None and command.thread_id in (None, one.thread_id)
    ]
    if not held and command.thread_id is not None:
        raise conflict("not-held", "This automation is not held there.")
    for one in held:
        scene.working.put(replace(one, released_at=scene.now))
    if held:
        tell(scene, automation)
    return len(held)


def require_not_held(command: RetryRun | ReplayRun, run: AutomationRun, scene: Scene) -> None:
    """What a person has done once more would be stopped at once. Refused 409 where the rule is held."""
    for one in scene.working.all(AutomationHold):
        if (one.automation_id, one.thread_id, one.released_at) == (command.automation_id, run.thread_id, None):
            raise conflict("automation-held", "This automation is held for this contact. Let it go on there first.")

"""Automations: rules that are kept, changed, switched on and off, and put in order."""

from gateway.core.access import require
from gateway.core.commands.automations import (
    CreateAutomation,
    OrderAutomations,
    RemoveAutomation,
    UpdateAutomation,
)
from gateway.core.commands.base import UNCHANGED
from gateway.core.decisions.names import checked_name
from gateway.core.errors import conflict
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.automation import Automation, AutomationHold
from gateway.domain.events import EventType
from gateway.domain.record import replace
from gateway.domain.visibility import Permission

MOST = 200
"""Rules of one workspace. Each event looks at all that wait for its type."""


def create_needs(command: CreateAutomation, needs: Needs) -> None:
    """All of them: the new one comes last."""
    needs.everything(Automation)


def remove_needs(command: RemoveAutomation, needs: Needs) -> None:
    """The automation, and where it is held."""
    needs.record(Automation, "id", [command.automation_id])
    needs.record(AutomationHold, "automation_id", [command.automation_id])


def automation_needs(command: UpdateAutomation, needs: Needs) -> None:
    """The automation."""
    needs.record(Automation, "id", [command.automation_id])


def create(command: CreateAutomation, scene: Scene) -> Automation:
    """A rule; it looks at nothing that happened before it was switched on."""
    require(scene.caller, Permission.MANAGE_AUTOMATIONS)
    known = _known(scene)
    if len(known) >= MOST:
        raise conflict("too-many-automations", f"A workspace has at most {MOST} automations.")
    made = Automation(
        scene.workspace_id,
        scene.new_id(),
        checked_name(command.name),
        command.when,
        scene.now,
        command.conditions,
        command.actions,
        command.once_per,
        command.enabled,
        scene.now if command.enabled else None,
        max((one.place for one in known), default=0) + 1,
        scene.caller.user_id,
    )
    scene.working.put(made)
    tell(scene, made)
    return made


def update(command: UpdateAutomation, scene: Scene) -> Automation:
    """What is named changes; switched on again, it begins with what happens from now on."""
    require(scene.caller, Permission.MANAGE_AUTOMATIONS)
    before = scene.need(Automation, command.automation_id, "automation")
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
    for field in ("when", "conditions", "actions", "once_per"):
        value = getattr(command, field)
        if value is not UNCHANGED:
            after = replace(after, **{field: value})
    if command.enabled is not UNCHANGED and command.enabled != before.enabled:
        after = replace(after, enabled=command.enabled, enabled_at=scene.now if command.enabled else None)
    if after != before:
        scene.working.put(after)
        tell(scene, after)
    return after


def order_needs(command: OrderAutomations, needs: Needs) -> None:
    """All of them."""
    needs.everything(Automation)


def order(command: OrderAutomations, scene: Scene) -> None:
    """The named ones in their order, then the others in theirs."""
    require(scene.caller, Permission.MANAGE_AUTOMATIONS)
    known = {one.id: one for one in _known(scene)}
    named = [scene.need(Automation, one, "automation").id for one in dict.fromkeys(command.automation_ids)]
    rest = sorted(known.keys() - set(named), key=lambda one: (known[one].place, one))
    for place, automation_id in enumerate([*named, *rest], 1):
        if known[automation_id].place != place:
            tell(scene, scene.working.put(replace(known[automation_id], place=place)))


def remove(command: RemoveAutomation, scene: Scene) -> None:
    """It does nothing more; its runs stay in the log."""
    require(scene.caller, Permission.MANAGE_AUTOMATIONS)
    automation = scene.need(Automation, command.automation_id, "automation")
    scene.working.put(replace(automation, removed_at=scene.now, enabled=False, enabled_at=None))
    for one in scene.working.all(AutomationHold):
        if one.automation_id == automation.id:
            scene.working.remove(one)
    tell(scene, automation)


def _known(scene: Scene) -> list[Automation]:
    every = scene.working.all(Automation)
    return [one for one in every if one.workspace_id == scene.workspace_id and one.removed_at is None]


def tell(scene: Scene, automation: Automation) -> None:
    """Whoever follows the log reads the rules again (`feed/automations.py`); nobody else keeps them in mind."""
    scene.emit(EventType.SETTINGS_CHANGED, data={"noun": "automation", "id": automation.id})

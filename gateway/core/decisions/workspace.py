"""The workspace itself: its name, and its policies one by one or from a preset."""

from collections.abc import Mapping
from typing import Any

from gateway.core.access import require
from gateway.core.assigning import look_for_waiting
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.settings import CreateWorkspace, RemoveWorkspace, SuspendWorkspace, UpdateWorkspace
from gateway.core.decisions.names import checked_name
from gateway.core.errors import conflict, forbidden, invalid
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.assignment import RuleError, rules_of, written
from gateway.domain.oidc import OidcSettings
from gateway.domain.people import LoginSession
from gateway.domain.policy import Policy, PolicyError, parse_policy, pool_of
from gateway.domain.presets import PRESETS, under
from gateway.domain.record import replace
from gateway.domain.retention import RetentionError, checked_retention
from gateway.domain.settings import Workspace
from gateway.domain.visibility import Permission


def whole_needs(command: CreateWorkspace | SuspendWorkspace | RemoveWorkspace, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def workspace_needs(command: UpdateWorkspace, needs: Needs) -> None:
    """The settings, locked; and how the one who asks came in, where that matters."""
    needs.settings = True
    if command.password_login is not UNCHANGED:
        needs.everything(OidcSettings)
        needs.record(LoginSession, "id", [command.session_id] if command.session_id else [])


def update(command: UpdateWorkspace, scene: Scene) -> Workspace:
    """A preset replaces all policies but the default country and phrases, which are facts and no habits.

    Then single ones apply, over it.
    """
    require(scene.caller, Permission.MANAGE_SETTINGS)
    before = scene.view.workspace
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
    if command.preset is not UNCHANGED:
        after = replace(after, preset=command.preset, policy=_preset(command.preset, before.policy))
    if command.policy is not UNCHANGED:
        try:
            after = replace(after, policy=parse_policy(command.policy, after.policy))
        except PolicyError as error:
            raise invalid(f"policy.{error.field}", error.message) from error
    if command.two_factor_required is not UNCHANGED:
        after = replace(after, two_factor_required=_two_factor(command.two_factor_required, scene))
    if command.retention is not UNCHANGED:
        try:
            after = replace(after, retention=checked_retention(command.retention, after.retention))
        except RetentionError as error:
            raise invalid(f"retention.{error.kind}", error.message) from error
    if command.password_login is not UNCHANGED:
        after = replace(after, password_login=_password_login(command, scene))
    if command.assignment is not UNCHANGED:
        after = replace(after, assignment=_assignment(command.assignment, scene))
    if after == before:
        return before
    _require_pools(scene, after.policy)
    scene.view = replace(scene.view, workspace=after)
    scene.settings_changed("workspace", before.id)
    if after.assignment != before.assignment:
        look_for_waiting(scene)
    return scene.view.workspace


def create(command: CreateWorkspace, scene: Scene) -> Workspace:
    """That no other has the name is for the database to say."""
    if scene.caller.is_person:
        raise forbidden("Only an installation's administrators make workspaces.")
    if command.preset not in PRESETS:
        raise invalid("preset", f"The presets are {', '.join(PRESETS)}.")
    made = Workspace(
        scene.new_id(), checked_name(command.name), scene.now, preset=command.preset, policy=PRESETS[command.preset]
    )
    return scene.working.put(made)


def suspend(command: SuspendWorkspace, scene: Scene) -> Workspace:
    """Streams are cut, sessions and tokens refused, within a second on every node."""
    if scene.caller.is_person:
        raise forbidden("Only an installation's administrators suspend workspaces.")
    before = scene.view.workspace
    if (before.suspended_at is not None) == command.suspended:
        return before
    scene.view = replace(scene.view, workspace=replace(before, suspended_at=scene.now if command.suspended else None))
    scene.settings_changed("workspace", before.id)
    return scene.view.workspace


def remove(command: RemoveWorkspace, scene: Scene) -> None:
    """Its gateways stop at once, nobody gets in, and its name is free; what it holds goes piece by piece."""
    if scene.caller.is_person:
        raise forbidden("Only an installation's administrators remove workspaces.")
    before = scene.view.workspace
    if command.name.strip() != before.name:
        raise invalid("name", "That is not its name. Type it just as it stands.")
    for gateway in scene.view.live(scene.view.gateways):
        scene.working.load(gateway)
        scene.working.put(replace(gateway, removed_at=scene.now, enabled=False))
    name = f"{before.name[:100]} (removed {before.id})"
    gone = replace(before, name=name, removed_at=scene.now, suspended_at=before.suspended_at or scene.now)
    scene.view = replace(scene.view, workspace=gone)
    scene.settings_changed("workspace", before.id)


def _assignment(given: tuple[Mapping[str, Any], ...], scene: Scene) -> tuple[Mapping[str, Any], ...]:
    try:
        rules = rules_of(given)
    except RuleError as error:
        raise invalid("assignment", f"Rule {error.place}: {error}") from error
    for place, rule in enumerate(rules, 1):
        for noun, found, wanted in (
            ("group", scene.view.groups.get(rule.group_id or 0), rule.group_id),
            ("sender", scene.view.senders.get(rule.sender_id or 0), rule.sender_id),
            ("tag", scene.view.tags.get(rule.tag_id or 0), rule.tag_id),
        ):
            if wanted is not None and (found is None or found.removed_at is not None):
                raise invalid("assignment", f"Rule {place}: There is no such {noun}.", "not-found")
    return tuple(map(written, rules))


def _two_factor(required: bool, scene: Scene) -> bool:
    """Whoever asks everybody for two steps takes them: else their next click would be the first to be refused."""
    asks = scene.view.users.get(scene.caller.user_id or 0)
    if required and asks is not None and asks.kind == "person" and not asks.two_factor:
        raise conflict("two-factor-first", "Set up two steps for yourself first, on your account page.")
    return required


def _password_login(command: UpdateWorkspace, scene: Scene) -> bool:
    """Off only by somebody who came in the other way a moment ago, so that the other way is known to work."""
    if command.password_login or not scene.view.workspace.password_login:
        return command.password_login
    provider = scene.working.get(OidcSettings, scene.workspace_id)
    session = scene.find(LoginSession, command.session_id)
    tried = session is not None and session.method == "oidc" and session.user_id == scene.caller.user_id
    if provider is None or not provider.enabled or not tried:
        raise conflict("try-provider-first", "Sign in through your provider first, then turn passwords off.")
    return False


def _preset(name: str, before: Policy) -> Policy:
    if name not in PRESETS:
        raise invalid("preset", f"The presets are {', '.join(PRESETS)}.")
    return under(PRESETS[name], before)


def _require_pools(scene: Scene, policy: Policy) -> None:
    """A chain that asks a pool nobody has would skip it in silence."""
    known = {pool.name for pool in scene.view.live(scene.view.pools)}
    named = {pool for resolver in policy.sender_chain if (pool := pool_of(resolver)) is not None}
    if named - known:
        raise invalid("policy.sender_chain", f"There is no pool called “{min(named - known)}”.", "not-found")

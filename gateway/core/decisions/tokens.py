"""API tokens: each acts as a user of its own, who can't sign in."""

from gateway.core.access import require
from gateway.core.commands.people import CreateToken, RecordTokenUse, RevokeToken
from gateway.core.decisions.leaving import release_user
from gateway.core.decisions.names import checked_name, require_live
from gateway.core.errors import not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.people import Token, User
from gateway.domain.record import replace
from gateway.domain.visibility import Permission


def create_needs(command: CreateToken, needs: Needs) -> None:
    """The settings, locked: the token brings a user."""
    needs.settings = True


def create(command: CreateToken, scene: Scene) -> Token:
    """A token and its user."""
    require(scene.caller, Permission.MANAGE_TOKENS)
    name = checked_name(command.name)
    groups = require_live("group_ids", "group", command.group_ids, scene.view.groups)
    user = scene.working.put(
        User(scene.workspace_id, scene.new_id(), name, command.role, scene.now, "token", group_ids=groups)
    )
    token = Token(scene.workspace_id, scene.new_id(), user.id, name, command.digest, scene.now)
    scene.working.put(token)
    scene.settings_changed("token", token.id)
    return token


def revoke_needs(command: RevokeToken, needs: Needs) -> None:
    """The settings, locked, the token, and what its user owns."""
    needs.settings = True
    needs.tokens.add(command.token_id)


def revoke(command: RevokeToken, scene: Scene) -> None:
    """Refused from the next request on; what it owned is free. One that was revoked stays so."""
    require(scene.caller, Permission.MANAGE_TOKENS)
    token = scene.find(Token, command.token_id)
    if token is None:
        raise not_found("token")
    if token.revoked_at is not None:
        return
    scene.working.put(replace(token, revoked_at=scene.now))
    user = scene.view.users.get(token.user_id)
    if user is not None and user.kind == "token" and user.removed_at is None:
        scene.working.load(user)
        scene.working.put(replace(user, removed_at=scene.now, available=False, group_ids=()))
        release_user(scene, user.id)
    scene.settings_changed("token", token.id)


def use_needs(command: RecordTokenUse, needs: Needs) -> None:
    """The token of the user."""
    needs.record(Token, "user_id", [command.user_id])


def record_use(command: RecordTokenUse, scene: Scene) -> None:
    """The moment it was used last; nothing for one that was revoked meanwhile."""
    for token in scene.working.all(Token):
        if token.user_id == command.user_id and token.revoked_at is None:
            scene.working.put(replace(token, last_used_at=scene.now))

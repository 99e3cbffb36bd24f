"""Browsers that are signed in."""

from gateway.core.access import require
from gateway.core.commands.people import EndSession, EndSessions, StartSession
from gateway.core.errors import not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.people import LoginSession
from gateway.domain.record import replace
from gateway.domain.visibility import Permission

LONGEST_BROWSER = 400


def start_needs(command: StartSession, needs: Needs) -> None:
    """Nothing: it is new."""


def start(command: StartSession, scene: Scene) -> LoginSession:
    """Somebody proved who they are; the proof was checked before."""
    user = scene.view.users.get(command.user_id)
    if user is None or user.removed_at is not None or user.kind != "person":
        raise not_found("user")
    if scene.caller.user_id != user.id:
        require(scene.caller, Permission.MANAGE_USERS)
    return scene.working.put(
        LoginSession(
            scene.workspace_id,
            scene.new_id(),
            user.id,
            command.digest,
            command.csrf,
            scene.now,
            command.expires_at,
            browser=command.browser[:LONGEST_BROWSER] if command.browser else None,
            method=command.method,
        )
    )


def end_needs(command: EndSession, needs: Needs) -> None:
    """The session."""
    needs.record(LoginSession, "id", [command.session_id])


def end(command: EndSession, scene: Scene) -> None:
    """One's own, or anybody's by who manages users. One that ended stays as it is."""
    session = scene.find(LoginSession, command.session_id)
    if session is None:
        raise not_found("session")
    if scene.caller.user_id != session.user_id:
        require(scene.caller, Permission.MANAGE_USERS)
    if session.ended_at is None:
        scene.working.put(replace(session, ended_at=scene.now))


def end_all_needs(command: EndSessions, needs: Needs) -> None:
    """The user's sessions."""
    needs.record(LoginSession, "user_id", [command.user_id])


def end_all(command: EndSessions, scene: Scene) -> None:
    """One's own, or anybody's by who manages users."""
    user = scene.view.users.get(command.user_id)
    if user is None or user.removed_at is not None:
        raise not_found("user")
    if scene.caller.user_id != user.id:
        require(scene.caller, Permission.MANAGE_USERS)
    end_sessions(scene, user.id, command.keep_session)


def end_sessions(scene: Scene, user_id: int, keep: int | None = None) -> None:
    """All of a user's sessions but one."""
    for session in scene.working.all(LoginSession):
        if session.user_id == user_id and session.ended_at is None and session.id != keep:
            scene.working.put(replace(session, ended_at=scene.now))

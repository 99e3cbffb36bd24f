"""One-time links: to become a user, or, for who is one, to choose a new password."""

from gateway.core.access import require
from gateway.core.commands.people import AcceptInvitation, InviteUser, RevokeInvitation
from gateway.core.decisions.users import PERSON, checked_email, new_person, person_of, set_password
from gateway.core.errors import invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.people import Invitation, LoginSession, User
from gateway.domain.record import replace
from gateway.domain.visibility import Permission


def invite_needs(command: InviteUser, needs: Needs) -> None:
    """Nothing: it is new."""


def invite(command: InviteUser, scene: Scene) -> Invitation:
    """A link. One for the e-mail address of a user is theirs alone, and keeps their role."""
    require(scene.caller, Permission.MANAGE_USERS)
    if command.expires_at <= scene.now:
        raise invalid("expires_at", "That time has passed. Choose a later one.")
    email = checked_email(command.email) if command.email else None
    user = person_of(scene, email) if email else None
    return scene.working.put(
        Invitation(
            scene.workspace_id,
            scene.new_id(),
            user.role if user else command.role,
            command.digest,
            scene.now,
            command.expires_at,
            email,
            user.id if user else None,
        )
    )


def works(invitation: Invitation, now: int) -> bool:
    """Whether its link may still be used."""
    return invitation.used_at is None and invitation.revoked_at is None and invitation.expires_at > now


def revoke_needs(command: RevokeInvitation, needs: Needs) -> None:
    """The invitation."""
    needs.record(Invitation, "id", [command.invitation_id])


def revoke(command: RevokeInvitation, scene: Scene) -> None:
    """Nobody can use the link any more. One that was used or revoked stays as it is."""
    require(scene.caller, Permission.MANAGE_USERS)
    invitation = scene.find(Invitation, command.invitation_id)
    if invitation is None:
        raise not_found("invitation")
    if works(invitation, scene.now):
        scene.working.put(replace(invitation, revoked_at=scene.now))


def accept_needs(command: AcceptInvitation, needs: Needs) -> None:
    """The invitation, the settings, locked, and the sessions that a new password ends."""
    needs.settings = True
    needs.record(Invitation, "digest", [command.digest])
    if command.user_id is not None:
        needs.record(LoginSession, "user_id", [command.user_id])


def accept(command: AcceptInvitation, scene: Scene) -> User:
    """Works once and in time; 404 afterwards, whatever the reason, so that a guess learns nothing."""
    found = (one for one in scene.working.all(Invitation) if one.digest == command.digest)
    invitation = next((one for one in found if one.workspace_id == scene.workspace_id), None)
    if invitation is None or not works(invitation, scene.now):
        raise not_found("invitation")
    if invitation.user_id != command.user_id:
        raise not_found("invitation")
    if invitation.email is not None and checked_email(command.email) != invitation.email:
        raise invalid("email", "This invitation is for another e-mail address.")
    if invitation.user_id is None:
        user = new_person(scene, command.name, command.email, invitation.role, command.password_hash)
    else:
        user = set_password(scene, _invited(scene, invitation.user_id), command.password_hash)
    scene.working.put(replace(invitation, used_at=scene.now, user_id=user.id))
    return user


def _invited(scene: Scene, user_id: int) -> User:
    """The user an old link is for, if they are still here."""
    user = scene.view.users.get(user_id)
    if user is None or user.removed_at is not None or user.kind != PERSON:
        raise not_found("invitation")
    return user

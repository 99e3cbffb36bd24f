"""Who comes in through an identity provider: known by its subject, by a verified address, or by an invitation."""

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.oidc import RemoveOidc, SaveOidc, SignInByOidc
from gateway.core.decisions.invitations import works
from gateway.core.decisions.names import checked_name
from gateway.core.decisions.users import PERSON, another_administrator, new_person, person_of
from gateway.core.errors import forbidden, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.mailbox import canonical_mailbox
from gateway.domain.oidc import How, OidcSettings, Vouched, subject_of
from gateway.domain.people import Invitation, User
from gateway.domain.record import replace
from gateway.domain.visibility import Permission, Role

_NOBODY = "Nobody with your e-mail address works here. Ask an administrator for an invitation to it."


def settings_needs(command: SaveOidc | RemoveOidc, needs: Needs) -> None:
    """The settings, locked, and what is set up."""
    needs.settings = True
    needs.everything(OidcSettings)


def save(command: SaveOidc, scene: Scene) -> OidcSettings:
    """A provider with a secret; switched off, passwords count again."""
    require(scene.caller, Permission.MANAGE_SETTINGS)
    before = scene.working.get(OidcSettings, scene.workspace_id)
    if command.secret is UNCHANGED and before is None:
        raise invalid("client_secret", "Enter the secret that the provider gave you.")
    if command.secret is UNCHANGED and before is not None and before.issuer != command.issuer:
        raise invalid("client_secret", "Another provider has another secret. Enter it.")
    unknown = sorted(set(command.roles.values()) - set(Role))
    if unknown:
        raise invalid("roles", f"There is no role “{unknown[0]}”.")
    after = OidcSettings(
        scene.workspace_id,
        command.issuer,
        command.client_id,
        before.secret if command.secret is UNCHANGED and before else command.secret,
        checked_name(command.label),
        before.created_at if before else scene.now,
        command.enabled,
        command.role_claim,
        dict(command.roles),
    )
    scene.working.put(after)
    _changed(scene, enabled=after.enabled)
    return after


def remove(command: RemoveOidc, scene: Scene) -> None:
    """Gone; who came through it needs a password, by a link from an administrator."""
    require(scene.caller, Permission.MANAGE_SETTINGS)
    before = scene.working.get(OidcSettings, scene.workspace_id)
    if before is None:
        raise not_found("provider")
    scene.working.remove(before)
    _changed(scene, enabled=False)


def _changed(scene: Scene, *, enabled: bool) -> None:
    workspace = scene.view.workspace
    if not enabled and not workspace.password_login:
        scene.view = replace(scene.view, workspace=replace(workspace, password_login=True))
    scene.settings_changed("workspace", workspace.id)


def sign_in_needs(command: SignInByOidc, needs: Needs) -> None:
    """The settings, locked, what is set up, and invitations to that address."""
    needs.settings = True
    needs.everything(OidcSettings)
    address = canonical_mailbox(command.email or "")
    if address is not None:
        needs.record(Invitation, "email", [address])


def sign_in(command: SignInByOidc, scene: Scene) -> Vouched:
    """An unverified address finds nobody: whoever may write what they like into their profile would be anybody."""
    settings = scene.working.get(OidcSettings, scene.workspace_id)
    if settings is None or not settings.enabled or settings.issuer != command.issuer:
        raise not_found("provider")
    subject = subject_of(command.issuer, command.subject)
    people = (one for one in scene.view.live(scene.view.users) if one.kind == PERSON)
    known = next((one for one in people if one.oidc_subject == subject), None)
    if known is not None:
        return Vouched(_with_role(scene, known, command.role), How.KNOWN)
    address = canonical_mailbox(command.email or "") if command.email_verified else None
    if address is None:
        raise forbidden("Your provider has not verified your e-mail address, so nobody can tell who you are.")
    user = person_of(scene, address)
    if user is None:
        return Vouched(_join(scene, command, address, subject), How.JOINED)
    if user.oidc_subject is not None and user.oidc_subject.startswith(f"{command.issuer} "):
        raise forbidden("This e-mail address belongs to another account of your provider. Ask an administrator.")
    scene.working.load(user)
    linked = scene.working.put(replace(user, oidc_subject=subject))
    scene.settings_changed("user", user.id)
    return Vouched(_with_role(scene, linked, command.role), How.LINKED)


def _join(scene: Scene, command: SignInByOidc, address: str, subject: str) -> User:
    invitations = (one for one in scene.working.all(Invitation) if one.workspace_id == scene.workspace_id)
    invitation = next((one for one in invitations if one.email == address and works(one, scene.now)), None)
    if invitation is None or invitation.user_id is not None:
        raise forbidden(_NOBODY)
    name = command.name.strip()[:100] or address.partition("@")[0]
    user = new_person(scene, name, address, command.role or invitation.role, None)
    scene.working.put(replace(invitation, used_at=scene.now, user_id=user.id))
    return scene.working.put(replace(user, oidc_subject=subject))


def _with_role(scene: Scene, user: User, role: Role | None) -> User:
    """The role that the provider's groups say, but the last administrator stays one."""
    if role is None or role is user.role:
        return user
    if user.role is Role.ADMINISTRATOR and not another_administrator(scene, user):
        return user
    scene.working.load(user)
    changed = scene.working.put(replace(user, role=role))
    scene.settings_changed("user", user.id)
    return changed

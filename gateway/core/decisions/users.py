"""Users: made, changed, given a password, removed. Somebody who can administer is always left."""

from gateway.core.access import require
from gateway.core.assigning import look_for_waiting, note_hours
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.people import ChangePassword, CreateUser, RemoveUser, UpdateUser
from gateway.core.decisions.leaving import release_user
from gateway.core.decisions.login_sessions import end_sessions
from gateway.core.decisions.names import checked_name, require_live
from gateway.core.errors import conflict, forbidden, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.mailbox import canonical_mailbox
from gateway.domain.notices import NoticeSetting
from gateway.domain.people import LoginSession, Token, User
from gateway.domain.push import PushSubscription
from gateway.domain.record import replace
from gateway.domain.second_factor import SecondFactor
from gateway.domain.visibility import Permission, Role

PERSON = "person"
_PLAIN = ("available", "language", "single_keys", "working_hours")
"""What is taken as it is given."""


def create_needs(command: CreateUser, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def create(command: CreateUser, scene: Scene) -> User:
    """A user who can sign in once they have a password."""
    require(scene.caller, Permission.MANAGE_USERS)
    groups = require_live("group_ids", "group", command.group_ids, scene.view.groups)
    user = new_person(scene, command.name, command.email, command.role, command.password_hash)
    return scene.working.put(replace(user, group_ids=groups))


def new_person(scene: Scene, name: str, email: str, role: Role, password_hash: str | None) -> User:
    """One more user, under an e-mail address that is nobody else's."""
    plain, address = checked_name(name), checked_email(email)
    if person_of(scene, address) is not None:
        raise conflict("email-taken", f"There is a user with the e-mail address {address} already.")
    user = User(
        scene.workspace_id, scene.new_id(), plain, role, scene.now, PERSON, address, password_hash=password_hash
    )
    scene.working.put(user)
    scene.settings_changed("user", user.id)
    return user


def update_needs(command: UpdateUser, needs: Needs) -> None:
    """The settings, locked; with other hours, when they were to begin."""
    needs.settings = True
    if command.working_hours is not UNCHANGED:
        needs.work_of.add(command.user_id)


def update(command: UpdateUser, scene: Scene) -> User:
    """Name, availability, hours and preferences are one's own business too; role and groups are the administrators'."""
    before = live_person(scene, command.user_id)
    own = scene.caller.user_id == before.id and command.role is UNCHANGED and command.group_ids is UNCHANGED
    if not own:
        require(scene.caller, Permission.MANAGE_USERS)
    after = before
    if command.name is not UNCHANGED:
        after = replace(after, name=checked_name(command.name))
    if command.role is not UNCHANGED:
        after = replace(after, role=command.role)
    if command.group_ids is not UNCHANGED:
        groups = require_live("group_ids", "group", command.group_ids, scene.view.groups)
        after = replace(after, group_ids=groups)
    given = {name: getattr(command, name) for name in _PLAIN}
    after = replace(after, **{name: value for name, value in given.items() if value is not UNCHANGED})
    if after == before:
        return before
    if after.role is not Role.ADMINISTRATOR:
        _require_another_administrator(scene, before, "lose that role")
    scene.working.load(before)
    scene.working.put(after)
    scene.settings_changed("user", after.id)
    if after.working_hours != before.working_hours:
        note_hours(scene, after)
    if after.takes_work(scene.now) and (
        not before.takes_work(scene.now) or set(after.group_ids) - set(before.group_ids)
    ):
        look_for_waiting(scene)
    return after


def password_needs(command: ChangePassword, needs: Needs) -> None:
    """The settings, locked, and the user's sessions."""
    needs.settings = True
    needs.record(LoginSession, "user_id", [command.user_id])


def change_password(command: ChangePassword, scene: Scene) -> None:
    """One's own; whoever knew the old one is signed out everywhere else."""
    user = live_person(scene, command.user_id)
    if scene.caller.is_person and scene.caller.user_id != user.id:
        raise forbidden("Only you can change your password; an administrator can send you a link for a new one.")
    set_password(scene, user, command.password_hash, command.keep_session)


def set_password(scene: Scene, user: User, password_hash: str, keep_session: int | None = None) -> User:
    """The new hash; every session but one ends."""
    scene.working.load(user)
    changed = scene.working.put(replace(user, password_hash=password_hash))
    end_sessions(scene, user.id, keep_session)
    scene.settings_changed("user", user.id)
    return changed


def remove_needs(command: RemoveUser, needs: Needs) -> None:
    """The settings, locked, what the user owns, what lets them in, and where they are told."""
    needs.settings = True
    needs.owners.add(command.user_id)
    needs.work_of.add(command.user_id)
    for kind in (LoginSession, Token, PushSubscription, NoticeSetting, SecondFactor):
        needs.record(kind, "user_id", [command.user_id])


def remove(command: RemoveUser, scene: Scene) -> None:
    """Signed out and told nothing more, and what they owned is free; what they wrote keeps their name."""
    require(scene.caller, Permission.MANAGE_USERS)
    user = live_person(scene, command.user_id)
    _require_another_administrator(scene, user, "be removed")
    scene.working.load(user)
    gone = replace(user, removed_at=scene.now, available=False, password_hash=None, group_ids=(), two_factor=False)
    scene.working.put(gone)
    end_sessions(scene, user.id)
    for token in scene.working.all(Token):
        if token.user_id == user.id and token.revoked_at is None:
            scene.working.put(replace(token, revoked_at=scene.now))
    theirs: list[PushSubscription | NoticeSetting | SecondFactor] = [
        *scene.working.all(SecondFactor),
        *scene.working.all(PushSubscription),
        *scene.working.all(NoticeSetting),
    ]
    for one in theirs:
        if one.user_id == user.id:
            scene.working.remove(one)
    note_hours(scene, gone)
    release_user(scene, user.id)
    scene.settings_changed("user", user.id)


def checked_email(email: str) -> str:
    """Its one canonical spelling, or 422."""
    address = canonical_mailbox(email.strip())
    if address is None:
        raise invalid("email", "That is not an e-mail address: those look like name@company.example.")
    return address


def person_of(scene: Scene, email: str) -> User | None:
    """The live user with that canonical e-mail address."""
    people = (user for user in scene.view.live(scene.view.users) if user.kind == PERSON and user.email)
    return next((user for user in people if user.email and user.email.casefold() == email.casefold()), None)


def live_person(scene: Scene, user_id: int) -> User:
    """A person of the team who was not removed; 404, or 409 for the user behind a token."""
    user = scene.view.users.get(user_id)
    if user is None or user.removed_at is not None:
        raise not_found("user")
    if user.kind != PERSON:
        raise conflict("token-user", "This user belongs to an API token; revoke the token and make another.")
    return user


def another_administrator(scene: Scene, user: User) -> bool:
    """Whether somebody else could administer."""
    people = (one for one in scene.view.live(scene.view.users) if one.kind == PERSON and one.id != user.id)
    return any(one.role is Role.ADMINISTRATOR for one in people)


def _require_another_administrator(scene: Scene, user: User, what: str) -> None:
    if user.role is not Role.ADMINISTRATOR:
        return
    if not another_administrator(scene, user):
        raise conflict(
            "last-administrator",
            f"{user.name} is the last administrator and can't {what}. Make somebody else an administrator first.",
        )

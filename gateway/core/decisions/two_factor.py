"""Second factors: begun, confirmed, used, renewed, removed. A code works once, and only so many may be wrong."""

from gateway.core.access import require
from gateway.core.commands.two_factor import (
    BeginTwoFactor,
    ConfirmTwoFactor,
    RemoveTwoFactor,
    RenewRecoveryCodes,
    ResetTwoFactor,
    TryCode,
)
from gateway.core.decisions.login_sessions import end_sessions
from gateway.core.decisions.users import live_person
from gateway.core.errors import conflict, forbidden
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.people import LoginSession, User
from gateway.domain.record import replace
from gateway.domain.second_factor import ENROL_WITHIN, WRONG_WINDOW, CodeVerdict, SecondFactor, locked_until
from gateway.domain.visibility import Permission

Asked = BeginTwoFactor | ConfirmTwoFactor | TryCode | RenewRecoveryCodes | RemoveTwoFactor | ResetTwoFactor


def factor_needs(command: Asked, needs: Needs) -> None:
    """The settings, locked, so that two nodes don't take one code twice; the factor, and the sessions that may end."""
    needs.settings = True
    needs.record(SecondFactor, "user_id", [command.user_id])
    needs.record(LoginSession, "user_id", [command.user_id])


def begin(command: BeginTwoFactor, scene: Scene) -> SecondFactor:
    """Begun again, the secret of before is forgotten."""
    user = _own(scene, command.user_id)
    known = _factor(scene, user)
    if known is not None and known.confirmed_at is not None:
        raise conflict("two-factor-on", "Your sign-in takes two steps already. Turn that off first.")
    return scene.working.put(SecondFactor(scene.workspace_id, user.id, command.secret, scene.now))


def confirm(command: ConfirmTwoFactor, scene: Scene) -> None:
    """On from now on; whoever was signed in without it is no longer."""
    user = _own(scene, command.user_id)
    factor = _factor(scene, user)
    late = factor is None or scene.now - factor.created_at > ENROL_WITHIN or factor.secret != command.secret
    if factor is None or factor.confirmed_at is not None or late:
        raise conflict("two-factor-late", "This took too long. Begin again.")
    scene.working.put(replace(factor, confirmed_at=scene.now, last_step=command.step, recovery=command.recovery))
    _mark(scene, user, on=True)
    end_sessions(scene, user.id)


def try_code(command: TryCode, scene: Scene) -> CodeVerdict:
    """Accepted once. A wrong one is counted in the same commit, so that many at once are no way round."""
    factor = _factor(scene, live_person(scene, command.user_id))
    if factor is None or factor.confirmed_at is None:
        return CodeVerdict(False)
    until = locked_until(factor, scene.now)
    if until is not None:
        return CodeVerdict(False, until)
    if command.step is not None and command.step > factor.last_step:
        after = replace(factor, last_step=command.step, wrong=0)
    elif command.recovery in factor.recovery:
        after = replace(factor, recovery=tuple(one for one in factor.recovery if one != command.recovery), wrong=0)
    else:
        fresh = scene.now - factor.wrong_since >= WRONG_WINDOW or factor.wrong == 0
        since = scene.now if fresh else factor.wrong_since
        scene.working.put(replace(factor, wrong=1 if fresh else factor.wrong + 1, wrong_since=since))
        return CodeVerdict(False)
    scene.working.put(after)
    return CodeVerdict(True, None, len(after.recovery))


def renew(command: RenewRecoveryCodes, scene: Scene) -> None:
    """The old ones are worth nothing."""
    factor = _factor(scene, _own(scene, command.user_id))
    if factor is None or factor.confirmed_at is None:
        raise conflict("two-factor-off", "Your sign-in takes one step. Set up the second one first.")
    scene.working.put(replace(factor, recovery=command.recovery))


def remove(command: RemoveTwoFactor, scene: Scene) -> None:
    """Off; every other browser is signed out."""
    user = _own(scene, command.user_id)
    if scene.view.workspace.two_factor_required:
        raise conflict("two-factor-required", "Everybody here signs in in two steps; an administrator decides that.")
    _take_away(scene, user)
    end_sessions(scene, user.id, command.keep_session)


def reset(command: ResetTwoFactor, scene: Scene) -> None:
    """They sign in with their password alone, and set it up anew."""
    require(scene.caller, Permission.MANAGE_USERS)
    user = live_person(scene, command.user_id)
    if scene.caller.user_id == user.id:
        raise conflict("own-two-factor", "Yours you turn off on your account page, with your password and a code.")
    _take_away(scene, user)
    end_sessions(scene, user.id)


def _take_away(scene: Scene, user: User) -> None:
    factor = _factor(scene, user)
    if factor is not None:
        scene.working.remove(factor)
    if user.two_factor:
        _mark(scene, user, on=False)


def _factor(scene: Scene, user: User) -> SecondFactor | None:
    return scene.working.get(SecondFactor, scene.workspace_id, user.id)


def _mark(scene: Scene, user: User, *, on: bool) -> None:
    scene.working.load(user)
    scene.working.put(replace(user, two_factor=on))
    scene.settings_changed("user", user.id)


def _own(scene: Scene, user_id: int) -> User:
    user = live_person(scene, user_id)
    if scene.caller.user_id != user.id:
        raise forbidden("Only you can change how you sign in; an administrator can reset it.")
    return user

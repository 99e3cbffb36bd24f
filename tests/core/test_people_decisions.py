"""Users, groups, tokens, sessions and invitations."""

from collections.abc import Callable
from typing import Any

import pytest

from gateway.core.commands.people import (
    AcceptInvitation,
    ChangePassword,
    CreateGroup,
    CreateToken,
    CreateUser,
    EndSession,
    EndSessions,
    InviteUser,
    RecordTokenUse,
    RemoveGroup,
    RemoveUser,
    RevokeInvitation,
    RevokeToken,
    StartSession,
    UpdateGroup,
    UpdateUser,
)
from gateway.core.decisions import groups, invitations, login_sessions, tokens, users
from gateway.core.errors import Reason, Refused
from gateway.core.scene import Scene
from gateway.core.workspace_view import with_records
from gateway.domain.conversation import State
from gateway.domain.model import Conversation
from gateway.domain.notices import NoticeSetting
from gateway.domain.people import Invitation, LoginSession, Token, User
from gateway.domain.push import PushSubscription
from gateway.domain.record import replace
from gateway.domain.visibility import Role
from tests.core.conftest import (
    ADMIN,
    ADMINISTRATOR,
    AGENT,
    AGENTS_OWN,
    DAY,
    GROUP,
    NOW,
    SUPERVISING,
    SUPERVISOR,
    WORKSPACE,
    MakeScene,
    make_view,
    somebody,
    talk,
)

BOT = 14
OF_A_TOKEN = User(WORKSPACE, BOT, "Shop system", Role.AGENT, NOW - DAY, "token")
TOKEN = Token(WORKSPACE, 81, BOT, "Shop system", "d" * 64, NOW - DAY)
SESSIONS = [
    LoginSession(WORKSPACE, 91, AGENT, "a", "x", NOW - DAY, NOW + DAY),
    LoginSession(WORKSPACE, 92, AGENT, "b", "y", NOW - DAY, NOW + DAY),
]
OTHERS_SESSION = LoginSession(WORKSPACE, 93, SUPERVISOR, "c", "z", NOW - DAY, NOW + DAY)
INVITATION = Invitation(WORKSPACE, 95, Role.AGENT, "secret", NOW - DAY, NOW + DAY)
JOIN = AcceptInvitation("secret", "Eve", "Eve@Company.Example", "hash")


def live_sessions(scene: Scene) -> list[int]:
    return sorted(one.id for one in scene.working.all(LoginSession) if one.ended_at is None)


@pytest.mark.parametrize(
    ("decide", "command"),
    [
        (users.create, CreateUser("Eve", "eve@company.example", Role.AGENT)),
        (users.update, UpdateUser(AGENT, role=Role.SUPERVISOR)),
        (users.remove, RemoveUser(AGENT)),
        (groups.create, CreateGroup("Sales")),
        (groups.update, UpdateGroup(GROUP, name="Help")),
        (groups.remove, RemoveGroup(GROUP)),
        (tokens.create, CreateToken("Shop", Role.AGENT, "e" * 64)),
        (tokens.revoke, RevokeToken(81)),
        (invitations.invite, InviteUser(Role.AGENT, "e" * 64, NOW + DAY)),
        (invitations.revoke, RevokeInvitation(INVITATION.id)),
        (login_sessions.end_all, EndSessions(ADMIN)),
    ],
)
def test_only_administrators_may(make_scene: MakeScene, decide: Callable[[Any, Scene], Any], command: Any) -> None:
    view = make_view(users=[OF_A_TOKEN])
    decide(command, make_scene(TOKEN, INVITATION, view=view, caller=ADMINISTRATOR))
    for who in (SUPERVISING, AGENTS_OWN):
        with pytest.raises(Refused) as refused:
            decide(command, make_scene(TOKEN, view=view, caller=who))
        assert refused.value.reason is Reason.FORBIDDEN


@pytest.mark.parametrize(
    ("decide", "command", "reason", "code"),
    [
        (users.create, CreateUser(" ", "eve@company.example", Role.AGENT), Reason.INVALID, "invalid"),
        (users.create, CreateUser("Eve", "eve", Role.AGENT), Reason.INVALID, "invalid"),
        (users.create, CreateUser("Eve", "ANN@company.example", Role.AGENT), Reason.CONFLICT, "email-taken"),
        (users.create, CreateUser("Eve", "eve@company.example", Role.AGENT, (9,)), Reason.INVALID, "not-found"),
        (users.update, UpdateUser(999, name="Eve"), Reason.NOT_FOUND, "not-found"),
        (users.update, UpdateUser(BOT, name="Eve"), Reason.CONFLICT, "token-user"),
        (users.remove, RemoveUser(BOT), Reason.CONFLICT, "token-user"),
        (users.update, UpdateUser(ADMIN, role=Role.AGENT), Reason.CONFLICT, "last-administrator"),
        (users.remove, RemoveUser(ADMIN), Reason.CONFLICT, "last-administrator"),
        (users.change_password, ChangePassword(SUPERVISOR, "hash"), Reason.FORBIDDEN, "forbidden"),
        (groups.create, CreateGroup("SUPPORT"), Reason.CONFLICT, "name-taken"),
        (groups.create, CreateGroup("Sales", (999,)), Reason.INVALID, "not-found"),
        (groups.update, UpdateGroup(999, name="Help"), Reason.NOT_FOUND, "not-found"),
        (tokens.create, CreateToken("", Role.AGENT, "e" * 64), Reason.INVALID, "invalid"),
        (tokens.revoke, RevokeToken(999), Reason.NOT_FOUND, "not-found"),
        (invitations.invite, InviteUser(Role.AGENT, "e" * 64, NOW), Reason.INVALID, "invalid"),
        (login_sessions.end, EndSession(999), Reason.NOT_FOUND, "not-found"),
    ],
)
def test_what_is_refused(
    make_scene: MakeScene, decide: Callable[[Any, Scene], Any], command: Any, reason: Reason, code: str
) -> None:
    scene = make_scene(view=make_view(users=[OF_A_TOKEN]), caller=ADMINISTRATOR)
    with pytest.raises(Refused) as refused:
        decide(command, scene)
    assert (refused.value.reason, refused.value.code) == (reason, code)
    assert scene.working.events == []


def test_name_and_availability_are_ones_own_business_and_the_role_is_not(make_scene: MakeScene) -> None:
    scene = make_scene(caller=AGENTS_OWN)
    after = users.update(UpdateUser(AGENT, name="Anna", available=False), scene)
    assert (after.name, after.available) == ("Anna", False)
    for command in (UpdateUser(AGENT, role=Role.ADMINISTRATOR), UpdateUser(SUPERVISOR, name="Nobody")):
        with pytest.raises(Refused) as refused:
            users.update(command, scene)
        assert refused.value.reason is Reason.FORBIDDEN


def test_an_administrator_can_go_once_there_is_another(make_scene: MakeScene) -> None:
    scene = make_scene(caller=ADMINISTRATOR)
    users.update(UpdateUser(SUPERVISOR, role=Role.ADMINISTRATOR), scene)
    later = make_scene(view=with_records(scene.view, scene.working), caller=ADMINISTRATOR)
    users.remove(RemoveUser(ADMIN), later)
    view = with_records(later.view, later.working)
    assert view.users[ADMIN].removed_at == NOW
    with pytest.raises(Refused):
        users.update(UpdateUser(SUPERVISOR, role=Role.AGENT), make_scene(view=view))


def test_an_administrators_token_is_no_administrator_to_be_left_with(make_scene: MakeScene) -> None:
    bot = User(WORKSPACE, BOT, "Shop system", Role.ADMINISTRATOR, NOW - DAY, "token")
    with pytest.raises(Refused):
        users.remove(RemoveUser(ADMIN), make_scene(view=make_view(users=[bot])))


def test_who_is_removed_is_signed_out_and_what_they_owned_is_free(make_scene: MakeScene) -> None:
    mine = talk(501, 101, user_id=AGENT, group_id=GROUP)
    sealed = talk(502, 102, State.CLOSED, user_id=AGENT)
    theirs = talk(503, 103, user_id=SUPERVISOR)
    told_of = (AGENT, SUPERVISOR)
    scene = make_scene(
        *somebody(101, conversation=mine),
        *somebody(102, conversation=sealed),
        *somebody(103, conversation=theirs),
        *SESSIONS,
        OTHERS_SESSION,
        *(PushSubscription(WORKSPACE, one, one, f"https://push.example/{one}", "p", "a", NOW) for one in told_of),
        *(NoticeSetting(WORKSPACE, one, f"{one}@company.example") for one in told_of),
        caller=ADMINISTRATOR,
    )
    users.remove(RemoveUser(AGENT), scene)
    assert [one.user_id for one in scene.working.all(PushSubscription)] == [SUPERVISOR]
    assert [one.user_id for one in scene.working.all(NoticeSetting)] == [SUPERVISOR]
    owners = {one.id: (one.user_id, one.group_id) for one in scene.working.all(Conversation)}
    assert owners == {501: (None, GROUP), 502: (AGENT, None), 503: (SUPERVISOR, None)}
    assert live_sessions(scene) == [93]
    told = [(event.type, event.conversation_id) for event in scene.working.events]
    assert told == [("conversation_assigned", 501), ("settings_changed", None)]
    assert scene.working.events[0].data["from_user_id"] == AGENT
    view = with_records(scene.view, scene.working)
    assert users.create(CreateUser("Ann", "ann@company.example", Role.AGENT), make_scene(view=view)).id != AGENT


def test_a_new_password_ends_every_other_session_of_that_user(make_scene: MakeScene) -> None:
    scene = make_scene(*SESSIONS, OTHERS_SESSION, caller=AGENTS_OWN)
    users.change_password(ChangePassword(AGENT, "new", keep_session=92), scene)
    assert live_sessions(scene) == [92, 93]
    assert with_records(scene.view, scene.working).users[AGENT].password_hash == "new"


def test_sessions_are_started_for_people_and_ended_by_themselves_or_an_administrator(make_scene: MakeScene) -> None:
    scene = make_scene(view=make_view(users=[OF_A_TOKEN]))
    made = login_sessions.start(StartSession(AGENT, "d", "csrf", NOW + DAY), scene)
    assert (made.user_id, made.created_at, made.ended_at) == (AGENT, NOW, None)
    with pytest.raises(Refused):
        login_sessions.start(StartSession(BOT, "e", "csrf", NOW + DAY), scene)
    with pytest.raises(Refused):
        login_sessions.end(EndSession(93), make_scene(OTHERS_SESSION, caller=AGENTS_OWN))
    for who in (AGENTS_OWN, ADMINISTRATOR):
        ended = make_scene(*SESSIONS, caller=who)
        login_sessions.end(EndSession(91), ended)
        login_sessions.end(EndSession(91), ended)
        assert live_sessions(ended) == [92]


def test_an_invitation_works_once(make_scene: MakeScene) -> None:
    scene = make_scene(INVITATION)
    made = invitations.accept(JOIN, scene)
    assert (made.name, made.email, made.role, made.password_hash) == ("Eve", "eve@company.example", Role.AGENT, "hash")
    with pytest.raises(Refused) as refused:
        invitations.accept(JOIN, scene)
    assert refused.value.reason is Reason.NOT_FOUND


@pytest.mark.parametrize(
    ("invitation", "reason"),
    [
        (Invitation(WORKSPACE, 95, Role.AGENT, "secret", NOW - DAY, NOW), Reason.NOT_FOUND),
        (Invitation(WORKSPACE, 95, Role.AGENT, "other", NOW - DAY, NOW + DAY), Reason.NOT_FOUND),
        (Invitation(WORKSPACE + 1, 95, Role.AGENT, "secret", NOW - DAY, NOW + DAY), Reason.NOT_FOUND),
        (Invitation(WORKSPACE, 95, Role.AGENT, "secret", NOW - DAY, NOW + DAY, user_id=AGENT), Reason.NOT_FOUND),
        (Invitation(WORKSPACE, 95, Role.AGENT, "secret", NOW - DAY, NOW + DAY, "else@x.example"), Reason.INVALID),
    ],
    ids=["expired", "unknown", "of another workspace", "somebody's way to a new password", "for somebody else"],
)
def test_an_invitation_that_does_not_work(make_scene: MakeScene, invitation: Invitation, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        invitations.accept(JOIN, make_scene(invitation))
    assert refused.value.reason is reason


def test_a_user_who_forgot_the_password_is_invited_again_and_stays_who_they_are(make_scene: MakeScene) -> None:
    scene = make_scene(*SESSIONS, OTHERS_SESSION, caller=ADMINISTRATOR)
    link = invitations.invite(InviteUser(Role.ADMINISTRATOR, "secret", NOW + DAY, "Ann@company.example"), scene)
    assert (link.user_id, link.role) == (AGENT, Role.AGENT)
    again = AcceptInvitation("secret", "Whoever", "ann@company.example", "new", user_id=AGENT)
    user = invitations.accept(again, scene)
    assert (user.id, user.name, user.role, user.password_hash) == (AGENT, "Ann", Role.AGENT, "new")
    assert live_sessions(scene) == [93]


def test_a_token_brings_a_user_who_goes_with_it(make_scene: MakeScene) -> None:
    scene = make_scene(caller=ADMINISTRATOR)
    token = tokens.create(CreateToken("Shop", Role.SUPERVISOR, "e" * 64, (GROUP,)), scene)
    view = with_records(scene.view, scene.working)
    user = view.users[token.user_id]
    assert (user.kind, user.role, user.group_ids, user.email) == ("token", Role.SUPERVISOR, (GROUP,), None)
    conversation = talk(501, 101, user_id=user.id)
    later = make_scene(token, *somebody(101, conversation=conversation), view=view, caller=ADMINISTRATOR)
    tokens.revoke(RevokeToken(token.id), later)
    tokens.revoke(RevokeToken(token.id), later)
    assert with_records(later.view, later.working).users[user.id].removed_at == NOW
    assert [one.revoked_at for one in later.working.all(Token)] == [NOW]
    assert [one.user_id for one in later.working.all(Conversation)] == [None]
    assert [event.type for event in later.working.events] == ["conversation_assigned", "settings_changed"]


def test_members_of_a_group_come_and_go(make_scene: MakeScene) -> None:
    scene = make_scene(caller=ADMINISTRATOR)
    groups.update(UpdateGroup(GROUP, user_ids=(SUPERVISOR,)), scene)
    view = with_records(scene.view, scene.working)
    assert {one.id for one in view.users.values() if GROUP in one.group_ids} == {SUPERVISOR}
    same = make_scene(view=view)
    groups.update(UpdateGroup(GROUP, name="Support", user_ids=(SUPERVISOR,)), same)
    assert same.working.events == []


def test_a_removed_group_leaves_its_conversations_to_nobody_or_to_who_holds_them(make_scene: MakeScene) -> None:
    free, held = talk(501, 101, group_id=GROUP), talk(502, 102, user_id=AGENT, group_id=GROUP)
    scene = make_scene(*somebody(101, conversation=free), *somebody(102, conversation=held), caller=ADMINISTRATOR)
    groups.remove(RemoveGroup(GROUP), scene)
    owners = {one.id: (one.user_id, one.group_id) for one in scene.working.all(Conversation)}
    assert owners == {501: (None, None), 502: (AGENT, None)}
    assert with_records(scene.view, scene.working).users[AGENT].group_ids == ()


def test_a_revoked_link_works_no_longer_and_a_used_one_stays_used(make_scene: MakeScene) -> None:
    scene = make_scene(INVITATION, caller=ADMINISTRATOR)
    invitations.revoke(RevokeInvitation(INVITATION.id), scene)
    with pytest.raises(Refused) as refused:
        invitations.accept(JOIN, scene)
    assert refused.value.reason is Reason.NOT_FOUND
    used = make_scene(replace(INVITATION, used_at=NOW, user_id=AGENT), caller=ADMINISTRATOR)
    invitations.revoke(RevokeInvitation(INVITATION.id), used)
    assert next(used.working.all(Invitation)).revoked_at is None


def test_everybody_may_sign_themselves_out_everywhere_and_stay_where_they_are(make_scene: MakeScene) -> None:
    scene = make_scene(*SESSIONS, OTHERS_SESSION, caller=AGENTS_OWN)
    login_sessions.end_all(EndSessions(AGENT, keep_session=91), scene)
    assert live_sessions(scene) == [91, 93]


def test_a_tokens_last_use_is_kept_beside_the_settings(make_scene: MakeScene) -> None:
    scene = make_scene(TOKEN)
    tokens.record_use(RecordTokenUse(BOT), scene)
    assert next(scene.working.all(Token)).last_used_at == NOW
    assert scene.working.events == []
    revoked = make_scene(replace(TOKEN, revoked_at=NOW - 1))
    tokens.record_use(RecordTokenUse(BOT), revoked)
    assert next(revoked.working.all(Token)).last_used_at is None


def test_preferences_are_ones_own(make_scene: MakeScene) -> None:
    mine = make_scene(caller=AGENTS_OWN)
    changed = users.update(UpdateUser(AGENT, language="de", single_keys=False), mine)
    assert (changed.language, changed.single_keys) == ("de", False)
    with pytest.raises(Refused):
        users.update(UpdateUser(SUPERVISOR, language="de"), make_scene(caller=AGENTS_OWN))

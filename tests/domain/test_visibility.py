"""P4 and the roles as tables: who sees what, whose inbox it is in, who may do what."""

import pytest

from gateway.domain.policy import Policy, Visibility
from gateway.domain.visibility import (
    ALLOWED,
    Ownership,
    Permission,
    Role,
    Viewer,
    in_inbox,
    may,
    may_see,
    may_see_closed,
)

ME, COLLEAGUE, MY_GROUP, OTHER_GROUP = 1, 2, 10, 20
AGENT = Viewer(ME, Role.AGENT, frozenset({MY_GROUP}))
SUPERVISOR = Viewer(ME, Role.SUPERVISOR, frozenset({MY_GROUP}))
ADMINISTRATOR = Viewer(ME, Role.ADMINISTRATOR, frozenset())

OWNERS = [
    # owner, seen by an agent under: all, group, owner; in the agent's inbox
    (Ownership(), True, True, True, True),
    (Ownership(ME), True, True, True, True),
    (Ownership(ME, OTHER_GROUP), True, True, True, True),
    (Ownership(None, MY_GROUP), True, True, False, True),
    (Ownership(COLLEAGUE, MY_GROUP), True, True, False, False),
    (Ownership(COLLEAGUE), True, False, False, False),
    (Ownership(None, OTHER_GROUP), True, False, False, False),
    (Ownership(COLLEAGUE, OTHER_GROUP), True, False, False, False),
]


@pytest.mark.parametrize(("owner", "under_all", "under_group", "under_owner", "inbox"), OWNERS)
def test_an_agent_sees_what_p4_lets_them(
    owner: Ownership, under_all: bool, under_group: bool, under_owner: bool, inbox: bool
) -> None:
    assert may_see(AGENT, owner, Policy(visibility=Visibility.ALL)) is under_all
    assert may_see(AGENT, owner, Policy(visibility=Visibility.GROUP)) is under_group
    assert may_see(AGENT, owner, Policy(visibility=Visibility.OWNER)) is under_owner
    assert in_inbox(AGENT, owner) is inbox


@pytest.mark.parametrize("viewer", [SUPERVISOR, ADMINISTRATOR])
@pytest.mark.parametrize("visibility", Visibility)
def test_supervisors_and_administrators_see_all(viewer: Viewer, visibility: Visibility) -> None:
    policy = Policy(visibility=visibility, restrict_closed=True)
    assert all(may_see(viewer, owner, policy) for owner, *_ in OWNERS)
    assert may_see(viewer, None, policy)


def test_a_supervisors_inbox_is_their_own_though_they_see_all() -> None:
    assert [in_inbox(SUPERVISOR, owner) for owner, *_ in OWNERS] == [inbox for *_, inbox in OWNERS]


CLOSED = [
    # restricted, P4, owner of the thread's live conversation, an agent reads the closed ones
    (False, Visibility.ALL, None, True),
    (False, Visibility.OWNER, None, True),
    (False, Visibility.OWNER, Ownership(COLLEAGUE), True),
    (True, Visibility.ALL, None, False),
    (True, Visibility.OWNER, Ownership(COLLEAGUE), False),
    (True, Visibility.OWNER, Ownership(ME), True),
    (True, Visibility.OWNER, Ownership(), True),
    (True, Visibility.GROUP, Ownership(COLLEAGUE, MY_GROUP), True),
]


@pytest.mark.parametrize(("restricted", "visibility", "live", "reads"), CLOSED)
def test_closed_conversations_are_readable_unless_restricted(
    restricted: bool, visibility: Visibility, live: Ownership | None, reads: bool
) -> None:
    policy = Policy(visibility=visibility, restrict_closed=restricted)
    assert may_see_closed(AGENT, live, policy) is reads
    if live is None:
        assert may_see(AGENT, None, policy) is reads


ROLES = """
                    agent  supervisor  administrator
reply               yes    yes         yes
note                yes    yes         yes
tag                 yes    yes         yes
claim               yes    yes         yes
work                yes    yes         yes
edit_contacts       yes    yes         yes
see_all             -      yes         yes
assign_others       -      yes         yes
bulk                -      yes         yes
view_reports        -      yes         yes
manage_content      -      yes         yes
manage_outreach     -      yes         yes
remove              -      -           yes
erase_contacts      -      -           yes
export              -      -           yes
manage_automations  -      -           yes
manage_gateways     -      -           yes
manage_users        -      -           yes
manage_tokens       -      -           yes
manage_settings     -      -           yes
view_audit          -      -           yes
"""


def test_each_role_may_do_what_its_table_says() -> None:
    header, *rows = (line.split() for line in ROLES.strip().splitlines())
    table = {(role, row[0]): cell == "yes" for row in rows for role, cell in zip(header, row[1:], strict=True)}
    assert table == {(role, permission): may(role, permission) for role in Role for permission in Permission}


def test_a_higher_role_never_loses_a_right() -> None:
    assert ALLOWED[Role.AGENT] < ALLOWED[Role.SUPERVISOR] < ALLOWED[Role.ADMINISTRATOR]

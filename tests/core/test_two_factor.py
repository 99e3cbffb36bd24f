"""Second factors: who may change whose, what a code is worth, and how many may be wrong; on both databases."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gateway.core.caller import system
from gateway.core.commands.people import RemoveUser, StartSession
from gateway.core.commands.settings import UpdateWorkspace
from gateway.core.commands.two_factor import (
    BeginTwoFactor,
    ConfirmTwoFactor,
    RemoveTwoFactor,
    RenewRecoveryCodes,
    ResetTwoFactor,
    TryCode,
)
from gateway.core.errors import Refused
from gateway.domain.people import LoginSession, User
from gateway.domain.second_factor import ENROL_WITHIN, WRONG_MOST, WRONG_WINDOW, CodeVerdict, SecondFactor
from gateway.domain.visibility import Role
from tests.core.running import Core, running_core

STEP = 59_000_000


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def enrol(core: Core, role: Role = Role.AGENT) -> int:
    user = core.users[role]
    await core.writer.execute(BeginTwoFactor(user.id, "sealed"), core.caller(role))
    await core.writer.execute(ConfirmTwoFactor(user.id, "sealed", STEP, ("a", "b")), core.caller(role))
    return user.id


async def attempt(core: Core, user_id: int, step: int | None, recovery: str = "-") -> CodeVerdict:
    return await core.writer.execute(TryCode(user_id, step, recovery), system(core.workspace_id))


async def marked(core: Core, user_id: int) -> bool:
    users: list[User] = await core.all(User)
    return next(one.two_factor for one in users if one.id == user_id)


async def test_a_code_is_taken_once_even_by_two_at_once(core: Core) -> None:
    user = await enrol(core)
    assert not (await attempt(core, user, STEP)).accepted, "the one that confirmed it was used"
    both = await asyncio.gather(*(attempt(core, user, STEP + 1) for _ in range(4)))
    assert sorted(one.accepted for one in both) == [False, False, False, True]
    assert not (await attempt(core, user, STEP)).accepted, "an older one neither"
    both = await asyncio.gather(*(attempt(core, user, None, "a") for _ in range(2)))
    assert sorted(one.accepted for one in both) == [False, True]
    assert (await attempt(core, user, None, "b")).recovery_left == 0


async def test_after_too_many_wrong_ones_the_right_one_waits_too(core: Core) -> None:
    user = await enrol(core)
    wrong = await asyncio.gather(*(attempt(core, user, None) for _ in range(20)))
    assert [one.accepted for one in wrong] == [False] * 20
    assert sum(one.wait_until is None for one in wrong) == WRONG_MOST
    right = await attempt(core, user, STEP + 1)
    assert (right.accepted, right.wait_until) == (False, core.clock.now + WRONG_WINDOW)
    assert not (await attempt(core, user, None, "a")).accepted, "recovery codes neither"
    core.clock.forward(WRONG_WINDOW)
    assert (await attempt(core, user, STEP + 31)).accepted


async def test_it_counts_once_a_first_code_confirmed_it_in_time(core: Core) -> None:
    user, own = core.users[Role.AGENT], core.caller(Role.AGENT)
    await core.writer.execute(BeginTwoFactor(user.id, "sealed"), own)
    assert not await marked(core, user.id)
    assert not (await attempt(core, user.id, STEP)).accepted
    with pytest.raises(Refused, match="Begin again"):
        await core.writer.execute(ConfirmTwoFactor(user.id, "of another tab", STEP, ()), own)
    core.clock.forward(ENROL_WITHIN + 1)
    with pytest.raises(Refused, match="Begin again"):
        await core.writer.execute(ConfirmTwoFactor(user.id, "sealed", STEP, ()), own)
    await enrol(core)
    assert await marked(core, user.id)
    with pytest.raises(Refused, match="already"):
        await core.writer.execute(BeginTwoFactor(user.id, "another"), own)


async def test_confirming_ends_every_session_and_so_does_a_reset(core: Core) -> None:
    user = core.users[Role.AGENT].id

    async def begin(digest: str) -> None:
        start = StartSession(user, digest, "csrf", core.clock.now + 1000)
        await core.writer.execute(start, system(core.workspace_id))

    async def live() -> int:
        return sum(one.ended_at is None for one in await core.all(LoginSession))

    await begin("x")
    await enrol(core)
    assert await live() == 0
    await begin("y")
    with pytest.raises(Refused) as refused:
        await core.writer.execute(ResetTwoFactor(user), core.caller(Role.SUPERVISOR))
    assert refused.value.reason == "forbidden"
    await core.writer.execute(ResetTwoFactor(user), core.admin)
    assert (await live(), await core.all(SecondFactor), await marked(core, user)) == (0, [], False)


async def test_nobody_changes_anothers_and_an_administrator_resets_no_own(core: Core) -> None:
    await enrol(core)
    user = core.users[Role.AGENT].id
    for command in (BeginTwoFactor(user, "x"), RenewRecoveryCodes(user, ()), RemoveTwoFactor(user)):
        with pytest.raises(Refused) as refused:
            await core.writer.execute(command, core.admin)
        assert refused.value.reason == "forbidden"
    await enrol(core, Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="account page"):
        await core.writer.execute(ResetTwoFactor(core.users[Role.ADMINISTRATOR].id), core.admin)


async def test_where_everybody_needs_it_nobody_turns_it_off(core: Core) -> None:
    require = UpdateWorkspace(two_factor_required=True)
    with pytest.raises(Refused, match="yourself first"):
        await core.writer.execute(require, core.admin)
    user = await enrol(core, Role.ADMINISTRATOR)
    assert (await core.writer.execute(require, core.admin)).two_factor_required
    with pytest.raises(Refused, match="Everybody"):
        await core.writer.execute(RemoveTwoFactor(user), core.admin)
    await core.writer.execute(UpdateWorkspace(two_factor_required=False), core.admin)
    await core.writer.execute(RemoveTwoFactor(user), core.admin)
    assert not await marked(core, user)


async def test_who_leaves_takes_it_along(core: Core) -> None:
    user = await enrol(core)
    await core.writer.execute(RemoveUser(user), core.admin)
    assert await core.all(SecondFactor) == []
    assert not await marked(core, user)

"""Conversations that nobody has are given out by rules: in turn or to the least busy, to who is there, up to a cap."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.core.caller import system
from gateway.core.commands.automations import AssignInTurn
from gateway.core.commands.conversations import ChangeTags, ClaimConversation, CompleteConversation, ReleaseConversation
from gateway.core.commands.people import CreateGroup, CreateUser, RemoveUser, UpdateUser
from gateway.core.commands.settings import CreateTag, UpdateWorkspace
from gateway.core.errors import Refused
from gateway.domain.ids import format_id
from gateway.domain.model import Conversation, Work
from gateway.domain.people import Group, User
from gateway.domain.visibility import Role
from gateway.domain.working_hours import hours_of, shifts_typed
from gateway.storage.assignment_reads import waiting_after
from gateway.storage.records import WORK
from gateway.workers import assignment as assignment_worker
from gateway.workers.assignment import Assigning
from tests.core.running import Core, running_core, together

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
ALL_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Floor:
    """Two agents in a group, beside the three who are there; and the worker that gives out."""

    def __init__(self, core: Core, group: Group, agents: list[User]) -> None:
        self.core, self.group, self.agents = core, group, agents
        self.worker = Assigning(core.database, core.writer.execute, core.directory.get, core.clock)
        self.count = 0

    async def rules(self, *rules: dict[str, Any]) -> None:
        await self.core.writer.execute(UpdateWorkspace(assignment=rules), self.core.admin)
        self.core.directory.forget(self.core.workspace_id)
        await self.core.directory.get(self.core.workspace_id)

    def rule(self, method: str = "round_robin", **more: Any) -> dict[str, Any]:
        return {"method": method, "group_id": format_id("grp", self.group.id), **more}

    async def writes(self, many: int = 1) -> None:
        for _ in range(many):
            self.count += 1
            await self.core.receive("Hello", sender=f"+1415555{7000 + self.count}")

    async def give_out(self) -> None:
        """Everything that is to be done, each row once."""
        chores, now = self.worker.chores(), self.core.clock.now
        while found := [one for one in await self.core.all(Work) if one.kind in chores and one.due_at <= now]:
            for one in found:
                await chores[one.kind](one)
                await self.core.database.write(partial(_done, work=one))

    async def owners(self) -> list[str]:
        """Who has each conversation, in the order in which they were opened."""
        names = {one.id: one.name for one in self.agents}
        found = sorted(await self.core.all(Conversation), key=lambda one: one.id)
        return [names.get(one.user_id or 0, "nobody" if one.user_id is None else "?") for one in found]

    async def there(self, user: User, *, available: bool) -> None:
        await self.core.writer.execute(UpdateUser(user.id, available=available), self.core.admin)

    async def works(self, user: User, week: dict[str, str] | None, zone: str = PARIS) -> None:
        typed = {day: shifts_typed(day, text) for day, text in (week or {}).items()}
        hours = hours_of({"timezone": zone, "week": typed}) if week else None
        await self.core.writer.execute(UpdateUser(user.id, working_hours=hours), self.core.admin)

    async def until(self, text: str, zone: str = PARIS) -> None:
        """The clock goes on to a time there."""
        self.core.clock.now = at(text, zone)
        await self.give_out()

    async def said(self) -> list[dict[str, Any]]:
        """Why those that waited did."""
        return [dict(one.data) for one in await self.core.events() if one.type == "assignment_waiting"]


def at(text: str, zone: str = PARIS) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def _done(session: Any, work: Work) -> None:
    WORK.delete(session, [work])


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with running_core(database_url) as core:
        group = await core.writer.execute(CreateGroup("Sales"), core.admin)
        agents = [
            await core.writer.execute(CreateUser(name, f"{name}@x.example", Role.AGENT, (group.id,)), core.admin)
            for name in ("Ada", "Ben", "Cleo")
        ]
        yield Floor(core, group, agents)


async def test_in_turn_among_those_who_are_there(floor: Floor) -> None:
    await floor.rules(floor.rule())
    await floor.there(floor.agents[1], available=False)
    await floor.writes(3)
    await floor.give_out()
    assert await floor.owners() == ["Ada", "Cleo", "Ada"]
    told = [one.data for one in await floor.core.events() if one.type == "conversation_assigned"]
    assert {one["by"] for one in told} == {"round_robin"}
    assert {one["group_id"] for one in told} == {floor.group.id}


async def test_the_least_busy_and_only_up_to_a_cap(floor: Floor) -> None:
    await floor.rules(floor.rule("least_busy", cap=2))
    await floor.writes(3)
    await floor.give_out()
    assert sorted(await floor.owners()) == ["Ada", "Ben", "Cleo"]
    mine = next(one for one in await floor.core.all(Conversation) if one.user_id == floor.agents[1].id)
    await floor.core.writer.execute(CompleteConversation(mine.id), floor.core.admin)
    await floor.writes(5)
    await floor.give_out()
    held = [one for one in await floor.core.all(Conversation) if one.state == "open"]
    load = [sum(one.user_id == agent.id for one in held) for agent in floor.agents]
    assert (load, sum(one.user_id is None for one in held)) == ([2, 2, 2], 1)
    said = [one.data["reason"] for one in await floor.core.events() if one.type == "assignment_waiting"]
    assert said == ["everybody-full"]
    await floor.core.writer.execute(
        CompleteConversation(next(one.id for one in held if one.user_id == floor.agents[0].id)), floor.core.admin
    )
    await floor.give_out()
    assert all(one.user_id for one in await floor.core.all(Conversation)), "who waited is taken up"


async def test_a_long_queue_asks_nothing_of_the_writer_while_everybody_is_full(floor: Floor) -> None:
    """And beyond the first page somebody who came is found: also behind those whom no rule is for."""
    await floor.rules(floor.rule(cap=1, tag_id=await _tag(floor)))
    await floor.writes(5)
    found = sorted(await floor.core.all(Conversation), key=lambda one: one.id)
    for one in found[2:]:
        await floor.core.writer.execute(ChangeTags(one.id, ("vip",)), floor.core.admin)
    for agent in floor.agents[1:]:
        await floor.there(agent, available=False)
    await floor.give_out()
    assert await floor.owners() == ["nobody", "nobody", "Ada", "nobody", "nobody"]
    asked: list[int] = []

    async def execute(command: Any, caller: Any) -> Any:
        asked.append(command.conversation_id)
        return await floor.core.writer.execute(command, caller)

    busy = Assigning(floor.core.database, execute, floor.core.directory.get, floor.core.clock)
    (work, *_) = [*await floor.core.all(Work)] or [Work(floor.core.workspace_id, 1, "assign_waiting", 0, 0)]
    await busy.waiting(work)
    assert asked == []
    for agent in floor.agents[1:]:
        await floor.there(agent, available=True)
    await busy.waiting(work)
    assert asked == [found[3].id, found[4].id]
    assert await floor.owners() == ["nobody", "nobody", "Ada", "Ben", "Cleo"]


async def test_more_than_a_page_of_waiting_is_taken_up(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    for agent in floor.agents:
        await floor.there(agent, available=False)
    await floor.rules(floor.rule())
    await floor.writes(7)
    await floor.give_out()
    looks: list[tuple[int, int]] = []

    def a_few(session: Any, **given: Any) -> Any:
        looks.append(given["after"])
        return waiting_after(session, **given, limit=3)

    monkeypatch.setattr(assignment_worker, "waiting_after", a_few)
    await floor.there(floor.agents[0], available=True)
    await floor.give_out()
    assert await floor.owners() == ["Ada"] * 7
    assert len(looks) == 3


async def test_nobody_there_waits_with_a_line_and_is_taken_up_when_somebody_comes(floor: Floor) -> None:
    await floor.rules(floor.rule())
    for agent in floor.agents:
        await floor.there(agent, available=False)
    await floor.writes(2)
    await floor.give_out()
    assert await floor.owners() == ["nobody", "nobody"]
    said = [one.data["reason"] for one in await floor.core.events() if one.type == "assignment_waiting"]
    assert said == ["nobody-available"] * 2
    await floor.there(floor.agents[2], available=True)
    await floor.give_out()
    assert await floor.owners() == ["Cleo", "Cleo"]


async def test_only_within_working_hours_and_who_waited_is_handed_out_when_they_begin(floor: Floor) -> None:
    """A night before the clocks leap forward, in two time zones."""
    await floor.rules(floor.rule())
    ada, ben, cleo = floor.agents
    await floor.until("2026-03-28 12:00")
    await floor.there(cleo, available=False)
    await floor.works(cleo, dict.fromkeys(ALL_WEEK, "00-24"))
    await floor.works(ada, dict.fromkeys(ALL_WEEK, "9-17"))
    await floor.works(ben, dict.fromkeys(ALL_WEEK, "9-17"), NEW_YORK)
    await floor.writes(2)
    await floor.give_out()
    assert await floor.owners() == ["Ada", "Ada"], "it is not nine in New York yet"
    await floor.until("2026-03-28 23:30")
    await floor.writes(2)
    await floor.give_out()
    assert await floor.owners() == ["Ada", "Ada", "nobody", "nobody"]
    assert await floor.said() == [{"reason": "outside-hours", "until": at("2026-03-29 09:00")}] * 2
    await floor.until("2026-03-29 08:59")
    assert (await floor.owners())[2:] == ["nobody", "nobody"]
    await floor.until("2026-03-29 09:00")
    assert (await floor.owners())[2:] == ["Ada", "Ada"]
    await floor.writes()
    await floor.until("2026-03-29 17:00")
    await floor.works(ada, None)
    assert sum(one.kind == "hours_begin" for one in await floor.core.all(Work)) == 2, "one row for each who has hours"


async def test_hours_at_every_hour_of_days_at_which_the_clocks_change(floor: Floor) -> None:
    """One of them works at each hour; whoever writes is with the one whose shift it is, by their own clock."""
    await floor.rules({"method": "least_busy"})
    for role in (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AGENT):
        await floor.there(floor.core.users[role], available=False)
    shifts = ("00:00-08:00", "08:00-16:00", "16:00-24:00")
    for day in ("2026-10-24", "2026-10-25", "2026-03-29"):
        floor.core.clock.now = at(f"{day} 00:00")
        for agent, shift in zip(floor.agents, shifts, strict=True):
            await floor.works(agent, dict.fromkeys(ALL_WEEK, shift))
        before, hours = len(await floor.owners()), 0
        while (local := datetime.fromtimestamp(floor.core.clock.now / 1000, ZoneInfo(PARIS))).date().isoformat() == day:
            await floor.writes()
            await floor.give_out()
            assert (await floor.owners())[-1] == ("Ada", "Ben", "Cleo")[local.hour // 8], local
            floor.core.clock.forward(3_600_000)
            hours += 1
        assert len(await floor.owners()) - before == hours
        assert hours == {"2026-10-24": 24, "2026-10-25": 25, "2026-03-29": 23}[day]
    assert await floor.said() == []


async def test_hours_that_begin_twice_or_of_somebody_who_left_are_harmless(floor: Floor) -> None:
    await floor.rules(floor.rule())
    ada = floor.agents[0]
    await floor.until("2026-07-01 06:00")
    await floor.works(ada, dict.fromkeys(ALL_WEEK, "9-17"))
    for one in floor.agents[1:]:
        await floor.there(one, available=False)
    (work,) = [one for one in await floor.core.all(Work) if one.kind == "hours_begin"]
    floor.core.clock.now = work.due_at
    await floor.worker.begin(work)
    await floor.worker.begin(work)
    assert [one.due_at for one in await floor.core.all(Work) if one.kind == "hours_begin"] == [at("2026-07-02 09:00")]
    await floor.core.writer.execute(RemoveUser(ada.id), floor.core.admin)
    assert not [one for one in await floor.core.all(Work) if one.kind == "hours_begin"]
    await floor.worker.begin(work)
    assert not [one for one in await floor.core.all(Work) if one.kind == "hours_begin"]


async def test_automations_in_turn_and_a_reopened_conversation_ask_for_the_hour_too(floor: Floor) -> None:
    await floor.until("2026-07-01 12:00")
    for agent, shift in zip(floor.agents, ("0-10", "10-14", "14-24"), strict=True):
        await floor.works(agent, dict.fromkeys(ALL_WEEK, shift))
    await floor.writes()
    (found,) = await floor.core.all(Conversation)
    await floor.core.writer.execute(AssignInTurn(found.id, floor.group.id), system(floor.core.workspace_id))
    assert await floor.owners() == ["Ben"]
    await floor.core.writer.execute(CompleteConversation(found.id), floor.core.admin)
    await floor.until("2026-07-01 13:00")
    await floor.core.receive("Hello again", sender="+14155557001")
    assert await floor.owners() == ["Ben"], "its owner is at work, and keeps it"
    await floor.core.writer.execute(CompleteConversation(found.id), floor.core.admin)
    await floor.until("2026-07-01 15:00")
    await floor.core.receive("And again", sender="+14155557001")
    assert await floor.owners() == ["nobody"]


async def test_who_gives_back_or_leaves_does_not_get_it_again(floor: Floor) -> None:
    await floor.rules(floor.rule())
    await floor.writes()
    await floor.give_out()
    (found,) = await floor.core.all(Conversation)
    await floor.core.writer.execute(ReleaseConversation(found.id), floor.core.admin)
    await floor.give_out()
    assert await floor.owners() == ["Ben"]
    await floor.core.writer.execute(RemoveUser(floor.agents[1].id), floor.core.admin)
    await floor.give_out()
    assert await floor.owners() == ["Cleo"]


async def test_a_rule_for_a_tag_waits_for_it(floor: Floor) -> None:
    tag = await _tag(floor)
    await floor.rules(floor.rule(tag_id=tag))
    await floor.writes()
    await floor.give_out()
    (found,) = await floor.core.all(Conversation)
    assert found.user_id is None
    await floor.core.writer.execute(ChangeTags(found.id, ("vip",)), floor.core.admin)
    await floor.give_out()
    assert await floor.owners() == ["Ada"]


async def _tag(floor: Floor) -> str:
    return format_id("tag", (await floor.core.writer.execute(CreateTag("vip"), floor.core.admin)).id)


async def test_a_claim_is_first_and_nothing_is_taken_away(floor: Floor) -> None:
    await floor.rules(floor.rule())
    await floor.writes()
    (found,) = await floor.core.all(Conversation)
    await floor.core.writer.execute(ClaimConversation(found.id), floor.core.agent)
    await floor.give_out()
    (kept,) = await floor.core.all(Conversation)
    assert kept.user_id == floor.core.agent.user_id


async def test_many_at_once_are_shared_evenly_also_with_automations(floor: Floor) -> None:
    await floor.rules(floor.rule())
    await floor.writes(12)
    found = await floor.core.all(Conversation)
    work = [one for one in await floor.core.all(Work) if one.kind == "assign"]
    in_turn = [
        floor.core.writer.execute(AssignInTurn(one.id, floor.group.id), system(floor.core.workspace_id))
        for one in found[:3]
    ]
    await together(*in_turn, *(floor.worker.one(one) for one in work[3:]))
    owners = await floor.owners()
    assert {name: owners.count(name) for name in ("Ada", "Ben", "Cleo")} == {"Ada": 4, "Ben": 4, "Cleo": 4}


async def test_two_nodes_give_each_once_and_share_the_turn(database_url: str) -> None:
    """The same work taken up by both at once, as after a lease that ran out."""
    async with running_core(database_url) as core, running_core(database_url, node=2) as other:
        group = await core.writer.execute(CreateGroup("Sales"), core.admin)
        agents = [
            await core.writer.execute(CreateUser(name, f"{name}@x.example", Role.AGENT, (group.id,)), core.admin)
            for name in ("Ada", "Ben", "Cleo")
        ]
        floor = Floor(core, group, agents)
        await floor.rules(floor.rule(cap=3))
        await floor.writes(10)
        other.directory.forget(core.workspace_id)
        there = Assigning(other.database, other.writer.execute, other.directory.get, core.clock)
        work = [one for one in await core.all(Work) if one.kind == "assign"]
        await together(*(node.one(one) for one in work for node in (floor.worker, there)))
        owners = await floor.owners()
        assert {name: owners.count(name) for name in ("Ada", "Ben", "Cleo", "nobody")} == {
            "Ada": 3, "Ben": 3, "Cleo": 3, "nobody": 1,
        }  # fmt: skip
        given = [one.conversation_id for one in await core.events() if one.type == "conversation_assigned"]
        assert len(given) == len(set(given)) == 9
        free = next(one for one in await core.all(Conversation) if one.user_id == agents[0].id)
        await core.writer.execute(CompleteConversation(free.id), core.admin)
        waiting = next(one for one in await core.all(Work) if one.kind == "assign_waiting")
        await together(floor.worker.waiting(waiting), there.waiting(waiting))
        assert (await floor.owners()).count("nobody") == 0


@pytest.mark.parametrize(
    "rule",
    [{}, {"method": "lottery"}, {"method": "round_robin", "cap": 0}, {"method": "round_robin", "group_id": "grp_1"}],
)
async def test_rules_that_will_not_do(floor: Floor, rule: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="Rule 1: "):
        await floor.rules(rule)
    gone = {"method": "round_robin", "group_id": format_id("grp", 7)}
    with pytest.raises(Refused, match="no such group"):
        await floor.rules(gone)

"""The audit trail: a line for what is administration, in the same commit, without secrets, never changed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from gateway.core.audited import ACTIONS, SHOWN
from gateway.core.caller import system
from gateway.core.commands.audit import RecordExport
from gateway.core.commands.contacts import CreateContact, EraseContact, MergeContacts
from gateway.core.commands.people import (
    CreateGroup,
    CreateToken,
    CreateUser,
    InviteUser,
    StartSession,
    UpdateUser,
)
from gateway.core.commands.settings import CreateGateway, UpdateGateway, UpdateWorkspace
from gateway.core.commands.two_factor import BeginTwoFactor, ConfirmTwoFactor, TryCode
from gateway.core.commands.webhooks import CreateWebhook
from gateway.core.decisions.table import DECISIONS
from gateway.core.errors import Refused
from gateway.domain.address import provider_address
from gateway.domain.audit import AuditLine
from gateway.domain.visibility import Role
from gateway.storage.database import Database
from gateway.storage.query import Query
from gateway.storage.retention import DAY, keep_no_longer
from gateway.storage.schema import audit_lines
from tests.core.running import Core, running_core

# What teams, contacts, timers and workers do all day: the log of events has it, and the trail would drown in it.
_WORDS = """
    ReceiveMessage FlushIncomplete KeepRaw DropRaw RecordReceipt RematchReceipts SendMessage RetryMessage
    EditScheduled CancelMessage SettleMessage ReleaseScheduled BeginSend RecordSent RecordSendFailure
    RecoverSend MoveSend ClaimConversation ReleaseConversation AssignConversation SnoozeConversation
    WakeConversation CompleteConversation ArchiveConversation CloseConversation ReopenConversation FireTimer
    MarkRead MarkUnread SaveDraft ChangeTags AddNote CreateContact UpdateContact AddAddress RemoveAddress
    FindOrCreateThread ChangeConsent ChangeMembers ImportLines FailImport NoteTable ForgetTable ReportHealth
    CreateSnippet UpdateSnippet RemoveSnippet OrderSnippets RecordSnippetUse CreateView UpdateView RemoveView StartRun
    RecordStep RetryRun ReplayRun AssignInTurn AssignByRule BeginHours EndSession BeginTwoFactor SaveNotices
    SubscribePush UnsubscribePush RecordChatNotice TestWebhook ReplayDelivery ReplayFailed RecordAttempt GiveUpDelivery
    BeginCampaign AddRecipients ReleaseRecipients LeaveOut RestCampaign FinishCampaign
    HoldAutomation RecordTokenUse StoreMedia RemoveMedia RecordMedia AppendEvent DecideWish
    StartForm StopForm ExpireForm AskPoll AskQuestion
"""
WORK = _WORDS.split()


@pytest.fixture
async def core(database_url: str) -> AsyncIterator[Core]:
    async with running_core(database_url) as running:
        yield running


async def trail(core: Core) -> list[AuditLine]:
    return await core.all(AuditLine)


async def last(core: Core) -> AuditLine:
    return (await trail(core))[-1]


def test_of_every_command_it_is_said_whether_it_leaves_a_line() -> None:
    audited = {command.__name__ for command in ACTIONS}
    assert set(ACTIONS) <= set(DECISIONS)
    everything = {command.__name__ for command in DECISIONS}
    assert audited.isdisjoint(WORK)
    assert audited | set(WORK) == everything, "say of a new command: in ACTIONS of core/audited.py, or in WORK here"


def test_no_field_that_holds_a_secret_is_ever_told() -> None:
    told = {name for fields in SHOWN.values() for name in fields}
    assert told.isdisjoint({"settings", "secret", "digest", "password_hash", "url", "address", "actions", "token"})


async def test_who_did_what_with_what_it_was_and_is(core: Core) -> None:
    tom = core.users[Role.AGENT].id
    await core.writer.execute(UpdateUser(tom, role=Role.SUPERVISOR), core.admin)
    line = await last(core)
    assert (line.action, line.user_id, line.actor_name) == (
        "user_changed",
        core.users[Role.ADMINISTRATOR].id,
        "Ana Reyes",
    )
    assert (line.noun, line.subject_id, line.subject) == ("user", tom, "Tom Becker")
    assert line.details == {"role": ["agent", "supervisor"]}
    await core.writer.execute(UpdateUser(tom, available=False), core.caller(Role.AGENT))
    assert (await last(core)).id == line.id, "that somebody is at lunch is no administration"
    await core.writer.execute(UpdateWorkspace(policy={"open_cap": 50}), core.admin)
    assert (await last(core)).details == {"policy.open_cap": [100, 50]}
    await core.writer.execute(CreateGroup("Support", (tom,)), core.admin)
    assert (await last(core)).details == {"name": [None, "Support"], "joined": ["Tom Becker"]}
    start = StartSession(tom, "d" * 64, "csrf", core.clock.now + 1000, "Firefox")
    await core.writer.execute(start, system(core.workspace_id))
    line = await last(core)
    assert (line.action, line.actor, line.user_id) == ("signed_in", f"user:{tom}", tom)


async def test_a_refused_command_and_a_batch_that_fails_leave_no_line(core: Core) -> None:
    with pytest.raises(Refused):
        await core.writer.execute(CreateToken("Robot", Role.AGENT, "d" * 64), core.agent)
    made = [core.writer.execute(CreateUser("Eve", "eve@shop.example", Role.AGENT), core.admin) for _ in range(3)]
    results = await asyncio.gather(*made, return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in results) == 2
    assert [one.action for one in await trail(core)] == ["user_created"]


async def test_nothing_secret_and_no_contact_stands_in_it(core: Core) -> None:
    tom = core.users[Role.AGENT].id
    own = core.caller(Role.AGENT)
    secret = "hunter2-never-written-down"
    made = CreateGateway("simulator", "Line", token=f"token-of-the-gateway-{secret}", settings={"password": secret})
    gateway = await core.writer.execute(made, core.admin)
    await core.writer.execute(UpdateGateway(gateway.id, settings={"password": secret + "2"}), core.admin)
    assert (await last(core)).details == {"hidden": ["settings"]}
    await core.writer.execute(CreateUser("Eve", "eve@shop.example", Role.AGENT, password_hash=secret), core.admin)
    await core.writer.execute(CreateToken("Robot", Role.AGENT, secret), core.admin)
    await core.writer.execute(InviteUser(Role.AGENT, secret, core.clock.now + 1000), core.admin)
    await core.writer.execute(StartSession(tom, secret, secret, core.clock.now + 1000), system(core.workspace_id))
    await core.writer.execute(BeginTwoFactor(tom, secret), own)
    await core.writer.execute(ConfirmTwoFactor(tom, secret, 5, (secret,)), own)
    await core.writer.execute(TryCode(tom, None, secret), system(core.workspace_id))
    await core.writer.execute(CreateWebhook(f"https://a.example/{secret}?k={secret}", ("*",), secret), core.admin)
    names = ("Zebulon Quist", "Zebulon Q")
    numbers = ("+12025550177", "+12025550178")
    one, other = [
        await core.writer.execute(CreateContact(name, (provider_address(number),)), core.admin)
        for name, number in zip(names, numbers, strict=True)
    ]
    await core.writer.execute(RecordExport("contact", one.id), core.admin)
    await core.writer.execute(MergeContacts(other.id, one.id), core.admin)
    await core.writer.execute(EraseContact(one.id), core.admin)
    lines = await trail(core)
    text = msgspec.json.encode([msgspec.to_builtins(line) for line in lines]).decode()
    assert not [word for word in (secret, "Zebulon", "5550177") if word in text]
    assert {"contact_erased", "contact_merged", "exported", "webhook_created", "recovery_code_used"} <= {
        line.action for line in lines
    }


async def test_a_line_is_never_updated_and_goes_when_its_time_has_come(core: Core) -> None:
    await core.writer.execute(CreateUser("Eve", "eve@shop.example", Role.AGENT), core.admin)
    query = Query(update(audit_lines).values(actor_name="Nobody"))
    with pytest.raises(Exception, match="never updated"):
        await core.database.write(lambda session: session.run(query))
    database: Database = core.database

    async def swept(days: float) -> Any:
        return await database.write(
            lambda session: keep_no_longer(session, int(core.clock.now + days * DAY)).get("audit", 0)
        )

    with pytest.raises(Refused, match="30 to"):
        await core.writer.execute(UpdateWorkspace(retention={"audit": 7}), core.admin)
    assert await swept(729) == 0
    await core.writer.execute(UpdateWorkspace(retention={"audit": 30}), core.admin)
    assert await swept(29) == 0
    assert await swept(31) == 2
    assert await trail(core) == []

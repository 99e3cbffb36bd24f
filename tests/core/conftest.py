"""Decisions are tried in memory: a scene with settings, people and a fixed hour; no database."""

import hashlib
from collections.abc import Iterable
from typing import Any, Protocol

import pytest

from gateway.core.caller import Caller, system
from gateway.core.scene import Scene
from gateway.core.verdict import NO_VERDICT, Verdict
from gateway.core.working_set import WorkingSet
from gateway.core.workspace_view import WorkspaceView, view_of
from gateway.domain.address import Address, AddressKind
from gateway.domain.conversation import State
from gateway.domain.ids import IdSource
from gateway.domain.model import Contact, ContactAddress, Conversation, Thread
from gateway.domain.people import Group, User
from gateway.domain.policy import Policy
from gateway.domain.record import replace
from gateway.domain.sender import Capabilities, SenderKind, capabilities_of
from gateway.domain.settings import Gateway, Sender, Workspace
from gateway.domain.visibility import Role, Viewer

WORKSPACE = 1
NOW = 1_750_000_000_000
DAY = 86_400_000

ADMIN, SUPERVISOR, AGENT = 11, 12, 13
GATEWAY, SENDER, GROUP = 21, 31, 41


class MakeScene(Protocol):
    """What the `make_scene` fixture gives."""

    def __call__(
        self,
        *records: Any,
        caller: Caller | None = None,
        view: WorkspaceView | None = None,
        now: int = NOW,
        verdict: Verdict = NO_VERDICT,
    ) -> Scene:
        """A scene with these records loaded; by default the system itself asks."""


def caller(user_id: int, role: Role, *group_ids: int) -> Caller:
    """A user of the page."""
    return Caller(WORKSPACE, f"user:{user_id}", Viewer(user_id, role, frozenset(group_ids)), "Somebody")


ADMINISTRATOR = caller(ADMIN, Role.ADMINISTRATOR)
SUPERVISING = caller(SUPERVISOR, Role.SUPERVISOR)
AGENTS_OWN = caller(AGENT, Role.AGENT)


def digest(value: str) -> str:
    """A hash that is the same in every test."""
    return hashlib.sha256(b"a key" + value.encode()).hexdigest()


def make_view(policy: Policy | None = None, **given: Iterable[Any]) -> WorkspaceView:
    """A workspace with a gateway, a number, a group and one user of each role; `given` adds or replaces by id."""
    base: dict[str, list[Any]] = {
        "gateways": [Gateway(WORKSPACE, GATEWAY, "simulator", "Main line", "g" * 24, NOW - DAY)],
        "senders": [Sender(WORKSPACE, SENDER, SenderKind.LONG_CODE, "+14155550100", NOW - DAY, gateway_ids=(GATEWAY,))],
        "pools": [],
        "tags": [],
        "lists": [],
        "users": [
            User(WORKSPACE, ADMIN, "Ada", Role.ADMINISTRATOR, NOW - DAY, email="ada@company.example"),
            User(WORKSPACE, SUPERVISOR, "Sue", Role.SUPERVISOR, NOW - DAY, email="sue@company.example"),
            User(WORKSPACE, AGENT, "Ann", Role.AGENT, NOW - DAY, email="ann@company.example", group_ids=(GROUP,)),
        ],
        "groups": [Group(WORKSPACE, GROUP, "Support", NOW - DAY)],
    }
    for name, records in given.items():
        base[name] = list({**{one.id: one for one in base[name]}, **{one.id: one for one in records}}.values())
    return view_of(Workspace(WORKSPACE, "Shop", NOW - DAY, policy=policy or Policy()), base)


def channel_of(gateway: Gateway, sender: Sender) -> Capabilities:
    """A channel that does whatever the sender can."""
    return capabilities_of(sender.kind, mms_enabled=sender.mms_enabled)


@pytest.fixture
def make_scene() -> MakeScene:
    """Builds scenes."""

    def make(
        *records: Any,
        caller: Caller | None = None,
        view: WorkspaceView | None = None,
        now: int = NOW,
        verdict: Verdict = NO_VERDICT,
    ) -> Scene:
        working = WorkingSet()
        for record in records:
            working.load(record)
        ids = IdSource(0, lambda: now)
        return Scene(working, view or make_view(), caller or system(WORKSPACE), now, ids, verdict, channel_of, digest)

    return make


def somebody(
    number: int, *values: str, name: str | None = None, conversation: Conversation | None = None, **thread: Any
) -> list[Any]:
    """Contact `number` with thread `number + 1000`, addresses `number + 2000` and on, and perhaps a conversation."""
    of_thread = replace(
        Thread(WORKSPACE, number + 1000, number, NOW - DAY),
        **{"conversation_id": conversation.id if conversation else None, **thread},
    )
    kinds = [AddressKind.EMAIL if "@" in value else AddressKind.PHONE for value in values]
    addresses = [
        ContactAddress(WORKSPACE, number + 2000 + index, number, kind, value, NOW - DAY)
        for index, (kind, value) in enumerate(zip(kinds, values, strict=True))
    ]
    contact = Contact(WORKSPACE, number, NOW - DAY, name, name is not None)
    return [contact, of_thread, *addresses, *([conversation] if conversation else [])]


def talk(number: int, contact: int, state: State = State.OPEN, **more: Any) -> Conversation:
    """Conversation `number` in the thread of a contact made by `somebody`."""
    opened = NOW - DAY + number
    return replace(Conversation(WORKSPACE, number, contact + 1000, contact, 1, state, opened, opened), **more)


def phone(value: str) -> Address:
    """A phone number."""
    return Address(AddressKind.PHONE, value)

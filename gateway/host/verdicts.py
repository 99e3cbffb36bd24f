"""Asking the decide hooks about a command, before the writer opens its batch; the answers travel with the command."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from gateway.core.caller import Caller
from gateway.core.commands.messages import ReceiveMessage, SendMessage
from gateway.core.directory import Directory
from gateway.core.verdict import NO_VERDICT, Verdict
from gateway.domain.model import Thread
from gateway.domain.nature import Nature
from gateway.host.decide import DecideHooks
from gateway.sdk.decisions import InboundView, MessageRefused, OutboundView
from gateway.sdk.values import SenderView
from gateway.storage.database import Database
from gateway.storage.records import ADDRESSES, THREADS
from gateway.storage.session import Session

Ask = Callable[[Any, Caller], Awaitable[Verdict]]


class Verdicts:
    """The `ask` of the writer."""

    def __init__(self, hooks: DecideHooks, directory: Directory, database: Database) -> None:
        self._hooks = hooks
        self._directory = directory
        self._database = database

    def asker(self) -> Ask | None:
        """The function for the writer, None where no plugin has anything to decide."""
        hooks = self._hooks
        asked = (hooks.classify_inbound, hooks.route_inbound, hooks.choose_sender, hooks.vet_outbound)
        return self.ask if any(asked) else None

    async def ask(self, command: Any, caller: Caller) -> Verdict:
        """What plugins say about a message on its way in or out; nothing about any other command."""
        match command:
            case ReceiveMessage():
                return await self._inbound(command, caller)
            case SendMessage():
                return await self._outbound(command, caller)
            case _:
                return NO_VERDICT

    async def _inbound(self, command: ReceiveMessage, caller: Caller) -> Verdict:
        classify, route = self._hooks.classify_inbound, self._hooks.route_inbound
        view = InboundView(
            caller.workspace_id,
            command.gateway_id,
            command.sender.value,
            command.recipient.value,
            command.channel,
            command.body,
        )
        return Verdict(
            nature=await classify(view) if classify else None,
            assignment=await route(view) if route else None,
        )

    async def _outbound(self, command: SendMessage, caller: Caller) -> Verdict:
        choose, vet = self._hooks.choose_sender, self._hooks.vet_outbound
        if choose is None and vet is None:
            return NO_VERDICT
        view = OutboundView(
            workspace_id=caller.workspace_id,
            to=await self._address(command, caller.workspace_id),
            channel=command.channel or "sms",
            body=command.body,
            nature=command.nature or Nature.NATURAL,
            purpose=command.purpose,
            actor=caller.actor,
        )
        if vet is not None:
            try:
                await vet(view)
            except MessageRefused as error:
                return Verdict(refusal=str(error) or "A plugin refused this message.")
        if choose is None or command.from_ is not None:
            return NO_VERDICT
        settings = await self._directory.get(caller.workspace_id)
        candidates = [SenderView(one.id, one.kind, one.value) for one in settings.live(settings.senders)]
        return Verdict(vote=await choose(view, candidates))

    async def _address(self, command: SendMessage, workspace_id: int) -> str:
        if command.to is not None:
            return command.to.value
        return await self._database.read(partial(_address_of, workspace_id=workspace_id, command=command))


def _address_of(session: Session, workspace_id: int, command: SendMessage) -> str:
    """Where a send to a contact or a thread most likely goes: the address last used, else the contact's oldest."""
    contact_id, sticky = command.contact_id, None
    if command.thread_id is not None:
        threads: list[Thread] = THREADS.by(session, workspace_id, "id", [command.thread_id])
        if threads:
            contact_id, sticky = threads[0].contact_id, threads[0].sticky_address
    if sticky is not None or contact_id is None:
        return sticky or ""
    addresses = ADDRESSES.by(session, workspace_id, "contact_id", [contact_id])
    live = sorted((one for one in addresses if one.removed_at is None), key=lambda one: one.id)
    return live[0].value if live else ""

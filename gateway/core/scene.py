"""What one decision sees: the batch's records, who asks, the settings, the time; and where it records events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from gateway.core.access import owner_of, require_visible, sees_conversation, sees_thread
from gateway.core.caller import Caller
from gateway.core.errors import Reason, Refused, not_found
from gateway.core.verdict import Verdict
from gateway.core.working_set import WorkingSet
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.events import EventType
from gateway.domain.ids import IdSource
from gateway.domain.model import Contact, Conversation, Event, Message, Thread, Work
from gateway.domain.record import replace
from gateway.domain.sender import Capabilities
from gateway.domain.settings import Gateway, Sender

R = TypeVar("R")

CapabilitiesOf = Callable[[Gateway, Sender], Capabilities]
"""What a gateway's channel can do with a sender; pure, given by the host through app.py."""


@dataclass(slots=True)
class Scene:
    """One command's view of the batch. `now` is milliseconds since the epoch, the same for the whole batch."""

    working: WorkingSet
    view: WorkspaceView
    caller: Caller
    now: int
    ids: IdSource
    verdict: Verdict
    capabilities: CapabilitiesOf
    digest: Callable[[str], str]

    @property
    def workspace_id(self) -> int:
        """The caller's workspace; nothing of another can be reached from here."""
        return self.caller.workspace_id

    def new_id(self) -> int:
        """A fresh id."""
        return self.ids.next()

    def find(self, kind: type[R], record_id: int | None) -> R | None:
        """A record of this workspace by its id."""
        return None if record_id is None else self.working.get(kind, self.workspace_id, record_id)

    def need(self, kind: type[R], record_id: int, noun: str) -> R:
        """The same, or 404."""
        found = self.find(kind, record_id)
        if found is None or getattr(found, "removed_at", None) is not None:
            raise not_found(noun)
        return found

    def emit(
        self,
        event_type: EventType | str,
        *,
        thread: Thread | None = None,
        conversation: Conversation | None = None,
        message_id: int | None = None,
        contact_id: int | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Appends an event; its position is given when the batch is written. Facts only, never bodies."""
        self.working.events.append(
            Event(
                workspace_id=self.workspace_id,
                position=0,
                type=str(event_type),
                at=self.now,
                actor=self.caller.actor,
                thread_id=thread.id if thread else conversation.thread_id if conversation else None,
                conversation_id=conversation.id if conversation else None,
                message_id=message_id,
                contact_id=contact_id or (thread.contact_id if thread else None),
                user_id=conversation.user_id if conversation else None,
                group_id=conversation.group_id if conversation else None,
                cause=self.caller.cause or self._cause_of(message_id),
                data=data or {},
            )
        )

    def _cause_of(self, message_id: int | None) -> str | None:
        """What is told of a message later has the cause that the message had."""
        message = self.find(Message, message_id)
        return None if message is None else message.cause

    def root(self, thread: Thread) -> Thread:
        """The thread that leads: itself, or the winner's after a merge."""
        while thread.merged_into is not None:
            winner = self.find(Thread, thread.merged_into)
            if winner is None:
                break
            thread = winner
        return thread

    def newest(self, thread: Thread) -> Conversation | None:
        """The newest conversation of a thread, whatever its state."""
        return self.find(Conversation, self.root(thread).conversation_id)

    def thread(self, thread_id: int) -> Thread:
        """A thread the caller may see, or 404."""
        thread = self.find(Thread, thread_id)
        if thread is None:
            raise not_found("thread")
        require_visible(sees_thread(self.view, self.caller, self.newest(thread)), "thread")
        return thread

    def conversation(self, conversation_id: int) -> Conversation:
        """A conversation the caller may see, or 404."""
        conversation = self.find(Conversation, conversation_id)
        thread = self.find(Thread, conversation.thread_id) if conversation else None
        if conversation is None or thread is None:
            raise not_found("conversation")
        newest = self.newest(thread)
        require_visible(sees_conversation(self.view, self.caller, conversation, newest), "conversation")
        return conversation

    def message(self, message_id: int) -> Message:
        """A message of a thread the caller may see, or 404."""
        message = self.find(Message, message_id)
        if message is None:
            raise not_found("message")
        self.thread(message.thread_id)
        return message

    def contact(self, contact_id: int) -> Contact:
        """A contact whose thread the caller may see, or 404. An erased one is gone."""
        contact = self.find(Contact, contact_id)
        if contact is None or contact.erased_at is not None:
            raise not_found("contact")
        thread = self.working.thread_of(self.workspace_id, contact_id)
        require_visible(
            thread is None or sees_thread(self.view, self.caller, self.newest(thread)),
            "contact",
        )
        return contact

    def schedule(self, kind: str, due_at: int, **more: Any) -> Work:
        """Work to do after the commit, not before `due_at`."""
        work = Work(self.workspace_id, self.new_id(), kind, due_at, self.now, **more)
        return self.working.put(work)

    def work_for(self, kind: str, subject_id: int) -> list[Work]:
        """Loaded work of a kind about one subject."""
        return [one for one in self.working.all(Work) if one.kind == kind and one.subject_id == subject_id]

    def drop_work(self, kind: str, subject_id: int) -> None:
        """Nothing of that kind is to be done about the subject any more."""
        for one in self.work_for(kind, subject_id):
            self.working.remove(one)

    def settings_changed(self, noun: str, record_id: int) -> None:
        """Something administrators configure is different now; every node reads it again."""
        self.view = replace(self.view, workspace=replace(self.view.workspace, version=self.view.workspace.version + 1))
        self.emit(EventType.SETTINGS_CHANGED, data={"noun": noun, "id": record_id})

    def refuse(self, reason: Reason, code: str, detail: str) -> NoReturn:
        """No."""
        raise Refused(reason, code, detail)


__all__ = ["Scene", "owner_of"]

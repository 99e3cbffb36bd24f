"""One notice to a chat target for all that happened for it since its last one: who and where, never what was said."""

from collections.abc import Callable, Sequence
from functools import partial

from gateway.core.alerts import concerns
from gateway.core.caller import system
from gateway.core.commands.chat import RecordChatNotice
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.chat import TOLD_OF, ChatTarget, Told, kind_of
from gateway.domain.ids import format_id
from gateway.domain.model import Conversation, Event, Work
from gateway.domain.notices import named_in_notice, not_before_hours
from gateway.domain.people import User
from gateway.domain.policy import Visibility
from gateway.domain.visibility import Ownership, Viewer, may_see
from gateway.host.notifiers import Notifiers, NotifyFailed
from gateway.host.secrets import SecretBox
from gateway.storage import event_log
from gateway.storage.chat_reads import chat_target
from gateway.storage.conversation_rows import addresses_of, contacts_after_merging
from gateway.storage.database import Database
from gateway.storage.push_reads import Arrival, arrival
from gateway.storage.records import CONVERSATIONS
from gateway.storage.session import Session
from gateway.storage.unread import unread_of
from gateway.workers.chores import ChoreFailed, Execute, require_awake
from gateway.workers.notice_post import viewer_of
from gateway.workers.push import ViewOf

AT_ONCE = 4
"""A notifier may start a process for each notice."""

MOST_EVENTS = 500
MOST_LINES = 8
_TYPES = [str(one) for one in TOLD_OF]


class ChatNotices:
    """`public_url` is where people find the Messenger."""

    def __init__(
        self,
        database: Database,
        execute: Execute,
        view_of: ViewOf,
        notifiers: Notifiers,
        secrets: SecretBox,
        public_url: str,
        clock: Callable[[], int],
    ) -> None:
        self._database = database
        self._execute = execute
        self._view_of = view_of
        self._notifiers = notifiers
        self._secrets = secrets
        self._public_url = public_url
        self._clock = clock

    async def tell(self, work: Work) -> None:
        """Tells one target. Raises ChoreFailed during its quiet hours, and when it could not be reached."""
        view = await self._view_of(work.workspace_id)
        require_awake(view)
        read = partial(self._due, view=view, target_id=work.subject_id or 0, after=int(work.data["after"]))
        found = await self._database.read(read)
        if found is None:
            return
        target, until, lines = found
        wait = not_before_hours(target.quiet_start, target.quiet_end, target.timezone, self._clock()) - self._clock()
        if lines and wait > 0:
            raise ChoreFailed("These are quiet hours.", wait / 1000, counts=False)
        if lines:
            await self._send(target, "\n".join(lines))
        record = RecordChatNotice(target.id, until, reached=bool(lines), error=None if lines else target.last_error)
        await self._execute(record, system(work.workspace_id))

    async def _send(self, target: ChatTarget, text: str) -> None:
        try:
            address = self._secrets.open(target.address)
            await self._notifiers.send(target.workspace_id, target.notifier, address, text)
        except NotifyFailed as error:
            await self._execute(RecordChatNotice(target.id, target.told, error.sentence), system(target.workspace_id))
            raise ChoreFailed(error.sentence) from None

    def _due(
        self, session: Session, view: WorkspaceView, target_id: int, after: int
    ) -> tuple[ChatTarget, int, list[str]] | None:
        """The target, the position it is told up to, and what to say; no lines where there is nothing any more."""
        target = chat_target(session, view.id, target_id)
        if target is None:
            return None
        user = view.users.get(target.user_id or 0)
        if target.user_id is not None and (user is None or user.removed_at is not None):
            return None
        events = event_log.after(session, view.id, max(after, target.told), MOST_EVENTS, _TYPES)
        if not events:
            return None
        teller = _Teller(session, view, target, user, self._public_url)
        lines = list(dict.fromkeys(line for event in events if (line := teller.line(event))))
        more = len(lines) - MOST_LINES
        if more > 0:
            lines = [*lines[:MOST_LINES], f"and {more} more: {self._public_url}/conversations"]
        return target, events[-1].position, lines


class _Teller:
    """What one target is told of an event, if anything."""

    def __init__(
        self, session: Session, view: WorkspaceView, target: ChatTarget, user: User | None, public_url: str
    ) -> None:
        self._session = session
        self._view = view
        self._target = target
        self._user = user
        self._public_url = public_url
        # Where not everybody sees everything, what several people read names nobody.
        self._named = user is not None or view.policy.visibility is Visibility.ALL

    def line(self, event: Event) -> str | None:
        kind = kind_of(event)
        if kind is None or kind not in self._target.of:
            return None
        match kind:
            case Told.MESSAGE:
                return self._message(event)
            case Told.ASSIGNED:
                return self._about(event, "is yours now") if self._became_theirs(event) else None
            case Told.MENTION:
                named = self._user is not None and self._user.id in event.data.get("mentions", ())
                return self._about(event, "has a note that names you") if named else None
            case Told.FAILED:
                return self._about(event, "was not reached: a message failed") if self._is_theirs(event) else None
            case Told.GATEWAY:
                return self._gateway(event) if self._user is None or self._is_administrators() else None

    def _message(self, event: Event) -> str | None:
        found = arrival(self._session, self._view.id, event.message_id or 0)
        if found is None or not self._wants(found):
            return None
        place = self._place(found.conversation.id)
        if not self._named:
            return f"Somebody wrote. {place}"
        name = found.contact.name if found.contact.saved else None
        return f"{named_in_notice(name, found.message.their_address)} wrote. {place}"

    def _wants(self, found: Arrival) -> bool:
        """Unread by the one it is for; of what several share, unanswered."""
        conversation, user = found.conversation, self._user
        if user is None:
            return conversation.needs_reply and self._in_circle(conversation)
        if self._target.only_mine and conversation.user_id != user.id:
            return False
        unread = unread_of(self._session, self._view.id, user.id, [found.thread.id]).get(found.thread.id, 0)
        return unread > 0 and concerns(self._view, user, found)

    def _became_theirs(self, event: Event) -> bool:
        """Whether somebody else gave it to them."""
        if self._user is not None:
            return event.user_id == self._user.id and event.actor not in (
                f"user:{self._user.id}",
                f"api:{self._user.id}",
            )
        return self._target.group_id is not None and event.group_id == self._target.group_id

    def _is_theirs(self, event: Event) -> bool:
        conversation = self._conversation(event)
        if conversation is None:
            return False
        return conversation.user_id == self._user.id if self._user else self._in_circle(conversation)

    def _in_circle(self, conversation: Conversation) -> bool:
        return self._target.group_id is None or conversation.group_id == self._target.group_id

    def _is_administrators(self) -> bool:
        return self._user is not None and self._user.role == "administrator"

    def _about(self, event: Event, words: str) -> str | None:
        conversation = self._conversation(event)
        if conversation is None or not self._may_see(conversation):
            return None
        return f"{self._called(event)} {words}. {self._place(conversation.id)}"

    def _may_see(self, conversation: Conversation) -> bool:
        if self._user is None:
            return True
        viewer: Viewer = viewer_of(self._user)
        return may_see(viewer, Ownership(conversation.user_id, conversation.group_id), self._view.policy)

    def _called(self, event: Event) -> str:
        if not self._named or event.contact_id is None:
            return "A conversation"
        contact = contacts_after_merging(self._session, self._view.id, [event.contact_id]).get(event.contact_id)
        if contact is None or contact.erased_at is not None:
            return "A conversation"
        addresses: Sequence[object] = addresses_of(self._session, self._view.id, [contact.id]).get(contact.id, ())
        address = getattr(addresses[0], "value", "") if addresses else ""
        return named_in_notice(contact.name if contact.saved else None, address or "A conversation")

    def _conversation(self, event: Event) -> Conversation | None:
        if event.conversation_id is None:
            return None
        found = CONVERSATIONS.by(self._session, self._view.id, "id", [event.conversation_id])
        return found[0] if found else None

    def _gateway(self, event: Event) -> str | None:
        gateway = self._view.gateways.get(int(event.data.get("gateway_id", 0)))
        state = event.data.get("state")
        return f"The gateway {gateway.name} is {state}. {self._public_url}/settings/gateways" if gateway else None

    def _place(self, conversation_id: int) -> str:
        return f"{self._public_url}/conversations/{format_id('cnv', conversation_id)}"

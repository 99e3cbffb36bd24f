"""Reading one message or one conversation for whoever asks. What they may not see is not found."""

from collections.abc import Iterable, Mapping, Sequence

from gateway.core.access import sees_conversation, sees_thread
from gateway.domain.model import Conversation, Media, Message, Part
from gateway.storage.conversation_rows import rows_of
from gateway.storage.inbox import conversation_row
from gateway.storage.records import CONVERSATIONS, MEDIA, MESSAGES, PARTS
from gateway.storage.session import Session
from gateway.storage.sight import Sight, sight_of
from gateway.web import problems
from gateway.web.api.call import Call
from gateway.web.api.shapes.conversation import ConversationShape, conversation_shape
from gateway.web.api.shapes.message import MessageShape, message_shape
from gateway.web.contact_sight import newest_conversation


def sight(call: Call) -> Sight:
    """What the caller sees."""
    return sight_of(call.viewer, call.workspace_id, call.view.policy)


async def find_message(call: Call, message_id: int) -> Message:
    """A message of a thread, or of a closed conversation, that the caller may see. Problem 404 otherwise."""
    return (await call.read(lambda session: _message(session, call, message_id)))[0]


async def read_message(call: Call, message_id: int) -> MessageShape:
    """The same, as the API says it."""

    def look(session: Session) -> MessageShape:
        message, parts = _message(session, call, message_id)
        return message_shape(message, parts, _media(session, call.workspace_id, message.media_ids))

    return await call.read(look)


async def media_of(call: Call, ids: Sequence[int]) -> Mapping[int, Media]:
    """Pictures and files by id."""
    return await call.read(lambda session: _media(session, call.workspace_id, ids)) if ids else {}


async def find_conversation(call: Call, conversation_id: int) -> Conversation:
    """A conversation the caller may see. Problem 404 otherwise."""
    row = await call.read(lambda session: conversation_row(session, sight(call), conversation_id))
    if row is None:
        raise problems.not_found("conversation")
    return row.conversation


async def read_conversation(call: Call, conversation_id: int, *, just_given: bool = False) -> ConversationShape:
    """The same, as the API says it; one that was just given away is shown to the giver this once."""
    view = await call.state.directory.get(call.workspace_id)

    def look(session: Session) -> ConversationShape:
        row = conversation_row(session, sight(call), conversation_id)
        if row is None and just_given:
            found = CONVERSATIONS.by(session, call.workspace_id, "id", [conversation_id])
            row = next(iter(rows_of(session, call.workspace_id, call.signed.user.id, found)), None)
        if row is None:
            raise problems.not_found("conversation")
        previous = previous_in(session, call.workspace_id, [row.conversation])
        return conversation_shape(row, view, previous[row.conversation.id])

    return await call.read(look)


async def previous_of(call: Call, conversations: Sequence[Conversation]) -> Mapping[int, Sequence[int]]:
    """The conversations before each of these in their threads, the newest first."""
    if not any(one.number > 1 for one in conversations):
        return {}
    return await call.read(lambda session: previous_in(session, call.workspace_id, conversations))


def previous_in(session: Session, workspace_id: int, conversations: Sequence[Conversation]) -> dict[int, list[int]]:
    threads = {one.thread_id for one in conversations if one.number > 1}
    found = sorted(CONVERSATIONS.by(session, workspace_id, "thread_id", threads), key=lambda one: -one.number)
    return {
        one.id: [each.id for each in found if each.thread_id == one.thread_id and each.number < one.number]
        for one in conversations
    }


def _message(session: Session, call: Call, message_id: int) -> tuple[Message, list[Part]]:
    found = MESSAGES.by(session, call.workspace_id, "id", [message_id])
    if not found or not sees_message(session, call, found[0]):
        raise problems.not_found("message")
    parts = PARTS.by(session, call.workspace_id, "message_id", [message_id])
    return found[0], sorted(parts, key=lambda part: part.index)


def sees_message(session: Session, call: Call, message: Message) -> bool:
    """P4: whoever sees the thread's live conversation sees all of it; closed ones are for themselves."""
    newest = newest_conversation(session, call.workspace_id, message.thread_id)
    if sees_thread(call.view, call.caller, newest):
        return True
    own = CONVERSATIONS.by(session, call.workspace_id, "id", _known(message.conversation_id))
    return bool(own) and sees_conversation(call.view, call.caller, own[0], newest)


def _media(session: Session, workspace_id: int, ids: Iterable[int]) -> dict[int, Media]:
    wanted = list(ids)
    return {one.id: one for one in MEDIA.by(session, workspace_id, "id", wanted)} if wanted else {}


def _known(made: int | None) -> list[int]:
    return [] if made is None else [made]

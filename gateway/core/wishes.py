"""Wishes: words that may mean "no more messages". A person is asked what they mean; until then machines wait.

Nothing is an opt-out by a guess, and nothing goes out by itself while it may be one: whatever a machine would send to
this contact is held in the very transaction that stores the words (docs/decisions/0007-consent-words.md).
"""

from enum import StrEnum

from gateway.core.errors import FieldError
from gateway.core.scene import Scene
from gateway.core.threads import Place, append_event, append_fact
from gateway.domain.events import EventType
from gateway.domain.ids import format_id
from gateway.domain.model import Conversation, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.record import replace
from gateway.domain.status import Status

WAITS = "wish-undecided"
SENTENCE = "This contact may have asked for no more messages. What goes out by itself waits until somebody decides."

_BY_HAND = frozenset({Nature.NATURAL, Nature.TEST})
_PEOPLE = ("user", "api")


class Decided(StrEnum):
    """What became of a wish. `withdrawn`: the contact wrote START, or STOP, and nothing is left to decide."""

    UNSUBSCRIBE = "unsubscribe"
    KEEP = "keep"
    WITHDRAWN = "withdrawn"


def is_machine(nature: Nature, author: str) -> bool:
    """Whether a message goes out by itself: everything that no person wrote to this contact."""
    return nature not in _BY_HAND or not author.startswith(_PEOPLE)


def waits_for(scene: Scene, root: Thread | None, nature: Nature, author: str) -> FieldError | None:
    """Why a message of a machine waits, in a sentence; None where nobody has to decide anything."""
    if root is None or root.wish_message_id is None or not is_machine(nature, author):
        return None
    return FieldError("to", SENTENCE, WAITS)


def message_waits(scene: Scene, message: Message) -> bool:
    """The same of a message that was accepted already."""
    thread = scene.find(Thread, message.thread_id)
    root = scene.root(thread) if thread else None
    return waits_for(scene, root, message.nature, message.author) is not None


def suggest(scene: Scene, place: Place, message: Message, conversation: Conversation | None) -> None:
    """The words are there to be decided about. The first that were said stand until somebody has."""
    root = scene.find(Thread, place.root.id) or place.root
    if root.wish_message_id is not None:
        return
    scene.working.put(replace(root, wish_message_id=message.id))
    facts = {"message_id": format_id("msg", message.id)}
    _tell(scene, root.id, EventType.OPT_OUT_SUGGESTED, conversation, facts)


def settle(scene: Scene, thread: Thread | None, decided: Decided) -> None:
    """Nothing is left to decide: what was held goes on its way, and meets the ledger there like everything else.

    Whoever calls has asked for `needs.held`.
    """
    root = scene.root(scene.find(Thread, thread.id) or thread) if thread else None
    if root is None or root.wish_message_id is None:
        return
    facts = {"decided": str(decided), "message_id": format_id("msg", root.wish_message_id)}
    scene.working.put(replace(root, wish_message_id=None))
    family = {root.id, *(one.id for one in scene.working.all(Thread) if one.merged_into == root.id)}
    for message in scene.working.all(Message):
        if message.status is Status.HELD and message.thread_id in family:
            scene.schedule("release", scene.now, subject_id=message.id)
    _tell(scene, root.id, EventType.OPT_OUT_DECIDED, scene.newest(root), facts)


def _tell(
    scene: Scene, thread_id: int, event: EventType, conversation: Conversation | None, facts: dict[str, str]
) -> None:
    if conversation is not None and conversation.thread_id == thread_id:
        append_event(scene, event, conversation, facts)
        return
    append_fact(scene, thread_id, event, conversation, facts)
    scene.emit(event, thread=scene.find(Thread, thread_id), conversation=conversation, data=facts)

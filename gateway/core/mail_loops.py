"""Machines must not write to each other for ever (CASES 32): when an automatic e-mail may not leave."""

from gateway.core.commands.messages import SendMessage
from gateway.core.errors import invalid
from gateway.core.scene import Scene
from gateway.core.threads import Place
from gateway.domain.address import Address, AddressKind
from gateway.domain.model import Direction, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.record import replace

DAY_MS = 24 * 60 * 60 * 1000


def require_none(scene: Scene, command: SendMessage, to: Address, place: Place | None) -> None:
    """Refuses an automatic e-mail where a machine of theirs wrote within a day, or one of ours answered within one.

    Nobody is refused to whom nothing came from: what a machine says unasked is a notice, and no loop.
    """
    if command.nature is not Nature.AUTO or to.kind is not AddressKind.EMAIL or place is None:
        return
    root = place.root
    if _within_a_day(scene, root.automatic_at):
        sentence = "An automatic message came from there within a day; machines are not answered by machines."
        raise invalid("nature", sentence, "answers-a-machine")
    if _is_an_answer(scene, root) and _within_a_day(scene, root.auto_replied_at):
        raise invalid("nature", "This contact got an automatic answer within a day.", "one-automatic-answer-a-day")


def remember(scene: Scene, message: Message, root: Thread) -> None:
    """Notes an automatic answer that leaves, before it becomes the conversation's newest message."""
    if message.nature is Nature.AUTO and message.channel == "email" and _is_an_answer(scene, root):
        scene.working.put(replace(root, auto_replied_at=scene.now))


def _is_an_answer(scene: Scene, root: Thread) -> bool:
    """Whether the contact spoke last."""
    conversation = scene.newest(root)
    return conversation is not None and conversation.last_direction is Direction.INBOUND


def _within_a_day(scene: Scene, at: int | None) -> bool:
    return at is not None and scene.now - at < DAY_MS

"""The sender a contact is used to: learnt from what they write and what is sent (at once), and from what arrives.

What is queued counts as used already, so that two messages in a row leave alike; what then fails counts no more.
"""

from gateway.core.scene import Scene
from gateway.domain.model import Conversation, Direction, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.record import replace
from gateway.domain.status import Status

ARRIVED = frozenset({Status.DELIVERED, Status.READ})
REFUSED = frozenset({Status.FAILED, Status.UNDELIVERED})


def learn(scene: Scene, message: Message) -> None:
    """What the status a message just got says about its sender."""
    thread = scene.find(Thread, message.thread_id)
    if thread is None or message.direction is not Direction.OUTBOUND or message.nature is Nature.TEST:
        return
    root = scene.root(thread)
    if message.status in ARRIVED and (root.sticky_sender_id is None or _is_last_said(scene, message)):
        _keep(scene, root, message)
    elif message.status in REFUSED and root.sticky_sender_id == message.sender_id and _is_last_said(scene, message):
        _forget(scene, root)


def _is_last_said(scene: Scene, message: Message) -> bool:
    """Whether a person said it and nothing came after it, in either direction."""
    conversation = scene.find(Conversation, message.conversation_id)
    return message.nature is Nature.NATURAL and conversation is not None and conversation.last_message_id == message.id


def _keep(scene: Scene, root: Thread, message: Message) -> None:
    gateway_id = root.sticky_gateway_id if root.sticky_sender_id == message.sender_id else None
    learnt = replace(
        root,
        sticky_sender_id=message.sender_id,
        sticky_gateway_id=gateway_id or message.gateway_id,
        sticky_address=message.their_address,
    )
    if learnt != root:
        scene.working.put(learnt)


def _forget(scene: Scene, root: Thread) -> None:
    """Back to the one they wrote to, which reached us."""
    if root.inbound_sender_id is not None and root.inbound_sender_id != root.sticky_sender_id:
        scene.working.put(
            replace(root, sticky_sender_id=root.inbound_sender_id, sticky_gateway_id=root.inbound_gateway_id)
        )

"""Somebody sends a message: compose, route, consent, then `queued` with its parts and its work in one step."""

from collections.abc import Callable, Sequence

from gateway.core import mail_loops
from gateway.core.access import require, sees_thread
from gateway.core.commands.messages import SendMessage
from gateway.core.compose import Composition
from gateway.core.episodes import trigger
from gateway.core.errors import FieldError, Reason, Refused, conflict, invalid
from gateway.core.gateway_choice import health_needs
from gateway.core.needs import Needs
from gateway.core.previews import note_message
from gateway.core.questions import forget_question
from gateway.core.scene import Scene
from gateway.core.targets import Target, compose_for, find_target
from gateway.core.threads import Place, append_message, place_for
from gateway.domain.address import Address
from gateway.domain.asking import rested
from gateway.domain.conversation import SentByMachine, SentByPerson
from gateway.domain.events import EventType
from gateway.domain.model import (
    Conversation,
    Direction,
    Media,
    Message,
    Part,
    Thread,
)
from gateway.domain.nature import Nature, goes_by_itself
from gateway.domain.record import replace
from gateway.domain.status import Status
from gateway.domain.visibility import Permission

DISCLAIMER = "The next text is a test of a message. No answer is needed."


def send_needs(command: SendMessage, needs: Needs) -> None:
    """The thread with its contact's addresses, what they said about being written to, and how the gateways are."""
    health_needs(needs)
    if command.to is not None:
        needs.addresses.add(command.to.value)
        needs.consents.add(command.to.value)
    if command.contact_id is not None:
        needs.contacts.add(command.contact_id)
        needs.ledger = True
    if command.thread_id is not None:
        needs.threads.add(command.thread_id)
        needs.ledger = True
    needs.media.update(command.media_ids)


def send(command: SendMessage, scene: Scene) -> Message:
    """Accepts a message for sending, or refuses it with every reason."""
    require(scene.caller, Permission.REPLY)
    if command.test:
        return _send_test(command, scene)
    target = find_target(scene, command)
    _check_seen(command, target)
    composition = compose_for(scene, command, target)
    require_sendable(composition)
    mail_loops.require_none(scene, command, target.address, target.place)
    place = target.place or place_for(scene, target.address)
    nature = command.nature or Nature.NATURAL
    person = scene.caller.is_person and nature is Nature.NATURAL
    episode = trigger(scene, place.root, SentByPerson() if person else SentByMachine())
    return queue(scene, command, target.address, place, composition, episode.conversation)


def objections(scene: Scene, command: SendMessage, target: Target) -> tuple[FieldError, ...]:
    """Why `send` would refuse it, beside what it says and which way it goes; for who looks ahead."""
    found: list[FieldError] = []
    checks: tuple[Callable[[], object], ...] = (
        lambda: _check_seen(command, target),
        lambda: mail_loops.require_none(scene, command, target.address, target.place),
        lambda: _files(scene, command.media_ids, None),
    )
    for check in checks:
        try:
            check()
        except Refused as refused:
            found += refused.errors or (FieldError("expected_seq", refused.detail, refused.code),)
    return tuple(found)


def require_sendable(composition: Composition) -> None:
    """Refuses with the first reason as its code and all of them as fields."""
    if composition.refusals:
        first = composition.refusals[0]
        for one in composition.refusals:
            if one.code == "recipient-opted-out":
                first = one
        errors = (first, *(one for one in composition.refusals if one is not first))
        raise Refused(Reason.INVALID, first.code, first.message, errors)


def queue(
    scene: Scene,
    command: SendMessage,
    to: Address,
    place: Place,
    composition: Composition,
    conversation: Conversation | None,
) -> Message:
    """The message, its parts, its entry and its work."""
    message = scene.working.put(_message(scene, command, to, place, composition, conversation))
    for index in range(1, composition.segments + 1):
        scene.working.put(Part(scene.workspace_id, message.id, index, Status.QUEUED))
    _attach(scene, message)
    append_message(scene, message, conversation)
    mail_loops.remember(scene, message, scene.find(Thread, place.root.id) or place.root)
    conversation = note_message(scene, message, conversation)
    if message.status is Status.SCHEDULED:
        scene.schedule("release", message.send_at or scene.now, subject_id=message.id)
        return message
    if message.status is Status.HELD:
        if composition.held_until is not None:  # what waits for a person has no hour
            scene.schedule("release", composition.held_until, subject_id=message.id)
        return message
    enqueue(scene, message)
    root = scene.find(Thread, place.root.id) or place.root
    if message.nature is Nature.NATURAL:
        root = scene.working.put(_last_used(root, message, to, composition))
        if root.question_id is not None and scene.caller.is_person:
            forget_question(scene, root)
            root = scene.find(Thread, root.id) or root
    scene.emit(
        EventType.MESSAGE_QUEUED,
        thread=root,
        conversation=conversation,
        message_id=message.id,
        data={"nature": str(message.nature), "channel": message.channel},
    )
    return message


def _last_used(root: Thread, message: Message, to: Address, composition: Composition) -> Thread:
    """The sender is what was used last; a gateway that only stands in for another is nothing to keep to.

    What a form or a poll asked rests: the contact's next message is for whoever wrote last.
    """
    gateway_id = root.sticky_gateway_id if composition.route.detour else message.gateway_id
    return replace(
        root,
        sticky_sender_id=message.sender_id,
        sticky_gateway_id=gateway_id,
        sticky_address=to.value,
        asking=rested(root.asking),
    )


def enqueue(scene: Scene, message: Message, due_at: int | None = None) -> None:
    """Work for a sender, in the lane of its thread; what goes out in bulk makes room for what people write."""
    scene.schedule(
        "send",
        scene.now if due_at is None else due_at,
        lane=message.thread_id,
        subject_id=message.id,
        gateway_id=message.gateway_id,
        weight=max(1, message.segments),
        sender_id=message.sender_id or 0,
        bulk=goes_by_itself(message.nature, message.cause),
    )


def _message(
    scene: Scene,
    command: SendMessage,
    to: Address,
    place: Place,
    composition: Composition,
    conversation: Conversation | None,
) -> Message:
    sender, gateway = composition.route.sender, composition.route.gateway
    assert sender is not None, "a message without a sender was refused"
    assert gateway is not None, "a sender that was chosen is served"
    message_id = scene.new_id()
    return Message(
        workspace_id=scene.workspace_id,
        id=message_id,
        thread_id=place.thread.id,
        contact_id=place.contact.id,
        direction=Direction.OUTBOUND,
        channel=composition.channel,
        nature=command.nature or Nature.NATURAL,
        status=_first_status(scene, command, composition),
        body=composition.text,
        our_address=sender.value,
        their_address=to.value,
        created_at=scene.now,
        their_kind=to.kind,
        conversation_id=conversation.id if conversation else None,
        subject=command.subject,
        sender_id=sender.id,
        gateway_id=gateway.id,
        encoding=composition.encoding,
        units=composition.units,
        segments=composition.segments,
        cost_micros=composition.price.micros if composition.price else None,
        currency=composition.price.currency if composition.price else None,
        author=scene.caller.actor,
        author_name=scene.caller.name,
        purpose=command.purpose,
        metadata=command.metadata,
        route=composition.as_facts(),
        media_ids=(*command.media_ids, *_linked(scene, command, message_id)),
        appended=composition.appended,
        retry_of=command.retry_of,
        send_at=command.send_at,
        expires_at=command.expires_at,
        cause=scene.caller.cause,
    )


def _first_status(scene: Scene, command: SendMessage, composition: Composition) -> Status:
    if command.send_at is not None and command.send_at > scene.now:
        return Status.SCHEDULED
    return Status.QUEUED if composition.held_until is None and composition.wish is None else Status.HELD


def _linked(scene: Scene, command: SendMessage, message_id: int) -> tuple[int, ...]:
    """Media given as links are fetched as work before the message leaves."""
    ids = []
    for url in command.media_urls:
        media_id = scene.new_id()
        scene.working.put(
            Media(
                scene.workspace_id,
                media_id,
                "application/octet-stream",
                "pending",
                scene.now,
                url=url,
                message_id=message_id,
            )
        )
        scene.schedule("media", scene.now, subject_id=media_id)
        ids.append(media_id)
    return tuple(ids)


def _attach(scene: Scene, message: Message) -> None:
    if message.retry_of is not None:
        return  # its files are those of the message it repeats, and stay with that
    for media in _files(scene, message.media_ids, message.id):
        if media.message_id is None and not media.library:
            scene.working.put(replace(media, message_id=message.id))


def _files(scene: Scene, media_ids: Sequence[int], message_id: int | None) -> list[Media]:
    files = [scene.find(Media, media_id) for media_id in media_ids]
    found = [media for media in files if media is not None and _may_send(scene, media, message_id)]
    if len(found) < len(files):
        raise invalid("media", "There is no such file.", "not-found")
    return found


def _may_send(scene: Scene, media: Media, message_id: int | None) -> bool:
    """What one uploaded oneself, the library's, and what came in a thread one sees; nobody else's."""
    if media.library or (message_id is not None and media.message_id == message_id):
        return True
    if media.message_id is None:
        return media.user_id is None or media.user_id == scene.caller.user_id
    carrier = scene.find(Message, media.message_id)
    thread = scene.find(Thread, carrier.thread_id) if carrier else None
    return thread is not None and sees_thread(scene.view, scene.caller, scene.newest(thread))


def _check_seen(command: SendMessage, target: Target) -> None:
    """CASES 39: a reply over something the writer has not seen is held back, and they are told."""
    if command.expected_seq is None or target.place is None:
        return
    if target.place.root.message_seq > command.expected_seq:
        raise conflict("thread-moved-on", "Something was said in this thread that you have not seen yet.")


def _send_test(command: SendMessage, scene: Scene) -> Message:
    """First a disclaimer, then the text, both of nature test, in that number's own thread, opening nothing."""
    as_test = replace(command, test=False, nature=Nature.TEST)
    target = find_target(scene, as_test)
    composition = compose_for(scene, as_test, target)
    require_sendable(composition)
    notice = replace(as_test, body=DISCLAIMER, media_ids=(), media_urls=(), metadata={})
    place = target.place or place_for(scene, target.address)
    queue(scene, notice, target.address, place, compose_for(scene, notice, target), None)
    return queue(scene, as_test, target.address, place, composition, None)

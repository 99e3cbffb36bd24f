"""A contact wrote: duplicate? join parts; opt-out words; contact, thread, conversation; nature; and one entry."""

from collections.abc import Sequence

from gateway.core import consents
from gateway.core.commands.messages import FlushIncomplete, Received, ReceiveMessage
from gateway.core.decisions import enclosed, talks
from gateway.core.episodes import trigger
from gateway.core.needs import Needs
from gateway.core.previews import note_message
from gateway.core.questions import Answer, answer_in, forget_question, record_answer
from gateway.core.scene import Scene
from gateway.core.threads import Place, append_message, place_for
from gateway.core.wishes import Decided, settle, suggest
from gateway.domain.consent import ConsentWord
from gateway.domain.consent_wishes import sounds_like_a_stop
from gateway.domain.consent_words import whole_word
from gateway.domain.conversation import NaturalInbound, OtherInbound
from gateway.domain.encoding import encoding_of, units
from gateway.domain.events import EventType
from gateway.domain.joining import Assembly
from gateway.domain.model import Conversation, Direction, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.own_wishes import is_among
from gateway.domain.record import replace
from gateway.domain.status import Status
from gateway.storage.facts import InboundKey, PendingPart, bucket_of

JOIN_WAIT_MS = 5 * 60_000
"""How long the parts of a long message are waited for before what is there is shown, marked incomplete."""

_MOVES_CONSENT = frozenset({ConsentWord.STOP, ConsentWord.START})


def receive_needs(command: ReceiveMessage, needs: Needs) -> None:
    """The sender's thread, whether the message is known, and the ledger when words of consent were said."""
    needs.addresses.add(command.sender.value)
    needs.inbound_keys.add(command.provider_key)
    if command.concat is not None and command.concat.is_long:
        needs.pending_parts.add(join_key(command))
    word = command.consent or whole_word(command.body, stopped=True)
    if command.concat is not None or word in _MOVES_CONSENT:
        needs.consents.add(command.sender.value)
        needs.held = True


def receive(command: ReceiveMessage, scene: Scene) -> Received:
    """Stores an inbound message once, however often it is delivered."""
    if _known(command, scene):
        return Received(None, duplicate=True)
    _remember(command, scene)
    if command.concat is not None and command.concat.is_long:
        whole = _join(command, scene)
        if whole is None:
            return Received(None)
        command = replace(command, body=whole, concat=None)
    return Received(store(command, scene))


def store(command: ReceiveMessage, scene: Scene) -> Message:
    """A whole inbound message into its contact's thread."""
    place = place_for(scene, command.sender)
    word = command.consent or whole_word(command.body, stopped=True)
    if word in _MOVES_CONSENT and command.consent is None:
        word = whole_word(command.body, stopped=consents.is_stopped(scene, command.sender.value))
    wish = word is None and command.nature is None and _wants_out(command.body, scene.view.policy.stop_phrases)
    planned, answer = (None, None) if wish else _meant(command, scene, place, word)
    nature = planned.nature if planned is not None else _nature(command, scene, word)
    if wish:
        nature = Nature.NATURAL  # no plugin takes such words for an answer
    elif answer is not None:
        nature = answer.nature
    what = NaturalInbound() if nature is Nature.NATURAL else OtherInbound()
    episode = trigger(scene, place.root, what, assignment=command.assignment or scene.verdict.assignment)
    message = _message(command, scene, place, nature, episode.conversation)
    scene.working.put(message)
    _remember_sender(scene, place, message)
    append_message(scene, message, episode.conversation, unread=episode.move.unread)
    conversation = note_message(scene, message, episode.conversation)
    scene.emit(
        EventType.MESSAGE_RECEIVED,
        thread=scene.find(Thread, place.root.id),
        conversation=conversation,
        message_id=message.id,
        data={"nature": str(nature), "channel": command.channel, "unread": episode.move.unread},
    )
    if word is not None and word in _MOVES_CONSENT:
        consents.record_word(scene, place, command, word)
        settle(scene, place.root, Decided.WITHDRAWN)
        forget_question(scene, place.root)
        if word is ConsentWord.STOP and place.root.asking is not None:
            talks.stop(scene, place.root)
    elif wish:
        suggest(scene, place, message, conversation)
        forget_question(scene, place.root)
    elif answer is not None:
        record_answer(scene, answer, message)
    if planned is not None:
        planned.do(message)
    return message


def _wants_out(body: str, phrases: Sequence[str]) -> bool:
    return sounds_like_a_stop(body) or is_among(body, phrases)


def _meant(
    command: ReceiveMessage, scene: Scene, place: Place, word: ConsentWord | None
) -> tuple[talks.Plan | None, Answer | None]:
    """What the text is to keywords and forms, or to what a plugin asked: one of them at most.

    A form or a poll that waits for it goes before; so does a word where any words would be an answer.
    """
    answer = None
    if word not in _MOVES_CONSENT and command.nature is None:
        answer = answer_in(scene, place, command)
    if answer is not None and answer.value is not None and place.root.asking is None:
        return None, answer
    planned = talks.plan(command, scene, place, word)
    return planned, None if planned is not None else answer


def _known(command: ReceiveMessage, scene: Scene) -> bool:
    bucket, key, known = bucket_of(scene.now), command.provider_key, scene.working.get
    return known(InboundKey, bucket, key) is not None or known(InboundKey, bucket - 1, key) is not None


def _remember(command: ReceiveMessage, scene: Scene) -> None:
    scene.working.put(InboundKey(bucket_of(scene.now), command.provider_key, scene.workspace_id))


def _nature(command: ReceiveMessage, scene: Scene, word: ConsentWord | None) -> Nature:
    if command.nature is not None:
        return command.nature
    if word in _MOVES_CONSENT:
        return Nature.KEYWORD
    return scene.verdict.nature or Nature.NATURAL


def _message(
    command: ReceiveMessage, scene: Scene, place: Place, nature: Nature, conversation: Conversation | None
) -> Message:
    sender = scene.view.sender_for_address(command.recipient.value, command.channel)
    encoding = encoding_of(command.body) if command.channel == "sms" else None
    message_id = scene.new_id()
    return Message(
        workspace_id=scene.workspace_id,
        id=message_id,
        thread_id=place.thread.id,
        contact_id=place.contact.id,
        direction=Direction.INBOUND,
        channel=command.channel,
        nature=nature,
        status=Status.RECEIVED,
        body=command.body,
        our_address=command.recipient.value,
        their_address=command.sender.value,
        created_at=scene.now,
        their_kind=command.sender.kind,
        conversation_id=conversation.id if conversation else None,
        subject=command.subject,
        sender_id=sender.id if sender else None,
        gateway_id=command.gateway_id,
        encoding=encoding,
        units=units(command.body, encoding) if encoding else 0,
        segments=1 if encoding else 0,
        author=f"contact:{place.contact.id}",
        author_name=place.contact.name,
        metadata=command.metadata,
        media_ids=enclosed.files_of(command, scene, message_id),
        incomplete=command.incomplete,
        quoted=command.quoted,
        html_id=enclosed.html_of(command, scene, message_id),
    )


def _remember_sender(scene: Scene, place: Place, message: Message) -> None:
    root = scene.find(Thread, place.root.id) or place.root
    if (
        root.sticky_sender_id == root.inbound_sender_id == message.sender_id
        and root.sticky_gateway_id == root.inbound_gateway_id == message.gateway_id
        and root.sticky_address == message.their_address
        and message.nature is not Nature.AUTO
    ):
        return
    scene.working.put(
        replace(
            root,
            inbound_sender_id=message.sender_id,
            inbound_gateway_id=message.gateway_id,
            sticky_sender_id=message.sender_id,
            sticky_gateway_id=message.gateway_id,
            sticky_address=message.their_address,
            automatic_at=scene.now if message.nature is Nature.AUTO else root.automatic_at,
        )
    )


def join_key(command: ReceiveMessage) -> str:
    """Which long message a part belongs to: account, source, destination, reference and total."""
    assert command.concat is not None, "only parts are joined"
    concat = command.concat
    addresses = f"{command.sender.value}|{command.recipient.value}"
    return f"{command.account}|{addresses}|{concat.reference}|{concat.total}"


def _join(command: ReceiveMessage, scene: Scene) -> str | None:
    """The whole text when this part completes it; until then the part is kept."""
    assert command.concat is not None, "only parts are joined"
    key = join_key(command)
    waiting = [one for one in scene.working.all(PendingPart) if one.key == key]
    assembly = Assembly(command.concat.total, {one.index: _read(one.body) for one in waiting})
    grown = assembly.add(command.concat, command.body)
    if grown is None or (text := grown.text) is None:
        index = command.concat.index
        if index not in assembly.parts:
            scene.working.put(PendingPart(scene.workspace_id, key, index, _written(command.body), scene.now, None))
        if not waiting:
            _await_the_rest(command, scene, key)
        return None
    for one in waiting:
        scene.working.remove(one)
    return text


def _written(part: str) -> str:
    """A part as it is kept: half a character, cut between two parts, has no octets in any database."""
    return part.encode("unicode_escape").decode()


def _read(kept: str) -> str:
    return kept.encode().decode("unicode_escape")


def _await_the_rest(command: ReceiveMessage, scene: Scene, key: str) -> None:
    concat = command.concat
    assert concat is not None, "only parts are joined"
    scene.schedule(
        "join",
        scene.now + JOIN_WAIT_MS,
        gateway_id=command.gateway_id,
        data={
            "key": key,
            "total": concat.total,
            "sender": [command.sender.kind, command.sender.value],
            "recipient": [command.recipient.kind, command.recipient.value],
            "account": command.account,
            "channel": command.channel,
        },
    )


def flush_needs(command: FlushIncomplete, needs: Needs) -> None:
    """The parts that came, and the thread they belong to."""
    needs.pending_parts.add(command.key)
    needs.addresses.add(command.sender.value)
    needs.consents.add(command.sender.value)


def flush(command: FlushIncomplete, scene: Scene) -> Received | None:
    """Shows an incomplete long message with its gaps marked; late parts then start a set of their own."""
    waiting = [one for one in scene.working.all(PendingPart) if one.key == command.key]
    if not waiting:
        return None
    assembly = Assembly(command.total, {one.index: _read(one.body) for one in waiting})
    for one in waiting:
        scene.working.remove(one)
    whole = ReceiveMessage(
        gateway_id=command.gateway_id,
        sender=command.sender,
        recipient=command.recipient,
        body=assembly.so_far,
        provider_key="",
        account=command.account,
        channel=command.channel,
        incomplete=True,
    )
    return Received(store(whole, scene))

"""A plugin asks a contact something: one thing at a time in a thread, and the first that was asked goes before."""

from gateway.core.commands.messages import SendMessage
from gateway.core.commands.questions import AskQuestion
from gateway.core.decisions.send import send, send_needs
from gateway.core.errors import conflict, invalid
from gateway.core.needs import Needs
from gateway.core.questions import facts_of, open_question
from gateway.core.scene import Scene
from gateway.domain.asking import asking_of
from gateway.domain.events import EventType
from gateway.domain.model import Conversation, Thread
from gateway.domain.nature import Nature
from gateway.domain.questions import MOST_VALUE, Question
from gateway.domain.record import replace
from gateway.storage.facts import ConversationTag

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
LONGEST_HOURS = 24 * 30


def ask_needs(command: AskQuestion, needs: Needs) -> None:
    """What a send needs; what was asked here before; the conversation with its tags."""
    send_needs(_message(command, None), needs)
    needs.record(Question, "thread_id", [command.thread_id])
    if command.conversation_id is not None:
        needs.conversations.add(command.conversation_id)
        needs.tags_of.add(command.conversation_id)


def ask(command: AskQuestion, scene: Scene) -> Question:
    """Sends the question, of nature form, and waits for the answer. 409 where something else is being asked."""
    thread = scene.thread(command.thread_id)
    root = scene.root(thread)
    before = [one for one in scene.working.all(Question) if one.thread_id in {thread.id, root.id}]
    known = next((one for one in before if (one.plugin, one.key) == (command.plugin, command.key)), None)
    if known is not None:
        return known
    _check(command)
    _require_free(command, scene, root, before)
    conversation = scene.find(Conversation, command.conversation_id) or scene.newest(root)
    subject = command.subject if conversation is None or conversation.last_channel == "email" else None
    message = send(_message(command, subject), scene)
    about = next((one for one in before if one.id == command.about), None)
    question = scene.working.put(
        Question(
            scene.workspace_id,
            scene.new_id(),
            command.plugin,
            command.key,
            root.id,
            root.contact_id,
            message.id,
            scene.now,
            scene.now + command.hours * HOUR_MS,
            scale=command.scale,
            answers={value: tuple(words) for value, words in command.answers.items()},
            conversation_id=conversation.id if conversation else None,
            user_id=about.user_id if about else conversation.user_id if conversation else None,
            sender_id=about.sender_id if about else message.sender_id,
            gateway_id=about.gateway_id if about else message.gateway_id,
            tag_ids=about.tag_ids if about else _tags(scene, conversation),
            about=about.id if about else None,
            asked_from=message.sender_id,
        )
    )
    current = scene.find(Thread, root.id) or root
    scene.working.put(replace(current, question_id=question.id, asking=_without_poll(current.asking)))
    scene.emit(
        EventType.QUESTION_ASKED,
        thread=scene.find(Thread, root.id),
        conversation=conversation,
        message_id=message.id,
        data=facts_of(question),
    )
    return question


def _message(command: AskQuestion, subject: str | None) -> SendMessage:
    return SendMessage(
        body=command.body, thread_id=command.thread_id, from_=command.from_, subject=subject, nature=Nature.FORM
    )


def _check(command: AskQuestion) -> None:
    if not 1 <= command.hours <= LONGEST_HOURS:
        raise invalid("hours", f"An answer is waited for 1 to {LONGEST_HOURS} hours.")
    for value in command.answers:
        if not (value.isascii() and value.isdigit() and int(value) <= MOST_VALUE):
            raise invalid("answers", f"The value of an answer is a whole number from 0 to {MOST_VALUE}.")


def _require_free(command: AskQuestion, scene: Scene, root: Thread, before: list[Question]) -> None:
    other = open_question(scene, root)
    asking = asking_of(root.asking)
    if (other is not None and other.id != command.about) or (asking is not None and not asking.paused):
        raise conflict(
            "being-asked", "This contact is being asked something else at the moment; the first goes before."
        )
    if root.automatic_at is not None and scene.now - root.automatic_at < DAY_MS:
        raise conflict("answers-a-machine", "A machine of theirs wrote within a day; it is not asked anything.")
    since = scene.now - command.not_within_days * DAY_MS
    same = [one.asked_at for one in before if one.scale == command.scale and one.about is None and one.asked_at > since]
    if command.about is None and command.not_within_days and same:
        sentence = f"This contact was asked within {command.not_within_days} days; more would be too much."
        raise conflict("asked-before", sentence)


def _tags(scene: Scene, conversation: Conversation | None) -> tuple[int, ...]:
    of = conversation.id if conversation else 0
    return tuple(sorted(one.tag_id for one in scene.working.all(ConversationTag) if one.conversation_id == of))


def _without_poll(asking: str | None) -> str | None:
    """A poll that waits would take a "5" for its own; whoever asked last is answered. A form is never interrupted."""
    known = asking_of(asking)
    return None if known is not None and known.kind == "poll" else asking

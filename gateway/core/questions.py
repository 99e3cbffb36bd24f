"""The question that is open in a thread, and what of a contact's words is its answer."""

from collections.abc import Mapping

from gateway.core.asked_from import is_answered_at
from gateway.core.commands.messages import ReceiveMessage
from gateway.core.scene import Scene
from gateway.core.threads import Place
from gateway.domain.events import EventType
from gateway.domain.ids import format_id
from gateway.domain.model import Conversation, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.questions import Question, QuestionState, read_answer
from gateway.domain.record import record, replace


@record
class Answer:
    """A question and what was answered; `value` is None where any words are an answer."""

    question: Question
    value: int | None
    nature: Nature


def open_question(scene: Scene, root: Thread) -> Question | None:
    """What waits for an answer in a thread now."""
    question = scene.find(Question, root.question_id)
    if question is None or question.state is not QuestionState.OPEN or question.until <= scene.now:
        return None
    return question


def answer_in(scene: Scene, place: Place, command: ReceiveMessage) -> Answer | None:
    """The answer that a text is; None where nothing is asked, or of another number, or it is about something else.

    A remark that asks back is kept as the answer and is natural all the same: a person should read it.
    """
    root = scene.find(Thread, place.root.id) or place.root
    if root.question_id is None:
        return None
    question, body = open_question(scene, root), command.body
    if question is None or not body.strip():
        return None
    told = scene.view.sender_for_address(command.recipient.value, command.channel)
    if not is_answered_at(scene.view, question.asked_from, told.id if told else None):
        return None
    if not question.answers:
        return Answer(question, None, Nature.NATURAL if "?" in body else Nature.FORM)
    value = read_answer(body, question.answers)
    return None if value is None else Answer(question, int(value), Nature.FORM)


def record_answer(scene: Scene, answer: Answer, message: Message) -> None:
    """Nothing is asked any more; whoever asked is told, by the log."""
    question = scene.working.put(
        replace(
            answer.question,
            state=QuestionState.ANSWERED,
            value=answer.value,
            answer_id=message.id,
            answered_at=scene.now,
        )
    )
    root = scene.root(scene.find(Thread, question.thread_id) or _thread_of(scene, message))
    root = scene.working.put(replace(root, question_id=None))
    scene.emit(
        EventType.QUESTION_ANSWERED,
        thread=root,
        conversation=scene.find(Conversation, question.conversation_id),
        message_id=message.id,
        data={**facts_of(question), "value": question.value},
    )


def forget_question(scene: Scene, thread: Thread) -> None:
    """A person writes, or the contact opted out: what comes next is no answer to a machine."""
    root = scene.find(Thread, thread.id) or thread
    if root.question_id is None:
        return
    question = scene.find(Question, root.question_id)
    if question is not None and question.state is QuestionState.OPEN:
        scene.working.put(replace(question, state=QuestionState.ENDED))
    scene.working.put(replace(root, question_id=None))


def facts_of(question: Question) -> Mapping[str, object]:
    """What the log says of a question."""
    about = None if question.about is None else format_id("qst", question.about)
    found = {"question_id": format_id("qst", question.id), "plugin": question.plugin, "key": question.key}
    return {**found, "scale": question.scale, "about": about}


def _thread_of(scene: Scene, message: Message) -> Thread:
    thread = scene.find(Thread, message.thread_id)
    assert thread is not None, "a message that is stored has its thread loaded"
    return thread

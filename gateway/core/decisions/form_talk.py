"""A form with a contact: begun, answered question by question, ended one way or another."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from gateway.core.automation_facts import zone_of
from gateway.core.commands.messages import ReceiveMessage
from gateway.core.decisions.machine_texts import Said, Speaker, as_machine, say
from gateway.core.decisions.talk_effects import join_list, live, tag
from gateway.core.scene import Scene
from gateway.core.threads import Place
from gateway.domain.asking import Asking, asking_of
from gateway.domain.events import EventType
from gateway.domain.form_answers import Answer, WrongAnswer, read_answer
from gateway.domain.forms import Form, FormResponse, Question, QuestionType, ResponseState, questions_in
from gateway.domain.model import Contact, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.record import record, replace
from gateway.domain.said import plain

EXPIRE_FORM = "form"
"""Work: look whether the response that is its subject has been waited for long enough."""


@record(gc=True)
class Taken:
    """What an answer is, and what to do once it is stored."""

    nature: Nature
    do: Callable[[Message], None]


def asked_text(question: Question) -> str:
    """A question as it is texted: with its numbered choices below it."""
    if question.type is not QuestionType.CHOICE:
        return question.text
    return "\n".join([question.text, *(f"{place} {one.label}" for place, one in enumerate(question.choices, 1))])


def begin_by_word(scene: Scene, form: Form, speaker: Speaker) -> Said:
    """The contact's own word begins it. Who is in the middle of it is asked the same again; of another one, begins."""
    root = scene.find(Thread, speaker.place.root.id) or speaker.place.root
    running = running_response(scene, root)
    if running is not None and running.form_id == form.id:
        return _ask(scene, _speaker(speaker, form), running)
    if not form.enabled or form.removed_at is not None:
        return Said(refused="form-off")
    response = new_response(scene, form, speaker.place, speaker.to.value, f"contact:{root.contact_id}")
    said = _ask(scene, _speaker(speaker, form), response)
    if said.message is not None and running is not None:
        end(scene, running, ResponseState.REPLACED, asks_next=response)
    return said


def new_response(scene: Scene, form: Form, place: Place, address: str, actor: str) -> FormResponse:
    """A way through the form, nothing of it asked yet; not kept until it is."""
    return FormResponse(
        scene.workspace_id,
        scene.new_id(),
        form.id,
        place.root.contact_id,
        place.root.id,
        scene.now,
        address,
        actor,
        form.questions,
    )


def running_response(scene: Scene, root: Thread) -> FormResponse | None:
    """The one form that is under way in a thread."""
    asking = asking_of(root.asking)
    response = scene.find(FormResponse, asking.id) if asking is not None and asking.kind == "form" else None
    return response if response is not None and response.state is ResponseState.RUNNING else None


def asked(scene: Scene, response: FormResponse, form: Form, message: Message) -> FormResponse:
    """Its question is on its way: what the contact says next is the answer."""
    root = scene.find(Thread, response.thread_id)
    assert root is not None, "who is asked has a thread"
    first = response.asked_at == 0
    after = scene.working.put(replace(response, asked_at=scene.now, sender_id=message.sender_id))
    scene.working.put(replace(root, asking=str(Asking("form", response.id)), question_id=None))
    if first:
        due_at = scene.now + form.timeout * 1000
        scene.schedule(EXPIRE_FORM, due_at, subject_id=response.id, data={"thread": response.thread_id})
        _tell(scene, EventType.FORM_STARTED, after, form, {})
    return after


def answer(scene: Scene, command: ReceiveMessage, place: Place, response: FormResponse) -> Taken:
    """Reads the answer to the question that waits. After the last try the message is a person's again."""
    form = scene.view.forms[response.form_id]
    questions = questions_in(response.questions)
    question = questions[response.question]
    said = command.body

    def speaker(message: Message) -> Speaker:
        return Speaker(Nature.FORM, form.name, command.sender, place, message.sender_id, message)

    if plain(said) == plain(form.way_out):
        return Taken(Nature.FORM, lambda message: _leave(scene, speaker(message), response, form))
    try:
        good = read_answer(question, said, _today(scene), scene.view.policy.default_country)
    except WrongAnswer as wrong:
        if response.tries + 1 >= question.tries:
            return Taken(Nature.NATURAL, lambda message: end(scene, response, ResponseState.GIVEN_UP))
        again = replace(response, tries=response.tries + 1)
        text = question.wrong or wrong.sentence
        return Taken(Nature.FORM, lambda message: _ask_again(scene, speaker(message), again, text))
    return Taken(Nature.FORM, lambda message: _go_on(scene, speaker(message), response, question, good))


def end(scene: Scene, response: FormResponse, state: ResponseState, asks_next: FormResponse | None = None) -> None:
    """It is over before its last question."""
    after = scene.working.put(replace(response, state=state, ended_at=scene.now))
    root = scene.find(Thread, response.thread_id)
    if root is not None and asks_next is None:
        asking = asking_of(root.asking)
        if asking is not None and asking.kind == "form" and asking.id == response.id:
            scene.working.put(replace(root, asking=None))
    _tell(scene, EventType.FORM_ENDED, after, scene.view.forms[response.form_id], {"how": str(state)})


def _go_on(scene: Scene, speaker: Speaker, response: FormResponse, question: Question, good: Answer) -> None:
    """Keeps the answer, and asks what comes next."""
    assert speaker.message is not None, "an answer is a message"
    noted = {"key": question.key, "value": good.value, "said": speaker.message.body[:1_000], "at": scene.now}
    response = replace(response, answers=(*response.answers, noted), question=response.question + 1, tries=0)
    as_us = as_machine(scene, speaker)
    _keep(as_us, speaker.place, question, good)
    if good.choice is not None:
        tag(as_us, speaker.place.root, good.choice.tag_id)
    if response.question < len(response.questions):
        if _ask(scene, speaker, response).message is None:  # nobody is left waiting for a question that can't be asked
            end(scene, response, ResponseState.STOPPED)
        return
    _complete(as_us, speaker, response)


def _complete(scene: Scene, speaker: Speaker, response: FormResponse) -> None:
    form = scene.view.forms[response.form_id]
    after = scene.working.put(replace(response, state=ResponseState.COMPLETED, ended_at=scene.now))
    root = scene.find(Thread, response.thread_id)
    assert root is not None, "who answered has a thread"
    scene.working.put(replace(root, asking=None))
    join_list(scene, root, form.list_id)
    tag(scene, root, form.tag_id)
    if form.thanks is not None:
        say(scene, speaker, form.thanks, _answers(after))
    _tell(scene, EventType.FORM_COMPLETED, after, form, {"answers": len(after.answers)}, speaker.message)


def _leave(scene: Scene, speaker: Speaker, response: FormResponse, form: Form) -> None:
    end(scene, response, ResponseState.LEFT)
    if form.left is not None:
        say(scene, speaker, form.left, _answers(response))


def _ask_again(scene: Scene, speaker: Speaker, response: FormResponse, text: str) -> None:
    said = say(scene, speaker, text, _answers(response))
    if said.message is None:
        scene.working.put(response)
        return
    asked(scene, response, scene.view.forms[response.form_id], said.message)


def _ask(scene: Scene, speaker: Speaker, response: FormResponse) -> Said:
    question = questions_in(response.questions)[response.question]
    said = say(scene, speaker, asked_text(question), _answers(response))
    if said.message is not None:
        asked(scene, response, scene.view.forms[response.form_id], said.message)
    return said


def _answers(response: FormResponse) -> Mapping[str, Any]:
    return {"answers": {one["key"]: one["value"] for one in response.answers}}


def _speaker(speaker: Speaker, form: Form) -> Speaker:
    return Speaker(Nature.FORM, form.name, speaker.to, speaker.place, speaker.sender_id, speaker.message)


def _keep(scene: Scene, place: Place, question: Question, good: Answer) -> None:
    """On the contact, where the form says so. A name saves them."""
    contact = scene.find(Contact, place.root.contact_id)
    if contact is None or question.keep is None:
        return
    if question.keep == "name":
        scene.working.put(replace(contact, name=good.value[:200], saved=True))
        return
    field = question.keep.removeprefix("field:")
    scene.working.put(replace(contact, fields={**contact.fields, field: good.value}))


def _tell(
    scene: Scene,
    what: EventType,
    response: FormResponse,
    form: Form,
    facts: Mapping[str, Any],
    message: Message | None = None,
) -> None:
    root = scene.find(Thread, response.thread_id)
    scene.emit(
        what,
        thread=root,
        conversation=live(scene, root) if root is not None else None,
        message_id=message.id if message is not None else None,
        contact_id=response.contact_id,
        data={"form": form.name, "form_id": form.id, "response_id": response.id, **facts},
    )


def _today(scene: Scene) -> date:
    return datetime.fromtimestamp(scene.now / 1000, UTC).astimezone(zone_of(scene.view)).date()

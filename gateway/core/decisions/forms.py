"""Forms: made, changed, removed; begun with a contact, stopped, waited for no longer."""

import re
from dataclasses import replace as changed_scene
from typing import Any

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.messages import SendMessage
from gateway.core.commands.talks import ExpireForm, RemoveForm, SaveForm, StartForm, StopForm
from gateway.core.decisions import form_talk
from gateway.core.decisions.machine_texts import Speaker, checked, known_of, send
from gateway.core.decisions.names import checked_name, require_free, require_live
from gateway.core.decisions.send import require_sendable, send_needs
from gateway.core.errors import conflict, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.targets import compose_for, find_target
from gateway.core.templates import render
from gateway.core.threads import place_for
from gateway.domain.consent import ConsentWord
from gateway.domain.forms import (
    MOST_CHOICES,
    MOST_QUESTIONS,
    Choice,
    Form,
    FormResponse,
    Question,
    QuestionType,
    ResponseState,
    questions_in,
    stored,
)
from gateway.domain.nature import Nature
from gateway.domain.record import replace
from gateway.domain.said import of_law, plain
from gateway.domain.visibility import Permission

MOST = 200
SHORTEST_S, LONGEST_S = 60, 90 * 86_400
MOST_TRIES = 10
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FIELD = re.compile(r"field:[^\x00-\x1f]{1,100}")


def form_needs(command: SaveForm | RemoveForm, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def save(command: SaveForm, scene: Scene) -> Form:
    """A new one, or another state of one."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = None if command.form_id is None else live_form(scene, command.form_id)
    if before is None and sum(1 for _ in scene.view.live(scene.view.forms)) >= MOST:
        raise conflict("too-many-forms", f"A workspace has at most {MOST} forms.")
    known = before or Form(scene.workspace_id, scene.new_id(), "", scene.now)
    names = ("name", "thanks", "way_out", "left", "timeout", "list_id", "tag_id", "enabled")
    changes: dict[str, Any] = {name: value for name in names if (value := getattr(command, name)) is not UNCHANGED}
    asks = questions_in(known.questions) if command.questions is UNCHANGED else command.questions
    after = _checked(scene, replace(known, **changes), _checked_questions(scene, asks), set(changes))
    if after == before:
        return after
    if before is not None:
        scene.working.load(before)
    scene.working.put(after)
    scene.settings_changed("form", after.id)
    return after


def remove(command: RemoveForm, scene: Scene) -> None:
    """Nobody begins it any more."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = live_form(scene, command.form_id)
    for keyword in scene.view.live(scene.view.keywords):
        if keyword.form_id == before.id:
            raise conflict("in-use", f"The keyword {keyword.name} begins this form. Change or remove that first.")
    scene.working.load(before)
    scene.working.put(replace(before, removed_at=scene.now))
    scene.settings_changed("form", before.id)


def start_needs(command: StartForm, needs: Needs) -> None:
    """What sending takes, and what waits for the contact's answer."""
    send_needs(SendMessage("", command.to, command.contact_id, command.thread_id), needs)
    needs.talkers = True


def start(command: StartForm, scene: Scene) -> FormResponse:
    """The first question leaves; 409 where a form is under way with this contact already."""
    require(scene.caller, Permission.REPLY)
    form = live_form(scene, command.form_id)
    if not form.enabled:
        raise conflict("form-off", "This form is switched off. Switch it on first.")
    whom = SendMessage("", command.to, command.contact_id, command.thread_id, command.from_, nature=Nature.FORM)
    target = find_target(scene, whom)
    place = target.place or place_for(scene, target.address)
    running = form_talk.running_response(scene, place.root)
    if running is not None:
        name = scene.view.forms[running.form_id].name
        raise conflict("form-running", f"This contact is in the middle of the form {name}. Stop that first.")
    question = questions_in(form.questions)[0]
    speaker = Speaker(Nature.FORM, form.name, target.address, place)
    text = render(form_talk.asked_text(question), {**known_of(scene, speaker), "answers": {}})
    asks = changed_scene(whom, body=text)
    composition = compose_for(scene, asks, target)
    require_sendable(composition)
    response = form_talk.new_response(scene, form, place, target.address.value, scene.caller.actor)
    message = send(scene, asks, target.address, place, composition)
    return form_talk.asked(scene, response, form, message)


def response_needs(command: StopForm | ExpireForm, needs: Needs) -> None:
    """The response and its thread."""
    needs.threads.add(command.thread_id)
    needs.record(FormResponse, "id", [command.response_id])


def stop(command: StopForm, scene: Scene) -> FormResponse:
    """Somebody of ours ends it; the contact is told nothing."""
    require(scene.caller, Permission.REPLY)
    response = scene.find(FormResponse, command.response_id)
    if response is None or response.form_id != command.form_id:
        raise not_found("response")
    scene.thread(response.thread_id)
    if response.state is not ResponseState.RUNNING:
        raise conflict("form-over", "This is over already.")
    form_talk.end(scene, response, ResponseState.STOPPED)
    return scene.find(FormResponse, response.id) or response


def expire(command: ExpireForm, scene: Scene) -> None:
    """The time runs from the question that waits; an answer meanwhile begins it anew."""
    response = scene.find(FormResponse, command.response_id)
    if response is None or response.state is not ResponseState.RUNNING:
        return
    due_at = response.asked_at + scene.view.forms[response.form_id].timeout * 1000
    if due_at > scene.now:
        data = {"thread": response.thread_id}
        scene.schedule(form_talk.EXPIRE_FORM, due_at, subject_id=response.id, data=data)
        return
    form_talk.end(scene, response, ResponseState.EXPIRED)


def live_form(scene: Scene, form_id: int) -> Form:
    """One that was not removed, or 404."""
    found = scene.view.forms.get(form_id)
    if found is None or found.removed_at is not None:
        raise not_found("form")
    return found


def _checked(scene: Scene, form: Form, questions: tuple[Question, ...], changed: set[str]) -> Form:
    name = checked_name(form.name)
    require_free("form", name, scene.view.forms.values(), form.id)
    keys = [one.key for one in questions]
    if not SHORTEST_S <= form.timeout <= LONGEST_S:
        raise invalid("timeout", "An answer is waited for between a minute and 90 days.")
    if form.list_id is not None and "list_id" in changed:
        require_live("add_to_list", "list", [form.list_id], scene.view.lists)
    if form.tag_id is not None and "tag_id" in changed:
        require_live("tag", "tag", [form.tag_id], scene.view.tags)
    return replace(
        form,
        name=name,
        questions=stored(questions),
        way_out=_checked_way_out(form.way_out),
        thanks=checked("thanks", form.thanks, *keys),
        left=checked("left", form.left, *keys),
    )


def _checked_way_out(word: str) -> str:
    said = plain(word)
    if not said or len(word) > 40:
        raise invalid("way_out", "The way out is a word of 1 to 40 characters, such as EXIT.")
    if of_law(word) is not None:
        sentence = f"“{word}” has a meaning by law and works at any time. Choose another word to leave the form by."
        raise invalid("way_out", sentence, "legal-word")
    return word.strip()


def _checked_questions(scene: Scene, questions: tuple[Question, ...]) -> tuple[Question, ...]:
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise invalid("questions", f"A form has 1 to {MOST_QUESTIONS} questions.")
    good: list[Question] = []
    for place, one in enumerate(questions):
        good.append(_checked_question(scene, one, f"questions[{place}]", [before.key for before in good]))
    return tuple(good)


def _checked_question(scene: Scene, one: Question, field: str, before: list[str]) -> Question:
    if not _KEY.fullmatch(one.key) or one.key in before:
        sentence = "A key is a word of small letters, digits and _, each once in a form: colour, t_shirt_size."
        raise invalid(f"{field}.key", sentence)
    if not one.text.strip():
        raise invalid(f"{field}.text", "Write the question.", "empty")
    if not 1 <= one.tries <= MOST_TRIES:
        raise invalid(f"{field}.tries", f"1 to {MOST_TRIES} tries.")
    if one.least is not None and one.most is not None and one.least > one.most:
        raise invalid(f"{field}.most", "The most is less than the least.")
    if one.keep not in (None, "name") and not _FIELD.fullmatch(one.keep or ""):
        raise invalid(f"{field}.keep", "An answer is kept as “name”, or as “field:” and the name of a contact's field.")
    choices = checked_choices(scene, one.choices, f"{field}.choices") if one.type is QuestionType.CHOICE else ()
    checked(f"{field}.text", one.text, *before)
    return replace(one, choices=choices, wrong=checked(f"{field}.wrong", one.wrong, *before))


def checked_choices(scene: Scene, choices: tuple[Choice, ...], field: str) -> tuple[Choice, ...]:
    """Two or more, each known by words of its own. Words of law aren't among them: those work at any time."""
    if not 2 <= len(choices) <= MOST_CHOICES:
        raise invalid(field, f"There are 2 to {MOST_CHOICES} choices.")
    seen: dict[str, str] = {}
    for one in choices:
        if not 1 <= len(one.label.strip()) <= 100:
            raise invalid(field, "A choice has 1 to 100 characters.")
        for word in (one.label, *one.words):
            said = plain(word)
            if not said:
                raise invalid(field, f"“{word}” has no letter and no digit to be known by.")
            if of_law(word) in (ConsentWord.STOP, ConsentWord.START, ConsentWord.SUGGEST):
                raise invalid(field, f"“{word}” has a meaning by law and can't be a choice.", "legal-word")
            if seen.setdefault(said, one.label) != one.label:
                raise invalid(field, f"“{word}” names two choices.", "repeated")
        if one.tag_id is not None:
            require_live(field, "tag", [one.tag_id], scene.view.tags)
    return choices

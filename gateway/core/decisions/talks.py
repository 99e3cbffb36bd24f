"""What a contact's text is to machines: a keyword, the answer to a form's question, a vote, or nothing of theirs.

In this order: words of law; somebody who sounds like they want out (a person's matter); the answer to what a form asked
last; the choice of a poll that was asked; a keyword; the choice of a poll open to anybody. All else is natural. While a
person has to decide whether somebody wants out, nothing that was asked waits for their answer.
"""

from collections.abc import Callable

from gateway.core.asked_from import is_answered_at
from gateway.core.commands.messages import ReceiveMessage
from gateway.core.decisions import form_talk, keyword_talk, poll_talk
from gateway.core.scene import Scene
from gateway.core.talk_needs import SPOKEN
from gateway.core.threads import Place
from gateway.domain.asking import Asking, asking_of
from gateway.domain.consent_words import ConsentWord
from gateway.domain.conversation import State
from gateway.domain.forms import FormResponse, ResponseState
from gateway.domain.model import Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.record import record, replace
from gateway.domain.talks import Hit


@record(gc=True)
class Plan:
    """What the message is, and what to do once it is stored."""

    nature: Nature
    do: Callable[[Message], None]


def plan(command: ReceiveMessage, scene: Scene, place: Place, word: ConsentWord | None) -> Plan | None:
    """Reads a text; None where it is nothing to machines. Changes nothing yet."""
    talks = scene.view.talks
    if talks is None or (scene.workspace_id, command.sender.value) not in scene.working.talked:
        return None
    if command.nature is not None or command.incomplete or command.channel not in SPOKEN:
        return None
    sender = scene.view.sender_for_address(command.recipient.value, command.channel)
    sender_id = sender.id if sender else None
    if word in (ConsentWord.STOP, ConsentWord.START):
        return None
    if word is ConsentWord.HELP:
        text = talks.help_for(sender_id)
        return None if text is None else Plan(Nature.KEYWORD, keyword_talk.use(scene, command, place, text))
    asking = asking_of(place.root.asking)
    hit = talks.find(command.body, sender_id, scene.now)
    if hit is None and asking is None:
        return None
    if asking is not None and not asking.paused and place.root.wish_message_id is None:
        asked = _answer(command, scene, place, asking, hit, sender_id)
        if asked is not None:
            return asked
    return _word(command, scene, place, hit)


def stop(scene: Scene, thread: Thread) -> None:
    """Whoever opts out is asked nothing any more: what comes next is for people. `needs.talkers` brings it."""
    root = scene.root(scene.find(Thread, thread.id) or thread)
    asking = asking_of(root.asking)
    if asking is None:
        return
    response = scene.find(FormResponse, asking.id) if asking.kind == "form" else None
    if response is not None:
        form_talk.end(scene, response, ResponseState.OPTED_OUT)
    else:
        scene.working.put(replace(root, asking=None))


def _answer(
    command: ReceiveMessage, scene: Scene, place: Place, asking: Asking, hit: Hit | None, sender_id: int | None
) -> Plan | None:
    if asking.kind == "poll":
        if not is_answered_at(scene.view, asking.sender_id, sender_id):
            return None
        vote = poll_talk.answer(scene, command, place, asking.id)
        return None if vote is None else Plan(Nature.POLL, vote)
    response = scene.find(FormResponse, asking.id)
    if response is None or response.state is not ResponseState.RUNNING:
        return None
    if hit is not None and hit.keyword is not None and hit.keyword.form_id == response.form_id:
        return Plan(Nature.KEYWORD, keyword_talk.use(scene, command, place, hit.keyword))
    if not is_answered_at(scene.view, response.sender_id, sender_id):
        return None
    taken = form_talk.answer(scene, command, place, response)
    return Plan(taken.nature, taken.do)


def _word(command: ReceiveMessage, scene: Scene, place: Place, hit: Hit | None) -> Plan | None:
    if hit is None:
        return None
    if hit.keyword is not None:
        nature = Nature.POLL if hit.keyword.choice is not None else Nature.KEYWORD
        return Plan(nature, keyword_talk.use(scene, command, place, hit.keyword))
    newest = scene.newest(place.root)
    if hit.poll is None or (newest is not None and newest.state is State.OPEN):
        return None  # a bare "2" in a conversation is said to whoever is talking there
    vote = poll_talk.vote(scene, command, place, hit.poll, hit.choice)
    return None if vote is None else Plan(Nature.POLL, vote)

"""A poll with a contact: asked, voted in, voted in again."""

from collections.abc import Callable

from gateway.core.commands.messages import ReceiveMessage
from gateway.core.decisions import form_talk
from gateway.core.decisions.machine_texts import Said, Speaker, as_machine, say
from gateway.core.decisions.talk_effects import live, tag
from gateway.core.scene import Scene
from gateway.core.threads import Place
from gateway.domain.asking import Asking, asking_of
from gateway.domain.events import EventType
from gateway.domain.form_answers import choice_of
from gateway.domain.forms import ResponseState
from gateway.domain.model import Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.polls import MOST_CHANGES, Poll, PollVote, ballot, choices_of, is_open
from gateway.domain.record import replace

Do = Callable[[Message], None]

CHANGED_WITHIN_MS = 86_400_000
"""How long after a vote a bare choice still changes it; a "2" of next week is said about something else."""


def answer(scene: Scene, command: ReceiveMessage, place: Place, poll_id: int) -> Do | None:
    """What somebody texts who was asked: one of the choices, or nothing of the poll's."""
    poll = scene.view.polls.get(poll_id)
    place_of = choice_of(choices_of(poll), command.body) if poll is not None else None
    if poll is None or place_of is None:
        return None
    known = _vote(scene, poll, place.root.contact_id)
    if known is not None and scene.now - (known.changed_at or known.at) > CHANGED_WITHIN_MS:
        return None
    return vote(scene, command, place, poll, place_of)


def vote(scene: Scene, command: ReceiveMessage, place: Place, poll: Poll, choice: int) -> Do | None:
    """Counts a choice. None where it is for people: the poll is over and says nothing, or they changed it too often."""
    known = _vote(scene, poll, place.root.contact_id)
    if (known is not None and known.again >= MOST_CHANGES) or (not is_open(poll, scene.now) and poll.closed is None):
        return None

    def do(message: Message) -> None:
        speaker = Speaker(Nature.POLL, poll.name, command.sender, place, message.sender_id, message)
        _cast(scene, poll, choice, speaker)

    return do


def vote_by_word(scene: Scene, poll: Poll, label: str, speaker: Speaker) -> Said:
    """A keyword that is a vote."""
    choice = choice_of(choices_of(poll), label)
    if choice is None:
        return Said(refused="no-such-choice")
    return _cast(scene, poll, choice, _speaker(speaker, poll))


def ask_by_word(scene: Scene, poll: Poll, speaker: Speaker) -> Said:
    """A keyword that asks the poll."""
    speaker = _speaker(speaker, poll)
    if not is_open(poll, scene.now):
        return Said(refused="poll-closed") if poll.closed is None else say(scene, speaker, poll.closed)
    said = say(scene, speaker, ballot(poll.question, choices_of(poll)))
    if said.message is not None:
        asked(scene, poll, speaker.place, said.message)
    return said


def asked(scene: Scene, poll: Poll, place: Place, message: Message) -> None:
    """The question is on its way: what the contact says next may be a vote. A form that waited is over."""
    root = scene.find(Thread, place.root.id) or place.root
    running = form_talk.running_response(scene, root)
    if running is not None:
        form_talk.end(scene, running, ResponseState.REPLACED)
    root = scene.find(Thread, place.root.id) or root
    scene.working.put(replace(root, asking=str(Asking("poll", poll.id, sender_id=message.sender_id)), question_id=None))


def _cast(scene: Scene, poll: Poll, choice: int, speaker: Speaker) -> Said:
    """One vote for each contact: the first, or another where that is allowed."""
    root = scene.find(Thread, speaker.place.root.id) or speaker.place.root
    known = _vote(scene, poll, root.contact_id)
    if not is_open(poll, scene.now):
        _rest(scene, poll, root)
        return Said(refused="poll-closed") if poll.closed is None else say(scene, speaker, poll.closed)
    if known is not None and known.choice == choice:
        scene.working.put(replace(known, again=known.again + 1))
        return say(scene, speaker, poll.thanks) if poll.thanks is not None and known.again < 3 else Said()
    if known is not None and not poll.change:
        scene.working.put(replace(known, again=known.again + 1))
        _rest(scene, poll, root)
        return say(scene, speaker, poll.already) if poll.already is not None and known.again < 3 else Said()
    if known is None:
        scene.working.put(PollVote(scene.workspace_id, poll.id, root.contact_id, choice, scene.now))
    else:
        scene.working.put(replace(known, choice=choice, changed_at=scene.now, again=known.again + 1))
    if not poll.change:
        _rest(scene, poll, root)
    chosen = choices_of(poll)[choice]
    as_us = as_machine(scene, speaker)
    tag(as_us, root, chosen.tag_id)
    as_us.emit(
        EventType.POLL_ANSWERED,
        thread=scene.find(Thread, root.id),
        conversation=live(scene, root),
        message_id=speaker.message.id if speaker.message is not None else None,
        contact_id=root.contact_id,
        data={
            "poll": poll.name,
            "poll_id": poll.id,
            "choice": chosen.label,
            "number": choice + 1,
            "changed": known is not None,
        },
    )
    return say(scene, speaker, poll.thanks, {"answers": {"choice": chosen.label}}) if poll.thanks else Said()


def _rest(scene: Scene, poll: Poll, root: Thread) -> None:
    """Nothing is waited for any more: what they say next is for people."""
    current = scene.find(Thread, root.id) or root
    asking = asking_of(current.asking)
    if asking is not None and asking.kind == "poll" and asking.id == poll.id:
        scene.working.put(replace(current, asking=None))


def _vote(scene: Scene, poll: Poll, contact_id: int) -> PollVote | None:
    return scene.working.get(PollVote, scene.workspace_id, poll.id, contact_id)


def _speaker(speaker: Speaker, poll: Poll) -> Speaker:
    return Speaker(Nature.POLL, poll.name, speaker.to, speaker.place, speaker.sender_id, speaker.message)

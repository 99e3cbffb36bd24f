"""Polls: made, changed, opened, closed, removed, and asked."""

from dataclasses import replace as changed_command
from typing import Any

from gateway.core.access import require
from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.messages import SendMessage
from gateway.core.commands.talks import AskPoll, OpenPoll, RemovePoll, SavePoll
from gateway.core.decisions import poll_talk
from gateway.core.decisions.forms import checked_choices
from gateway.core.decisions.keywords import speaking_senders
from gateway.core.decisions.machine_texts import Speaker, checked, known_of, send
from gateway.core.decisions.names import checked_name, require_free
from gateway.core.decisions.send import require_sendable, send_needs
from gateway.core.decisions.word_holders import require_free_words
from gateway.core.errors import conflict, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.targets import compose_for, find_target
from gateway.core.templates import render
from gateway.core.threads import place_for
from gateway.domain.message import Message
from gateway.domain.nature import Nature
from gateway.domain.polls import Poll, Voters, ballot, choices_of, is_open
from gateway.domain.record import replace
from gateway.domain.talks import poll_words
from gateway.domain.visibility import Permission

MOST = 200


def poll_needs(command: SavePoll | OpenPoll | RemovePoll, needs: Needs) -> None:
    """The settings, locked."""
    needs.settings = True


def save(command: SavePoll, scene: Scene) -> Poll:
    """A new one, or another state of one. Choices that were voted for keep their places: only words may change."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = None if command.poll_id is None else live_poll(scene, command.poll_id)
    if before is None and sum(1 for _ in scene.view.live(scene.view.polls)) >= MOST:
        raise conflict("too-many-polls", f"A workspace has at most {MOST} polls.")
    known = before or Poll(scene.workspace_id, scene.new_id(), "", "", scene.now)
    names = (
        *("name", "question", "choices", "voters", "sender_ids", "opens_at", "closes_at", "change"),
        *("thanks", "already", "closed"),
    )
    changes: dict[str, Any] = {name: value for name in names if (value := getattr(command, name)) is not UNCHANGED}
    after = _checked(scene, replace(known, **changes))
    if before is not None and len(after.choices) < len(before.choices):
        raise conflict("choices-voted-for", "Choices can be added and reworded, not taken away: votes may name them.")
    return _put(scene, before, after)


def open_or_close(command: OpenPoll, scene: Scene) -> Poll:
    """At once, whatever its times said."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = live_poll(scene, command.poll_id)
    if is_open(before, scene.now) is command.open:
        return before
    if command.open:
        return _put(scene, before, _checked(scene, replace(before, opens_at=scene.now, closes_at=None)))
    opens_at = before.opens_at if before.opens_at is None or before.opens_at <= scene.now else None
    return _put(scene, before, replace(before, opens_at=opens_at, closes_at=scene.now))


def remove(command: RemovePoll, scene: Scene) -> None:
    """Nobody votes any more."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    before = live_poll(scene, command.poll_id)
    for keyword in scene.view.live(scene.view.keywords):
        if keyword.poll_id == before.id:
            raise conflict("in-use", f"The keyword {keyword.name} belongs to this poll. Change or remove that first.")
    _put(scene, before, replace(before, removed_at=scene.now))


def ask_needs(command: AskPoll, needs: Needs) -> None:
    """What sending takes, and what waits for the contact's answer."""
    send_needs(SendMessage("", command.to, command.contact_id, command.thread_id), needs)
    needs.talkers = True


def ask(command: AskPoll, scene: Scene) -> Message:
    """The question leaves; what the contact says next may be a vote."""
    require(scene.caller, Permission.REPLY)
    poll = live_poll(scene, command.poll_id)
    if not is_open(poll, scene.now):
        raise conflict("poll-closed", "This poll is not open: votes would not count.")
    whom = SendMessage("", command.to, command.contact_id, command.thread_id, command.from_, nature=Nature.POLL)
    target = find_target(scene, whom)
    place = target.place or place_for(scene, target.address)
    speaker = Speaker(Nature.POLL, poll.name, target.address, place)
    asks = changed_command(
        whom, body=render(ballot(poll.question, choices_of(poll)), known_of(scene, speaker), "question")
    )
    composition = compose_for(scene, asks, target)
    require_sendable(composition)
    message = send(scene, asks, target.address, place, composition)
    poll_talk.asked(scene, poll, place, message)
    return message


def live_poll(scene: Scene, poll_id: int) -> Poll:
    """One that was not removed, or 404."""
    found = scene.view.polls.get(poll_id)
    if found is None or found.removed_at is not None:
        raise not_found("poll")
    return found


def _put(scene: Scene, before: Poll | None, after: Poll) -> Poll:
    if after == before:
        return after
    if before is not None:
        scene.working.load(before)
    scene.working.put(after)
    scene.settings_changed("poll", after.id)
    return after


def _checked(scene: Scene, poll: Poll) -> Poll:
    name = checked_name(poll.name)
    require_free("poll", name, scene.view.polls.values(), poll.id)
    checked_choices(scene, choices_of(poll), "choices")
    question = checked("question", poll.question)
    if question is None:
        raise invalid("question", "Write the question.", "empty")
    if poll.opens_at is not None and poll.closes_at is not None and poll.closes_at <= poll.opens_at:
        raise invalid("closes_at", "It would close before it opens.")
    after = replace(
        poll,
        name=name,
        question=question,
        sender_ids=speaking_senders(scene, poll.sender_ids),
        thanks=checked("thanks", poll.thanks, "choice"),
        already=checked("already", poll.already),
        closed=checked("closed", poll.closed),
    )
    ended = poll.closes_at is not None and poll.closes_at <= scene.now
    if poll.voters is Voters.ANYBODY and not ended:
        words = [(word, word) for word in poll_words(after)]
        require_free_words(scene, words, after.sender_ids, own_id=poll.id)
    return after

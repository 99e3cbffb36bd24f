"""Event types that plugins bring along, in the same log as ours."""

from gateway.core.commands.messages import AppendEvent
from gateway.core.errors import forbidden, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.domain.events import EventType
from gateway.domain.model import Event, Thread


def event_needs(command: AppendEvent, needs: Needs) -> None:
    """The thread it is about, if any."""
    if command.thread_id is not None:
        needs.threads.add(command.thread_id)


def append(command: AppendEvent, scene: Scene) -> Event:
    """One line of the log. `data` holds ids and small facts, no words of people: an erasure leaves the log alone."""
    if scene.caller.is_person:
        raise forbidden("Only plugins add events of their own.")
    if not command.type.isidentifier() or command.type in list(EventType):
        raise invalid("type", f"“{command.type}” is no name for an event of a plugin's own.")
    thread = scene.find(Thread, command.thread_id)
    if command.thread_id is not None and thread is None:
        raise not_found("thread")
    conversation = scene.newest(thread) if thread is not None else None
    scene.emit(command.type, thread=thread, conversation=conversation, data=command.data)
    return scene.working.events[-1]

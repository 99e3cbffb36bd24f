"""What can be done with the conversation the event is about, and with its contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gateway.sdk import ActionRefused, setting
from gateway.sdk.durations import seconds_of
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import Action

SHORTEST_SNOOZE_S = 60


def conversation_of(event: EventView) -> int:
    """The conversation's id. Refuses an event that is about none."""
    if event.conversation_id is None:
        raise ActionRefused("This event is about no conversation.")
    return event.conversation_id


@dataclass(frozen=True, slots=True)
class TagSettings:
    """A tag by its name; one that is new is made."""

    tag: str = setting(label="Tag", names="tag")

    def __post_init__(self) -> None:
        """A name."""
        if not self.tag.strip():
            raise ValueError("Name a tag.")


async def add_tag(context: PluginContext, event: EventView, settings: TagSettings) -> None:
    """Twice is once."""
    await context.execute("add_tag", conversation_id=conversation_of(event), tag=settings.tag.strip())


async def remove_tag(context: PluginContext, event: EventView, settings: TagSettings) -> None:
    """What isn't there is gone already."""
    await context.execute("remove_tag", conversation_id=conversation_of(event), tag=settings.tag.strip())


@dataclass(frozen=True, slots=True)
class ListSettings:
    """A list of contacts."""

    list: str = setting(label="List", names="list")


def contact_of(event: EventView) -> int:
    """The contact's id. Refuses an event that is about nobody."""
    if event.contact_id is None:
        raise ActionRefused("This event is about no contact.")
    return event.contact_id


async def add_to_list(context: PluginContext, event: EventView, settings: ListSettings) -> None:
    """Twice is once."""
    await context.execute("add_to_list", contact_id=contact_of(event), list_id=settings.list)


async def remove_from_list(context: PluginContext, event: EventView, settings: ListSettings) -> None:
    """Who isn't on it is off it already."""
    await context.execute("remove_from_list", contact_id=contact_of(event), list_id=settings.list)


@dataclass(frozen=True, slots=True)
class AssignSettings:
    """A user, a group, a user within a group, or whoever's turn it is."""

    user: str | None = setting(None, label="User", names="user")
    group: str | None = setting(None, label="Group", names="group")
    round_robin: str | bool | None = setting(
        None, label="In turn", hint="The available users of a group, one after the other.", names="group"
    )

    def __post_init__(self) -> None:
        """Somebody; in turn is no addition to anybody."""
        if self.round_robin and (self.user or self.group):
            raise ValueError("Assign it to somebody, or in turn; not both.")
        if not (self.user or self.group or self.round_robin):
            raise ValueError("Choose a user, a group, or a group in turn.")


async def assign(context: PluginContext, event: EventView, settings: AssignSettings) -> None:
    """To whom the settings say."""
    conversation_id = conversation_of(event)
    if settings.round_robin:
        group = settings.round_robin if isinstance(settings.round_robin, str) else None
        await context.execute("assign_in_turn", conversation_id=conversation_id, group_id=group)
        return
    await context.execute(
        "assign", conversation_id=conversation_id, user_id=settings.user or None, group_id=settings.group or None
    )


@dataclass(frozen=True, slots=True)
class NoteSettings:
    """Words for the team."""

    body: str = setting(label="Note", lines=3, liquid=True)
    on_contact: bool = setting(False, label="On the contact, not on the conversation")


async def add_note(context: PluginContext, event: EventView, settings: NoteSettings) -> Mapping[str, Any]:
    """In the thread."""
    if event.thread_id is None:
        raise ActionRefused("This event is about no thread.")
    made = await context.execute(
        "add_note", thread_id=event.thread_id, body=settings.body, on_contact=settings.on_contact
    )
    return {"note_id": made}


@dataclass(frozen=True, slots=True)
class SnoozeSettings:
    """How long."""

    for_: int | str = setting(label="For", hint="Seconds, or 30m, 2h, 3d.")

    def __post_init__(self) -> None:
        """A minute at least: a shorter sleep would be a loop."""
        if seconds_of(self.for_) < SHORTEST_SNOOZE_S:
            raise ValueError("A minute is the shortest.")


async def snooze(context: PluginContext, event: EventView, settings: SnoozeSettings) -> None:
    """From now on."""
    until = context.clock() + seconds_of(settings.for_) * 1000
    await context.execute("snooze", conversation_id=conversation_of(event), until=until)


@dataclass(frozen=True, slots=True)
class NoSettings:
    """Nothing to say."""


async def complete(context: PluginContext, event: EventView, settings: NoSettings) -> None:
    """Done."""
    await context.execute("complete", conversation_id=conversation_of(event))


async def archive(context: PluginContext, event: EventView, settings: NoSettings) -> None:
    """Put away."""
    await context.execute("archive", conversation_id=conversation_of(event))


ADD_TAG = Action("add_tag", "Add a tag", TagSettings, add_tag, "add the tag {tag}")
REMOVE_TAG = Action("remove_tag", "Remove a tag", TagSettings, remove_tag, "remove the tag {tag}")
ADD_TO_LIST = Action("add_to_list", "Add to a list", ListSettings, add_to_list, "add the contact to {list}")
REMOVE_FROM_LIST = Action(
    "remove_from_list", "Take off a list", ListSettings, remove_from_list, "take the contact off {list}"
)
ASSIGN = Action("assign", "Assign", AssignSettings, assign, "assign it to {user} {group} {round_robin}")
ADD_NOTE = Action("add_note", "Add a note", NoteSettings, add_note, "note “{body}”")
SNOOZE = Action("snooze", "Snooze", SnoozeSettings, snooze, "snooze it for {for}")
COMPLETE = Action("complete", "Complete", NoSettings, complete, "complete it")
ARCHIVE = Action("archive", "Archive", NoSettings, archive, "archive it")

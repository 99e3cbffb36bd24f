"""What a message would become, shown while it is written: the same composing as the send's, with nothing changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.core.access import sees_thread
from gateway.core.batch import Surroundings
from gateway.core.caller import Caller
from gateway.core.commands.messages import SendMessage
from gateway.core.compose import Composition
from gateway.core.decisions.send import objections, send_needs
from gateway.core.directory import load_view
from gateway.core.errors import FieldError, Refused
from gateway.core.loading import load
from gateway.core.needs import Needs
from gateway.core.quiet import quiet_until
from gateway.core.scene import Scene
from gateway.core.targets import Target, compose_for, find_target, somebody_elses
from gateway.core.templates import render, values_of
from gateway.core.threads import place_of, place_of_contact
from gateway.core.verdict import NO_VERDICT, Verdict
from gateway.core.working_set import WorkingSet
from gateway.domain.encoding import Encoding
from gateway.domain.model import ContactAddress
from gateway.domain.prices import Price
from gateway.domain.record import record, replace
from gateway.domain.smart import Costly, costly
from gateway.storage.database import Database
from gateway.storage.session import Session


@record
class Preview:
    """`composition` is None when nobody can be written to at all; `refusals` then says why."""

    composition: Composition | None
    costly: tuple[Costly, ...]
    refusals: tuple[FieldError, ...]


@record
class Tried:
    """A message that a machine would have sent at a moment (ms)."""

    command: SendMessage
    at: int


@record
class TriedOut:
    """Whether it would have been refused; else its price, and whether quiet hours would have held it."""

    refused: bool
    price: Price | None = None
    quiet: bool = False


Composed = dict[tuple[Any, ...], tuple[Composition, Target] | None]
"""By whom a message is to and what it says: what it would be, or None where it could not be."""


def compose_all(
    session: Session, around: Surroundings, now: int, workspace_id: int, tried: Sequence[Tried], known: Composed
) -> list[TriedOut]:
    """Composes many without sending any, on behalf of the system; what they need is loaded together.

    `known` remembers: the same words to the same contact are composed once.
    """
    needs, working = Needs(), WorkingSet()
    for one in tried:
        if _key(one) not in known:
            send_needs(one.command, needs)
    view = around.peek(workspace_id) or load_view(session, workspace_id)
    assert view is not None, "whoever tries has a workspace"
    load(session, workspace_id, needs, working, now, around.digest, lock=False)
    caller = Caller(workspace_id, "automation")
    scene = Scene(working, view, caller, now, around.ids, NO_VERDICT, around.capabilities, around.digest)
    for one in tried:
        if _key(one) not in known:
            known[_key(one)] = _composed(scene, one.command)
    return [_tried(scene, one, known[_key(one)]) for one in tried]


def _key(one: Tried) -> tuple[Any, ...]:
    command = one.command
    return command.thread_id, command.contact_id, command.body, command.from_, command.channel


def _composed(scene: Scene, command: SendMessage) -> tuple[Composition, Target] | None:
    try:
        target = find_target(scene, command)
        return compose_for(scene, command, target), target
    except Refused:
        return None


def _tried(scene: Scene, one: Tried, found: tuple[Composition, Target] | None) -> TriedOut:
    if found is None or found[0].refusals:
        return TriedOut(refused=True)
    composition, target = found
    contact = target.place.contact if target.place else None
    quiet = quiet_until(scene, contact, target.address.kind, target.address.value, one.at) is not None
    return TriedOut(False, composition.price, quiet)


async def preview(
    database: Database,
    around: Surroundings,
    now: int,
    command: SendMessage,
    caller: Caller,
    verdict: Verdict = NO_VERDICT,
) -> Preview:
    """Composes without sending. Limits, consent and capability are refusals in the answer, never errors."""
    return await database.read(lambda session: _preview(session, around, now, command, caller, verdict))


async def render_body(
    database: Database,
    around: Surroundings,
    now: int,
    command: SendMessage,
    caller: Caller,
    merge: Mapping[str, Any],
) -> SendMessage:
    """The command with its Liquid body filled in for whoever it goes to. Raises Refused with the missing field."""
    values = await database.read(lambda session: _values(session, around, now, command, caller))
    return replace(command, body=render(command.body, {**values, **merge}))


def _scene(
    session: Session, around: Surroundings, now: int, command: SendMessage, caller: Caller, verdict: Verdict
) -> Scene:
    needs, working = Needs(user_id=caller.user_id), WorkingSet()
    send_needs(command, needs)
    view = around.peek(caller.workspace_id) or load_view(session, caller.workspace_id)
    assert view is not None, "a caller has a workspace"
    load(session, caller.workspace_id, needs, working, now, around.digest, lock=False)
    return Scene(working, view, caller, now, around.ids, verdict, around.capabilities, around.digest)


def _preview(
    session: Session, around: Surroundings, now: int, command: SendMessage, caller: Caller, verdict: Verdict
) -> Preview:
    scene = _scene(session, around, now, command, caller, verdict)
    try:
        target = find_target(scene, command)
        composition = compose_for(scene, command, target)
    except Refused as refused:
        errors = refused.errors or (FieldError("to", refused.detail, refused.code),)
        return Preview(None, (), errors)
    found = costly(composition.text) if composition.encoding is Encoding.UCS2 else ()
    return Preview(composition, found, (*composition.refusals, *objections(scene, command, target)))


def _values(session: Session, around: Surroundings, now: int, command: SendMessage, caller: Caller) -> dict[str, Any]:
    scene = _scene(session, around, now, command, caller, NO_VERDICT)
    place = place_of(scene, command.to) if command.to is not None else None
    if command.contact_id is not None:
        place = place_of_contact(scene, command.contact_id)
    elif command.thread_id is not None:
        place = place_of_contact(scene, scene.thread(command.thread_id).contact_id)
    if place is not None and not sees_thread(scene.view, caller, scene.newest(place.root)):
        raise somebody_elses()
    mine = [one for one in scene.working.all(ContactAddress) if place and one.contact_id == place.contact.id]
    return values_of(place.contact if place else None, mine, caller.name)

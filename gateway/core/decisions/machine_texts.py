"""What keywords, forms and polls say: composed, checked and queued as any message, in the same step as its reason."""

from collections.abc import Mapping
from dataclasses import replace as changed
from typing import Any

from gateway.core.caller import Caller
from gateway.core.commands.messages import SendMessage
from gateway.core.compose import Composition
from gateway.core.decisions.send import queue
from gateway.core.episodes import trigger
from gateway.core.errors import Refused, invalid
from gateway.core.scene import Scene
from gateway.core.targets import Target, compose_for
from gateway.core.templates import KNOWN, check, render, values_of
from gateway.core.threads import Place
from gateway.domain.address import Address
from gateway.domain.conversation import SentByMachine
from gateway.domain.ids import format_id
from gateway.domain.model import Contact, ContactAddress, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.record import record

LONGEST = 1_600
KNOWS = {**{name: KNOWN[name] for name in ("contact", "sender", "message")}, "answers": None, "keyword": None}


@record
class Speaker:
    """Who speaks to whom: `name` is what people read beside the message, `sender_id` ours that they wrote to."""

    nature: Nature
    name: str
    to: Address
    place: Place
    sender_id: int | None = None
    message: Message | None = None


@record
class Said:
    """What became of a text: the message, or why it was not sent (a slug)."""

    message: Message | None = None
    refused: str | None = None


def say(scene: Scene, speaker: Speaker, template: str, values: Mapping[str, Any] | None = None) -> Said:
    """Answers what a contact wrote. Consent, capability and limits hold; a refusal is told, not raised."""
    scene = as_machine(scene, speaker)
    try:
        text = render(template, {**known_of(scene, speaker), **(values or {})})
        command = SendMessage(
            text, to=speaker.to, from_=_ours(scene, speaker), channel=_channel(speaker), nature=speaker.nature
        )
        target = Target(speaker.to, speaker.place)
        composition = compose_for(scene, command, target)
    except Refused as refused:
        return Said(refused=refused.code)
    if composition.refusals:
        return Said(refused=composition.refusals[0].code)
    return Said(send(scene, command, target.address, speaker.place, composition))


def send(scene: Scene, command: SendMessage, to: Address, place: Place, composition: Composition) -> Message:
    """Queues it into what is going on in the thread, opening nothing."""
    episode = trigger(scene, scene.find(Thread, place.root.id) or place.root, SentByMachine())
    return queue(scene, command, to, place, composition, episode.conversation)


def as_machine(scene: Scene, speaker: Speaker) -> Scene:
    """The same scene, in which the machine acts because of what the contact wrote."""
    cause = scene.caller.cause if speaker.message is None else format_id("msg", speaker.message.id)
    return changed(scene, caller=Caller(scene.workspace_id, "automation", name=speaker.name, cause=cause))


def known_of(scene: Scene, speaker: Speaker) -> dict[str, Any]:
    """What the texts may name: the contact where somebody saved them, our number, the message that is answered."""
    contact = scene.find(Contact, speaker.place.root.contact_id)
    addresses = [one for one in scene.working.all(ContactAddress) if contact and one.contact_id == contact.id]
    values = values_of(contact, addresses, None)
    sender = scene.view.senders.get(speaker.sender_id or 0)
    if sender is not None:
        values["sender"] = {"value": sender.value, "label": sender.label or ""}
    if speaker.message is not None:
        message = speaker.message
        values["message"] = {"id": format_id("msg", message.id), "body": message.body, "channel": message.channel}
    return values


def checked(field: str, text: str | None, *answers: str) -> str | None:
    """A text that reads well whoever it goes to, or 422 with the place. `answers` are keys that may be named."""
    if text is None or not text.strip():
        return None
    if len(text) > LONGEST:
        raise invalid(field, f"At most {LONGEST} characters; this has {len(text)}.", "too-long")
    check(text, field, KNOWS)
    sender = {"value": "+14155550100", "label": ""}
    message = {"id": "msg_0", "body": "", "channel": "sms"}
    render(text, {"sender": sender, "message": message, "keyword": "", "answers": dict.fromkeys(answers, "")}, field)
    return text


def _ours(scene: Scene, speaker: Speaker) -> str | None:
    sender = scene.view.senders.get(speaker.sender_id or 0)
    return format_id("snd", sender.id) if sender is not None and sender.removed_at is None else None


def _channel(speaker: Speaker) -> str | None:
    return "whatsapp" if speaker.message is not None and speaker.message.channel == "whatsapp" else None

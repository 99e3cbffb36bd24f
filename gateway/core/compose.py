"""From what somebody wrote to what leaves: appended text, encoding, count, P6, price, and every reason to refuse it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.core import consents
from gateway.core.campaigning import campaign_behind, hours_for
from gateway.core.carrying import Question, channel_of, not_taken
from gateway.core.commands.messages import SendMessage
from gateway.core.errors import FieldError
from gateway.core.gateway_choice import price_tables
from gateway.core.quiet import notice_of, quiet_until
from gateway.core.routing import Route, route
from gateway.core.scene import Scene
from gateway.core.wishes import waits_for
from gateway.domain.address import Address, AddressKind
from gateway.domain.encoding import Encoding
from gateway.domain.model import Contact, Conversation, Media, Thread
from gateway.domain.nature import MACHINE, Nature, goes_by_itself
from gateway.domain.policy import LongText, MmsOver
from gateway.domain.prices import Price, Prices, price_of
from gateway.domain.record import record
from gateway.domain.segments import Segmentation, split

TEXTS = frozenset({"sms", "mms", "whatsapp"})


@record
class Composition:
    """A message as it would leave, and why it may not. `refusals` empty: it may."""

    text: str
    appended: str | None
    channel: str
    encoding: Encoding | None
    units: int
    parts: tuple[str, ...]
    route: Route
    price: Price | None
    refusals: tuple[FieldError, ...]
    form: str | None = None  # why P6 made an MMS of it
    notices: tuple[FieldError, ...] = ()  # what whoever sends it should know
    held_until: int | None = None  # through quiet hours, where it goes out by itself
    wish: FieldError | None = None  # why it waits for a person's decision

    @property
    def segments(self) -> int:
        """How many short messages it is; 1 for everything that is not SMS."""
        return len(self.parts)

    def as_facts(self) -> tuple[Mapping[str, Any], ...]:
        """Why it goes the way it goes, as it is stored with the message."""
        facts: list[Mapping[str, Any]] = list(self.route.as_facts())
        if self.form is not None:
            facts.append({"step": "form", "accepted": True, "reason": self.form})
        if self.price is not None:
            facts.append({"step": "price", "micros": self.price.micros, "currency": self.price.currency})
        if self.held_until is not None:
            facts += [
                {"step": "hour", "accepted": True, "reason": one.message}
                for one in self.notices
                if one is not self.wish
            ]
        if self.wish is not None:
            facts.append({"step": "wish", "accepted": True, "reason": self.wish.message})
        return tuple(facts)


def compose(
    scene: Scene, command: SendMessage, to: Address, root: Thread | None, conversation: Conversation | None
) -> Composition:
    """Puts a message together without changing anything."""
    question = question_of(command, to, root, conversation)
    chosen = route(scene, question)
    sender = chosen.sender
    channel = channel_of(question, chosen.capabilities)
    appended = sender.append_text if sender and channel in TEXTS else None
    text = f"{command.body}\n{appended}" if appended and command.body else appended or command.body
    cut = split(text) if channel in TEXTS else None
    tables = price_tables(sender, chosen.gateway) if sender else []
    form = _as_mms(scene, question, cut, chosen, tables) if channel == "sms" and cut else None
    if form:
        channel = "mms"
    parts = cut.parts if cut and channel == "sms" else (text,)
    notices, held = _hour(scene, command, to, root)
    wish = waits_for(scene, root, Nature.TEST if command.test else command.nature or Nature.NATURAL, scene.caller.actor)
    return Composition(
        text,
        appended,
        channel,
        cut.encoding if cut and channel == "sms" else None,
        cut.units if cut else len(text),
        parts,
        chosen,
        price_of(tables, channel, to.value, len(parts)),
        tuple(_refusals(scene, command, to, chosen, channel, parts)),
        form,
        notices if wish is None else (*notices, wish),
        held,
        wish,
    )


def question_of(command: SendMessage, to: Address, root: Thread | None, conversation: Conversation | None) -> Question:
    """What the routing is asked."""
    has_media = bool(command.media_ids or command.media_urls)
    return Question(to, command.channel, has_media, command.from_, root, conversation, command.gateway_id)


def _hour(
    scene: Scene, command: SendMessage, to: Address, root: Thread | None
) -> tuple[tuple[FieldError, ...], int | None]:
    """What is to be said of the hour there, and until when a machine waits."""
    if hours_for(scene.view, campaign_behind(scene.view, scene.caller.cause)) is None:
        return (), None
    nature = Nature.TEST if command.test else command.nature or Nature.NATURAL
    contact = scene.find(Contact, root.contact_id) if root else None
    at = max(scene.now, command.send_at or 0)
    waits = goes_by_itself(nature, scene.caller.cause)
    notice = notice_of(scene, contact, to.kind, to.value, at, nature) if waits or nature not in MACHINE else None
    held = quiet_until(scene, contact, to.kind, to.value, at) if waits else None
    return ((notice,) if notice else ()), held


def _as_mms(scene: Scene, question: Question, cut: Segmentation, chosen: Route, tables: Sequence[Prices]) -> str | None:
    """P6: why a long text leaves as MMS, only where the sender can and is enabled for it; None when it doesn't."""
    if chosen.capabilities is None or not chosen.capabilities.mms:
        return None
    match scene.view.policy.long_text:
        case MmsOver(units) if cut.units > units:
            return f"As MMS, because it is longer than {units}."
        case LongText.CHEAPEST:
            to = question.to.value
            as_mms, as_sms = price_of(tables, "mms", to, 1), price_of(tables, "sms", to, len(cut.parts))
            if as_mms is not None and as_sms is not None and as_mms.micros < as_sms.micros:
                return f"As MMS, which is cheaper: {as_mms.text} instead of {as_sms.text}."
    return None


def _refusals(
    scene: Scene, command: SendMessage, to: Address, chosen: Route, channel: str, parts: Sequence[str]
) -> list[FieldError]:
    found: list[FieldError] = []
    if not command.body.strip() and not command.media_ids and not command.media_urls:
        found.append(FieldError("body", "Write something, or attach a file.", "empty"))
    if chosen.refusal is not None:
        found.append(chosen.refusal)
    elif command.gateway_id is not None and chosen.gateway is not None and chosen.gateway.id != command.gateway_id:
        found.append(FieldError("gateway_id", _not_through(chosen, command.gateway_id), "gateway-unusable"))
    found += _of_files(scene, command, chosen, channel)
    too_long = over_the_limit(scene, len(parts))
    if too_long is not None:
        found.append(too_long)
    if to.kind is AddressKind.ALPHANUMERIC:
        found.append(FieldError("to", f"{to.value} is a name; messages can't be sent to it.", "not-reachable"))
    if command.subject and chosen.capabilities is not None and not chosen.capabilities.email:
        found.append(FieldError("subject", "Only e-mail has a subject.", "no-subject"))
    if command.send_at is not None and command.expires_at is not None and command.expires_at <= command.send_at:
        found.append(FieldError("expires_at", "It would expire before it is sent.", "expired"))
    if command.expires_at is not None and command.expires_at <= scene.now:
        found.append(FieldError("expires_at", "That time has passed.", "expired"))
    purpose = consents.purpose_of(command.purpose, command.nature or Nature.NATURAL)
    scope = chosen.sender.value if chosen.sender else ""
    opted_out = consents.refusal(scene, to.value, scope, purpose)
    if opted_out is not None:
        found.append(opted_out)
    if scene.verdict.refusal is not None:
        found.append(FieldError("body", scene.verdict.refusal, "vetted"))
    return found


def _of_files(scene: Scene, command: SendMessage, chosen: Route, channel: str) -> Iterator[FieldError]:
    if channel == "sms" and (command.media_ids or command.media_urls):
        yield FieldError("channel", "SMS carries no pictures or files. Choose MMS, or no channel.", "no-media")
    files = (scene.find(Media, media_id) for media_id in command.media_ids)
    unfit = not_taken(chosen.capabilities, channel, (one for one in files if one is not None))
    if unfit is not None:
        yield FieldError("media", unfit, "media-type")


def over_the_limit(scene: Scene, parts: int) -> FieldError | None:
    """What is to be said of a text that needs more parts than the workspace allows."""
    limit = scene.view.policy.segment_limit
    if parts <= limit:
        return None
    sentence = f"This text needs {parts} parts; at most {limit} are allowed. Shorten it."
    return FieldError("body", sentence, "too-many-segments")


def _not_through(chosen: Route, gateway_id: int) -> str:
    sentence = next((vote.reason for vote in chosen.gateways if vote.gateway.id == gateway_id), None)
    return sentence or "That gateway does not serve this sender, or is switched off."

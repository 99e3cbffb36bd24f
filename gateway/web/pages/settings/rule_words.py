"""A rule in words: what the events, fields and operators are called, and the whole of it as a sentence."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.domain.durations import parted
from gateway.domain.events import EventType
from gateway.domain.record import record
from gateway.domain.rules import VALUELESS, Op
from gateway.host.registry import Registry
from gateway.web.language import Language, marked

Names = Callable[[str], str]
"""What people call the thing of an id; the text itself for anything else."""

EVENTS: Mapping[str, str] = {
    EventType.CONVERSATION_COMPLETED: marked("a conversation is completed"),
    EventType.MESSAGE_RECEIVED: marked("a message arrives"),
    EventType.CONVERSATION_OPENED: marked("a conversation is opened"),
    EventType.CONVERSATION_REOPENED: marked("a conversation is opened again"),
    EventType.CONVERSATION_ASSIGNED: marked("a conversation changes its owner"),
    EventType.ASSIGNMENT_WAITING: marked("nobody is found for a conversation"),
    EventType.CONVERSATION_SNOOZED: marked("a conversation is snoozed"),
    EventType.CONVERSATION_WOKEN: marked("a snooze ends"),
    EventType.CONVERSATION_ARCHIVED: marked("a conversation is archived"),
    EventType.CONVERSATION_CLOSED: marked("a conversation is closed"),
    EventType.TAG_ADDED: marked("a tag is added"),
    EventType.TAG_REMOVED: marked("a tag is removed"),
    EventType.NOTE_ADDED: marked("somebody leaves a note"),
    EventType.CONTACT_CREATED: marked("a contact is new"),
    EventType.CONTACT_MERGED: marked("contacts are merged"),
    EventType.CONTACT_OPTED_OUT: marked("a contact opts out"),
    EventType.CONTACT_OPTED_IN: marked("a contact opts in"),
    EventType.OPT_OUT_SUGGESTED: marked("a contact may want no more messages"),
    EventType.OPT_OUT_DECIDED: marked("somebody decides what such words meant"),
    EventType.QUESTION_ASKED: marked("a contact is asked something"),
    EventType.QUESTION_ANSWERED: marked("a contact answers a question"),
    EventType.KEYWORD_RECEIVED: marked("a keyword is texted"),
    EventType.FORM_STARTED: marked("a form begins"),
    EventType.FORM_COMPLETED: marked("a form is completed"),
    EventType.FORM_ENDED: marked("a form ends before its last question"),
    EventType.POLL_ANSWERED: marked("somebody votes in a poll"),
    EventType.MESSAGE_QUEUED: marked("a message waits to be sent"),
    EventType.MESSAGE_SENT: marked("a message is sent"),
    EventType.MESSAGE_STATUS_CHANGED: marked("a message's status changes"),
    EventType.MESSAGE_FAILED: marked("a message fails"),
    EventType.THREAD_READ: marked("a thread is read"),
    EventType.MEDIA_STORED: marked("a file has arrived"),
    EventType.CAMPAIGN_SCHEDULED: marked("a campaign is scheduled"),
    EventType.CAMPAIGN_STARTED: marked("a campaign starts"),
    EventType.CAMPAIGN_PAUSED: marked("a campaign is paused"),
    EventType.CAMPAIGN_RESUMED: marked("a campaign goes on"),
    EventType.CAMPAIGN_CANCELLED: marked("a campaign is cancelled"),
    EventType.CAMPAIGN_COMPLETED: marked("a campaign is completed"),
    EventType.GATEWAY_HEALTH_CHANGED: marked("a gateway's health changes"),
    EventType.SETTINGS_CHANGED: marked("a setting is changed"),
}
FIELDS: Mapping[str, str] = {
    "message.body": marked("the text"),
    "conversation.tags": marked("its tag"),
    "conversation.state": marked("its state"),
    "conversation.user": marked("its owner"),
    "conversation.group": marked("its group"),
    "conversation.needs_reply": marked("waiting for a reply"),
    "conversation.completed_count": marked("times completed"),
    "conversation.opened_at": marked("when it was opened"),
    "conversation.channel": marked("its channel"),
    "contact.name": marked("the contact's name"),
    "contact.phone": marked("the contact's number"),
    "contact.email": marked("the contact's e-mail address"),
    "contact.saved": marked("the contact is saved"),
    "sender.value": marked("our number"),
    "message.direction": marked("the message's direction"),
    "message.nature": marked("the message's nature"),
    "message.status": marked("the message's status"),
    "message.channel": marked("the message's channel"),
    "user.name": marked("who did it"),
    "event.actor": marked("what did it"),
    "event.data.tag": marked("the tag"),
    "time.of_day": marked("the time of day"),
    "time.weekday": marked("the weekday"),
}
OPS: Mapping[str, str] = {
    Op.IS: marked("is"),
    Op.IS_NOT: marked("is not"),
    Op.CONTAINS: marked("contains"),
    Op.NOT_CONTAINS: marked("does not contain"),
    Op.STARTS_WITH: marked("starts with"),
    Op.MATCHES: marked("matches the pattern"),
    Op.IN: marked("is one of"),
    Op.NOT_IN: marked("is none of"),
    Op.EXISTS: marked("is there"),
    Op.MISSING: marked("is empty"),
    Op.GT: marked("more than"),
    Op.LT: marked("fewer than"),
    Op.BEFORE: marked("before"),
    Op.AFTER: marked("after"),
}
# What the plugin that comes along says of its actions: other plugins' words stay as they are.
_ACTIONS = (
    marked("Ask how it was (survey)"), marked("ask “{question}”"), marked("Question"), marked("Answered with"),
    marked("Then ask for a remark"), marked("Empty: nothing more is asked."), marked("Thanks"), marked("Empty: none."),
    marked("Ask the same contact again after (days)"), marked("Wait for an answer (hours)"),
    marked("Send a message"), marked("send “{body}{template}”"), marked("Text"), marked("Template"), marked("From"),
    marked("Channel"), marked("Subject"), marked("Instead of a text."), marked("Empty: the number last used."),
    marked("Of an e-mail."), marked("Liquid: {{ contact.first_name }}."),
    marked("Add a tag"), marked("add the tag {tag}"), marked("Tag"),
    marked("Remove a tag"), marked("remove the tag {tag}"),
    marked("Add to a list"), marked("add the contact to {list}"), marked("List"),
    marked("Take off a list"), marked("take the contact off {list}"),
    marked("Assign"), marked("assign it to {user} {group} {round_robin}"), marked("User"), marked("Group"),
    marked("In turn"), marked("The available users of a group, one after the other."),
    marked("Add a note"), marked("note “{body}”"), marked("Note"), marked("On the contact, not on the conversation"),
    marked("Notify somebody"), marked("notify {target}"), marked("Whom"),
    marked("A user, a group, an e-mail address or a number."),
    marked("Call a webhook"), marked("call {url}"), marked("Headers"),
    marked("It is sent what is known of the event, as JSON."),
    marked("Snooze"), marked("snooze it for {for}"), marked("For"), marked("Seconds, or 30m, 2h, 3d."),
    marked("Complete"), marked("complete it"), marked("Archive"), marked("archive it"),
    marked("Write a text, or choose a template."), marked("Name a tag."),
    marked("Assign it to somebody, or in turn; not both."), marked("Choose a user, a group, or a group in turn."),
    marked("A minute is the shortest."), marked("Name a user, a group, an e-mail address or a number."),
    marked("Write a whole address: https://..."),
)  # fmt: skip
_SETTING = re.compile(r"\{(\w+)\}")
LONGEST_QUOTE = 60


@record
class Sentence:
    """A rule as it reads: each part already in the reader's language."""

    when: str
    conditions: tuple[str, ...]
    actions: tuple[str, ...]
    once: str


def event_words(name: str, registry: Registry, language: Language) -> str:
    """When it is."""
    known = EVENTS.get(name)
    if known is not None:
        return language.gettext(known)
    brought = registry.event_types.get(name)
    return brought.item.doc if brought else name


def field_words(name: str, registry: Registry, language: Language) -> str:
    """What is asked about; a field without words of its own is what it is called."""
    known = FIELDS.get(name)
    if known is not None:
        return language.gettext(known)
    brought = registry.conditions.get(name)
    return language.gettext(brought.item.label) if brought else name


def sentence_of(
    when: str,
    conditions: Sequence[Mapping[str, Any]],
    actions: Sequence[Mapping[str, Any]],
    once_per: str | None,
    registry: Registry,
    language: Language,
    names: Names,
) -> Sentence:
    """The whole rule. `actions` are as the API says them."""
    _ = language.gettext
    once = {
        "conversation": _("once in a conversation"),
        "contact": _("once for a contact"),
        "day": _("once a day for a contact"),
    }
    return Sentence(
        event_words(when, registry, language),
        tuple(condition_words(one, registry, language) for one in conditions),
        tuple(action_words(one, registry, language, names) for one in actions),
        once.get(once_per or "", ""),
    )


def condition_words(one: Mapping[str, Any], registry: Registry, language: Language) -> str:
    """Its tags contain VIP."""
    op = str(one.get("op"))
    asked = f"{field_words(str(one.get('field')), registry, language)} {language.gettext(OPS.get(op, op))}"
    if op in VALUELESS:
        return asked
    value = one.get("value")
    values = value if isinstance(value, list) else [value]
    return f"{asked} {', '.join(map(str, values))}"


def action_words(one: Mapping[str, Any], registry: Registry, language: Language, names: Names) -> str:
    """Wait 2 hours and send "Thank you"."""
    _ = language.gettext
    found = registry.actions.get(str(one.get("type")))
    if found is None:
        said = str(one.get("type"))
    else:
        pattern = _(found.item.sentence) if found.item.sentence else _(found.item.label)
        filled = _SETTING.sub(lambda match: _quoted(one.get(match[1]), names), pattern)
        said = " ".join(filled.split())
    delay = int(one.get("delay") or 0)
    return _("wait %(long)s and %(action)s", long=long_words(delay, language), action=said) if delay else said


def long_words(seconds: int, language: Language) -> str:
    """How long, in its largest whole unit."""
    number, unit = parted(seconds)
    ngettext = language.ngettext
    match unit:
        case "d":
            return ngettext("%(num)s day", "%(num)s days", number)
        case "h":
            return ngettext("%(num)s hour", "%(num)s hours", number)
        case "m":
            return ngettext("%(num)s minute", "%(num)s minutes", number)
    return ngettext("%(num)s second", "%(num)s seconds", number)


def _quoted(value: Any, names: Names) -> str:
    if value is None or value is False:
        return ""
    text = " ".join(names(str(value)).split())
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…"

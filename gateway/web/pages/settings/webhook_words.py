"""The words of the pages of webhooks: events in groups, and how a webhook or a delivery is."""

from collections.abc import Collection, Mapping

from gateway.domain.events import EventType
from gateway.domain.record import record
from gateway.domain.webhooks import EVERYTHING, TEST, DeliveryState, OffReason, Webhook, WebhookDelivery, WebhookHealth
from gateway.web.language import Language, marked

EVENT_GROUPS: Mapping[str, Mapping[EventType, str]] = {
    marked("Messages"): {
        EventType.MESSAGE_RECEIVED: marked("A message came in"),
        EventType.MESSAGE_QUEUED: marked("A message of ours waits to be sent"),
        EventType.MESSAGE_SENT: marked("A message was sent"),
        EventType.MESSAGE_STATUS_CHANGED: marked("A message was delivered or read"),
        EventType.MESSAGE_FAILED: marked("A message failed"),
        EventType.MEDIA_STORED: marked("A file of a message was stored"),
    },
    marked("Conversations"): {
        EventType.CONVERSATION_OPENED: marked("A conversation was opened"),
        EventType.CONVERSATION_REOPENED: marked("A conversation was reopened"),
        EventType.CONVERSATION_ASSIGNED: marked("A conversation got another owner"),
        EventType.ASSIGNMENT_WAITING: marked("Nobody was found for a conversation"),
        EventType.CONVERSATION_SNOOZED: marked("A conversation was snoozed"),
        EventType.CONVERSATION_WOKEN: marked("A snooze ended"),
        EventType.CONVERSATION_COMPLETED: marked("A conversation was completed"),
        EventType.CONVERSATION_ARCHIVED: marked("A conversation was archived"),
        EventType.CONVERSATION_CLOSED: marked("A conversation was closed"),
        EventType.TAG_ADDED: marked("A tag was added"),
        EventType.TAG_REMOVED: marked("A tag was removed"),
        EventType.NOTE_ADDED: marked("A note was left"),
        EventType.THREAD_READ: marked("A thread was read by somebody"),
    },
    marked("Contacts"): {
        EventType.CONTACT_CREATED: marked("A contact is new"),
        EventType.CONTACT_MERGED: marked("Contacts were merged or parted"),
        EventType.CONTACT_OPTED_OUT: marked("A contact opted out"),
        EventType.CONTACT_OPTED_IN: marked("A contact opted in"),
        EventType.QUESTION_ASKED: marked("A contact was asked something"),
        EventType.QUESTION_ANSWERED: marked("A contact answered a question"),
        EventType.OPT_OUT_SUGGESTED: marked("A contact may want no more messages"),
        EventType.OPT_OUT_DECIDED: marked("Somebody decided what such words meant"),
    },
    marked("Keywords, forms and polls"): {
        EventType.KEYWORD_RECEIVED: marked("A keyword came in"),
        EventType.FORM_STARTED: marked("A form was begun"),
        EventType.FORM_COMPLETED: marked("A form was answered to its end"),
        EventType.FORM_ENDED: marked("A form ended before its end"),
        EventType.POLL_ANSWERED: marked("A vote came in"),
    },
    marked("Campaigns"): {
        EventType.CAMPAIGN_SCHEDULED: marked("A campaign was scheduled"),
        EventType.CAMPAIGN_STARTED: marked("A campaign started"),
        EventType.CAMPAIGN_PAUSED: marked("A campaign was paused"),
        EventType.CAMPAIGN_RESUMED: marked("A campaign went on"),
        EventType.CAMPAIGN_CANCELLED: marked("A campaign was cancelled"),
        EventType.CAMPAIGN_COMPLETED: marked("A campaign was completed"),
    },
    marked("Workspace"): {
        EventType.GATEWAY_HEALTH_CHANGED: marked("A gateway went up or down"),
        EventType.SETTINGS_CHANGED: marked("A setting was changed"),
    },
}
PLUGINS = marked("Plugins")
_WORDS = {str(one): words for group in EVENT_GROUPS.values() for one, words in group.items()}
MOST_NAMED = 2

HOOK_STATES = {
    "ok": (marked("Healthy"), "st-green", "check"),
    "new": (marked("Not tried yet"), "", "circle-dashed"),
    "failing": (marked("Failing"), "st-amber", "triangle-alert"),
    "paused": (marked("Paused"), "", "pause"),
    "disabled": (marked("Switched off"), "st-red", "circle-alert"),
}
DELIVERY_STATES = {
    DeliveryState.WAITING: ("st-blue", "clock"),
    DeliveryState.DELIVERED: ("st-green", "check"),
    DeliveryState.FAILED: ("st-red", "circle-alert"),
}
OFF_REASONS = {
    OffReason.FAILING: marked("It took nothing for five days, so it was switched off. What waits keeps waiting."),
    OffReason.GONE: marked("It answered 410, which means that it wants nothing any more, so it was switched off."),
}


@record
class Chip:
    """A state in a word; `tone` is a class."""

    label: str
    tone: str
    icon: str


def named(event_type: str, language: Language) -> str:
    """What an event is called."""
    if event_type == TEST:
        return language.gettext("A test")
    words = _WORDS.get(event_type)
    return language.gettext(words) if words else event_type.replace("_", " ")


def summary(events: Collection[str], language: Language) -> str:
    """Which events, in a line."""
    if EVERYTHING in events:
        return language.gettext("Everything that happens")
    shown = [named(one, language) for one in list(events)[:MOST_NAMED]]
    more = len(events) - len(shown)
    line = " \N{MIDDLE DOT} ".join(shown)
    if not more:
        return line
    return f"{line} \N{MIDDLE DOT} {language.ngettext('%(num)s more', '%(num)s more', more)}"


def hook_chip(hook: Webhook, health: WebhookHealth | None, language: Language) -> Chip:
    """How a webhook is."""
    if not hook.enabled:
        name = "disabled" if hook.off_reason else "paused"
    elif health is None:
        name = "new"
    else:
        name = "ok" if health.failing_since is None else "failing"
    label, tone, icon = HOOK_STATES[name]
    return Chip(language.gettext(label), tone, icon)


def delivery_chip(one: WebhookDelivery, duration_ms: int | None, when: str, language: Language) -> Chip:
    """What became of a delivery, with its last status or its next try."""
    _ = language.gettext
    tone, icon = DELIVERY_STATES[one.state]
    if one.state is DeliveryState.DELIVERED:
        label = _("%(status)s in %(ms)s ms", status=one.status, ms=language.number(duration_ms or 0))
    elif one.state is DeliveryState.FAILED:
        label = _("Given up, last %(status)s", status=one.status) if one.status else _("Given up")
    elif one.attempts == 0:
        label = _("Waits for its turn")
    else:
        last = str(one.status) if one.status else _("No answer")
        label = _("%(last)s, next try %(when)s", last=last, when=when) if when else last
        tone, icon = "st-amber", "rotate-ccw"
    return Chip(label, tone, icon)

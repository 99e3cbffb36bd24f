"""What each policy is called, what its values do, and a value in words: for the form, and for what a preset changes."""

from collections.abc import Mapping

from gateway.domain.policy import (
    AfterInbound,
    AfterOutbound,
    CloseLabel,
    CompleteRepeat,
    LongText,
    MmsOver,
    Policy,
    QuietHours,
    ReopenOwner,
    ReopenWithin,
    SnoozeWake,
    Visibility,
    dump_policy,
    pool_of,
)
from gateway.domain.record import record
from gateway.web.language import Language, marked
from gateway.web.pages.settings.fields import Option

REOPEN_WITHIN, MMS_OVER = "reopen_within", "mms_over"


@record
class Question:
    """A policy with a few values. `counts` is the value that has a number of its own, and `unit` what it counts."""

    name: str
    label: str
    options: tuple[Option, ...]
    counts: str = ""
    unit: str = ""


@record
class Switch:
    """A policy that is on or off."""

    name: str
    label: str
    words: str


QUESTIONS: tuple[Question, ...] = (
    Question(
        "after_inbound",
        marked("When somebody writes again after a conversation ended"),
        (
            Option(AfterInbound.REOPEN, marked("Open it again"), marked("The same conversation goes on.")),
            Option(
                AfterInbound.NEW,
                marked("Begin a new one"),
                marked("The ended one is sealed, and linked from the new one."),
            ),
            Option(
                REOPEN_WITHIN,
                marked("Open it again for some days, then begin a new one"),
                marked("Counted from when it ended."),
            ),
        ),
        REOPEN_WITHIN,
        marked("Days"),
    ),
    Question(
        "after_outbound",
        marked("When one of you writes after it ended"),
        (
            Option(AfterOutbound.REOPEN, marked("Open it again"), marked("It is work once more.")),
            Option(AfterOutbound.NEW, marked("Begin a new one"), marked("The ended one is sealed.")),
            Option(AfterOutbound.STAY, marked("Leave it ended"), marked("The message goes out; nothing opens.")),
        ),
    ),
    Question(
        "complete_repeat",
        marked("How often a conversation can be completed"),
        (
            Option(CompleteRepeat.EACH_TIME, marked("Each time it is done"), marked("Automations run each time.")),
            Option(
                CompleteRepeat.ONCE,
                marked("Once"),
                marked("Afterwards the button is Archive; automations run once."),
            ),
        ),
    ),
    Question(
        "close_label",
        marked("What the Close button does"),
        (
            Option(CloseLabel.COMPLETE, marked("Completes"), marked("Done; it comes back when they write again.")),
            Option(CloseLabel.ARCHIVE, marked("Archives"), marked("Put away without an outcome; it comes back too.")),
            Option(CloseLabel.CLOSE, marked("Closes for good"), marked("Sealed: nobody can edit, tag or reopen it.")),
        ),
    ),
    Question(
        "visibility",
        marked("What agents see"),
        (
            Option(Visibility.ALL, marked("Every conversation"), marked("Everybody works from one pile.")),
            Option(Visibility.GROUP, marked("Theirs, their groups' and unassigned ones"), marked("Teams stay apart.")),
            Option(Visibility.OWNER, marked("Theirs and unassigned ones"), marked("Each case is between two people.")),
        ),
    ),
    Question(
        "reopen_owner",
        marked("Who gets a conversation that comes back"),
        (
            Option(
                ReopenOwner.KEEP_IF_AVAILABLE,
                marked("Its owner, if they are available"),
                marked("Else it is unassigned, so that somebody sees it."),
            ),
            Option(ReopenOwner.KEEP, marked("Always its owner"), marked("Even while they are away.")),
            Option(ReopenOwner.UNASSIGN, marked("Nobody"), marked("It is there for whoever claims it.")),
        ),
    ),
    Question(
        "snooze_wake",
        marked("When somebody writes while a conversation is snoozed"),
        (
            Option(SnoozeWake.INBOUND_WAKES, marked("It wakes"), marked("It is back in the inbox at once.")),
            Option(SnoozeWake.HOLD, marked("It sleeps on"), marked("With a badge, until its time.")),
        ),
    ),
    Question(
        "long_text",
        marked("How a long text leaves"),
        (
            Option(LongText.PARTS, marked("As parts"), marked("Several SMS, which the phone joins.")),
            Option(
                LongText.CHEAPEST,
                marked("Whatever is cheaper"),
                marked("As parts or as one MMS, by the prices of the number."),
            ),
            Option(
                MMS_OVER,
                marked("As one MMS beyond a length"),
                marked("Where the number can send MMS, and is enabled for it."),
            ),
        ),
        MMS_OVER,
        marked("Characters"),
    ),
)
SWITCHES: tuple[Switch, ...] = (
    Switch(
        "natural_only",
        marked("Natural conversations only"),
        marked("The inbox hides keywords, forms, polls and automatic answers at first. Nothing is dropped."),
    ),
    Switch(
        "restrict_closed",
        marked("Closed conversations are restricted"),
        marked("Only those who see the live conversation, or all, read the closed ones of a contact."),
    ),
    Switch(
        "confirm_close",
        marked("Ask before closing one conversation"),
        marked("The x in the list never asks; it offers Undo."),
    ),
)
OTHERS: Mapping[str, str] = {
    "sender_chain": marked("Which number a message goes out from"),
    "open_cap": marked("Open conversations shown"),
    "first_reply_target": marked("First reply within"),
    "segment_limit": marked("Most parts of a text"),
    "idle_complete_after": marked("Complete what is quiet"),
    "idle_seal_after": marked("Seal what is completed"),
    "quiet_hours": marked("Quiet hours"),
    "default_country": marked("Default country"),
    "stop_phrases": marked("Phrases that may mean STOP"),
}
RESOLVERS: Mapping[str, str] = {
    "explicit": marked("The number chosen for the message"),
    "last_used": marked("The number used last with this contact"),
    "inbound_to": marked("The number they wrote to last"),
    "conversation_start": marked("The number the conversation began with"),
    "gateway_default": marked("The first number that can carry it"),
}
LABELS: Mapping[str, str] = {
    **{one.name: one.label for one in QUESTIONS},
    **{one.name: one.label for one in SWITCHES},
    **OTHERS,
}
_HOUR, _DAY = 3600, 86_400


def resolver_words(resolver: str, language: Language) -> str:
    """A step of the chain, as people say it."""
    pool = pool_of(resolver)
    if pool is not None:
        return language.gettext("A number of the pool %(name)s", name=pool)
    return language.gettext(RESOLVERS.get(resolver, resolver))


def in_words(name: str, policy: Policy, language: Language) -> str:
    """What a policy is set to."""
    _ = language.gettext
    value = getattr(policy, name)
    match value:
        case None:
            return _("Off") if name != "default_country" else _("None")
        case bool():
            return _("On") if value else _("Off")
        case ReopenWithin(days):
            return language.ngettext(
                "Open it again within %(num)s day, then begin a new one",
                "Open it again within %(num)s days, then begin a new one",
                days,
            )
        case MmsOver(units):
            return _("As one MMS beyond %(units)s characters", units=language.number(units))
        case QuietHours(timezone=timezone):
            hours = dump_policy(policy)["quiet_hours"]
            assert isinstance(hours, dict)
            return _("%(start)s to %(end)s, %(zone)s", start=hours["start"], end=hours["end"], zone=timezone)
        case tuple() if name == "stop_phrases":
            return ", ".join(map(str, value)) or _("None")
        case tuple():
            return ", ".join(resolver_words(one, language) for one in value)
        case int():
            return _span(value, language) if name.startswith("idle_") else language.number(value)
    return _option_label(name, str(value), language)


def _option_label(name: str, value: str, language: Language) -> str:
    for question in QUESTIONS:
        if question.name == name:
            return language.gettext(next((one.label for one in question.options if one.value == value), value))
    return value


def _span(seconds: int, language: Language) -> str:
    if seconds % _DAY == 0:
        return language.ngettext("After %(num)s day", "After %(num)s days", seconds // _DAY)
    hours = seconds / _HOUR
    return language.gettext("After %(hours)s hours", hours=language.number(round(hours, 2)))

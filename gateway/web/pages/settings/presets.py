"""Presets as cards: what each way of working is for, and what choosing it would change."""

from gateway.domain.policy import Policy, dump_policy
from gateway.domain.presets import PRESETS, under
from gateway.domain.record import record
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.policy_words import LABELS, in_words

NAMES = {
    "inbox-zero": (
        marked("Inbox zero"),
        marked("Close completes. Who writes again comes back into an inbox of the newest 100."),
    ),
    "chat": (
        marked("Chat"),
        marked("Close chat archives. The same chat opens again from the number that was used last."),
    ),
    "broadcast-reply": (
        marked("Broadcast replies"),
        marked("Shows answers of people, not the campaigns around them; long texts leave as one MMS."),
    ),
    "case-desk": (
        marked("Case desk"),
        marked("Each request is a case of its own, seen by its owner, and sealed for good when it is closed."),
    ),
    "crm": (
        marked("CRM"),
        marked("A conversation is completed once, as its outcome; when it comes back it is archived or snoozed."),
    ),
}


@record
class Change:
    """One policy that a preset would change."""

    label: str
    before: str
    after: str


@record
class PresetCard:
    """One way of working. `state` is current, changed (current, with changes of one's own), or nothing."""

    name: str
    label: str
    words: str
    state: str


@record
class Preview:
    """What applying a preset would change."""

    name: str
    label: str
    changes: list[Change]


def cards(desk: Desk) -> list[PresetCard]:
    """All of them, the workspace's own marked."""
    workspace = desk.view.workspace
    state = "current" if workspace.policy == applied(workspace.preset, workspace.policy) else "changed"
    return [PresetCard(name, *NAMES[name], state=state if name == workspace.preset else "") for name in PRESETS]


def applied(name: str, before: Policy) -> Policy:
    """The policies under a preset; under none that is known, those there are."""
    return under(PRESETS[name], before) if name in PRESETS else before


def preview(desk: Desk, name: str) -> Preview | None:
    """What would change, in words; None for a preset there is not."""
    if name not in PRESETS:
        return None
    before = desk.view.policy
    after = applied(name, before)
    language = desk.language
    new = dump_policy(after)
    changes = [
        Change(language.gettext(LABELS[one]), in_words(one, before, language), in_words(one, after, language))
        for one, value in dump_policy(before).items()
        if new[one] != value
    ]
    return Preview(name, language.gettext(NAMES[name][0]), changes)

"""What a field of the audit trail was set to, where it is a choice: in the words that its own page has for it."""

from collections.abc import Mapping
from typing import Any, Final

from gateway.web.language import marked
from gateway.web.pages.campaign_words import STATES
from gateway.web.pages.contact_card import PURPOSES
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.automations import ONCE
from gateway.web.pages.settings.chat import TOLD_WORDS
from gateway.web.pages.settings.data import KEPT_WORDS
from gateway.web.pages.settings.keywords import MATCHES
from gateway.web.pages.settings.number_form import CHOICES, KINDS
from gateway.web.pages.settings.presets import NAMES
from gateway.web.pages.settings.roles import ROLE_NAMES
from gateway.web.pages.settings.tags import COLOURS
from gateway.web.pages.settings.talk_polls import VOTERS
from gateway.web.pages.settings.webhook_words import named

METHODS: Final = {"password": marked("Password"), "oidc": marked("The identity provider")}
TAKEN: Final = {
    "workspace": marked("All of the workspace"),
    "audit": marked("The audit trail"),
    "contact": marked("A contact"),
    "list": marked("A list"),
    "campaign": marked("A campaign"),
    "form": marked("The answers to a form"),
    "poll": marked("The votes of a poll"),
}
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "role": {str(one): words for one, words in ROLE_NAMES.items()},
    "kind": {str(one): words for one, words in KINDS.items()},
    "gateway_choice": {str(one): words for one, words in CHOICES.items()},
    "colour": COLOURS,
    "preset": {name: words[0] for name, words in NAMES.items()},
    "once_per": {str(one): words for one, words in ONCE if one},
    "state": {str(one): words[0] for one, words in STATES.items()},
    "purpose": {str(one): words for words, one in PURPOSES},
    "match": {str(one): words for one, words in MATCHES.items()},
    "voters": {str(one): words for one, words in VOTERS.items()},
    "of": {str(one): words[0] for one, words in TOLD_WORDS.items()},
    "method": METHODS,
    "reason": METHODS,
    "what": TAKEN,
}
"""By the field's name: none stands for two choices."""
EVENTS: Final = frozenset({"when", "events"})
KEYS: Final[Mapping[str, Mapping[str, str]]] = {"retention": {kind: words[0] for kind, words in KEPT_WORDS.items()}}
"""Of a field that is a table: what its rows are called."""


def in_words(desk: Desk, name: str, value: Any) -> Any:
    """The value with its words in place of what is stored; lists and tables one by one. What is none stays as it is."""
    _ = desk.language.gettext
    if isinstance(value, list):
        return [in_words(desk, name, one) for one in value]
    if isinstance(value, dict):
        rows = KEYS.get(name, {})
        inner = {"roles": "role"}.get(name, "")
        return {_(rows[one]) if one in rows else one: in_words(desk, inner, held) for one, held in value.items()}
    if not isinstance(value, str):
        return value
    if name in EVENTS:
        return _("Everything that happens") if value == "*" else named(value, desk.language)
    if name == "plugin":
        channel = desk.state.registry.channels.get(value)
        return value if channel is None else _(channel.item.label)
    if name == "notifier":
        known = desk.state.notifiers.types.get(value)
        return value if known is None else _(known.label)
    words = VALUES.get(name, {}).get(value)
    return value if words is None else _(words)

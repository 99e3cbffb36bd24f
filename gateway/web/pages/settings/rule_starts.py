"""Rules to begin with: what teams hang on a completed conversation."""

from typing import Final

from gateway.web.language import Language, marked
from gateway.web.pages.settings.rule_draft import Draft

STARTS: Final = {
    "survey": (
        marked("Send a survey"),
        marked("How did we do? Answer with a number from 1 (poor) to 5 (great)."),
    ),
    "thanks": (marked("Say thanks"), marked("Thank you for talking to us. Just answer if anything is left open.")),
    "webhook": (marked("Tell a webhook"), ""),
}
"""By name: what it is called, and what it says."""


def begun(name: str, language: Language) -> Draft:
    """A draft of that name; an empty one for any other."""
    if name not in STARTS:
        return Draft(actions=[{"type": "send_message"}])
    label, words = (language.gettext(one) for one in STARTS[name])
    if name == "webhook":
        return Draft(label, actions=[{"type": "call_webhook"}])
    delay = 3600 if name == "survey" else 0
    action = {"type": "send_message", "body": words, **({"delay": delay} if delay else {})}
    return Draft(label, actions=[action], once_per="conversation")

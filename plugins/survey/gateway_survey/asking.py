"""Asking how it was, what could be better, and saying thanks: each once, and only who wants to be asked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from gateway.sdk import ActionRefused, setting
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import Action
from gateway_survey.scales import SCALES, answers_of

LONGEST = 600


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """What is asked, how it is answered, and how often at most."""

    question: str = setting(
        "How did we do? Reply with a number from 1 (very bad) to 5 (very good).", label="Question", lines=3, liquid=True
    )
    scale: Literal["1 to 5", "yes or no", "0 to 10"] = setting("1 to 5", label="Answered with")
    comment: str = setting(
        "Thank you! What could we do better? Just reply.",
        label="Then ask for a remark",
        hint="Empty: nothing more is asked.",
        lines=2,
    )
    thanks: str = setting("Thank you, that helps us.", label="Thanks", hint="Empty: none.", lines=2)
    every_days: int = setting(30, label="Ask the same contact again after (days)", minimum=0)
    hours: int = setting(72, label="Wait for an answer (hours)", minimum=1)
    from_: str | None = setting(None, label="From", hint="Empty: the number last used.", names="sender")
    subject: str | None = setting("How did we do?", label="Subject", hint="Of an e-mail.", liquid=True)

    def __post_init__(self) -> None:
        """A question, of a length that a text can have."""
        if not self.question.strip():
            raise ValueError("Write a question.")
        for words in (self.question, self.comment, self.thanks):
            if len(words) > LONGEST:
                raise ValueError(f"At most {LONGEST} characters; this has {len(words)}.")
        if self.every_days > 3650 or self.hours > 720:
            raise ValueError("At most 3650 days, and 720 hours.")


async def ask(context: PluginContext, event: EventView, settings: SurveySettings) -> Mapping[str, Any]:
    """By text or e-mail, as the thread goes. What comes after the answer is kept under a name made of its own words."""
    if event.thread_id is None:
        raise ActionRefused("This event is about no thread.")
    scale = SCALES[settings.scale]
    after = {name: value for name, value in asdict(settings).items() if name in {"comment", "thanks", "hours", "from_"}}
    name = hashlib.sha256(json.dumps(after, sort_keys=True).encode()).hexdigest()[:16]
    await context.store.put(f"after-{name}", after)
    made = await context.execute(
        "ask",
        key=f"{name}-{context.once or event.position}",
        thread_id=event.thread_id,
        conversation_id=event.conversation_id,
        body=settings.question,
        scale=scale.name,
        answers=answers_of(scale),
        hours=settings.hours,
        not_within_days=settings.every_days,
        from_=settings.from_ or None,
        subject=settings.subject or None,
    )
    return {"question_id": made}


async def go_on(context: PluginContext, event: EventView) -> None:
    """The remark is asked for once a value is there, and thanked for; without one the value is."""
    key = str(event.data.get("key", ""))
    if event.data.get("plugin") != context.plugin or event.thread_id is None:
        return
    after = await context.store.get(f"after-{key.partition('-')[0]}")
    if after is None:
        return
    if event.data.get("about") is None and after["comment"].strip():
        await context.execute(
            "ask",
            key=f"{key}-remark",
            thread_id=event.thread_id,
            conversation_id=event.conversation_id,
            body=after["comment"],
            scale=event.data.get("scale"),
            about=event.data["question_id"],
            hours=after["hours"],
            from_=after["from_"] or None,
        )
    elif after["thanks"].strip():
        # The same event may come again, also after a try that failed: thanks are sent once, and not forgotten.
        await context.execute(
            "send_message",
            once=f"thanks-{event.position}",
            thread_id=event.thread_id,
            body=after["thanks"],
            nature="form",
        )


ASK = Action("survey_ask", "Ask how it was (survey)", SurveySettings, ask, "ask “{question}”")

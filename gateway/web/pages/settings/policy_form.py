"""The policies in a form: drawn from what holds, and read back as the API takes them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from phonenumbers import SUPPORTED_REGIONS

from gateway.domain.policy import RESOLVERS, MmsOver, Policy, ReopenWithin, dump_policy
from gateway.domain.record import record
from gateway.web.language import Language, marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.fields import Field, Form, Option
from gateway.web.pages.settings.policy_words import (
    MMS_OVER,
    QUESTIONS,
    REOPEN_WITHIN,
    SWITCHES,
    Question,
    Switch,
    resolver_words,
)

PREFIX = "policy."
_STEP = "step."
_MINUTE = 60
_HOUR, _DAY = 3600, 86_400
_COUNTED = {REOPEN_WITHIN: ReopenWithin, MMS_OVER: MmsOver}


@record
class Asked:
    """A question with its answer. `number` is that of the option that counts."""

    question: Question
    value: str
    number: str = ""
    error: str = ""


@record
class Turned:
    """A switch, and whether it is on."""

    switch: Switch
    on: bool


@record
class Step:
    """A resolver, and its place in the chain; "" where it isn't asked."""

    name: str
    label: str
    place: str


@record(gc=True)
class PolicyForm:
    """The whole of it."""

    asked: list[Asked]
    turned: list[Turned]
    steps: list[Step]
    steps_error: str
    cap: Field
    target: Field
    parts: Field
    idle: list[Field]
    quiet: list[Field]
    quiet_on: bool
    country: Field
    zones: list[str]
    phrases: Field
    problems: list[str]


def form_of(desk: Desk) -> PolicyForm:
    """As it is stored."""
    policy = desk.view.policy
    stored = dump_policy(policy)
    return PolicyForm(
        asked=[_asked(one, getattr(policy, one.name)) for one in QUESTIONS],
        turned=[Turned(one, on=bool(stored[one.name])) for one in SWITCHES],
        steps=_steps(desk),
        steps_error="",
        cap=Field(
            f"{PREFIX}open_cap",
            marked("Open conversations shown"),
            "integer",
            str(policy.open_cap),
            marked("Older ones wait until you close some. What comes in is never refused."),
        ),
        target=_target(policy),
        parts=Field(
            f"{PREFIX}segment_limit",
            marked("Most parts of a text"),
            "integer",
            str(policy.segment_limit),
            marked("Each part costs as much as a message. A longer text is refused, never cut."),
        ),
        idle=_idle(policy),
        quiet=_quiet(policy, desk.times.zone.key),
        quiet_on=policy.quiet_hours is not None,
        country=_country(policy, desk.language),
        zones=sorted(available_timezones()),
        phrases=Field(
            f"{PREFIX}stop_phrases",
            marked("Phrases that may mean STOP"),
            "area",
            "\n".join(policy.stop_phrases),
            marked(
                "One a line, besides what is known in eight languages. A single word counts when nothing else is said."
            ),
        ),
        problems=[],
    )


def _asked(question: Question, value: object) -> Asked:
    if isinstance(value, ReopenWithin):
        return Asked(question, REOPEN_WITHIN, str(value.days))
    if isinstance(value, MmsOver):
        return Asked(question, MMS_OVER, str(value.units))
    return Asked(question, str(value))


def _target(policy: Policy) -> Field:
    seconds = policy.first_reply_target
    return Field(
        f"{PREFIX}first_reply_target",
        marked("First reply within minutes"),
        "number",
        "" if seconds is None else f"{seconds / _MINUTE:g}",
        marked("What the team aims at; the statistics show how often it is kept. Empty: no target."),
    )


def _idle(policy: Policy) -> list[Field]:
    hours, days = policy.idle_complete_after, policy.idle_seal_after
    return [
        Field(
            f"{PREFIX}idle_complete_after",
            marked("Complete what is quiet, after hours"),
            "number",
            "" if hours is None else f"{hours / _HOUR:g}",
            marked("Open conversations in which nothing happens. Empty: never."),
        ),
        Field(
            f"{PREFIX}idle_seal_after",
            marked("Seal what is completed, after days"),
            "number",
            "" if days is None else f"{days / _DAY:g}",
            marked("From then on who writes again begins a new one. Empty: never."),
        ),
    ]


def _quiet(policy: Policy, zone: str) -> list[Field]:
    stored = dump_policy(policy)["quiet_hours"]
    hours = stored if isinstance(stored, Mapping) else {"start": "21:00", "end": "08:00", "timezone": zone}
    return [
        Field("quiet.start", marked("From"), "time", str(hours["start"])),
        Field("quiet.end", marked("Until"), "time", str(hours["end"])),
        Field(
            "quiet.timezone",
            marked("Time zone"),
            "zone",
            str(hours["timezone"]),
            marked("Where a number may be anywhere; else the clocks where the contact is count."),
        ),
    ]


def _country(policy: Policy, language: Language) -> Field:
    names = {code: str(language.locale.territories.get(code, code)) for code in SUPPORTED_REGIONS}
    options = [Option(code, f"{name} ({code})") for code, name in sorted(names.items(), key=lambda one: one[1])]
    return Field(
        f"{PREFIX}default_country",
        marked("Default country"),
        "choice",
        policy.default_country or "",
        marked("How a number typed without + is read. Without one it is refused."),
        options=[Option("", marked("None")), *options],
    )


def _steps(desk: Desk) -> list[Step]:
    chain = list(desk.view.policy.sender_chain)
    rest = [one for one in resolvers(desk) if one not in chain]
    return [
        Step(one, resolver_words(one, desk.language), str(chain.index(one) + 1) if one in chain else "")
        for one in [*chain, *rest]
    ]


def resolvers(desk: Desk) -> list[str]:
    """All that can be asked: those there are, and each pool."""
    return [*RESOLVERS, *(f"pool({one.name})" for one in desk.view.live(desk.view.pools))]


def read(desk: Desk, form: Form) -> dict[str, Any]:
    """The policies as the API takes them. Faults of reading are in `form.faults`, by `policy.<name>`."""
    policy: dict[str, Any] = {one.name: _read_question(one, form) for one in QUESTIONS}
    policy |= {one.name: form.is_on(PREFIX + one.name) for one in SWITCHES}
    policy["sender_chain"] = _read_chain(desk, form)
    for name in ("open_cap", "segment_limit"):
        count = form.integer(PREFIX + name)
        if count is not None:
            policy[name] = count
        elif not form.faults.of(PREFIX + name):
            form.faults.add(PREFIX + name, marked("Enter a whole number, such as 10."))
    for name, unit in (("first_reply_target", _MINUTE), ("idle_complete_after", _HOUR), ("idle_seal_after", _DAY)):
        span = form.number(PREFIX + name)
        policy[name] = None if span is None else round(span * unit)
    policy["default_country"] = form.text(f"{PREFIX}default_country") or None
    policy["stop_phrases"] = [one for one in form.text(f"{PREFIX}stop_phrases").splitlines() if one.strip()]
    policy["quiet_hours"] = (
        {"start": form.text("quiet.start"), "end": form.text("quiet.end"), "timezone": form.text("quiet.timezone")}
        if form.is_on("quiet.on")
        else None
    )
    return policy


def _read_question(question: Question, form: Form) -> str:
    name = PREFIX + question.name
    value = form.chosen(name, {one.value for one in question.options})
    if value != question.counts:
        return value
    number = form.integer(f"number.{question.name}")
    if number is None:
        form.faults.add(name, marked("Enter a whole number, such as 10."))
    return f"{value}({number})"


def _read_chain(desk: Desk, form: Form) -> list[str]:
    """By place, then in the order of the form; nothing asked at all is told by the policy itself."""
    placed = [(form.integer(_STEP + one.name), index, one.name) for index, one in enumerate(_steps(desk))]
    return [name for place, _, name in sorted((p, i, n) for p, i, n in placed if p is not None)]


def with_faults(shown: PolicyForm, form: Form) -> PolicyForm:
    """What was typed, with a sentence at each policy that needs mending."""
    faults = form.faults
    fields = [shown.cap, shown.target, shown.parts, *shown.idle, shown.country, *shown.quiet, shown.phrases]
    typed = [replace(one, value=form.given.get(one.name, "")) for one in fields]
    others = [*(PREFIX + one.question.name for one in shown.asked), f"{PREFIX}sender_chain", f"{PREFIX}quiet_hours"]
    placed = faults.place([*typed, *(Field(one, "") for one in others)])
    cap, target, parts, complete, seal, country, start, end, zone, phrases = placed[:10]
    return replace(
        shown,
        asked=[
            replace(
                one,
                value=form.text(PREFIX + one.question.name),
                number=form.text(f"number.{one.question.name}"),
                error=faults.of(PREFIX + one.question.name),
            )
            for one in shown.asked
        ],
        turned=[replace(one, on=form.is_on(PREFIX + one.switch.name)) for one in shown.turned],
        steps=[replace(one, place=form.text(_STEP + one.name)) for one in shown.steps],
        steps_error=faults.of(f"{PREFIX}sender_chain"),
        cap=cap,
        target=target,
        parts=parts,
        idle=[complete, seal],
        country=country,
        quiet=[replace(start, error=faults.of(f"{PREFIX}quiet_hours")), end, zone],
        quiet_on=form.is_on("quiet.on"),
        phrases=phrases,
        problems=[*faults.general] or [marked("Some fields need another look.")],
    )

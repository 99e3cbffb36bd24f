"""Settings > Automations: the rules as sentences, in their order; one written, tried against history, and saved."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from aiohttp import web

from gateway.core.commands.automations import OrderAutomations
from gateway.core.errors import Refused
from gateway.domain.automation import Automation, OncePer
from gateway.domain.record import record
from gateway.domain.rules import Op
from gateway.host.named import offered
from gateway.host.rule_checks import Written
from gateway.host.trial import SENDS, Trial
from gateway.sdk.settings import Noun
from gateway.storage import automation_reads
from gateway.web.api import automations as api
from gateway.web.api.body import to_type
from gateway.web.language import Language, marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings import rule_draft, rule_words
from gateway.web.pages.settings.automation_runs import replay, resume, retry, show_runs
from gateway.web.pages.settings.fields import Form
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.pages.settings.rule_draft import Draft, Offers
from gateway.web.pages.settings.rule_starts import STARTS, begun
from gateway.web.pages.settings.sections import get, post
from gateway.web.problems import Problem

HOME: Final = "/settings/automations"
WEEK_MS: Final = 7 * 86_400_000
DAYS: Final = 90
NOUNS: Final[tuple[Noun, ...]] = ("user", "group", "sender", "template", "tag", "list", "form", "poll")
SAID = {
    "made": marked("Made. It is off until you switch it on."),
    "saved": marked("Saved."),
    "on": marked("Switched on. It answers what happens from now on."),
    "off": marked("Switched off. It does nothing more."),
    "removed": marked("Removed."),
}
ONCE = (
    ("", marked("each time")),
    (OncePer.CONVERSATION, marked("once in a conversation")),
    (OncePer.CONTACT, marked("once for a contact")),
    (OncePer.DAY, marked("once a day for a contact")),
)


@record
class RuleRow:
    """A rule in the list."""

    href: str
    name: str
    enabled: bool
    said: rule_words.Sentence
    ran: str
    held: str


async def show(desk: Desk) -> web.StreamResponse:
    """All of them, in order."""

    def read(session: Any) -> Any:
        since = desk.state.clock() - WEEK_MS
        return (
            automation_reads.live_automations(session, desk.workspace_id),
            automation_reads.activity(session, desk.workspace_id, since),
            automation_reads.how_many_held(session, desk.workspace_id),
        )

    rules, activity, held = await desk.read(read)
    offers = await _offers(desk)
    rows = [_row(desk, one, activity.get(one.id), held.get(one.id, 0), offers) for one in rules]
    starts = [(name, label) for name, (label, _) in STARTS.items()]
    return await settings_page(desk, "automations", "settings/automations.html", said=SAID, rules=rows, starts=starts)


async def show_new(desk: Desk) -> web.StreamResponse:
    """One that begins empty, or as one of those that teams begin with."""
    return await _page(desk, None, begun(desk.request.query.get("start", ""), desk.language))


async def show_one(desk: Desk) -> web.StreamResponse:
    """One as it is stored."""
    rule = await _find(desk)
    return await _page(desk, rule, _stored(desk, rule))


async def create(desk: Desk) -> web.StreamResponse:
    """A button of the form of a new one."""
    return await _press(desk, None)


async def change(desk: Desk) -> web.StreamResponse:
    """A button of the form of one that is there."""
    return await _press(desk, await _find(desk))


async def switch(desk: Desk) -> web.StreamResponse:
    """On or off."""
    rule, form = await _find(desk), await desk.form()
    on = form.get("to") == "on"
    await api.update_automation(call_of(desk), rule.id, to_type({"enabled": on}, api.AutomationChange))
    raise web.HTTPSeeOther(f"{HOME}?said={'on' if on else 'off'}")


async def move(desk: Desk) -> web.StreamResponse:
    """One place up or down."""
    rule, form = await _find(desk), await desk.form()
    rules = await desk.read(lambda session: automation_reads.live_automations(session, desk.workspace_id))
    ids = [one.id for one in rules]
    place = ids.index(rule.id)
    other = place - 1 if form.get("to") == "up" else place + 1
    if 0 <= other < len(ids):
        ids[place], ids[other] = ids[other], ids[place]
        await desk.execute(OrderAutomations(tuple(ids)))
    raise web.HTTPSeeOther(HOME)


async def remove(desk: Desk) -> web.StreamResponse:
    """Takes it away."""
    await desk.form()
    await api.delete_automation(call_of(desk), (await _find(desk)).id)
    raise web.HTTPSeeOther(f"{HOME}?said=removed")


async def _press(desk: Desk, rule: Automation | None) -> web.StreamResponse:
    form = Form(await desk.form(), desk.language)
    draft = rule_draft.read(form, desk.state.registry)
    button = form.text("do")
    if rule_draft.pressed(draft, button, form.text("add_type")):
        return await _page(desk, rule, draft, typed=form)
    trial = None
    try:
        if not form.faults:
            if button == "try":
                trial = await _try(desk, rule, draft)
            else:
                await _save(desk, rule, draft)
    except (Problem, Refused) as error:
        form.take(error)
    return await _page(desk, rule, draft, form, trial, typed=form)


async def _save(desk: Desk, rule: Automation | None, draft: Draft) -> None:
    call = call_of(desk)
    if rule is None:
        await api.create_automation(call, to_type(draft.body(), api.NewAutomation))
        raise web.HTTPSeeOther(f"{HOME}?said={'on' if draft.enabled else 'made'}")
    await api.update_automation(call, rule.id, to_type(draft.body(), api.AutomationChange))
    raise web.HTTPSeeOther(f"{HOME}?said=saved")


async def _try(desk: Desk, rule: Automation | None, draft: Draft) -> Trial:
    """The draft as it stands, saved or not."""
    call = call_of(desk)
    written = Written(draft.when, draft.conditions, draft.actions)
    stored = rule.actions if rule else ()
    checked = api.checks_of(call).check(desk.view, await api.templates_of(call), written, stored)
    tried = Automation(
        desk.workspace_id,
        rule.id if rule else 0,
        draft.name,
        draft.when,
        desk.state.clock(),
        checked.conditions or (),
        checked.actions or (),
        OncePer(draft.once_per) if draft.once_per in set(OncePer) else None,
    )
    return await api.trials_of(call).run(desk.view, tried, DAYS)


async def _page(
    desk: Desk,
    rule: Automation | None,
    draft: Draft,
    form: Form | None = None,
    trial: Trial | None = None,
    typed: Form | None = None,
) -> web.StreamResponse:
    """The form: with the faults of `form` where it was to be saved or tried, and with what was `typed`."""
    faults: Mapping[str, str] = form.faults.fields if form else {}
    registry, language = desk.state.registry, desk.language
    offers = await _offers(desk)
    href = address("automations", "aut", rule.id) if rule else f"{HOME}/new"
    known = list(dict.fromkeys([*rule_words.FIELDS, *registry.conditions]))
    problems = (
        [] if form is None or not form.faults else [*form.faults.general, marked("Some fields need another look.")]
    )
    return await settings_page(
        desk,
        "automations",
        "settings/automation.html",
        status=422 if problems else 200,
        rule=rule,
        draft=draft,
        href=href,
        said_so=_sentence(desk, draft.when, draft.conditions, draft.actions, draft.once_per, offers),
        events=[(one, rule_words.event_words(one, registry, language)) for one in _event_types(desk)],
        fields=[(one, rule_words.field_words(one, registry, language)) for one in known],
        ops=[(str(one), rule_words.OPS[one]) for one in Op],
        onces=ONCE,
        conditions=rule_draft.condition_rows(draft, faults, typed),
        actions=rule_draft.action_rows(draft, registry, offers, faults, typed, desk.language),
        kinds=[(found.item.type, found.item.label) for found in registry.actions.values()],
        units=rule_draft.UNIT_LABELS,
        tags=list(offers["tag"]),
        faults={"name": "", "when": "", "then": "", **faults},
        problems=problems,
        trial=trial,
        times=desk.times,
        tried=None if trial is None else trial_words(trial, language),
    )


def trial_words(trial: Trial, language: Language) -> str:
    """Over the last 90 days this would have run 412 times, sent 37 texts, 6 of them in quiet hours, cost 2.96 USD."""
    _, ngettext = language.gettext, language.ngettext
    sent = trial.would.get(SENDS, 0)
    parts = [ngettext("this would have run %(num)s time", "this would have run %(num)s times", trial.runs)]
    if sent or trial.refused:
        parts.append(ngettext("sent %(num)s message", "sent %(num)s messages", sent))
        parts.append(_("%(num)s of them in quiet hours", num=language.number(trial.in_quiet_hours)))
    if trial.refused:
        parts.append(ngettext("%(num)s message refused", "%(num)s messages refused", trial.refused))
    if trial.cost_micros is not None:
        amount = language.money(Decimal(trial.cost_micros) / 1_000_000)
        parts.append(_("cost %(amount)s %(currency)s", amount=amount, currency=trial.currency))
    days = ngettext("Over the last %(num)s day", "Over the last %(num)s days", DAYS)
    said = _("%(days)s %(parts)s.", days=days, parts=", ".join(parts))
    return said if trial.complete else f"{said} {_('There was more than could be looked at; these are the newest.')}"


def _event_types(desk: Desk) -> list[str]:
    every = api.checks_of(call_of(desk)).event_types()
    return [*rule_words.EVENTS, *(one for one in every if one not in rule_words.EVENTS)]


def _row(
    desk: Desk, rule: Automation, activity: automation_reads.Activity | None, held: int, offers: Offers
) -> RuleRow:
    _, ngettext = desk.language.gettext, desk.language.ngettext
    ran = _("Not this week")
    if activity is not None:
        times = ngettext("Ran %(num)s time this week", "Ran %(num)s times this week", activity.count)
        ran = _("%(times)s, last %(when)s", times=times, when=desk.times.short(activity.last_at))
    draft = _stored(desk, rule)
    said = _sentence(desk, rule.when, draft.conditions, draft.actions, draft.once_per, offers)
    waits = ngettext("Held for %(num)s contact", "Held for %(num)s contacts", held) if held else ""
    return RuleRow(address("automations", "aut", rule.id), rule.name, rule.enabled, said, ran, waits)


def _stored(desk: Desk, rule: Automation) -> Draft:
    return Draft(
        rule.name,
        rule.when,
        [dict(one) for one in rule.conditions],
        api.checks_of(call_of(desk)).shown(rule.actions),
        rule.once_per or "",
        rule.enabled,
    )


def _sentence(
    desk: Desk, when: str, conditions: Any, actions: Any, once_per: str, offers: Offers
) -> rule_words.Sentence:
    labels = {made: label for known in offers.values() for made, label in known.items()}
    return rule_words.sentence_of(
        when, conditions, actions, once_per, desk.state.registry, desk.language, lambda text: labels.get(text, text)
    )


async def _offers(desk: Desk) -> Offers:
    templates = await api.templates_of(call_of(desk))
    return {noun: offered(desk.view, templates, noun) for noun in NOUNS}


async def _find(desk: Desk) -> Automation:
    return await api.find(call_of(desk), desk.id("aut"))


ROUTES = (
    get("", show),
    get("/new", show_new),
    post("/new", create),
    get("/{id}", show_one),
    post("/{id}", change),
    post("/{id}/switch", switch),
    post("/{id}/move", move),
    post("/{id}/remove", remove),
    get("/{id}/runs", show_runs),
    post("/{id}/resume", resume),
    post("/{id}/runs/{run}/retry", retry),
    post("/{id}/runs/{run}/replay", replay),
)

"""The log of an automation: when it ran, what it found, what became of each action; tried again, done once more."""

from collections.abc import Sequence

from aiohttp import web

from gateway.domain.automation import AutomationRun, RunState
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.storage import automation_reads
from gateway.web.api import automations as api
from gateway.web.api.shapes.automation import held_shape
from gateway.web.language import Language, marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.settings import rule_words
from gateway.web.pages.settings.frame import address, call_of, settings_page
from gateway.web.told import told

MOST = 50
SAID = {
    "retried": marked("It goes on where it failed."),
    "replayed": marked("It is done once more."),
    "resumed": marked("It goes on with what happens from now on."),
}
STATES = {
    RunState.RUNNING: ("st-blue", "rotate-ccw", marked("Under way")),
    RunState.WAITING: ("st-amber", "clock", marked("Waiting")),
    RunState.DONE: ("st-green", "check", marked("Done")),
    RunState.FAILED: ("st-red", "circle-alert", marked("Failed")),
    RunState.STOPPED: ("", "ban", marked("Stopped")),
}
OUTCOMES = {
    "done": marked("done"),
    "refused": marked("refused"),
    "failed": marked("failed"),
    "again": marked("tried again"),
    "stopped": marked("stopped"),
}


@record
class StepRow:
    """One action of a run. `outcome` is empty for one that was not begun."""

    words: str
    outcome: str
    error: str


@record
class RunRow:
    """One run in the log."""

    href: str
    when: str
    iso: str
    about: str
    tone: str
    icon: str
    state: str
    reason: str
    found: Sequence[tuple[str, str]]
    steps: Sequence[StepRow]
    again: bool
    ended: bool
    caused: bool
    replayed: bool


@record
class HeldRow:
    """A contact for whom it does nothing more."""

    thread: str
    href: str
    name: str
    when: str
    iso: str
    reason: str


async def show_runs(desk: Desk) -> web.StreamResponse:
    """The newest of them."""
    rule = await api.find(call_of(desk), desk.id("aut"))
    runs = await desk.read(lambda session: automation_reads.runs_of(session, desk.workspace_id, rule.id, MOST + 1))
    held = await desk.read(lambda session: automation_reads.holds_of(session, desk.workspace_id, rule.id, MOST))
    return await settings_page(
        desk,
        "automations",
        "settings/automation_runs.html",
        said=SAID,
        rule=rule,
        href=address("automations", "aut", rule.id),
        runs=[_row(desk, one, enabled=rule.enabled) for one in runs[:MOST]],
        held=[_held(desk, one) for one in held],
        more=len(runs) > MOST,
        most=MOST,
    )


async def resume(desk: Desk) -> web.StreamResponse:
    """It goes on for one contact, or for all of them."""
    form = await desk.form()
    where = api.Where(form.get("thread") or None)
    await api.resume_automation(call_of(desk), desk.id("aut"), where)
    raise web.HTTPSeeOther(f"{address('automations', 'aut', desk.id('aut'))}/runs?said=resumed")


async def retry(desk: Desk) -> web.StreamResponse:
    """A failed one goes on."""
    await desk.form()
    await api.retry_run(call_of(desk), desk.id("aut"), desk.id("run", "run"))
    raise web.HTTPSeeOther(f"{address('automations', 'aut', desk.id('aut'))}/runs?said=retried")


async def replay(desk: Desk) -> web.StreamResponse:
    """All of one once more."""
    await desk.form()
    await api.replay_run(call_of(desk), desk.id("aut"), desk.id("run", "run"))
    raise web.HTTPSeeOther(f"{address('automations', 'aut', desk.id('aut'))}/runs?said=replayed")


def _held(desk: Desk, held: automation_reads.Held) -> HeldRow:
    shape = held_shape(held)
    return HeldRow(
        shape.thread_id,
        f"/contacts/{shape.contact_id}" if shape.contact_id else "",
        sender_text(shape.contact_name or "") or desk.language.gettext("Unknown"),
        desk.times.full(held.hold.held_at),
        desk.times.iso(held.hold.held_at),
        told(desk.language, shape.reason),
    )


def _row(desk: Desk, run: AutomationRun, *, enabled: bool) -> RunRow:
    tone, icon, state = STATES[run.state]
    language, registry = desk.language, desk.state.registry
    actions = api.checks_of(call_of(desk)).shown(run.actions)
    return RunRow(
        href=f"{address('automations', 'aut', run.automation_id)}/runs/{format_id('run', run.id)}",
        when=desk.times.full(run.created_at),
        iso=desk.times.iso(run.created_at),
        about=f"/conversations/{format_id('cnv', run.conversation_id)}" if run.conversation_id else "",
        tone=tone,
        icon=icon,
        state=language.gettext(state),
        reason=told(language, run.reason or ""),
        found=[
            (rule_words.condition_words(one, registry, language), _text(one.get("found"), language))
            for one in run.verdict
        ],
        steps=[
            _step(rule_words.action_words(one, registry, language, str), run, place, language)
            for place, one in enumerate(actions)
        ],
        again=enabled and run.state is RunState.FAILED,
        ended=enabled and run.finished_at is not None,
        caused=bool(run.chain),
        replayed=run.replay_of is not None,
    )


def _step(words: str, run: AutomationRun, place: int, language: Language) -> StepRow:
    if place >= len(run.results):
        return StepRow(words, "", "")
    result = run.results[place]
    outcome = str(result.get("outcome"))
    return StepRow(
        words, language.gettext(OUTCOMES.get(outcome, outcome)), told(language, str(result.get("error") or ""))
    )


def _text(found: object, language: Language) -> str:
    if found is None or found in ("", []):
        return language.gettext("nothing")
    if isinstance(found, dict):
        return str(found.get("name") or found.get("value") or found.get("id") or "")
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found)

"""To whom conversations go that nobody has: rules as sentences, in order, and how much everybody has now."""

from collections.abc import Mapping

from aiohttp import web

from gateway.core.commands.settings import UpdateWorkspace
from gateway.core.errors import invalid
from gateway.domain.assignment import AssignmentRule, Method, rules_of
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.visibility import Permission
from gateway.storage.assignment_reads import open_by_user
from gateway.web import guard, problems
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_user
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.settings.forms import Faults, attempt
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.views_shell import Choice, Person

HOME = "/settings/assignment"
METHODS = {
    Method.ROUND_ROBIN: marked("to each in turn (round robin)"),
    Method.LEAST_BUSY: marked("to the least busy"),
}
_FIELDS = ("method", "group_id", "sender_id", "tag_id", "cap")
SAID = {"saved": marked("Saved."), "done": marked("Saved.")}


@record
class Busy:
    """How many open conversations somebody has now."""

    face: Person
    count: int


async def show(desk: Desk) -> web.StreamResponse:
    """The page as it is."""
    return await _page(desk, {}, {})


async def add(desk: Desk) -> web.StreamResponse:
    """One more rule, the last."""
    form = await desk.form()

    async def act() -> None:
        await _save(desk, [*_stored(desk), _written(form)])

    return await attempt(desk, act, lambda faults: _page(desk, form, faults), HOME)


async def remove(desk: Desk) -> web.StreamResponse:
    """Without this one."""
    await desk.form()
    rules = _stored(desk)
    del rules[_place(desk, rules)]
    await _save(desk, rules)
    raise web.HTTPSeeOther(f"{HOME}?said=saved")


async def raise_up(desk: Desk) -> web.StreamResponse:
    """Asked before the one above it."""
    await desk.form()
    rules = _stored(desk)
    place = _place(desk, rules)
    rules.insert(max(place - 1, 0), rules.pop(place))
    await _save(desk, rules)
    raise web.HTTPSeeOther(f"{HOME}?said=saved")


async def _save(desk: Desk, rules: list[Mapping[str, object]]) -> None:
    guard.require(desk.signed, Permission.MANAGE_SETTINGS)
    await desk.execute(UpdateWorkspace(assignment=tuple(rules)))


def _stored(desk: Desk) -> list[Mapping[str, object]]:
    return list(desk.view.workspace.assignment)


def _place(desk: Desk, rules: list[Mapping[str, object]]) -> int:
    text = desk.request.match_info["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= len(rules)):
        raise problems.not_found("rule")
    return int(text) - 1


def _written(form: Mapping[str, str]) -> Mapping[str, object]:
    cap = form.get("cap", "").strip()
    if cap and not (cap.isascii() and cap.isdigit()):
        raise invalid("cap", "A cap is a whole number; leave it out for none.")
    named = {name: form.get(name, "") or None for name in ("group_id", "sender_id", "tag_id")}
    return {"method": form.get("method", ""), **named, "cap": int(cap) if cap else None}


async def _page(desk: Desk, typed: Mapping[str, str], faults: Faults) -> web.StreamResponse:
    view = desk.view
    found = await desk.read(lambda session: open_by_user(session, desk.workspace_id))
    people = [one for one in view.live(view.users) if one.kind == "person"]
    return await settings_page(
        desk,
        "assignment",
        "settings/assignment.html",
        status=422 if faults else 200,
        said=SAID,
        faults=faults,
        typed={name: typed.get(name, "") for name in _FIELDS},
        rules=[_sentence(desk, one) for one in rules_of(view.workspace.assignment)],
        methods=[(str(method), words) for method, words in METHODS.items()],
        groups=[Choice(one.name, format_id("grp", one.id)) for one in view.live(view.groups)],
        senders=[
            Choice(one.label or sender_text(one.value), format_id("snd", one.id)) for one in view.live(view.senders)
        ],
        tags=[Choice(one.name, format_id("tag", one.id)) for one in view.live(view.tags)],
        load=sorted(
            (Busy(face_of_user(one, desk.times.now), found.get(one.id, 0)) for one in people),
            key=lambda one: -one.count,
        ),
        unassigned=found.get(0, 0),
    )


def _sentence(desk: Desk, rule: AssignmentRule) -> str:
    """New conversations to News, tagged vip: to each of Sales in turn, up to 10 each."""
    _, view = desk.language.gettext, desk.view
    sender, tag = view.senders.get(rule.sender_id or 0), view.tags.get(rule.tag_id or 0)
    group = view.groups.get(rule.group_id or 0)
    where = [_("Conversations that nobody has")]
    where += [_("with %(number)s", number=sender.label or sender_text(sender.value))] if sender else []
    where += [_("tagged %(tag)s", tag=tag.name)] if tag else []
    team = group.name if group else _("everybody")
    words = {
        Method.ROUND_ROBIN: _("go to each available one of %(team)s in turn", team=team),
        Method.LEAST_BUSY: _("go to the least busy available one of %(team)s", team=team),
    }
    cap = _(", up to %(count)s open each", count=rule.cap) if rule.cap else ""
    return f"{' '.join(where)} {words[rule.method]}{cap}."


ROUTES = (
    get("", show),
    post("", add),
    post("/{id}/remove", remove),
    post("/{id}/up", raise_up),
)

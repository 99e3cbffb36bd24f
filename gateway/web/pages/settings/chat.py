"""Chat targets: where one is told in a chat service; for administrators also where a group, or everybody, is."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from gateway.core.commands.base import UNCHANGED
from gateway.core.commands.chat import AddChatTarget, RemoveChatTarget, UpdateChatTarget
from gateway.core.errors import Refused
from gateway.domain.chat import AT_ONCE, CHAT_DIGESTS, ChatTarget, Told
from gateway.domain.day_times import clock_text
from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.visibility import Permission
from gateway.storage.chat_reads import chat_target, chat_targets_of
from gateway.web import problems
from gateway.web.api.chat_targets import may_change, sealed_address, try_target
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.clocks import minutes_of
from gateway.web.pages.settings.forms import Faults, answerable, faults_of
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get, post
from gateway.web.pages.views_shell import Choice

HOME = "/settings/notifications"
NEW = f"{HOME}/chat/new"
_OF = "of."
TOLD_WORDS = {
    Told.MESSAGE: (marked("Somebody wrote"), marked("Once you have read it you are told nothing.")),
    Told.ASSIGNED: (marked("A conversation is given to me"), marked("For a group: to the group.")),
    Told.MENTION: (marked("A note names me"), ""),
    Told.FAILED: (marked("A message to one of mine failed"), ""),
    Told.GATEWAY: (marked("A gateway went down or came back"), marked("For administrators.")),
}
DIGEST_WORDS = {
    AT_ONCE: marked("Not at all"),
    2: marked("2 minutes"),
    15: marked("15 minutes"),
    60: marked("1 hour"),
    240: marked("4 hours"),
}
ME, TEAM = "me", "team"


@record
class ChatRow:
    """One target in the list."""

    href: str
    label: str
    service: str
    whose: str
    of: str
    told: str
    error: str


@record
class ChatForm:
    """What stands in the form. `whose` is there for administrators who add one."""

    action: str
    label: str
    notifiers: Sequence[Choice]
    hint: str
    whose: Sequence[Choice]
    of: Sequence[Choice]
    only_mine: bool
    digests: Sequence[Choice]
    quiet_from: str
    quiet_to: str
    faults: Faults


async def chat_rows(desk: Desk) -> list[ChatRow]:
    """One's own; for administrators also those of groups and of the team."""
    found = await desk.read(lambda session: chat_targets_of(session, desk.workspace_id))
    return [_row(desk, one) for one in found if may_change(desk.signed, one)]


async def show_new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    return await _page(desk, _form(desk, NEW, {}, {}), None)


async def add(desk: Desk) -> web.StreamResponse:
    """One more; its address is sealed, and shown never again."""
    form = await desk.form()
    try:
        notifier = form.get("notifier", "")
        sealed = sealed_address(desk.state, notifier, form.get("address", ""))
        whose = form.get("whose", ME)
        await desk.execute(
            AddChatTarget(
                notifier,
                form.get("label", ""),
                sealed,
                everybody=whose == TEAM,
                group_id=None if whose in (ME, TEAM) else desk.parse(whose, "grp"),
                **_choices(desk, form),
            )
        )
    except Refused as refused:
        if not answerable(refused):
            raise
        return await _page(desk, _form(desk, NEW, form, faults_of(refused, desk.language)), None)
    raise web.HTTPSeeOther(f"{HOME}?said=saved")


async def show(desk: Desk) -> web.StreamResponse:
    """Its form, without its address."""
    target = await _found(desk)
    return await _page(desk, _form(desk, _address(target), _typed(target), {}, target), target)


async def change(desk: Desk) -> web.StreamResponse:
    """Saves; an address that is left empty stays."""
    form, target = await desk.form(), await _found(desk)
    address = form.get("address", "").strip()
    try:
        sealed = sealed_address(desk.state, target.notifier, address) if address else UNCHANGED
        await desk.execute(UpdateChatTarget(target.id, form.get("label", ""), sealed, **_choices(desk, form)))
    except Refused as refused:
        if not answerable(refused):
            raise
        shown = _form(desk, _address(target), form, faults_of(refused, desk.language), target)
        return await _page(desk, shown, target)
    raise web.HTTPSeeOther(f"{HOME}?said=saved")


async def test(desk: Desk) -> web.StreamResponse:
    """Tells it something now, and says how that went."""
    await desk.form()
    target = await _found(desk)
    error = await try_target(desk.state, target)
    if error is not None:
        faults = {"": desk.language.gettext(error)}
        return await _page(desk, _form(desk, _address(target), _typed(target), faults, target), target)
    raise web.HTTPSeeOther(f"{HOME}?said=told")


async def remove(desk: Desk) -> web.StreamResponse:
    """It is told nothing any more."""
    await desk.form()
    await desk.execute(RemoveChatTarget((await _found(desk)).id))
    raise web.HTTPSeeOther(f"{HOME}?said=removed")


async def _page(desk: Desk, form: ChatForm, target: ChatTarget | None) -> web.StreamResponse:
    return await settings_page(
        desk,
        "notifications",
        "settings/chat_target.html",
        status=422 if form.faults else 200,
        form=form,
        row=_row(desk, target) if target else None,
    )


async def _found(desk: Desk) -> ChatTarget:
    made = desk.id("tgt")
    found = await desk.read(lambda session: chat_target(session, desk.workspace_id, made))
    if found is None or not may_change(desk.signed, found):
        raise problems.not_found("chat target")
    return found


def _choices(desk: Desk, form: Mapping[str, str]) -> dict[str, Any]:
    given = form.get("digest", "")
    return {
        "of": tuple(one for one in Told if f"{_OF}{one}" in form),
        "only_mine": "only_mine" in form,
        "digest": int(given) if given.isdecimal() and len(given) < 5 else AT_ONCE,
        "quiet_start": minutes_of(form.get("quiet_from", "")),
        "quiet_end": minutes_of(form.get("quiet_to", "")),
        "timezone": desk.times.zone.key,
    }


def _typed(target: ChatTarget) -> dict[str, str]:
    """A target as its form would send it."""
    quiet = target.quiet_start != target.quiet_end
    return {
        "label": target.label,
        "digest": str(target.digest),
        "quiet_from": clock_text(target.quiet_start) if quiet else "",
        "quiet_to": clock_text(target.quiet_end) if quiet else "",
        **{f"{_OF}{one}": "on" for one in target.of},
        **({"only_mine": "on"} if target.only_mine else {}),
    }


def _form(
    desk: Desk, action: str, given: Mapping[str, str], faults: Faults, target: ChatTarget | None = None
) -> ChatForm:
    _ = desk.language.gettext
    types = desk.state.notifiers.types
    chosen = given.get("notifier", next(iter(types), ""))
    ticked = {name.removeprefix(_OF) for name in given if name.startswith(_OF)} or ({Told.MESSAGE} - set(given))
    whose = given.get("whose", ME)
    groups = [Choice(one.name, format_id("grp", one.id)) for one in desk.view.live(desk.view.groups)]
    circles = [Choice(_("Me"), ME), Choice(_("The whole team"), TEAM), *groups]
    shared = target is None and desk.signed.may(Permission.MANAGE_SETTINGS)
    return ChatForm(
        action=action,
        label=given.get("label", ""),
        notifiers=[Choice(_(one.label), name, pressed=name == chosen) for name, one in types.items()],
        hint=_(types[chosen].hint) if chosen in types else "",
        whose=[Choice(one.label, one.value, pressed=one.value == whose) for one in circles] if shared else [],
        of=[
            Choice(_(label), f"{_OF}{kind}", note=_(note) if note else "", pressed=kind in ticked)
            for kind, (label, note) in TOLD_WORDS.items()
        ],
        only_mine="only_mine" in given,
        digests=[
            Choice(_(DIGEST_WORDS[one]), str(one), pressed=str(one) == given.get("digest", "0")) for one in CHAT_DIGESTS
        ],
        quiet_from=given.get("quiet_from", ""),
        quiet_to=given.get("quiet_to", ""),
        faults=faults,
    )


def _row(desk: Desk, target: ChatTarget) -> ChatRow:
    _ = desk.language.gettext
    types = desk.state.notifiers.types
    group = desk.view.groups.get(target.group_id or 0)
    whose = _("Me") if target.user_id is not None else group.name if group else _("The whole team")
    return ChatRow(
        href=_address(target),
        label=target.label,
        service=_(types[target.notifier].label) if target.notifier in types else target.notifier,
        whose=whose,
        of=" \N{MIDDLE DOT} ".join(_(TOLD_WORDS[Told(one)][0]) for one in target.of),
        told=_("Told %(when)s", when=desk.times.full(target.told_at)) if target.told_at else _("Told nothing yet"),
        error=target.last_error or "",
    )


def _address(target: ChatTarget) -> str:
    return f"{HOME}/chat/{format_id('tgt', target.id)}"


ROUTES = (
    get("/chat/new", show_new),
    post("/chat/new", add),
    get("/chat/{id}", show),
    post("/chat/{id}", change),
    post("/chat/{id}/test", test),
    post("/chat/{id}/remove", remove),
)

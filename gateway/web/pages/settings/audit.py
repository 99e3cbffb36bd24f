"""The audit trail: who did what in administration, and when; narrowed, and taken along as a table."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web

from gateway.core.commands.audit import RecordExport
from gateway.core.errors import invalid
from gateway.domain.audit import AuditLine
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.policy import PolicyError, parse_policy
from gateway.domain.record import record
from gateway.domain.retention import days_of
from gateway.storage.audit_reads import Wanted, audit_page, audited_users
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.settings import policy_words
from gateway.web.pages.settings.account import browser_name
from gateway.web.pages.settings.audit_values import in_words
from gateway.web.pages.settings.audit_words import FIELDS, GROUPS, WORDS
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get
from gateway.web.pages.views_shell import Choice
from gateway.web.reports.csv_text import csv_lines
from gateway.web.reports.download import begin_csv

HOME: Final = "/settings/audit"
SHOWN = 50
PIECE = 500
HEAD = ("time", "who", "actor", "action", "subject", "subject_id", "details", "address")


@record
class Line:
    """One line, in words."""

    when: str
    iso: str
    who: str
    what: str
    subject: str
    details: tuple[tuple[str, str], ...]
    address: str


async def show(desk: Desk) -> web.StreamResponse:
    """The newest first, a page at a time."""
    query = desk.request.query
    wanted, faults = _wanted(desk, query)
    before = desk.parse(query["before"], PREFIXES["audit"]) if query.get("before") else None
    read = partial(audit_page, workspace_id=desk.workspace_id, wanted=wanted, limit=SHOWN + 1, before=before)
    lines = [] if faults else await desk.read(read)
    asked = {name: query[name] for name in ("who", "what", "from", "to") if query.get(name)}
    older = ""
    if len(lines) > SHOWN:
        older = f"{HOME}?{urlencode({**asked, 'before': format_id(PREFIXES['audit'], lines[SHOWN - 1].id)})}"
    return await settings_page(
        desk,
        "audit",
        "settings/audit.html",
        status=422 if faults else 200,
        faults=faults,
        lines=[line_of(desk, one) for one in lines[:SHOWN]],
        people=await _people(desk, query.get("who", "")),
        groups=[
            Choice(desk.language.gettext(label), name, pressed=name == query.get("what"))
            for name, (label, _) in GROUPS.items()
        ],
        begin=query.get("from", ""),
        end=query.get("to", ""),
        narrowed=bool(asked) or before is not None,
        older=older,
        csv=f"{HOME}/trail.csv?{urlencode(asked)}",
        days=days_of(desk.view.workspace.retention, "audit"),
    )


async def export(desk: Desk) -> web.StreamResponse:
    """All that is asked for, as CSV; which is a line of the trail itself."""
    wanted, faults = _wanted(desk, desk.request.query)
    if faults:
        raise invalid(*next(iter(faults.items())))
    await desk.execute(RecordExport("audit"))
    answer = await begin_csv(desk.request, "audit.csv", HEAD)
    before: int | None = None
    while True:
        read = partial(audit_page, workspace_id=desk.workspace_id, wanted=wanted, limit=PIECE, before=before)
        found: list[AuditLine] = await desk.read(read)
        if not found:
            break
        await answer.write(csv_lines(_row(desk, one) for one in found).encode())
        before = found[-1].id
    await answer.write_eof()
    return answer


def _row(desk: Desk, one: AuditLine) -> Sequence[object]:
    details = "; ".join(f"{name}: {value}" for name, value in _details(desk, one.details))
    subject_id = format_id(PREFIXES[one.noun], one.subject_id) if one.noun and one.subject_id else ""
    return (
        desk.times.iso(one.at), one.actor_name, one.actor, one.action, one.subject, subject_id, details, one.address
    )  # fmt: skip


def line_of(desk: Desk, one: AuditLine) -> Line:
    """A line in the reader's words."""
    _ = desk.language.gettext
    who = one.actor_name or (_("The system") if one.actor == "system" else one.actor)
    subject = one.subject or ""
    if not subject and one.noun and one.subject_id:
        subject = format_id(PREFIXES[one.noun], one.subject_id)
    return Line(
        desk.times.full(one.at),
        desk.times.iso(one.at),
        who,
        _(WORDS.get(one.action, one.action)),
        subject,
        tuple(_details(desk, one.details)),
        one.address or "",
    )


def _details(desk: Desk, details: Mapping[str, Any]) -> list[tuple[str, str]]:
    _ = desk.language.gettext
    told: list[tuple[str, str]] = []
    for name, value in details.items():
        label = (
            _(policy_words.LABELS.get(name.removeprefix(_POLICY), name))
            if name.startswith(_POLICY)
            else _(FIELDS.get(name, name))
        )
        if name == "browser":
            told.append((label, browser_name(value, desk.language)))
        elif name in {"hidden", "joined", "left"} or not isinstance(value, list) or len(value) != 2:
            told.append((label, _fact(desk, name, value)))
        elif value[0] in (None, "", [], {}) and not name.startswith(_POLICY):
            told.append((label, _fact(desk, name, value[1])))
        else:
            told.append((label, f"{_fact(desk, name, value[0])} → {_fact(desk, name, value[1])}"))
    return told


def _fact(desk: Desk, name: str, value: Any) -> str:
    """A field's value; what happens at a time, as the reader's clocks have it."""
    if name.endswith("_at") and isinstance(value, int) and not isinstance(value, bool):
        return desk.times.full(value)
    value = in_words(desk, name, value)
    if name == "hidden" and isinstance(value, list):
        return ", ".join(dict.fromkeys(desk.language.gettext(FIELDS[one]) if one in FIELDS else one for one in value))
    if name in _NAMED and isinstance(value, list):
        return ", ".join(_name_of(desk, str(one)) for one in value) or "-"
    return _policy(desk, name.removeprefix(_POLICY), value) if name.startswith(_POLICY) else _plain(desk, value)


def _policy(desk: Desk, name: str, value: Any) -> str:
    """What a policy was set to, as its form says it; plainly where it could mean that in an earlier version alone."""
    try:
        return policy_words.in_words(name, parse_policy({name: value}), desk.language)
    except PolicyError:
        return _plain(desk, value)


_POLICY: Final = "policy."
_NAMED: Final = frozenset({"group_ids", "sender_ids", "gateway_ids"})


def _name_of(desk: Desk, text: str) -> str:
    """What is called so by its id, as long as anybody knows it."""
    known: Mapping[str, Mapping[int, Any]] = {
        "grp": desk.view.groups,
        "snd": desk.view.senders,
        "gtw": desk.view.gateways,
    }
    prefix = text.partition("_")[0]
    if prefix not in known:
        return text
    found = known[prefix].get(desk.parse(text, prefix))
    if found is None:
        return text
    return str(getattr(found, "label", None) or getattr(found, "name", None) or sender_text(found.value))


def _plain(desk: Desk, value: Any) -> str:
    _ = desk.language.gettext
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None or value in ("", [], {}):
        return "-"
    if isinstance(value, list):
        return ", ".join(_plain(desk, one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(desk, one)}" for name, one in value.items())
    return str(value)


async def _people(desk: Desk, chosen: str) -> list[Choice]:
    ids = await desk.read(partial(audited_users, workspace_id=desk.workspace_id))
    known = sorted((desk.view.users[one] for one in ids if one in desk.view.users), key=lambda one: one.name.casefold())
    names = [(format_id(PREFIXES["user"], one.id), one.name) for one in known]
    return [Choice(name, made, pressed=made == chosen) for made, name in names]


def _wanted(desk: Desk, query: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What is asked for; days are the reader's own. A day that is none is a fault of its field."""
    faults: dict[str, str] = {}
    who = desk.parse(query["who"], PREFIXES["user"]) if query.get("who") else None
    actions = tuple(GROUPS[query["what"]][1]) if query.get("what") in GROUPS else None
    return Wanted(who, actions, _day(desk, query, "from", faults), _day(desk, query, "to", faults, 1)), faults


def _day(desk: Desk, query: Mapping[str, str], name: str, faults: dict[str, str], more: int = 0) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=more)
        return int(datetime.combine(day, time(), desk.times.zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        faults[name] = desk.language.gettext("This is not a day.")
        return None


ROUTES = (get("", show), get("/trail.csv", export))

"""A campaign's form: what was typed and chosen as the fields of its record, and the form again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from multidict import MultiMapping

from gateway.core.errors import FieldError, Reason, Refused
from gateway.domain.campaigns import Campaign
from gateway.domain.consent import Purpose
from gateway.domain.day_times import clock_text, minute_of_day
from gateway.domain.ids import format_id
from gateway.domain.rules import VALUELESS, Op
from gateway.domain.sender import SenderKind
from gateway.domain.settings import Sender, Snippet
from gateway.storage.contact_reads import ContactView
from gateway.storage.list_reads import member_counts, member_page
from gateway.storage.media_reads import library
from gateway.storage.session import Session
from gateway.web.contact_sight import sees_contact
from gateway.web.language import marked
from gateway.web.pages.contact_card import PURPOSES
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.message_forms import moment, text
from gateway.web.pages.panes import snippets_of
from gateway.web.pages.settings.rule_words import OPS
from gateway.web.pages.views_campaigns import CampaignForm, ConditionLine
from gateway.web.pages.views_shell import Choice

SPARE_LINES: Final = 2
MOST_LINES: Final = 20
MOST_FILES: Final = 24
OFFERED: Final = 20


def fields_in(desk: Desk, form: MultiMapping[Any]) -> dict[str, Any]:
    """The fields of the record. Refused with every field that can't be understood."""
    errors: list[FieldError] = []

    def read(name: str, convert: Any) -> Any:
        try:
            return convert(_one(form, name))
        except (Refused, ValueError) as error:
            said = str(error) if isinstance(error, Refused) else _FAULTS[name]
            errors.append(FieldError(name, said))
            return None

    subject = text(_one(form, "subject")).strip()[:998]
    fields: dict[str, Any] = {
        "list_ids": tuple(dict.fromkeys(desk.parse(str(one), "lst") for one in form.getall("lists", []))),
        "conditions": tuple(conditions_in(form)),
        "body": text(_one(form, "body")),
        "subject": subject or None,
        "from_": _one(form, "from") or None,
        "media_ids": tuple(dict.fromkeys(desk.parse(str(one), "med") for one in form.getall("media", []))),
        "purpose": _one(form, "purpose") or str(Purpose.MARKETING),
        "agreed": "agreed" in form,
        "pace": read("pace", lambda given: int(given) if given else None),
        "quiet_start": read("quiet_start", _minute),
        "quiet_end": read("quiet_end", _minute),
        "send_at": read("send_at", lambda given: moment(desk, "", given, "send_at")),
        "expires_at": read("expires_at", lambda given: moment(desk, "", given, "expires_at")),
    }
    if errors:
        raise Refused(Reason.INVALID, "invalid", errors[0].message, tuple(errors))
    return fields


_FAULTS: Final[Mapping[str, str]] = {
    "pace": marked("Enter a whole number, such as 10."),
    "quiet_start": marked("Give both times of day, such as 21:00 and 08:00."),
    "quiet_end": marked("Give both times of day, such as 21:00 and 08:00."),
    "send_at": marked("Choose a date and a time."),
    "expires_at": marked("Choose a date and a time."),
}


def conditions_in(form: MultiMapping[Any]) -> list[dict[str, Any]]:
    """The conditions that were filled in; empty lines are none."""
    found: list[dict[str, Any]] = []
    for number in range(MOST_LINES + SPARE_LINES):
        field, value = _one(form, f"c{number}_field").strip(), _one(form, f"c{number}_value").strip()
        op = _one(form, f"c{number}_op")
        if not field and not value:
            continue
        one: dict[str, Any] = {"field": field, "op": op}
        if op not in VALUELESS:
            one["value"] = [part.strip() for part in value.split(",")] if op in _MANY else value
        found.append(one)
    return found


_MANY: Final = frozenset({Op.IN, Op.NOT_IN})


async def form_page(
    desk: Desk, campaign: Campaign | None, form: MultiMapping[Any] | None, faults: Mapping[str, str]
) -> CampaignForm:
    """The form with what was typed, else with what is stored, else empty."""
    typed = _typed(form) if form is not None else _stored(desk, campaign)
    chosen = set(map(str, form.getall("lists", []))) if form is not None else _ids("lst", campaign, "list_ids")
    files = set(map(str, form.getall("media", []))) if form is not None else _ids("med", campaign, "media_ids")
    live = sorted(desk.view.live(desk.view.lists), key=lambda one: one.name.casefold())
    ids = [one.id for one in live]
    counts = await desk.read(lambda session: member_counts(session, desk.workspace_id, ids))
    pictures = await desk.read(lambda session: library(session, desk.workspace_id, limit=MOST_FILES))
    _, number = desk.language.gettext, desk.language.number
    lists = [
        Choice(one.name, named, aux=number(counts[one.id]), pressed=named in chosen)
        for one in live
        for named in [format_id("lst", one.id)]
    ]
    if form is not None:
        conditions: Any = conditions_in(form)
    else:
        conditions = campaign.conditions if campaign else ()
    on_lists = [one.id for one in live if format_id("lst", one.id) in chosen] or ids[:1]
    people = await first_people(desk, on_lists)
    purpose = typed.get("purpose") or str(Purpose.MARKETING)
    return CampaignForm(
        format_id("cmp", campaign.id) if campaign else "",
        campaign.name if campaign else _("New campaign"),
        typed,
        lists,
        _lines(conditions, faults),
        [(str(op), _(label)) for op, label in OPS.items()],
        _senders(desk, typed.get("from", "")),
        [Choice(one.name, format_id("tpl", one.id)) for one in await templates_of(desk)],
        [Choice(_(label), str(one), pressed=one == purpose) for label, one in PURPOSES if one is not Purpose.ANY],
        [
            Choice(one.name or one.content_type, format_id("med", one.id), pressed=format_id("med", one.id) in files)
            for one in pictures
        ],
        people,
        _zone(desk),
        "agreed" in form if form is not None else campaign.agreed if campaign else True,
        faults,
    )


async def templates_of(desk: Desk) -> list[Snippet]:
    """Those that whoever writes may use."""
    user_id = desk.signed.user.id
    found = await desk.read(lambda session: snippets_of(session, desk.workspace_id, user_id))
    return [one for one in found if one.kind == "template"]


async def first_people(desk: Desk, list_ids: Sequence[int]) -> list[Choice]:
    """Some of those on the lists, to show what they would get."""

    def look(session: Session) -> list[Choice]:
        found: dict[int, ContactView] = {}
        for list_id in list_ids:
            page = member_page(session, desk.workspace_id, list_id, limit=OFFERED)
            found |= {one.contact.id: one for one in page.items if sees_contact(session, desk, one)}
        some = list(found.values())[:OFFERED]
        people = [face_of_contact(one.contact, list(one.addresses), desk.language) for one in some]
        return [Choice(one.name, one.id) for one in people]

    return await desk.read(look)


def _lines(conditions: Any, faults: Mapping[str, str]) -> list[ConditionLine]:
    made = []
    for number, one in enumerate(conditions):
        value = one.get("value", "")
        shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        wrong = next((said for name, said in faults.items() if name.startswith(f"conditions[{number}]")), "")
        made.append(ConditionLine(number, str(one.get("field", "")), str(one.get("op", "is")), shown, wrong))
    return made + [ConditionLine(len(made) + extra) for extra in range(SPARE_LINES)]


def _senders(desk: Desk, chosen: str) -> list[Choice]:
    _ = desk.language.gettext
    found = [Choice(_("As the workspace chooses"), "", pressed=not chosen)]
    for one in desk.view.live(desk.view.senders):
        value, named = format_id("snd", one.id), sender_text(one.value)
        label = f"{one.label} · {named}" if one.label else named
        found.append(Choice(label, value, pressed=chosen in {value, one.value}, note=_kind(one)))
    for pool in desk.view.live(desk.view.pools):
        value = format_id("pol", pool.id)
        label = _("%(name)s (shared numbers)", name=pool.name)
        found.append(Choice(label, value, pressed=chosen in {value, pool.name}))
    return found


def _kind(sender: Sender) -> str:
    return "email" if sender.kind is SenderKind.EMAIL else "text"


def _zone(desk: Desk) -> str:
    hours = desk.view.policy.quiet_hours
    return hours.timezone if hours else "UTC"


def _stored(desk: Desk, campaign: Campaign | None) -> dict[str, str]:
    if campaign is None:
        return {}

    def local(ms: int | None) -> str:
        return "" if ms is None else f"{datetime.fromtimestamp(ms / 1000, desk.times.zone):%Y-%m-%dT%H:%M}"

    def clock(minute: int | None) -> str:
        return "" if minute is None else clock_text(minute)

    return {
        "name": campaign.name,
        "body": campaign.body,
        "subject": campaign.subject or "",
        "from": campaign.from_ or "",
        "purpose": campaign.purpose,
        "pace": "" if campaign.pace is None else str(campaign.pace),
        "quiet_start": clock(campaign.quiet_start),
        "quiet_end": clock(campaign.quiet_end),
        "send_at": local(campaign.send_at),
        "expires_at": local(campaign.expires_at),
    }


def _typed(form: MultiMapping[Any]) -> dict[str, str]:
    return {name: _one(form, name) for name in form if isinstance(form.get(name), str)}


def _ids(prefix: str, campaign: Campaign | None, name: str) -> set[str]:
    return {format_id(prefix, one) for one in getattr(campaign, name)} if campaign else set()


def _one(form: MultiMapping[Any], name: str) -> str:
    found = form.get(name, "")
    return found.replace("\0", "") if isinstance(found, str) else ""


def _minute(given: str) -> int | None:
    if not given:
        return None
    datetime.strptime(given, "%H:%M")  # noqa: DTZ007  a time of day has no zone
    return minute_of_day(given)

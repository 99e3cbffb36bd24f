"""What helps to write, for one person and one contact: kept words, merge fields with their values, sources, times."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from gateway.core.templates import values_of
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.ids import format_id
from gateway.domain.model import Contact, ContactAddress
from gateway.domain.people import User
from gateway.domain.settings import Snippet
from gateway.domain.visibility import Permission, may
from gateway.sdk.registration import MediaSource
from gateway.web.pages.formatting import Times
from gateway.web.pages.views_composer import Kit
from gateway.web.pages.views_shell import Choice

_PREFIXES = {"quick_reply": "qrp", "quick_note": "qnt"}
_EVENING_IS_NEAR = 17  # from then on "this evening" is too soon to be offered


class KitMaker:
    """Makes kits for one person."""

    def __init__(self, view: WorkspaceView, times: Times, me: User, sources: Sequence[MediaSource]) -> None:
        self._view = view
        self._times = times
        self._me = me
        self._sources = sources

    def kit(
        self, snippets: Sequence[Snippet], contact: Contact | None, addresses: Sequence[ContactAddress] = ()
    ) -> Kit:
        """`contact` is who it is written to, where that is known already."""
        return Kit(
            quick_replies=_words(snippets, "quick_reply"),
            templates=[template_choice(one) for one in snippets if one.kind == "template"],
            quick_notes=_words(snippets, "quick_note"),
            merge=merge_fields(values_of(contact, list(addresses), self._me.name)) if contact and contact.saved else (),
            sources=[Choice(str(one.label), str(one.type), icon="search") for one in self._sources],
            times=self._later(),
            people=self._people(),
            may_share=may(self._me.role, Permission.MANAGE_CONTENT),
        )

    def _people(self) -> list[Choice]:
        team = (one for one in self._view.live(self._view.users) if one.kind == "person" and one.id != self._me.id)
        return [
            Choice(one.name, one.name, note=one.initials) for one in sorted(team, key=lambda one: one.name.casefold())
        ]

    def _later(self) -> list[Choice]:
        times, _ = self._times, self._times.language.gettext
        now = times.at(times.now)
        morning = datetime.combine(now.date() + timedelta(days=1), time(9), times.zone)
        monday = datetime.combine(now.date() + timedelta(days=7 - now.weekday()), time(9), times.zone)
        offered = [(_("In 1 hour"), now + timedelta(hours=1))]
        if now.hour < _EVENING_IS_NEAR:
            offered.append((_("This evening"), now.replace(hour=18, minute=0, second=0, microsecond=0)))
        offered.append((_("Tomorrow morning"), morning))
        if monday != morning:
            offered.append((_("Monday morning"), monday))
        return [
            Choice(label, f"{at:%Y-%m-%dT%H:%M}", aux=times.full(int(at.timestamp() * 1000))) for label, at in offered
        ]


def template_choice(one: Snippet) -> Choice:
    """A template as an entry of its menu; `aux` says whether it is the team's."""
    return Choice(one.name, format_id("tpl", one.id), note=one.body, aux="team" if one.shared else "")


def merge_fields(values: Mapping[str, Any]) -> list[Choice]:
    """Every field that has a value, as a template names it."""
    contact, user = values.get("contact", {}), values.get("user", {})
    found = [(f"contact.{name}", contact.get(name)) for name in ("first_name", "last_name", "name", "phone", "email")]
    found += [(f"contact.fields{_key(name)}", value) for name, value in contact.get("fields", {}).items()]
    found += [(f"user.{name}", user.get(name)) for name in ("first_name", "name")]
    return [Choice(name, f"{{{{ {name} }}}}", note=str(value)) for name, value in found if value not in (None, "")]


def _key(name: str) -> str:
    if name.isidentifier() and name.isascii():
        return f".{name}"
    return f"['{name}']" if "'" not in name else f'["{name}"]'


def _words(snippets: Sequence[Snippet], kind: str) -> list[Choice]:
    return [
        Choice(one.name, one.body, note=one.body, key=format_id(_PREFIXES[kind], one.id))
        for one in snippets
        if one.kind == kind
    ]

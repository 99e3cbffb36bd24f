"""A rule as somebody wrote it, checked whole: every fault at once, each at its field. What passes is fit to be stored.

`{"name", "when", "if": [{field, op, value}], "then": [{type, ...settings, delay?}], "once_per"}`; faults are named
`when`, `if[0].op`, `then[1].body`.
"""

import dataclasses
import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.core.automation_facts import FIELDS, OPEN_ENDED
from gateway.core.errors import FieldError, Reason, Refused
from gateway.core.templates import check
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.durations import seconds_of
from gateway.domain.events import EventType
from gateway.domain.record import record
from gateway.domain.rules import MOST_CONDITIONS, BadRule, Rule, rule_of
from gateway.domain.settings import Snippet
from gateway.host.named import find_named
from gateway.host.outgoing_urls import url_fault
from gateway.host.reachable import Reachable
from gateway.host.registry import Registered, Registry
from gateway.host.secrets import SecretBox
from gateway.host.settings import open_settings, redact_settings, seal_settings
from gateway.sdk.registration import Action
from gateway.sdk.settings import is_liquid, is_url, named_by, outside_name

MOST_ACTIONS = 20
KNOWN: Mapping[str, tuple[str, ...] | None] = {**FIELDS, "event": None}
"""What a body of an automation may name."""


@record
class Written:
    """The parts of a rule that were given; None for one that was not."""

    when: str | None = None
    conditions: Sequence[Any] | None = None
    actions: Sequence[Any] | None = None


@record
class Checked:
    """The same, as they are stored."""

    conditions: tuple[Mapping[str, Any], ...] | None = None
    actions: tuple[Mapping[str, Any], ...] | None = None


class RuleChecks:
    """`check` before anything is stored; `shown` for what was."""

    def __init__(self, registry: Registry, secrets: SecretBox, reachable: Reachable) -> None:
        self._registry = registry
        self._secrets = secrets
        self._reachable = reachable

    def event_types(self) -> tuple[str, ...]:
        """What a rule may wait for: our events, and those that plugins bring."""
        return (*EventType, *self._registry.event_types)

    def check(
        self,
        view: WorkspaceView,
        templates: Iterable[Snippet],
        written: Written,
        stored: Sequence[Mapping[str, Any]] = (),
    ) -> Checked:
        """Raises Refused with every fault. Secrets that are left out stay as the same action has them in `stored`."""
        errors: list[FieldError] = []
        if written.when is not None and written.when not in self.event_types():
            errors.append(FieldError("when", f"There is no event {written.when[:60]}.{self._near(written.when)}"))
        conditions = None if written.conditions is None else self._conditions(written.conditions, errors)
        actions = None
        if written.actions is not None:
            known = list(templates)
            actions = self._actions(view, known, written.actions, stored, errors)
        if errors:
            raise Refused(Reason.INVALID, "invalid-automation", "This automation can't work as it is.", errors)
        return Checked(conditions, actions)

    def shown(self, actions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Stored actions as the API says them: without their secrets."""
        found = []
        for one in actions:
            action = self._registry.actions.get(str(one["type"]))
            given = one.get("settings") or {}
            settings = redact_settings(action.item.settings, given) if action else {}
            present = {name: value for name, value in settings.items() if value is not None}
            found.append({"type": one["type"], **present, **({"delay": one["delay"]} if one.get("delay") else {})})
        return found

    def _near(self, text: str) -> str:
        near = difflib.get_close_matches(text, self.event_types(), n=1)
        return f" Did you mean {near[0]}?" if near else ""

    def _conditions(self, given: Sequence[Any], errors: list[FieldError]) -> tuple[Mapping[str, Any], ...]:
        if len(given) > MOST_CONDITIONS:
            errors.append(FieldError("if", f"At most {MOST_CONDITIONS} conditions."))
        made = []
        for place, one in enumerate(given[:MOST_CONDITIONS]):
            where = f"if[{place}]"
            try:
                rule = rule_of(one)
            except BadRule as error:
                errors.append(FieldError(f"{where}.{error.part}".rstrip("."), str(error)))
                continue
            wrong = self._unknown_field(rule)
            if wrong:
                errors.append(FieldError(f"{where}.field", wrong))
            made.append({"field": rule.field, "op": str(rule.op), "value": rule.value})
        return tuple(made)

    def _unknown_field(self, rule: Rule) -> str | None:
        if rule.field in self._registry.conditions:
            return None
        head, *rest = rule.field.split(".")
        offered = FIELDS.get(head)
        if offered is None:
            asked = ", ".join((*FIELDS, *sorted(self._registry.conditions)))
            return f"There is no {rule.field[:40]} to ask about. It is one of {asked}."
        if not rest or rest[0] not in offered:
            return f"{head} has no field {'.'.join(rest)[:40] or '(none)'}. It has {', '.join(offered)}."
        if len(rest) > 1 and rest[0] not in OPEN_ENDED:
            return f"{head}.{rest[0]} has nothing within it."
        return None

    def _actions(
        self,
        view: WorkspaceView,
        templates: list[Snippet],
        given: Sequence[Any],
        stored: Sequence[Mapping[str, Any]],
        errors: list[FieldError],
    ) -> tuple[Mapping[str, Any], ...]:
        if not 1 <= len(given) <= MOST_ACTIONS:
            errors.append(FieldError("then", f"It does 1 to {MOST_ACTIONS} things."))
        made = []
        for place, one in enumerate(given[:MOST_ACTIONS]):
            before = stored[place] if place < len(stored) else None
            try:
                made.append(self._action(view, templates, one, before))
            except Refused as refused:
                where = f"then[{place}]"
                for error in refused.errors:
                    field = f"{where}.{error.field}" if error.field else where
                    errors.append(FieldError(field, error.message, error.code))
        return tuple(made)

    def _action(
        self, view: WorkspaceView, templates: list[Snippet], given: Any, before: Mapping[str, Any] | None
    ) -> Mapping[str, Any]:
        if not isinstance(given, Mapping):
            raise _wrong([FieldError("", "Write an action as an object with its type.")])
        kind = given.get("type")
        action = self._registry.actions.get(kind) if isinstance(kind, str) else None
        if action is None:
            near = difflib.get_close_matches(str(kind), self._registry.actions, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            known = ", ".join(sorted(self._registry.actions)) or "none"
            raise _wrong([FieldError("type", f"There is no action {str(kind)[:60]}.{hint} There are: {known}.")])
        errors: list[FieldError] = []
        delay = 0
        try:
            delay = seconds_of(given.get("delay") or 0)
        except ValueError as error:
            errors.append(FieldError("delay", str(error)))
        settings = {name: value for name, value in given.items() if name not in {"type", "delay"}}
        kept = before["settings"] if before and before["type"] == kind else None
        sealed: dict[str, Any] = {}
        try:
            sealed = seal_settings(action.item.settings, settings, self._secrets, kept)
            errors += self._inside(view, templates, action, sealed)
        except Refused as refused:
            errors += [
                dataclasses.replace(one, field=one.field.removeprefix("settings").lstrip(".")) for one in refused.errors
            ]
        if errors:
            raise _wrong(errors)
        return {"type": kind, "settings": sealed, "delay": delay}

    def _inside(
        self, view: WorkspaceView, templates: list[Snippet], action: Registered[Action], sealed: Mapping[str, Any]
    ) -> list[FieldError]:
        """What the fields hold: templates that parse, names of what there is, addresses that may be called."""
        opened = open_settings(action.item.settings, sealed, self._secrets)
        errors: list[FieldError] = []
        for field in dataclasses.fields(action.item.settings):
            value, name, noun = getattr(opened, field.name), outside_name(field), named_by(field)
            for text in _texts(value) if is_liquid(field) else ():
                try:
                    check(text, name, KNOWN, closed=True)
                except Refused as refused:
                    errors += refused.errors
            if noun and isinstance(value, str) and value and find_named(view, templates, noun, value) is None:
                errors.append(FieldError(name, f"There is no {noun} “{value[:60]}”.", "not-found"))
            if is_url(field) and isinstance(value, str):
                fault = url_fault(self._reachable, name, value)
                errors += [fault] if fault is not None else []
        return errors


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [one for one in value.values() if isinstance(one, str)]
    return [value] if isinstance(value, str) else []


def _wrong(errors: Sequence[FieldError]) -> Refused:
    return Refused(Reason.INVALID, "invalid-automation", "This automation can't work as it is.", errors)

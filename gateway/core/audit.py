"""The audit trail: which commands leave a line, and what it says. The one place that knows.

A line is decided with its command and written in the same transaction. What changed is read off the records that the
decision touched: of those the fields of `SHOWN` are told, and of all others only their names, so that a secret stays
out even where nobody thought of it. Contacts are named by their ids alone, which outlive an erasure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any

from gateway.core.audited import ACTIONS, NAME_OF, SHOWN, Audited
from gateway.core.scene import Scene
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.audit import AuditLine
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.policy import dump_policy
from gateway.domain.record import record
from gateway.domain.settings import Workspace

Change = tuple[Any, Any]
"""A record before and after; None where it was not there, or is gone."""

LONGEST_VALUE = 200
_BOOKKEEPING = frozenset(
    {"id", "workspace_id", "created_at", "removed_at", "version", "last_used_at", "enabled_at"}
    | {"available", "language", "single_keys"}  # everybody's own, every day
)


@record
class _Subject:
    id: int | None
    name: str | None
    details: dict[str, Any]
    changed: bool


def write_line(command: Any, result: Any, scene: Scene, before: WorkspaceView, changes: Sequence[Change]) -> None:
    """The line of a command of `ACTIONS`, once it is decided; `before` are the settings as they were until then."""
    audited = ACTIONS[type(command)]
    action = audited.action if isinstance(audited.action, str) else audited.action(command, result)
    if action is None:
        return
    subject = _subject(command, result, audited, scene, before, changes)
    if audited.quiet and not subject.changed:
        return
    who = scene.caller
    user = scene.view.users.get((audited.who(command) if audited.who else who.user_id) or 0)
    actor = f"user:{user.id}" if audited.who and user else who.actor
    name = user.name if user else who.name
    scene.working.put(
        AuditLine(
            scene.workspace_id,
            scene.new_id(),
            scene.now,
            action,
            actor,
            name,
            user.id if user else None,
            audited.noun if isinstance(audited.noun, str) else audited.noun(command),
            subject.id,
            subject.name,
            subject.details,
            who.address,
        )
    )


def _subject(
    command: Any, result: Any, audited: Audited, scene: Scene, before: WorkspaceView, changes: Sequence[Change]
) -> _Subject:
    found: Change = (None, None)
    if audited.kind is Workspace:
        found = (before.workspace, scene.view.workspace)
    elif audited.kind is not None:
        of_kind = (one for one in changes if isinstance(one[1] or one[0], audited.kind))
        found = next(of_kind, (None, None))
    record = found[1] or found[0]
    subject_id = audited.id_of(command, result) if audited.id_of else getattr(record, "id", None)
    name = NAME_OF[type(record)](record) if type(record) in NAME_OF else _known(scene, audited, subject_id)
    details = difference(*found) if audited.kind is not None and record is not None else {}
    changed = bool(details)
    if audited.more is not None:
        details |= audited.more(command, result, changes)
    return _Subject(subject_id, name, details, changed)


def _known(scene: Scene, audited: Audited, subject_id: int | None) -> str | None:
    """What somebody is called whose record the command left alone."""
    if audited.noun == "user":
        user = scene.view.users.get(subject_id or 0)
        return user.name if user else None
    group = scene.view.groups.get(subject_id or 0) if audited.noun == "group" else None
    return group.name if group else None


def difference(before: Any, after: Any) -> dict[str, Any]:
    """Fields that differ: `{name: [was, is]}` for those that may be shown, `hidden: [names]` for the rest."""
    record = after or before
    shown = SHOWN.get(type(record), ())
    details: dict[str, Any] = {}
    hidden: list[str] = []
    for field in fields(record):
        name = field.name
        if name in _BOOKKEEPING or after is None:
            continue
        was, now = getattr(before, name, None), getattr(after, name)
        if was == now or (before is None and now in (None, "", (), {}, False)):
            continue
        if name == "policy":
            details |= _policies(was, now)
        elif name in shown:
            details[name] = [_told(name, was), _told(name, now)]
        else:
            hidden.append(name)
    return details | ({"hidden": hidden} if hidden else {})


def _policies(was: Any, now: Any) -> dict[str, Any]:
    old, new = dump_policy(was) if was else {}, dump_policy(now)
    return {f"policy.{name}": [_plain(old.get(name)), _plain(new[name])] for name in new if old.get(name) != new[name]}


def _told(name: str, value: Any) -> Any:
    """Ids as the outside writes them; everything else plain."""
    if name.endswith("_ids"):
        return [format_id(PREFIXES[name.removesuffix("_ids")], one) for one in value or ()]
    return _plain(value)


def _plain(value: Any) -> Any:
    """As JSON holds it, and no longer than a line of a page."""
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in list(value.items())[:50]}
    if isinstance(value, tuple | list | frozenset | set):
        return [_plain(one) for one in list(value)[:50]]
    return str(value)[:LONGEST_VALUE]

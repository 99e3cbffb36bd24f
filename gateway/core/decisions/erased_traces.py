"""Where an erased contact may still be found beside their thread.

Receipts, unread payloads, waiting parts, saved views, refused lines of tables, notices, answers kept for repeated
requests, and what endpoints of webhooks said when they were told of them.
"""

import base64
import binascii
import json
from collections.abc import Collection

from gateway.core.belongings import called
from gateway.core.scene import Scene
from gateway.domain.address import digits
from gateway.domain.automation import UNDER_WAY, AutomationHold, AutomationRun, RunState
from gateway.domain.ids import format_id
from gateway.domain.lists import ContactImport, ImportState
from gateway.domain.model import Conversation, Message, ReceiptRecord, Thread, Work
from gateway.domain.nature import Nature
from gateway.domain.notices import unnamed
from gateway.domain.readings import readings
from gateway.domain.record import replace
from gateway.domain.settings import SavedView
from gateway.domain.webhooks import WebhookAttempt
from gateway.storage.facts import IdempotencyKey, PendingPart, RawPayload

SHORTEST_NUMBER = 7
"""Digits below which a number is not looked for in what nobody could read: it would be found everywhere."""

_ERASED_LINE = "This contact was erased."


def erase(scene: Scene, family: Collection[int], messages: Collection[int], values: Collection[str]) -> None:
    """Empties or removes what names these contacts, their messages or their addresses."""
    _receipts(scene, messages, values)
    _payloads(scene, values)
    _parts(scene, values)
    _views(scene, values)
    _imports(scene, values)
    _notices(scene, family)
    _answers(scene, family)
    for attempt in scene.working.all(WebhookAttempt):
        scene.working.put(replace(attempt, answer=None))  # an endpoint may repeat what it was told
    _runs(scene, family)
    _holds(scene, family)
    for work in scene.working.all(Work):
        if work.subject_id in messages and work.last_error is not None:
            scene.working.put(replace(work, last_error=None))


def _receipts(scene: Scene, messages: Collection[int], values: Collection[str]) -> None:
    """Those of their messages, and those still waiting for a message in which their address stands."""
    for receipt in scene.working.all(ReceiptRecord):
        waiting = receipt.message_id is None and holds(receipt.raw, values)
        if receipt.message_id in messages or waiting:
            scene.working.put(replace(receipt, raw=b"", text=None))


def _payloads(scene: Scene, values: Collection[str]) -> None:
    for payload in scene.working.all(RawPayload):
        try:
            content = base64.b64decode(payload.content)
        except binascii.Error:
            content = payload.content.encode("utf-8", "replace")
        if holds(content, values):
            scene.working.remove(payload)


def _parts(scene: Scene, values: Collection[str]) -> None:
    """The key of a long message's parts holds both addresses; the work that waits for the rest finds nothing."""
    for part in scene.working.all(PendingPart):
        if set(part.key.split("|")) & set(values):
            scene.working.remove(part)


def _views(scene: Scene, values: Collection[str]) -> None:
    """A list of what was theirs: it would be empty from now on."""
    for view in scene.working.all(SavedView):
        if any(names(one, values) for one in (view.name, view.query.get("q", ""), view.query.get("filter", ""))):
            scene.working.remove(view)


def _imports(scene: Scene, values: Collection[str]) -> None:
    """Why a line was refused quotes what stood in it: perhaps their number, without its country.

    What is still being read in may have a line of theirs ahead: it remembers whom not to bring back.
    """
    hashed = {scene.digest(one) for one in values}
    for job in scene.working.all(ContactImport):
        errors = tuple(
            {**one, "message": _ERASED_LINE} if _quotes(str(one["message"]), values) else one for one in job.errors
        )
        erased = tuple(sorted(hashed.union(job.erased))) if job.state is ImportState.RUNNING else ()
        if (errors, erased) != (job.errors, job.erased):
            scene.working.put(replace(job, errors=errors, erased=erased))


def _quotes(message: str, values: Collection[str]) -> bool:
    local = digits(message).lstrip("0")
    return names(message, values) or (
        len(local) >= SHORTEST_NUMBER and any("@" not in one and digits(one).endswith(local) for one in values)
    )


def _notices(scene: Scene, family: Collection[int]) -> None:
    """What the team was told by e-mail or text says that somebody wrote, and no longer who."""
    who = called(scene.working, family)
    for message in scene.working.all(Message):
        if message.contact_id in family or message.nature is not Nature.AUTO:
            continue
        without = replace(
            message,
            body=_without(message.body, who),
            subject=None if message.subject is None else _without(message.subject, who),
        )
        if without != message:
            scene.working.put(without)
            scene.working.forgotten_messages.add((scene.workspace_id, message.id))
            conversation = scene.find(Conversation, message.conversation_id)
            if conversation is not None:
                scene.working.put(replace(conversation, preview=_without(conversation.preview, who)))


def _runs(scene: Scene, family: Collection[int]) -> None:
    """What automations found in their words; that something was done stays, and what still waits is not done."""
    for run in scene.working.all(AutomationRun):
        if run.contact_id in family:
            results = tuple({name: one.get(name) for name in ("type", "outcome", "at")} for one in run.results)
            emptied = replace(run, verdict=(), results=results, reason=None)
            if run.state in UNDER_WAY:
                reason = "The contact was erased."
                emptied = replace(emptied, state=RunState.STOPPED, reason=reason, finished_at=scene.now)
            scene.working.put(emptied)


def _holds(scene: Scene, family: Collection[int]) -> None:
    """Nothing runs in their threads any more."""
    threads = {one.id for one in scene.working.all(Thread) if one.contact_id in family}
    for held in scene.working.all(AutomationHold):
        if held.thread_id in threads:
            scene.working.remove(held)


def _without(text: str, who: Collection[str]) -> str:
    for one in who:
        text = unnamed(text, one)
    return text


def _answers(scene: Scene, family: Collection[int]) -> None:
    """A repeated request is still answered and not carried out again; of the answer its id is left."""
    ids = [format_id("contact", contact_id) for contact_id in family]
    for key in scene.working.all(IdempotencyKey):
        if any(one in key.answer for one in ids):
            scene.working.put(replace(key, answer=_only_id(key.answer)))


def _only_id(answer: str) -> str:
    try:
        given = json.loads(answer)
    except ValueError:
        return "{}"
    return json.dumps({"id": given["id"]} if isinstance(given, dict) and "id" in given else {})


def holds(content: bytes, values: Collection[str]) -> bool:
    """Whether one of the addresses stands in a payload, however it is wrapped."""
    return any(names(one, values) for one in readings(content))


def names(content: str, values: Collection[str]) -> bool:
    """Whether one of the addresses stands in a text, in whatever spelling a provider has for numbers."""
    lowered = content.casefold()
    plain = digits(content)
    for value in values:
        number = digits(value) if "@" not in value else ""
        if value.casefold() in lowered or (len(number) >= SHORTEST_NUMBER and number in plain):
            return True
    return False

"""Tables of people read in, a piece at a time: who is known is completed, the others are saved, no STOP is undone."""

from typing import Any

from gateway.core import consents
from gateway.core.access import require
from gateway.core.commands.lists import FailImport, ImportLines, StartImport
from gateway.core.decisions.consent_changes import LONGEST_WORDS
from gateway.core.decisions.contacts import MOST_FIELDS
from gateway.core.decisions.erasure import ERASE_MEDIA
from gateway.core.decisions.lists import join, live_list
from gateway.core.decisions.names import checked_text
from gateway.core.errors import conflict, invalid, not_found
from gateway.core.needs import Needs
from gateway.core.scene import Scene
from gateway.core.threads import add_address, new_place
from gateway.domain.consent import (
    ALL_SENDERS,
    OWN_SOURCES,
    ConsentEntry,
    ConsentSource,
    ConsentState,
    Purpose,
    standing,
)
from gateway.domain.contact_table import BadLine, Person
from gateway.domain.lists import ContactImport, ImportState
from gateway.domain.model import Contact, Media
from gateway.domain.record import replace
from gateway.domain.visibility import Permission

IMPORT = "import"
"""Work: read in the import that is its subject."""

MOST_ERRORS = 200
"""Refused lines whose reason is kept; more are counted."""


def start_needs(command: StartImport, needs: Needs) -> None:
    """The file."""
    needs.media.add(command.media_id)


def start(command: StartImport, scene: Scene) -> ContactImport:
    """Keeps what was asked for, and has it done."""
    require(scene.caller, Permission.MANAGE_OUTREACH)
    media = scene.find(Media, command.media_id)
    mine = media is not None and media.user_id is not None and media.user_id == scene.caller.user_id
    if media is None or not mine or media.message_id is not None or media.blob is None:
        raise not_found("file")
    if media.library:
        raise conflict("media-in-use", "This file is in the team's library. Upload the table for itself.")
    if command.list_id is not None:
        live_list(scene, command.list_id)
    if command.purpose is not None and command.purpose not in list(Purpose):
        raise invalid("consent.purpose", f"A purpose is one of {', '.join(Purpose)}.")
    words = checked_text("consent.words", command.words, LONGEST_WORDS)
    if command.purpose is not None and words is None:
        raise invalid("consent.words", "Say where and how these people agreed: this is the proof.", "empty")
    made = ContactImport(
        scene.workspace_id,
        scene.new_id(),
        media.id,
        scene.now,
        scene.caller.actor,
        command.list_id,
        command.purpose,
        words,
        command.columns,
        total=command.total,
    )
    scene.schedule(IMPORT, scene.now, subject_id=made.id)
    return scene.working.put(made)


def line_needs(command: ImportLines, needs: Needs) -> None:
    """Whose these addresses are, their lists, and what they said; the import, locked: an erasure adds to it."""
    needs.lock(ContactImport, "id", [command.import_id])
    needs.media.add(command.media_id)
    values = {address.value for _, person in command.people for address in person.addresses}
    needs.addresses |= values
    needs.consents |= values
    needs.memberships = True


def take_lines(command: ImportLines, scene: Scene) -> ContactImport:
    """One piece. A line that can't be taken is refused alone."""
    job = _running(scene, command.import_id)
    if job is None or command.to <= job.line:
        return job or scene.need(ContactImport, command.import_id, "import")
    tally = _Tally(job)
    for line, person in command.people:
        if line > job.line:
            try:
                _take(scene, job, person, tally)
            except BadLine as error:
                tally.refuse(line, str(error))
    for line, message in command.wrong:
        if line > job.line:
            tally.refuse(line, message)
    after = replace(job, line=command.to, **tally.counts())
    return _ended(scene, after, ImportState.DONE) if command.last else scene.working.put(after)


def fail_needs(command: FailImport, needs: Needs) -> None:
    """The import and its file."""
    needs.record(ContactImport, "id", [command.import_id])
    needs.media.add(command.media_id)


def fail(command: FailImport, scene: Scene) -> None:
    """Nothing more of it."""
    job = _running(scene, command.import_id)
    if job is not None:
        _ended(scene, replace(job, failure=command.failure), ImportState.FAILED)


class _Tally:
    """What a piece adds to the counts of its import."""

    def __init__(self, job: ContactImport) -> None:
        self.created, self.updated, self.listed = job.created, job.updated, job.listed
        self.refused, self.opted_out = job.refused, job.opted_out
        self._errors = list(job.errors)

    def refuse(self, line: int, message: str) -> None:
        self.refused += 1
        if len(self._errors) < MOST_ERRORS:
            self._errors.append({"line": line, "message": message})

    def counts(self) -> dict[str, Any]:
        errors = tuple(sorted(self._errors, key=lambda one: one["line"]))
        return {
            "created": self.created,
            "updated": self.updated,
            "listed": self.listed,
            "refused": self.refused,
            "opted_out": self.opted_out,
            "errors": errors,
        }


def _take(scene: Scene, job: ContactImport, person: Person, tally: _Tally) -> None:
    if job.erased and not set(job.erased).isdisjoint(scene.digest(one.value) for one in person.addresses):
        raise BadLine("This contact was erased while the table was read in.")
    known = _owner(scene, person)
    if known is None:
        saved = Contact(
            scene.workspace_id, scene.new_id(), scene.now, person.name, True, dict(person.fields), person.timezone
        )
        contact = scene.working.put(saved)
        new_place(scene, contact, person.addresses)
        tally.created += 1
    else:
        contact = _completed(scene, known, person)
        tally.updated += 1
    if job.list_id is not None and job.list_id in scene.view.lists:
        tally.listed += join(scene, job.list_id, contact)
    if job.purpose is not None:
        tally.opted_out += not _agree(scene, job, person, contact)


def _owner(scene: Scene, person: Person) -> Contact | None:
    """The contact who has one of the addresses: the one that leads after a merge. BadLine where they are two's."""
    owners: dict[int, Contact] = {}
    for address in person.addresses:
        found = scene.working.address(scene.workspace_id, address.value)
        contact = None if found is None else scene.find(Contact, found.contact_id)
        while contact is not None and contact.merged_into is not None:
            contact = scene.find(Contact, contact.merged_into)
        if contact is not None:
            owners[contact.id] = contact
    if len(owners) > 1:
        raise BadLine("These addresses belong to different contacts. Merge the contacts first, if they are one person.")
    return next(iter(owners.values()), None)


def _completed(scene: Scene, before: Contact, person: Person) -> Contact:
    """What the line says goes over what was known; what it leaves out stays."""
    fields = {**before.fields, **person.fields}
    if len(fields) > MOST_FIELDS:
        raise BadLine(f"The contact would have {len(fields)} fields; at most {MOST_FIELDS} fit.")
    after = replace(
        before,
        name=person.name or before.name,
        saved=True,
        fields=fields,
        timezone=person.timezone or before.timezone,
    )
    if after != before:
        scene.working.put(after)
    for address in person.addresses:
        if scene.working.address(scene.workspace_id, address.value) is None:
            add_address(scene, after, address)
    return after


def _agree(scene: Scene, job: ContactImport, person: Person, contact: Contact) -> bool:
    """The proof for each address; False where one stays stopped, by the contact's own word or the team's."""
    purpose = Purpose(job.purpose or Purpose.MARKETING)
    agreed = True
    for address in person.addresses:
        entries = consents.ledger(scene, address.value)
        scopes = dict.fromkeys([*(entry.sender_scope for entry in entries), ALL_SENDERS])
        lines = [line for scope in scopes if (line := standing(entries, scope, purpose)) is not None]
        if any(line.state is ConsentState.UNSUBSCRIBED for line in lines):
            agreed = False
            continue
        before = standing(entries, ALL_SENDERS, purpose)
        if before is not None and before.state is ConsentState.SUBSCRIBED and before.source in OWN_SOURCES:
            continue  # their own word is the better proof
        entry = ConsentEntry(
            address, ALL_SENDERS, purpose, ConsentState.SUBSCRIBED, ConsentSource.IMPORT, job.words, scene.now
        )
        consents.record(scene, entry)
        if before is None or before.state is not ConsentState.SUBSCRIBED:
            consents.announce(scene, contact, entry)
    return agreed


def _running(scene: Scene, import_id: int) -> ContactImport | None:
    job = scene.need(ContactImport, import_id, "import")
    return job if job.state is ImportState.RUNNING else None


def _ended(scene: Scene, job: ContactImport, state: ImportState) -> ContactImport:
    """The file goes: what it said is in the contacts now, where an erasure reaches it."""
    media = scene.find(Media, job.media_id)
    if media is not None:
        scene.working.remove(media)
        if media.blob is not None:
            scene.schedule(ERASE_MEDIA, scene.now, subject_id=media.id, data={"blob": media.blob})
    return scene.working.put(replace(job, state=state, ended_at=scene.now, erased=()))

"""A contact texted a keyword: consent and lists, a tag, an answer, a form or a poll, all in the step that stores it."""

from collections.abc import Callable

from gateway.core import consents
from gateway.core.commands.messages import ReceiveMessage
from gateway.core.decisions import form_talk, poll_talk
from gateway.core.decisions.machine_texts import Said, Speaker, as_machine, say
from gateway.core.decisions.talk_effects import join_list, live, tag
from gateway.core.scene import Scene
from gateway.core.threads import Place
from gateway.domain.consent import ConsentEntry, ConsentSource, ConsentState, Purpose, standing
from gateway.domain.events import EventType
from gateway.domain.keywords import ANSWERS_AN_HOUR, HOUR_MS, Keyword, KeywordUse
from gateway.domain.lists import ListMember
from gateway.domain.model import Contact, Message, Thread
from gateway.domain.nature import Nature
from gateway.domain.record import replace
from gateway.domain.said import plain

TOO_MANY = "too-many-answers"


def use(scene: Scene, command: ReceiveMessage, place: Place, keyword: Keyword) -> Callable[[Message], None]:
    """What the keyword does, once the message is stored."""

    def do(message: Message) -> None:
        _use(scene, command, place, keyword, message)

    return do


def _use(scene: Scene, command: ReceiveMessage, place: Place, keyword: Keyword, message: Message) -> None:
    speaker = Speaker(Nature.KEYWORD, keyword.name, command.sender, place, message.sender_id, message)
    as_us = as_machine(scene, speaker)
    _change_lists(as_us, command, place, keyword)
    tag(as_us, place.root, keyword.tag_id)
    used = _counted(scene, place.root.contact_id, keyword)
    said = Said(refused=TOO_MANY)
    if _answered_lately(scene, used.contact_id) < ANSWERS_AN_HOUR:
        said = _answer(scene, place, keyword, speaker)
        if said.message is not None:
            used = replace(used, answered=used.answered + 1)
    scene.working.put(used)
    as_us.emit(
        EventType.KEYWORD_RECEIVED,
        thread=scene.find(Thread, place.root.id),
        conversation=live(scene, place.root),
        message_id=message.id,
        contact_id=place.root.contact_id,
        data={
            "keyword": keyword.name,
            "keyword_id": keyword.id,
            "answered": said.message is not None,
            "code": said.refused,
        },
    )


def _answer(scene: Scene, place: Place, keyword: Keyword, speaker: Speaker) -> Said:
    """Its own text, then what the form or the poll says."""
    said = Said()
    if keyword.answer is not None:
        message = speaker.message
        said = say(scene, speaker, keyword.answer, {"keyword": message.body.strip() if message else keyword.words[0]})
    form = scene.view.forms.get(keyword.form_id or 0)
    poll = scene.view.polls.get(keyword.poll_id or 0)
    more = said
    if form is not None:
        more = form_talk.begin_by_word(scene, form, speaker)
    elif poll is not None and keyword.choice is not None:
        more = poll_talk.vote_by_word(scene, poll, keyword.choice, speaker)
    elif poll is not None:
        more = poll_talk.ask_by_word(scene, poll, speaker)
    return Said(more.message or said.message, more.refused or said.refused)


def _change_lists(scene: Scene, command: ReceiveMessage, place: Place, keyword: Keyword) -> None:
    contact = scene.find(Contact, place.root.contact_id) or place.contact
    known = scene.view.lists.get(keyword.list_id or 0)
    if known is not None and known.removed_at is None:
        if keyword.consent:
            _record_consent(scene, command, contact, keyword)
        join_list(scene, place.root, keyword.list_id)
    leaves = scene.working.get(ListMember, scene.workspace_id, keyword.off_list_id or 0, contact.id)
    if leaves is not None:
        scene.working.remove(leaves)


def _record_consent(scene: Scene, command: ReceiveMessage, contact: Contact, keyword: Keyword) -> None:
    """The proof: the words, the number they were sent to, the time. It is the contact's own doing, as START is.

    Whoever had stopped us starts that number again for everything: they can hardly ask for a list and no answer. That
    takes the word alone: what only begins with it ("join was a mistake") lifts no STOP.
    """
    scope = command.recipient.value
    entries = consents.ledger(scene, command.sender.value)
    stopped = any(
        (stands := standing(entries, scope, purpose)) is not None and stands.state is ConsentState.UNSUBSCRIBED
        for purpose in (Purpose.MARKETING, Purpose.CONVERSATIONAL)
    )
    if stopped and plain(command.body) not in map(plain, keyword.words):
        return
    before = standing(entries, scope, Purpose.MARKETING)
    purpose = Purpose.ANY if stopped else Purpose.MARKETING
    words = command.body.strip()[:1_000]
    entry = ConsentEntry(
        command.sender, scope, purpose, ConsentState.SUBSCRIBED, ConsentSource.CONTACT, words, scene.now
    )
    consents.record(scene, entry)
    if stopped or before is None or before.state is not ConsentState.SUBSCRIBED:
        consents.announce(scene, contact, entry)


def _counted(scene: Scene, contact_id: int, keyword: Keyword) -> KeywordUse:
    known = scene.working.get(KeywordUse, scene.workspace_id, keyword.id, contact_id)
    if known is None:
        return KeywordUse(scene.workspace_id, keyword.id, contact_id, scene.now, scene.now, hour_at=scene.now)
    used = replace(known, last_at=scene.now, times=known.times + 1)
    return used if scene.now - used.hour_at < HOUR_MS else replace(used, hour_at=scene.now, answered=0)


def _answered_lately(scene: Scene, contact_id: int) -> int:
    uses = (one for one in scene.working.all(KeywordUse) if one.contact_id == contact_id)
    return sum(one.answered for one in uses if scene.now - one.hour_at < HOUR_MS)

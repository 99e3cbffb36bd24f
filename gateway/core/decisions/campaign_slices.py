"""A campaign carried out: recipients written down a slice at a time, then put into the queue at its pace.

Each slice is small, so that what people write meanwhile waits for no more than that, and none happens twice: the
cursor says which contacts are written down, a recipient's state whether there is a message.
"""

from typing import Final

from gateway.core import consents, mail_loops
from gateway.core.belongings import with_merged
from gateway.core.campaign_checks import blocked
from gateway.core.campaigning import sends_for
from gateway.core.commands.campaigns import (
    AddRecipients,
    FinishCampaign,
    LeaveOut,
    Letter,
    Released,
    ReleaseRecipients,
    RestCampaign,
)
from gateway.core.commands.messages import SendMessage
from gateway.core.decisions.campaigns import announce, current, go_on, moved, put
from gateway.core.decisions.send import queue, require_sendable
from gateway.core.episodes import trigger
from gateway.core.errors import Refused
from gateway.core.gateway_choice import health_needs
from gateway.core.needs import Needs
from gateway.core.quiet import quiet_until
from gateway.core.scene import Scene
from gateway.core.targets import compose_for, find_target
from gateway.domain.campaigns import (
    Act,
    Campaign,
    CampaignProgress,
    CampaignRecipient,
    CampaignState,
    RecipientState,
)
from gateway.domain.consent import Purpose
from gateway.domain.conversation import SentByMachine
from gateway.domain.events import EventType
from gateway.domain.model import Contact, Message
from gateway.domain.nature import Nature
from gateway.domain.record import replace

CATCH_UP_MS: Final = 1_500
"""How far a paced campaign that was late may catch up: what it missed while it stood still does not go out at once."""


def slice_needs(command: AddRecipients | RestCampaign, needs: Needs) -> None:
    """The campaign and where it stands. Only the last slice moves it on, which everybody must know."""
    needs.lock(CampaignProgress, "campaign_id", [command.campaign_id])
    needs.record(Campaign, "id", [command.campaign_id])
    if isinstance(command, AddRecipients) and command.last:
        needs.settings = True


def add_recipients(command: AddRecipients, scene: Scene) -> bool:
    """One slice, once: a second worker finds the cursor further on."""
    campaign, progress = current(scene, command.campaign_id)
    turn = progress.chain == command.chain and progress.cursor == command.after and not progress.loaded
    if campaign.state is not CampaignState.LOADING or not turn:
        return False
    for one in command.recipients:
        scene.working.put(one)
    scene.working.put(
        replace(
            progress,
            cursor=command.to,
            loaded=command.last,
            repeats=progress.repeats + command.repeats,
            left_out=progress.left_out + command.left_out,
            paced_at=scene.now,
        )
    )
    if command.last:
        put(scene, moved(campaign, Act.LOADED))
    return True


def rest(command: RestCampaign, scene: Scene) -> None:
    """Later more."""
    campaign, progress = current(scene, command.campaign_id)
    if progress.chain == command.chain and campaign.state is not CampaignState.PAUSED:
        go_on(scene, campaign, command.due_at)


def finish_needs(command: FinishCampaign, needs: Needs) -> None:
    """The campaign and where it stands, and the settings, locked."""
    needs.settings = True
    needs.lock(CampaignProgress, "campaign_id", [command.campaign_id])
    needs.record(Campaign, "id", [command.campaign_id])


def finish(command: FinishCampaign, scene: Scene) -> None:
    """It is through."""
    campaign, progress = current(scene, command.campaign_id)
    if campaign.state is CampaignState.RUNNING and progress.chain == command.chain:
        after = replace(moved(campaign, Act.FINISH), ended_at=scene.now)
        announce(scene, after, EventType.CAMPAIGN_COMPLETED, command.facts)
        put(scene, after)


def leave_out_needs(command: LeaveOut, needs: Needs) -> None:
    """The campaign and these recipients."""
    needs.record(Campaign, "id", [command.campaign_id])
    needs.lock(CampaignRecipient, "contact_id", command.contact_ids)


def leave_out(command: LeaveOut, scene: Scene) -> None:
    """They are told apart from those whom something stood in the way of."""
    campaign: Campaign = scene.need(Campaign, command.campaign_id, "campaign")
    cancelled = campaign.state is CampaignState.CANCELLED
    for contact_id in command.contact_ids:
        row = _row(scene, campaign, contact_id)
        if row is not None and row.state is RecipientState.WAITING:
            if cancelled:
                scene.working.put(replace(row, state=RecipientState.CANCELLED, code="campaign-cancelled"))
            elif campaign.expires_at is not None and campaign.expires_at <= scene.now:
                _skip(scene, row, "expired", "It could not be sent before it expired.")


def release_needs(command: ReleaseRecipients, needs: Needs) -> None:
    """The recipients with their contacts, what these said about being written to, and how the gateways are."""
    needs.lock(CampaignProgress, "campaign_id", [command.campaign_id])
    needs.record(Campaign, "id", [command.campaign_id])
    people = {member for one in command.letters for member in (one.recipient_id, one.contact_id, *one.family)}
    needs.contacts.update(people)
    needs.record(CampaignRecipient, "contact_id", people)
    needs.ledger = True
    health_needs(needs)


def release(command: ReleaseRecipients, scene: Scene) -> Released:
    """Queues what may go out now; who can't be written to is skipped with the reason, and the others go on."""
    campaign, progress = current(scene, command.campaign_id)
    if campaign.state is not CampaignState.RUNNING or progress.chain != command.chain:
        return Released(stopped=True)
    stuck = blocked(scene.view, campaign)
    if stuck is not None:
        return Released(stuck=stuck)
    behalf = replace(scene, caller=sends_for(campaign))
    sent, most = 0, allowance(campaign, progress, scene.now, len(command.letters))
    for letter in command.letters:
        row = _row(scene, campaign, letter.recipient_id)
        if row is None or row.state is not RecipientState.WAITING or row.due_at > scene.now:
            continue
        if sent >= most:
            break
        sent += _write(replace(behalf, verdict=letter.verdict), campaign, row, letter)
    if campaign.pace is not None and sent:
        scene.working.put(replace(progress, paced_at=_paced_at(campaign, progress, scene.now, sent)))
    return Released(sent)


def allowance(campaign: Campaign, progress: CampaignProgress, now: int, most: int) -> int:
    """How many messages its pace allows by now."""
    if campaign.pace is None:
        return most
    behind = now - _from(campaign, progress, now)
    return min(most, int(behind * campaign.pace / 60_000) + 1 if behind >= 0 else 0)


def next_at(campaign: Campaign, progress: CampaignProgress, now: int) -> int:
    """When its pace allows the next message."""
    return now if campaign.pace is None else max(now, _from(campaign, progress, now))


def _paced_at(campaign: Campaign, progress: CampaignProgress, now: int, sent: int) -> int:
    assert campaign.pace is not None, "only what has a pace is paced"
    return _from(campaign, progress, now) + round(sent * 60_000 / campaign.pace)


def _from(campaign: Campaign, progress: CampaignProgress, now: int) -> int:
    """Where its pace is counted from: not long ago, and never further ahead than one message, should the clock jump."""
    longest = CATCH_UP_MS + (60_000 // (campaign.pace or 1))
    return now if progress.paced_at > now + longest else max(progress.paced_at, now - CATCH_UP_MS)


def _write(scene: Scene, campaign: Campaign, row: CampaignRecipient, letter: Letter) -> bool:
    """One letter; whether it was queued. What stands in its way undoes nothing but itself."""
    if letter.refusal is not None:
        return _skip(scene, row, letter.refusal.code, letter.refusal.message)
    lead = scene.find(Contact, letter.contact_id)
    if lead is None or lead.merged_into is not None or with_merged(scene.working, [lead.id]) != letter.family:
        return False  # merged meanwhile: they are read again, as whoever they are now
    if _has_it(scene, campaign, letter):
        return _skip(scene, row, "duplicate", "This contact was merged with another, who gets it too.")
    mark = scene.working.mark()
    try:
        message = _queued(scene, campaign, row, letter)
    except Refused as refused:
        scene.working.undo(mark)
        code, reason = refused.code, refused.detail
        if code in {"not-found", "conversation-elsewhere"}:
            code, reason = "contact-gone", "This contact was erased."
        return _skip(scene, row, code, reason)
    if message is None:
        return False
    scene.working.put(
        replace(
            row,
            state=RecipientState.QUEUED,
            message_id=message.id,
            segments=message.segments,
            cost_micros=message.cost_micros,
            currency=message.currency,
        )
    )
    return True


def _has_it(scene: Scene, campaign: Campaign, letter: Letter) -> bool:
    """Whether the same person gets it as somebody else: as who leads, or as one who was written to before a merge."""
    others = {one: _row(scene, campaign, one) for one in letter.family if one != letter.recipient_id}
    return others.get(letter.contact_id) is not None or any(row and row.message_id for row in others.values())


def _queued(scene: Scene, campaign: Campaign, row: CampaignRecipient, letter: Letter) -> Message | None:
    """The message; None where it is night, or where it was skipped."""
    command = message_for(campaign, letter.contact_id, letter.body, letter.subject)
    target = find_target(scene, command)
    place = target.place
    assert place is not None, "a contact has a place"
    contact = scene.find(Contact, place.root.contact_id) or place.contact
    until = quiet_until(scene, contact, target.address.kind, target.address.value, scene.now)
    if until is not None:
        if campaign.expires_at is not None and until >= campaign.expires_at:
            _skip(scene, row, "expired", "It is night there until it expires.")
        else:
            scene.working.put(replace(row, due_at=until))
        return None
    composition = compose_for(scene, command, target)
    require_sendable(composition)
    if composition.wish is not None:
        _skip(scene, row, composition.wish.code, composition.wish.message)
        return None
    sender = composition.route.sender
    purpose = Purpose(campaign.purpose)
    if campaign.agreed and not consents.agreed(scene, target.address.value, sender.value if sender else "", purpose):
        _skip(scene, row, "no-consent", "Nobody knows that this contact agreed to such messages.")
        return None
    mail_loops.require_none(scene, command, target.address, place)
    episode = trigger(scene, place.root, SentByMachine())
    return queue(scene, command, target.address, place, composition, episode.conversation)


def message_for(campaign: Campaign, contact_id: int, body: str, subject: str | None) -> SendMessage:
    """What a recipient is sent."""
    return SendMessage(
        body=body,
        contact_id=contact_id,
        from_=campaign.from_,
        channel=campaign.channel or ("email" if campaign.subject is not None and campaign.from_ is None else None),
        subject=subject,
        media_ids=campaign.media_ids,
        expires_at=campaign.expires_at,
        purpose=campaign.purpose,
        nature=Nature.CAMPAIGN,
    )


def _skip(scene: Scene, row: CampaignRecipient, code: str, reason: str) -> bool:
    scene.working.put(replace(row, state=RecipientState.SKIPPED, code=code, reason=reason))
    return False


def _row(scene: Scene, campaign: Campaign, contact_id: int) -> CampaignRecipient | None:
    return scene.working.get(CampaignRecipient, campaign.workspace_id, campaign.id, contact_id)

"""Campaigns carried out beside everybody's work: a slice at a time, each small, and never more than a little ahead.

One row of work goes on with a campaign for a moment and leaves the next one behind. Should its worker die, another
takes the row up: what was written down and what was queued stands in the recipients themselves.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from gateway.core.automation_facts import zone_of
from gateway.core.caller import Caller, system
from gateway.core.campaign_people import Person, addresses_of_families, families_of, people_after, words_for
from gateway.core.campaigning import sends_for
from gateway.core.commands.base import Command
from gateway.core.commands.campaigns import (
    AddRecipients,
    BeginCampaign,
    FinishCampaign,
    LeaveOut,
    Letter,
    PauseCampaign,
    ReleaseRecipients,
    RestCampaign,
)
from gateway.core.commands.messages import ReleaseScheduled
from gateway.core.decisions.campaign_slices import allowance, message_for, next_at
from gateway.core.errors import FieldError, Refused
from gateway.core.routing import named_sender
from gateway.core.verdict import Verdict
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.campaigns import IN_QUEUE, Campaign, CampaignProgress, CampaignRecipient, CampaignState
from gateway.domain.events import Actor
from gateway.domain.model import Work
from gateway.domain.record import replace
from gateway.domain.rules import Moment
from gateway.domain.settings import Sender
from gateway.host.pace import Pace
from gateway.storage import campaign_aside, campaign_reads
from gateway.storage.campaign_counts import results_of
from gateway.storage.conversation_rows import contacts_after_merging
from gateway.storage.database import Database
from gateway.storage.session import Session
from gateway.workers.chores import Execute

LOADED_AT_ONCE: Final = 500
"""Recipients written down in one transaction: rows of one table, some milliseconds."""
RELEASED_AT_ONCE: Final = 8
"""Messages queued in one transaction: what a reply waits for behind it is about as long as itself."""
AHEAD: Final = 32
"""Messages in bulk that wait at a gateway or are under way. More would not leave sooner, and stand in people's way."""
REST: Final = 4.0
LOADING_REST: Final = 0.5
"""How long it rests after each slice, as a share of what the slice took: the busier everybody is, the longer."""
LEFT_OUT_AT_ONCE: Final = 200
TURN_S: Final = 2.0
"""How long one row of work goes on before it leaves the next one behind."""
BREATH_S: Final = 0.02
LONGEST_BREATH_S: Final = 5.0
"""Between two looks at whether there is room: doubled from one to the other while there is none."""
LONGEST_WAIT_S: Final = 0.5
"""Longer pauses are not waited for: the next row of work begins then."""
SOON_MS: Final = 500
ASIDE_MS: Final = 5_000
"""How long it rests where all that is left of it waits for an hour of its own."""
LONGEST_REST_MS: Final = 60_000
"""How long a campaign rests at most, whatever its recipients' clocks say: settings change."""

Ask = Callable[[Command[object], Caller], Awaitable[Verdict]]


class Campaigns:
    """`ask` is what plugins say of one message."""

    def __init__(
        self,
        database: Database,
        execute: Execute,
        ask: Ask,
        view_of: Callable[[int], Awaitable[WorkspaceView]],
        pace: Pace,
    ) -> None:
        self._database = database
        self._execute = execute
        self._ask = ask
        self._view_of = view_of
        self._pace = pace
        self._looks: dict[int, int] = {}

    async def go_on(self, work: Work) -> None:
        """One turn of a campaign. A row that another one has followed does nothing."""
        campaign_id, chain = work.subject_id or 0, int(work.data["chain"])
        until = self._pace.monotonic() + TURN_S
        due_at: int | None = None
        while due_at is None:
            found = await self._read(work.workspace_id, campaign_id)
            if found is None or found[1].chain != chain:
                return
            campaign, progress = found
            if (await self._view_of(work.workspace_id)).workspace.suspended_at is not None:
                due_at = self._pace.clock() + LONGEST_REST_MS  # nobody in there could pause it
                break
            match campaign.state:
                case CampaignState.SCHEDULED:
                    await self._execute(BeginCampaign(campaign.id, chain), system(work.workspace_id))
                    return
                case CampaignState.LOADING:
                    await self._load(campaign, progress)
                case CampaignState.RUNNING:
                    due_at = await self._send(campaign, progress)
                    if due_at == FINISHED:
                        return
                case CampaignState.CANCELLED:
                    if not await self._leave_out(campaign) and not await self._withdraw(campaign):
                        return
                case _:
                    return
            if due_at is None and self._pace.monotonic() >= until:
                due_at = self._pace.clock()
        await self._execute(RestCampaign(campaign_id, chain, due_at), system(work.workspace_id))

    async def _read(self, workspace_id: int, campaign_id: int) -> tuple[Campaign, CampaignProgress] | None:
        read = partial(campaign_reads.campaign, workspace_id=workspace_id, campaign_id=campaign_id)
        return await self._database.read(read)

    async def _load(self, campaign: Campaign, progress: CampaignProgress) -> None:
        """The next slice. Who they are is read beside the writer, which then has rows to insert and nothing else."""
        begun = self._pace.monotonic()
        view = await self._view_of(campaign.workspace_id)
        found = await self._database.read(
            partial(
                people_after,
                view=view,
                campaign=campaign,
                moment=Moment(self._pace.clock(), zone_of(view)),
                after=progress.cursor,
                limit=LOADED_AT_ONCE,
            )
        )
        command = AddRecipients(
            campaign.id,
            progress.chain,
            progress.cursor,
            found.to,
            found.recipients,
            found.repeats,
            found.left_out,
            found.last,
        )
        await self._execute(command, system(campaign.workspace_id))
        await self._pace.sleep((self._pace.monotonic() - begun) * LOADING_REST)

    async def _send(self, campaign: Campaign, progress: CampaignProgress) -> int | None:
        """The next slice into the queue; when to go on (ms), None for at once."""
        now = self._pace.clock()
        if campaign.expires_at is not None and campaign.expires_at <= now and await self._leave_out(campaign):
            return None
        view = await self._view_of(campaign.workspace_id)
        room = AHEAD - await self._ahead(view, campaign)
        count = allowance(campaign, progress, now, min(RELEASED_AT_ONCE, max(room, 0)))
        if count <= 0:
            return await self._full(campaign, now) if room <= 0 else next_at(campaign, progress, now)
        self._looks.pop(campaign.id, None)
        letters = await self._letters(view, campaign, now, count)
        if not letters:
            return await self._nobody_due(campaign, progress, now)
        begun = self._pace.monotonic()
        released = await self._execute(
            ReleaseRecipients(campaign.id, progress.chain, letters), system(campaign.workspace_id)
        )
        if released.stuck is not None:
            await self._execute(PauseCampaign(campaign.id, released.stuck), system(campaign.workspace_id))
            return FINISHED
        if released.stopped:
            return FINISHED
        await self._pace.sleep((self._pace.monotonic() - begun) * REST)
        return None

    async def _full(self, campaign: Campaign, now: int) -> int | None:
        """Nothing fits behind what waits. A gateway that takes some makes room soon; one that is down is looked at less
        and less often, and as before once it took one.
        """
        looks = self._looks[campaign.id] = self._looks.get(campaign.id, 0) + 1
        pause: float = min(BREATH_S * 2.0 ** min(looks - 1, 20), LONGEST_BREATH_S)
        if pause > LONGEST_WAIT_S:
            return now + round(pause * 1000)
        await self._pace.sleep(pause)
        return None

    async def _ahead(self, view: WorkspaceView, campaign: Campaign) -> int:
        """What waits already where this campaign may go. A gateway that is paused holds the others up only if it is
        the only one.
        """
        named = named_sender(view, campaign.from_) if campaign.from_ is not None else None
        senders = [*view.live(view.senders)]
        if named is not None:
            senders = [named] if isinstance(named, Sender) else [view.senders[one] for one in named.sender_ids]
        serving = {one.id: one for sender in senders for one in view.serving(sender)}
        awake = [one.id for one in serving.values() if not one.paused] or list(serving)
        count = partial(campaign_reads.bulk_waiting, gateway_ids=awake, most=AHEAD)
        return await self._database.read(count)

    async def _letters(self, view: WorkspaceView, campaign: Campaign, now: int, count: int) -> Sequence[Letter]:
        """What the next recipients are to get, worded outside the writer, each vetted by plugins that vet."""
        user = view.users.get(Actor.parse(campaign.sent_by).id or 0) if campaign.sent_by else None
        read = partial(_due_people, campaign=campaign, now=now, count=count)
        due = await self._database.read(read)
        letters = await asyncio.to_thread(_worded, campaign, due, user.name if user else None)
        behalf = sends_for(campaign)
        vetted = []
        for one in letters:
            message = message_for(campaign, one.contact_id, one.body, one.subject)
            verdict = one.verdict if one.refusal else await self._ask(message, behalf)
            vetted.append(replace(one, verdict=verdict) if verdict is not one.verdict else one)
        return vetted

    async def _nobody_due(self, campaign: Campaign, progress: CampaignProgress, now: int) -> int:
        """Everybody's night, or the end."""
        ws = campaign.workspace_id
        due = await self._database.read(partial(campaign_reads.next_due, workspace_id=ws, campaign_id=campaign.id))
        if due is not None:
            return min(max(due, now + 1), now + LONGEST_REST_MS)
        busy = partial(campaign_reads.any_in, workspace_id=ws, campaign_id=campaign.id, states=IN_QUEUE)
        if await self._database.read(busy):
            return now + SOON_MS
        aside = partial(campaign_aside.any_put_aside, workspace_id=ws, campaign_id=campaign.id)
        if await self._database.read(aside):  # it may still be paused and called off, as it was said it could
            return now + ASIDE_MS
        read = partial(results_of, workspace_id=ws, campaign_id=campaign.id)
        results = await self._database.read(read)
        facts = {
            "recipients": results.total,
            "sent": results.sent,
            "failed": results.failed,
            "skipped": sum(results.skipped.values()),
        }
        await self._execute(FinishCampaign(campaign.id, progress.chain, facts), system(ws))
        return FINISHED

    async def _leave_out(self, campaign: Campaign) -> bool:
        """Some of those who wait and won't be written to; whether there were any."""
        ws = campaign.workspace_id
        read = partial(campaign_reads.waiting_ids, workspace_id=ws, campaign_id=campaign.id, limit=LEFT_OUT_AT_ONCE)
        waiting = await self._database.read(read)
        if waiting:
            await self._execute(LeaveOut(campaign.id, waiting), system(ws))
        return bool(waiting)

    async def _withdraw(self, campaign: Campaign) -> bool:
        """Some of what a cancelled campaign put aside, which would seem to go out later; whether there was any."""
        ws = campaign.workspace_id
        read = partial(campaign_aside.held_messages, workspace_id=ws, campaign_id=campaign.id, limit=LEFT_OUT_AT_ONCE)
        held = await self._database.read(read)
        for message_id in held:
            await self._execute(ReleaseScheduled(message_id), system(ws))  # which sees that it was called off
        return bool(held)


FINISHED: Final = -1


def _due_people(
    session: Session, campaign: Campaign, now: int, count: int
) -> list[tuple[CampaignRecipient, Person | None]]:
    ws = campaign.workspace_id
    rows = campaign_reads.due_recipients(session, ws, campaign.id, now, count)
    winners = contacts_after_merging(session, ws, [one.contact_id for one in rows])
    leading = {one.id for one in winners.values()}
    leads = families_of(session, ws, leading)
    addresses = addresses_of_families(session, ws, leads) if leading else {}
    made: list[tuple[CampaignRecipient, Person | None]] = []
    for row in rows:
        contact = winners.get(row.contact_id)
        gone = contact is None or contact.erased_at is not None
        if gone or contact is None:
            made.append((row, None))
            continue
        family = frozenset(one for one, lead in leads.items() if lead == contact.id)
        made.append((row, Person(contact, addresses.get(contact.id, ()), family)))
    return made


def _worded(
    campaign: Campaign, due: Sequence[tuple[CampaignRecipient, Person | None]], user: str | None
) -> list[Letter]:
    letters = []
    for row, person in due:
        if person is None:
            gone = FieldError("to", "This contact was erased.", "contact-gone")
            letters.append(Letter(row.contact_id, row.contact_id, refusal=gone))
            continue
        try:
            body, subject = words_for(campaign, person, user)
        except Refused as refused:
            why = FieldError("body", refused.detail, refused.code)
            letters.append(Letter(row.contact_id, person.contact.id, refusal=why))
        else:
            letters.append(Letter(row.contact_id, person.contact.id, body, subject, family=person.family))
    return letters

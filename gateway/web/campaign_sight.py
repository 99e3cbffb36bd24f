"""Campaigns and their people as whoever asks may see them, for the API and the pages alike."""

from collections.abc import Iterable
from typing import Final

from gateway.core import campaign_people
from gateway.domain.campaigns import Campaign, CampaignProgress
from gateway.domain.ids import MAX_ID
from gateway.domain.model import Contact
from gateway.domain.record import record
from gateway.storage import campaign_reads
from gateway.storage.campaign_counts import Results, results_of
from gateway.storage.contact_reads import ContactView
from gateway.storage.conversation_rows import contacts_after_merging
from gateway.storage.session import Session
from gateway.web.contact_sight import Asker, find_contact

LAST: Final = MAX_ID
"""Beyond the newest."""


def campaign_of(
    session: Session, workspace_id: int, campaign_id: int
) -> tuple[Campaign, CampaignProgress, Results] | None:
    """A campaign with what became of it so far."""
    found = campaign_reads.campaign(session, workspace_id, campaign_id)
    return None if found is None else (*found, results_of(session, workspace_id, campaign_id))


def names_of(session: Session, workspace_id: int, contact_ids: Iterable[int]) -> dict[int, str]:
    """The names of saved contacts, as they are after merging."""
    winners = contacts_after_merging(session, workspace_id, contact_ids)
    return {made: one.name for made, one in winners.items() if one.saved and one.name}


def user_name(asker: Asker) -> str | None:
    """Who sends, for `user` in a text."""
    user = asker.view.users.get(asker.caller.user_id or 0)
    return user.name if user else None


@record(gc=True)
class Person:
    """The contact whose words a preview or a test has; nobody's where there is none."""

    asker: Asker
    contact_id: int | None

    async def find(self) -> ContactView:
        """Problem 404 for one who may not be seen."""
        return await find_contact(self.asker, self.contact_id or 0)

    async def words(self) -> campaign_people.Person:
        """What a text knows of them."""
        if self.contact_id is None:
            return campaign_people.Person(Contact(self.asker.workspace_id, 0, 0), ())
        found = await self.find()
        return campaign_people.Person(found.contact, found.addresses)

"""Why can't I see it? Hits of a search that are not in the view, for those who see every conversation anyway."""

from collections.abc import Sequence

from gateway.domain.conversation import State
from gateway.domain.ids import format_id
from gateway.domain.visibility import Permission
from gateway.storage.conversation_rows import ConversationRow
from gateway.storage.inbox import conversation_page, rows_among
from gateway.storage.ranges import View
from gateway.storage.session import Session
from gateway.web.pages.condition_words import STATES
from gateway.web.pages.desk import Desk
from gateway.web.pages.faces import face_of_contact
from gateway.web.pages.filters import Filters
from gateway.web.pages.questions import asked
from gateway.web.pages.views_list import Elsewhere

MOST = 5
_LOOKED_AT = 50


def hits_elsewhere(session: Session, desk: Desk, filters: Filters) -> Sequence[ConversationRow]:
    """The newest hits outside the view. An agent is told of none: that there is one would tell too much."""
    if not filters.q or filters.view is View.ALL or not desk.signed.may(Permission.SEE_ALL):
        return ()
    whole = asked(desk, Filters(View.ALL, q=filters.q), limit=_LOOKED_AT)
    found = conversation_page(session, whole).items
    query = asked(desk, filters, limit=_LOOKED_AT)
    here = {row.conversation.id for row in rows_among(session, query, [row.conversation.id for row in found])}
    return [row for row in found if row.conversation.id not in here][:MOST]


def elsewhere_of(desk: Desk, found: ConversationRow) -> Elsewhere:
    """A hit, and where it is."""
    href = Filters(View.ALL).conversation(format_id("cnv", found.conversation.id))
    person = face_of_contact(found.contact, list(found.addresses), desk.language)
    return Elsewhere(href, person, found.contact.saved, _why(desk, found))


def _why(desk: Desk, found: ConversationRow) -> str:
    _, one, view = desk.language.gettext, found.conversation, desk.view
    if one.state is not State.OPEN:
        at = one.snoozed_until if one.state is State.SNOOZED else one.ended_at
        return f"{_(STATES[one.state])} {desk.times.full(at)}" if at is not None else _(STATES[one.state])
    user, group = view.users.get(one.user_id or 0), view.groups.get(one.group_id or 0)
    if user is not None:
        return _("You have it") if user.id == desk.signed.user.id else _("%(name)s has it", name=user.name)
    return _("In the group %(name)s", name=group.name) if group is not None else _("Unassigned")

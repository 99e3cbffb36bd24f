"""What supervisors and administrators may do to many conversations at once, for the bar above a list."""

from gateway.domain.ids import format_id
from gateway.domain.policy import CloseLabel
from gateway.domain.visibility import Permission
from gateway.web.pages.desk import Desk
from gateway.web.pages.filters import Filters
from gateway.web.pages.heads import HeadMaker
from gateway.web.pages.views_list import Bulk, TagPill
from gateway.web.pages.views_shell import Choice

_VERBS = {
    CloseLabel.COMPLETE: Choice(
        "Complete", "complete", "circle-check", "{n} completed", "They are marked as complete and leave the list."
    ),
    CloseLabel.ARCHIVE: Choice("Archive", "archive", "archive", "{n} archived", "They move to Archived."),
    CloseLabel.CLOSE: Choice(
        "Close for good", "close", "lock", "{n} closed", "They move to Closed and can't be edited or reopened."
    ),
}


def bulk_of(desk: Desk) -> Bulk | None:
    """The bar's choices; None for whom bulk actions are not. `aux` is what is said meanwhile, `note` what happens."""
    if not desk.signed.may(Permission.BULK):
        return None
    view, heads = desk.view, HeadMaker(desk.view, desk.viewer, desk.times, Filters())
    label = view.policy.close_label
    closes = Choice("Close selected", "finish", "circle-x", _VERBS[label].aux, _VERBS[label].note)
    tags = sorted(view.live(view.tags), key=lambda tag: tag.name.casefold())
    return Bulk(
        close=closes,
        verbs=[verb for named, verb in _VERBS.items() if named is not label],
        agents=heads.agents(),
        groups=[Choice(one.name, format_id("grp", one.id)) for one in view.live(view.groups)],
        tags=[TagPill(one.name, one.colour) for one in tags],
        snooze=heads.snooze(),
    )

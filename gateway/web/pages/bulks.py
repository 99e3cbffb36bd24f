"""What supervisors and administrators may do to many conversations at once, for the bar above a list."""

from dataclasses import replace

from gateway.domain.ids import format_id
from gateway.domain.policy import CloseLabel
from gateway.domain.visibility import Permission
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.filters import Filters
from gateway.web.pages.heads import HeadMaker
from gateway.web.pages.views_list import Bulk, TagPill
from gateway.web.pages.views_shell import Choice

_VERBS = {
    CloseLabel.COMPLETE: Choice(
        marked("Complete"), "complete", "circle-check", note=marked("They are marked as complete and leave the list.")
    ),
    CloseLabel.ARCHIVE: Choice(marked("Archive"), "archive", "archive", note=marked("They move to Archived.")),
    CloseLabel.CLOSE: Choice(
        marked("Close for good"), "close", "lock", note=marked("They move to Closed and can't be edited or reopened.")
    ),
}


def bulk_of(desk: Desk) -> Bulk | None:
    """The bar's choices; None for whom bulk actions are not. `note` says what happens, `aux` which verb Close is."""
    if not desk.signed.may(Permission.BULK):
        return None
    view, heads = desk.view, HeadMaker(desk.view, desk.viewer, desk.times, Filters())
    _, label = desk.language.gettext, view.policy.close_label
    verbs = {
        named: replace(verb, label=_(verb.label), aux=verb.value, note=_(verb.note)) for named, verb in _VERBS.items()
    }
    tags = sorted(view.live(view.tags), key=lambda tag: tag.name.casefold())
    return Bulk(
        close=replace(verbs[label], label=_("Close selected"), value="finish", icon="circle-x"),
        verbs=[verb for named, verb in verbs.items() if named is not label],
        agents=heads.agents(),
        groups=[Choice(one.name, format_id("grp", one.id)) for one in view.live(view.groups)],
        tags=[TagPill(one.name, one.colour) for one in tags],
        snooze=heads.snooze(),
    )

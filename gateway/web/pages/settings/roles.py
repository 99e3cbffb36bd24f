"""Who may do what, straight from the rights themselves."""

from aiohttp import web

from gateway.domain.policy import Visibility
from gateway.domain.record import record
from gateway.domain.visibility import Permission, Role, may
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get

ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR)
ROLE_NAMES = {
    Role.AGENT: marked("Agent"),
    Role.SUPERVISOR: marked("Supervisor"),
    Role.ADMINISTRATOR: marked("Administrator"),
}
WORDS = {
    Permission.REPLY: (marked("Reply and start conversations"), marked("Send to contacts, from a thread or new")),
    Permission.NOTE: (marked("Leave notes"), marked("On conversations and contacts; only the team reads them")),
    Permission.TAG: (marked("Tag conversations"), marked("Put tags on and take them off")),
    Permission.CLAIM: (marked("Claim"), marked("Take what nobody owns, give back or pass on what one owns")),
    Permission.WORK: (
        marked("Work on conversations"),
        marked("Snooze, wake, complete, archive, close, reopen, mark read and unread"),
    ),
    Permission.EDIT_CONTACTS: (
        marked("Edit contacts"),
        marked("Add and edit them, merge them, subscribe and unsubscribe them"),
    ),
    Permission.SEE_ALL: (marked("See every conversation"), marked("Whatever the visibility policy says")),
    Permission.ASSIGN_OTHERS: (marked("Change owners"), marked("Of what somebody else owns")),
    Permission.BULK: (
        marked("Act on many at once"),
        marked("One action on all selected conversations; everybody may mark read"),
    ),
    Permission.VIEW_REPORTS: (marked("See statistics"), marked("Of the whole workspace")),
    Permission.MANAGE_CONTENT: (
        marked("Manage texts and tags"),
        marked("Templates, quick replies, quick notes, tags, shared views"),
    ),
    Permission.MANAGE_OUTREACH: (marked("Manage outreach"), marked("Lists, campaigns, keywords, forms and polls")),
    Permission.REMOVE: (marked("Remove conversations"), marked("Archive one and hide its history")),
    Permission.ERASE_CONTACTS: (marked("Erase contacts"), marked("With all that was exchanged, for good")),
    Permission.EXPORT: (marked("Export"), marked("Take the workspace's data out")),
    Permission.MANAGE_AUTOMATIONS: (marked("Manage automations"), marked("When something happens, what is done")),
    Permission.MANAGE_GATEWAYS: (marked("Manage gateways"), marked("Gateways, numbers, pools and parked work")),
    Permission.MANAGE_USERS: (marked("Manage users"), marked("Users, groups, roles and invitations")),
    Permission.MANAGE_TOKENS: (marked("Manage access by programs"), marked("API tokens and webhooks")),
    Permission.MANAGE_SETTINGS: (marked("Manage the workspace"), marked("Policies, presets, retention and plugins")),
    Permission.VIEW_AUDIT: (marked("See the audit trail"), marked("Who did what in administration, and when")),
}
SEES = {
    Visibility.ALL: marked("Everybody sees every conversation now; a policy can narrow that for agents."),
    Visibility.GROUP: marked("Agents see their own conversations, their groups' and unassigned ones."),
    Visibility.OWNER: marked("Agents see their own conversations and unassigned ones."),
}


@record
class Right:
    """One line of the table: what it is, what that means, and by role whether it is allowed."""

    label: str
    words: str
    allowed: tuple[bool, ...]


async def show(desk: Desk) -> web.StreamResponse:
    """The table, one's own role marked."""
    rights = [Right(*WORDS[one], tuple(may(role, one) for role in ROLES)) for one in Permission]
    return await settings_page(
        desk,
        "roles",
        "settings/roles.html",
        roles=[ROLE_NAMES[role] for role in ROLES],
        mine=ROLE_NAMES[desk.signed.user.role],
        rights=rights,
        sees=SEES[desk.view.policy.visibility],
    )


ROUTES = (get("", show),)

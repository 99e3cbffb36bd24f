"""Who may do what, straight from the rights themselves."""

from dataclasses import dataclass

from aiohttp import web

from gateway.domain.policy import Visibility
from gateway.domain.visibility import Permission, Role, may
from gateway.web.pages.desk import Desk
from gateway.web.pages.settings.frame import settings_page
from gateway.web.pages.settings.sections import get

ROLES = (Role.AGENT, Role.SUPERVISOR, Role.ADMINISTRATOR)
WORDS = {
    Permission.REPLY: ("Reply and start conversations", "Send to contacts, from a thread or new"),
    Permission.NOTE: ("Leave notes", "On conversations and contacts; only the team reads them"),
    Permission.TAG: ("Tag conversations", "Put tags on and take them off"),
    Permission.CLAIM: ("Claim", "Take what nobody owns, give back or pass on what one owns"),
    Permission.WORK: ("Work on conversations", "Snooze, wake, complete, archive, close, reopen, mark read and unread"),
    Permission.EDIT_CONTACTS: ("Edit contacts", "Add and edit them, merge them, subscribe and unsubscribe them"),
    Permission.SEE_ALL: ("See every conversation", "Whatever the visibility policy says"),
    Permission.ASSIGN_OTHERS: ("Change owners", "Of what somebody else owns"),
    Permission.BULK: ("Act on many at once", "One action on all selected conversations; everybody may mark read"),
    Permission.VIEW_REPORTS: ("See statistics", "Of the whole workspace"),
    Permission.MANAGE_CONTENT: ("Manage texts and tags", "Templates, quick replies, quick notes, tags, shared views"),
    Permission.MANAGE_OUTREACH: ("Manage outreach", "Lists, campaigns, keywords, forms and polls"),
    Permission.REMOVE: ("Remove conversations", "Archive one and hide its history"),
    Permission.ERASE_CONTACTS: ("Erase contacts", "With all that was exchanged, for good"),
    Permission.EXPORT: ("Export", "Take the workspace's data out"),
    Permission.MANAGE_AUTOMATIONS: ("Manage automations", "When something happens, what is done"),
    Permission.MANAGE_GATEWAYS: ("Manage gateways", "Gateways, numbers, pools and parked work"),
    Permission.MANAGE_USERS: ("Manage users", "Users, groups, roles and invitations"),
    Permission.MANAGE_TOKENS: ("Manage access by programs", "API tokens and webhooks"),
    Permission.MANAGE_SETTINGS: ("Manage the workspace", "Policies, presets, retention and plugins"),
}
SEES = {
    Visibility.ALL: "Everybody sees every conversation now; a policy can narrow that for agents.",
    Visibility.GROUP: "Agents see their own conversations, their groups' and unassigned ones.",
    Visibility.OWNER: "Agents see their own conversations and unassigned ones.",
}


@dataclass(frozen=True, slots=True)
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
        roles=[role.capitalize() for role in ROLES],
        mine=desk.signed.user.role.capitalize(),
        rights=rights,
        sees=SEES[desk.view.policy.visibility],
    )


ROUTES = (get("", show),)

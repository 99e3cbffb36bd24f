"""Who may see and do what: roles, their permissions, and P4, decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from gateway.domain.policy import Policy, Visibility
from gateway.domain.record import record


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    AGENT = "agent"


class Permission(StrEnum):
    """What a role allows. What it allows on a conversation holds for those one may see."""

    REPLY = "reply"  # send to contacts, from a thread or new
    NOTE = "note"  # leave notes on conversations and contacts
    TAG = "tag"  # put tags on a conversation and take them off
    CLAIM = "claim"  # take what nobody owns, give back or pass on what one owns
    WORK = "work"  # snooze, wake, complete, archive, close, reopen, mark read and unread
    EDIT_CONTACTS = "edit_contacts"  # add and edit contacts, merge them, subscribe and unsubscribe them
    SEE_ALL = "see_all"  # every conversation, whatever P4 says
    ASSIGN_OTHERS = "assign_others"  # change the owner of what somebody else owns
    BULK = "bulk"  # one action on many conversations; marking read in bulk is everyone's
    VIEW_REPORTS = "view_reports"  # statistics of the whole workspace
    MANAGE_CONTENT = "manage_content"  # templates, quick replies, quick notes, tags, shared views
    MANAGE_OUTREACH = "manage_outreach"  # lists, campaigns, keywords, forms, polls
    REMOVE = "remove"  # archive a conversation and hide its history
    ERASE_CONTACTS = "erase_contacts"  # delete a contact with all that was exchanged
    EXPORT = "export"  # take the workspace's data out
    MANAGE_AUTOMATIONS = "manage_automations"  # automations and what they do
    MANAGE_GATEWAYS = "manage_gateways"  # gateways, senders, pools, and parked work
    MANAGE_USERS = "manage_users"  # users, groups, roles, invitations
    MANAGE_TOKENS = "manage_tokens"  # API tokens and webhooks
    MANAGE_SETTINGS = "manage_settings"  # policies, presets, retention, plugins
    VIEW_AUDIT = "view_audit"  # who did what in administration


_AGENT = frozenset(
    {
        Permission.REPLY,
        Permission.NOTE,
        Permission.TAG,
        Permission.CLAIM,
        Permission.WORK,
        Permission.EDIT_CONTACTS,
    }
)
_SUPERVISOR = _AGENT | {
    Permission.SEE_ALL,
    Permission.ASSIGN_OTHERS,
    Permission.BULK,
    Permission.VIEW_REPORTS,
    Permission.MANAGE_CONTENT,
    Permission.MANAGE_OUTREACH,
}

ALLOWED: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset(Permission),
        Role.SUPERVISOR: _SUPERVISOR,
        Role.AGENT: _AGENT,
    }
)


def may(role: Role, permission: Permission) -> bool:
    return permission in ALLOWED[role]


@record
class Viewer:
    """Whoever looks: a user, or the user behind an API token."""

    user_id: int
    role: Role
    group_ids: frozenset[int]


@record
class Ownership:
    """A conversation's owner: a user, a group, or a user within a group; unassigned is neither."""

    user_id: int | None = None
    group_id: int | None = None

    @property
    def unassigned(self) -> bool:
        return self.user_id is None and self.group_id is None


def may_see(viewer: Viewer, ownership_of_live: Ownership | None, policy: Policy) -> bool:
    """P4: whether a viewer sees a thread, the whole of it, by its live conversation; None when no one is live."""
    if ownership_of_live is None:
        return may_see_closed(viewer, None, policy)
    if may(viewer.role, Permission.SEE_ALL) or policy.visibility is Visibility.ALL:
        return True
    if ownership_of_live.unassigned or ownership_of_live.user_id == viewer.user_id:
        return True
    return policy.visibility is Visibility.GROUP and ownership_of_live.group_id in viewer.group_ids


def may_see_closed(viewer: Viewer, ownership_of_live: Ownership | None, policy: Policy) -> bool:
    """P4 for one closed conversation: everybody reads it, even beside a live one they may not see, unless restricted.

    Restricted, it takes the right to see all, or to see the live conversation of its thread.
    """
    if not policy.restrict_closed or may(viewer.role, Permission.SEE_ALL):
        return True
    return ownership_of_live is not None and may_see(viewer, ownership_of_live, policy)


def in_inbox(viewer: Viewer, ownership: Ownership) -> bool:
    """The inbox, for every role alike: mine, my groups', and unassigned.

    A group's conversation that one of its users holds is that user's: claiming and transferring take it out of the
    others' inboxes, though P4 `group` lets them still see it.
    """
    if ownership.user_id is not None:
        return ownership.user_id == viewer.user_id
    return ownership.group_id is None or ownership.group_id in viewer.group_ids

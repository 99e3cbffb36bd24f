"""Which commands are administration, by what name, and which fields of their records may be told.

What teams and machines do all day leaves no line: the log of events has it. A test asks of every command which it is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from gateway.core.commands import audit as trail
from gateway.core.commands import (
    automations,
    campaigns,
    chat,
    contacts,
    lists,
    oidc,
    people,
    settings,
    talks,
    two_factor,
    webhooks,
)
from gateway.domain.automation import Automation
from gateway.domain.campaigns import Campaign
from gateway.domain.chat import ChatTarget
from gateway.domain.forms import Form
from gateway.domain.ids import PREFIXES, format_id
from gateway.domain.keywords import Keyword
from gateway.domain.lists import ContactImport, ContactList
from gateway.domain.oidc import How, OidcSettings
from gateway.domain.people import Group, Invitation, Token, User
from gateway.domain.polls import Poll
from gateway.domain.record import record
from gateway.domain.settings import Gateway, Pool, Sender, Tag, Workspace
from gateway.domain.webhooks import Webhook

Action = str | Callable[[Any, Any], str | None]


@record(gc=True)
class Audited:
    """How a command's line is made. `kind` is the record it is about; `id_of` names the subject where that doesn't.

    `quiet` leaves no line where nothing that is told has changed. `who` is the person who did it, where the system
    issues the command for them. `more` adds to the details.
    """

    action: Action
    noun: str | Callable[[Any], str | None]
    kind: type[Any] | None = None
    id_of: Callable[[Any, Any], int | None] | None = None
    quiet: bool = False
    who: Callable[[Any], int | None] | None = None
    more: Callable[[Any, Any, Sequence[tuple[Any, Any]]], dict[str, Any]] | None = None


def _user(command: Any, result: Any) -> int:
    found: int = command.user_id
    return found


def _group(command: Any, result: Any) -> int:
    found: int = command.group_id
    return found


def _contact(command: Any, result: Any) -> int:
    found: int = command.contact_id
    return found


def _automation(command: Any, result: Any) -> int:
    found: int = command.automation_id
    return found


def _own(command: Any) -> int:
    found: int = command.user_id
    return found


def _members(command: Any, result: Any, changes: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    """Who came and went: membership stands with the users."""
    users = [(was, now) for was, now in changes if isinstance(now, User) and isinstance(was, User)]
    came = [now.name for was, now in users if set(now.group_ids) - set(was.group_ids)]
    went = [now.name for was, now in users if set(was.group_ids) - set(now.group_ids)]
    return ({"joined": came} if came else {}) | ({"left": went} if went else {})


def _provider(command: Any, result: Any) -> int | None:
    return result.workspace_id if isinstance(result, OidcSettings) else None


def _vouched(command: Any, result: Any) -> str | None:
    """Each time after the first is a sign-in and nothing more."""
    return {How.KNOWN: None, How.LINKED: "user_linked", How.JOINED: "user_joined"}[result.how]


def _made(command: Any, result: Any) -> int | None:
    return result.id if isinstance(result, Workspace) else None


def _named(command: Any, result: Any, changes: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    return {"name": command.name[:200]}


def _suspended(command: Any, result: Any) -> str:
    return "workspace_suspended" if command.suspended else "workspace_resumed"


def _browser(command: Any, result: Any, changes: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    return {"method": command.method, "browser": (command.browser or "")[:200]}


def _code(command: Any, result: Any) -> str | None:
    """A code that was right is told by the sign-in that follows; a recovery code is rare enough to be told itself."""
    if not result.accepted:
        return "second_step_refused"
    return "recovery_code_used" if command.step is None else None


def _tried(command: Any, result: Any, changes: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    return {"email": command.email[:200], "reason": command.reason}


def _exported(command: Any, result: Any, changes: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    return {"what": command.what}


def _what(command: Any) -> str | None:
    return command.what if command.subject_id else None


def _subject(command: Any, result: Any) -> int | None:
    found: int | None = command.subject_id
    return found


def _saved(noun: str) -> Callable[[Any, Any], str]:
    """One command makes and changes: it names what it changes."""
    return lambda command, result: f"{noun}_created" if getattr(command, f"{noun}_id") is None else f"{noun}_changed"


def _into(command: Any, result: Any, changes: Sequence[tuple[Any, Any]]) -> dict[str, Any]:
    return {"into": format_id(PREFIXES["contact"], command.into)}


NAME_OF: Mapping[type[Any], Callable[[Any], str | None]] = {
    User: lambda one: one.name,
    Invitation: lambda one: one.email,
    Token: lambda one: one.name,
    Group: lambda one: one.name,
    Gateway: lambda one: one.name,
    Sender: lambda one: one.value,
    Pool: lambda one: one.name,
    Tag: lambda one: one.name,
    Workspace: lambda one: one.name,
    Webhook: lambda one: urlsplit(one.url).hostname,
    Automation: lambda one: one.name,
    ContactList: lambda one: one.name,
    Campaign: lambda one: one.name,
    ChatTarget: lambda one: one.label,
    Keyword: lambda one: one.name,
    Form: lambda one: one.name,
    Poll: lambda one: one.name,
    OidcSettings: lambda one: one.label,
}
"""What a record is called. A webhook by its host: the rest of an address may hold a secret."""

SHOWN: Mapping[type[Any], tuple[str, ...]] = {
    User: ("name", "role", "email", "group_ids", "two_factor"),
    Invitation: ("role", "email", "expires_at"),
    Token: ("name",),
    Group: ("name",),
    Gateway: ("plugin", "name", "rate", "enabled", "paused", "prices"),
    Sender: (
        "kind", "value", "label", "gateway_ids", "append_text", "mms_enabled", "prices", "rate", "gateway_choice",
        "gateway_weights",
    ),
    Pool: ("name", "sender_ids", "sticky", "nearest"),
    Tag: ("name", "colour"),
    Workspace: ("name", "preset", "two_factor_required", "retention", "password_login"),
    Webhook: ("events", "enabled"),
    Automation: ("name", "when", "enabled", "once_per"),
    ContactList: ("name",),
    OidcSettings: ("issuer", "client_id", "label", "enabled", "role_claim", "roles"),
    Campaign: ("name", "state", "purpose", "pace"),
    ChatTarget: ("notifier", "label", "of"),
    Keyword: ("words", "match", "sender_ids", "enabled"),
    Form: ("name", "enabled"),
    Poll: ("name", "voters", "opens_at", "closes_at"),
}  # fmt: skip

ACTIONS: Mapping[type[Any], Audited] = {
    people.InviteUser: Audited("user_invited", "invitation", Invitation),
    people.RevokeInvitation: Audited("invitation_revoked", "invitation", Invitation),
    people.AcceptInvitation: Audited("invitation_used", "user", User),
    people.CreateUser: Audited("user_created", "user", User),
    people.UpdateUser: Audited("user_changed", "user", User, quiet=True),
    people.ChangePassword: Audited("password_changed", "user", None, _user),
    people.RemoveUser: Audited("user_removed", "user", User, _user),
    people.StartSession: Audited("signed_in", "user", None, _user, who=_own, more=_browser),
    people.EndSessions: Audited("signed_out_everywhere", "user", None, _user),
    people.CreateToken: Audited("token_created", "token", Token),
    people.RevokeToken: Audited("token_revoked", "token", Token),
    people.CreateGroup: Audited("group_created", "group", Group, more=_members),
    people.UpdateGroup: Audited("group_changed", "group", Group, _group, more=_members),
    people.RemoveGroup: Audited("group_removed", "group", Group),
    two_factor.ConfirmTwoFactor: Audited("second_step_on", "user", None, _user),
    two_factor.RemoveTwoFactor: Audited("second_step_off", "user", None, _user),
    two_factor.ResetTwoFactor: Audited("second_step_reset", "user", None, _user),
    two_factor.RenewRecoveryCodes: Audited("recovery_codes_renewed", "user", None, _user),
    two_factor.TryCode: Audited(_code, "user", None, _user, who=_own),
    oidc.SaveOidc: Audited("provider_saved", "workspace", OidcSettings, _provider),
    oidc.RemoveOidc: Audited("provider_removed", "workspace", OidcSettings, _provider),
    oidc.SignInByOidc: Audited(_vouched, "user", User, lambda command, result: result.user.id),
    trail.RecordFailedSignIn: Audited("sign_in_failed", "user", None, _subject, more=_tried),
    trail.RecordExport: Audited("exported", _what, None, _subject, more=_exported),
    settings.CreateGateway: Audited("gateway_created", "gateway", Gateway),
    settings.UpdateGateway: Audited("gateway_changed", "gateway", Gateway, quiet=True),
    settings.RemoveGateway: Audited("gateway_removed", "gateway", Gateway),
    settings.CreateSender: Audited("sender_created", "sender", Sender),
    settings.UpdateSender: Audited("sender_changed", "sender", Sender, quiet=True),
    settings.RemoveSender: Audited("sender_removed", "sender", Sender),
    settings.CreatePool: Audited("pool_created", "pool", Pool),
    settings.UpdatePool: Audited("pool_changed", "pool", Pool, quiet=True),
    settings.RemovePool: Audited("pool_removed", "pool", Pool),
    settings.CreateTag: Audited("tag_created", "tag", Tag),
    settings.UpdateTag: Audited("tag_changed", "tag", Tag, quiet=True),
    settings.RemoveTag: Audited("tag_removed", "tag", Tag),
    settings.MergeTags: Audited("tag_merged", "tag", Tag),
    settings.CreateWorkspace: Audited("workspace_created", "workspace", None, _made, more=_named),
    settings.SuspendWorkspace: Audited(_suspended, "workspace", None),
    settings.RemoveWorkspace: Audited("workspace_removed", "workspace", None),
    settings.UpdateWorkspace: Audited("workspace_changed", "workspace", Workspace, quiet=True),
    webhooks.CreateWebhook: Audited("webhook_created", "webhook", Webhook),
    webhooks.UpdateWebhook: Audited("webhook_changed", "webhook", Webhook, quiet=True),
    webhooks.RotateWebhookSecret: Audited("webhook_secret_rotated", "webhook", Webhook),
    webhooks.RemoveWebhook: Audited("webhook_removed", "webhook", Webhook),
    automations.CreateAutomation: Audited("automation_created", "automation", Automation),
    automations.UpdateAutomation: Audited("automation_changed", "automation", Automation, quiet=True),
    automations.OrderAutomations: Audited("automations_ordered", "automation"),
    automations.RemoveAutomation: Audited("automation_removed", "automation", Automation),
    automations.ResumeAutomation: Audited("automation_resumed", "automation", id_of=_automation),
    chat.AddChatTarget: Audited("chat_target_added", "chat_target", ChatTarget),
    chat.UpdateChatTarget: Audited("chat_target_changed", "chat_target", ChatTarget, quiet=True),
    chat.RemoveChatTarget: Audited("chat_target_removed", "chat_target", ChatTarget),
    lists.CreateList: Audited("list_created", "list", ContactList),
    lists.UpdateList: Audited("list_changed", "list", ContactList, quiet=True),
    lists.RemoveList: Audited("list_removed", "list", ContactList),
    lists.StartImport: Audited("import_started", "import", None, lambda command, result: _id_of(result)),
    talks.SaveKeyword: Audited(_saved("keyword"), "keyword", Keyword, quiet=True),
    talks.RemoveKeyword: Audited("keyword_removed", "keyword", Keyword),
    talks.SaveForm: Audited(_saved("form"), "form", Form, quiet=True),
    talks.RemoveForm: Audited("form_removed", "form", Form),
    talks.SavePoll: Audited(_saved("poll"), "poll", Poll, quiet=True),
    talks.OpenPoll: Audited("poll_changed", "poll", Poll, quiet=True),
    talks.RemovePoll: Audited("poll_removed", "poll", Poll),
    campaigns.CreateCampaign: Audited("campaign_created", "campaign", Campaign),
    campaigns.UpdateCampaign: Audited("campaign_changed", "campaign", Campaign, quiet=True),
    campaigns.RemoveCampaign: Audited("campaign_removed", "campaign", Campaign),
    campaigns.StartCampaign: Audited("campaign_started", "campaign", Campaign, quiet=True),
    campaigns.PauseCampaign: Audited("campaign_paused", "campaign", Campaign, quiet=True),
    campaigns.ResumeCampaign: Audited("campaign_resumed", "campaign", Campaign, quiet=True),
    campaigns.CancelCampaign: Audited("campaign_cancelled", "campaign", Campaign, quiet=True),
    contacts.MergeContacts: Audited("contact_merged", "contact", None, _contact, more=_into),
    contacts.UnmergeContact: Audited("contact_unmerged", "contact", None, _contact),
    contacts.EraseContact: Audited("contact_erased", "contact", None, _contact),
}


def _id_of(result: Any) -> int | None:
    return result.id if isinstance(result, ContactImport) else None

"""What the audit trail is said in: actions in groups, and the names of what changed."""

from collections.abc import Mapping
from typing import Final

from gateway.web.language import marked

GROUPS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "signing-in": (
        marked("Signing in"),
        {
            "signed_in": marked("Signed in"),
            "sign_in_failed": marked("Sign-in failed"),
            "signed_out_everywhere": marked("Signed out everywhere"),
            "password_changed": marked("Password changed"),
            "second_step_on": marked("Second step turned on"),
            "second_step_off": marked("Second step turned off"),
            "second_step_reset": marked("Second step reset"),
            "second_step_refused": marked("Code refused"),
            "recovery_code_used": marked("Recovery code used"),
            "recovery_codes_renewed": marked("Recovery codes renewed"),
        },
    ),
    "people": (
        marked("Users and groups"),
        {
            "user_invited": marked("User invited"),
            "invitation_revoked": marked("Invitation revoked"),
            "invitation_used": marked("Invitation used"),
            "user_created": marked("User added"),
            "user_changed": marked("User changed"),
            "user_removed": marked("User deactivated"),
            "group_created": marked("Group made"),
            "group_changed": marked("Group changed"),
            "group_removed": marked("Group removed"),
        },
    ),
    "access": (
        marked("Tokens and webhooks"),
        {
            "token_created": marked("Token made"),
            "token_revoked": marked("Token revoked"),
            "webhook_created": marked("Webhook made"),
            "webhook_changed": marked("Webhook changed"),
            "webhook_secret_rotated": marked("Webhook secret changed"),
            "webhook_removed": marked("Webhook removed"),
        },
    ),
    "channels": (
        marked("Gateways and numbers"),
        {
            "gateway_created": marked("Gateway made"),
            "gateway_changed": marked("Gateway changed"),
            "gateway_removed": marked("Gateway removed"),
            "sender_created": marked("Number added"),
            "sender_changed": marked("Number changed"),
            "sender_removed": marked("Number removed"),
            "pool_created": marked("Pool made"),
            "pool_changed": marked("Pool changed"),
            "pool_removed": marked("Pool removed"),
        },
    ),
    "rules": (
        marked("Rules and settings"),
        {
            "workspace_changed": marked("Workspace changed"),
            "automation_created": marked("Automation made"),
            "automation_changed": marked("Automation changed"),
            "automations_ordered": marked("Automations put in order"),
            "automation_removed": marked("Automation removed"),
            "chat_target_added": marked("Chat target added"),
            "chat_target_changed": marked("Chat target changed"),
            "chat_target_removed": marked("Chat target removed"),
            "tag_created": marked("Tag made"),
            "tag_changed": marked("Tag changed"),
            "tag_removed": marked("Tag removed"),
            "tag_merged": marked("Tag merged"),
        },
    ),
    "data": (
        marked("Contacts and data"),
        {
            "exported": marked("Data taken out"),
            "contact_erased": marked("Contact erased"),
            "contact_merged": marked("Contact merged"),
            "contact_unmerged": marked("Contact unmerged"),
            "list_created": marked("List made"),
            "list_changed": marked("List changed"),
            "list_removed": marked("List removed"),
            "import_started": marked("Import started"),
        },
    ),
}
WORDS: Final[Mapping[str, str]] = {action: words for _, actions in GROUPS.values() for action, words in actions.items()}

FIELDS: Final[Mapping[str, str]] = {
    "name": marked("Name"),
    "role": marked("Role"),
    "email": marked("E-mail address"),
    "group_ids": marked("Groups"),
    "two_factor": marked("Second step"),
    "two_factor_required": marked("Everybody needs a second step"),
    "retention": marked("How long data is kept"),
    "preset": marked("Preset"),
    "enabled": marked("Switched on"),
    "paused": marked("Paused"),
    "rate": marked("Rate"),
    "prices": marked("Prices"),
    "events": marked("Events"),
    "joined": marked("Joined"),
    "left": marked("Left"),
    "browser": marked("Browser"),
    "method": marked("By"),
    "reason": marked("Reason"),
    "what": marked("What"),
    "into": marked("Into"),
    "hidden": marked("Also changed"),
}

"""Which decision answers which command, and what it needs loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gateway.core.commands import audit as ask_audit
from gateway.core.commands import automations as ask_automations
from gateway.core.commands import chat as ask_chat
from gateway.core.commands import contacts as ask_contacts
from gateway.core.commands import conversations as ask_verbs
from gateway.core.commands import lists as ask_lists
from gateway.core.commands import media_files as ask_media
from gateway.core.commands import messages as ask_messages
from gateway.core.commands import notices as ask_notices
from gateway.core.commands import people as ask_people
from gateway.core.commands import push as ask_push
from gateway.core.commands import routing as ask_routing
from gateway.core.commands import saved_views as ask_views
from gateway.core.commands import settings as ask_settings
from gateway.core.commands import two_factor as ask_two_factor
from gateway.core.commands import webhooks as ask_webhooks
from gateway.core.decisions import (
    audit,
    automation_runs,
    automations,
    chat,
    consent_changes,
    contacts,
    conversations,
    erasure,
    events_of_plugins,
    failover,
    gateways,
    groups,
    imports,
    invitations,
    lists,
    login_sessions,
    media_files,
    merging,
    notes,
    notices,
    ownership,
    pools,
    push,
    raw_payloads,
    reading,
    receipts,
    receive,
    saved_views,
    scheduled,
    send,
    senders,
    sending,
    snippets,
    tagging,
    tags,
    tokens,
    turns,
    two_factor,
    users,
    webhook_deliveries,
    webhooks,
    wishes,
    workspace,
)
from gateway.core.needs import Needs
from gateway.core.scene import Scene


@dataclass(frozen=True, slots=True)
class Decision:
    """The two functions of a command: what to load, and what becomes of it."""

    needs: Callable[[Any, Needs], None]
    decide: Callable[[Any, Scene], Any]


def _nothing(command: Any, needs: Needs) -> None:
    """Some commands only add."""


DECISIONS: Mapping[type[Any], Decision] = {
    ask_messages.ReceiveMessage: Decision(receive.receive_needs, receive.receive),
    ask_messages.FlushIncomplete: Decision(receive.flush_needs, receive.flush),
    ask_messages.KeepRaw: Decision(_nothing, raw_payloads.keep),
    ask_messages.DropRaw: Decision(raw_payloads.drop_needs, raw_payloads.drop),
    ask_messages.RecordReceipt: Decision(receipts.receipt_needs, receipts.record_receipt),
    ask_messages.RematchReceipts: Decision(receipts.rematch_needs, receipts.rematch_parked),
    ask_messages.SendMessage: Decision(send.send_needs, send.send),
    ask_messages.RetryMessage: Decision(scheduled.retry_needs, scheduled.retry),
    ask_messages.EditScheduled: Decision(scheduled.message_needs, scheduled.edit),
    ask_messages.CancelMessage: Decision(scheduled.message_needs, scheduled.cancel),
    ask_messages.SettleMessage: Decision(scheduled.message_needs, scheduled.settle),
    ask_messages.ReleaseScheduled: Decision(scheduled.message_needs, scheduled.release),
    ask_messages.BeginSend: Decision(sending.begin_needs, sending.begin),
    ask_messages.RecordSent: Decision(sending.sent_needs, sending.record_sent),
    ask_messages.RecordSendFailure: Decision(sending.failure_needs, sending.record_failure),
    ask_messages.RecoverSend: Decision(sending.recover_needs, sending.recover),
    ask_routing.MoveSend: Decision(failover.move_needs, failover.move),
    ask_verbs.ClaimConversation: Decision(ownership.owner_needs, ownership.claim),
    ask_verbs.ReleaseConversation: Decision(ownership.owner_needs, ownership.release),
    ask_verbs.AssignConversation: Decision(ownership.owner_needs, ownership.assign),
    ask_verbs.SnoozeConversation: Decision(conversations.verb_needs, conversations.snooze),
    ask_verbs.WakeConversation: Decision(conversations.verb_needs, conversations.wake),
    ask_verbs.CompleteConversation: Decision(conversations.verb_needs, conversations.complete),
    ask_verbs.ArchiveConversation: Decision(conversations.verb_needs, conversations.archive),
    ask_verbs.CloseConversation: Decision(conversations.verb_needs, conversations.close),
    ask_verbs.ReopenConversation: Decision(conversations.verb_needs, conversations.reopen),
    ask_verbs.FireTimer: Decision(conversations.verb_needs, conversations.fire_timer),
    ask_verbs.MarkRead: Decision(reading.read_needs, reading.mark_read),
    ask_verbs.MarkUnread: Decision(reading.read_needs, reading.mark_unread),
    ask_verbs.SaveDraft: Decision(reading.draft_needs, reading.save_draft),
    ask_verbs.ChangeTags: Decision(tagging.tag_needs, tagging.change_tags),
    ask_verbs.AddNote: Decision(notes.note_needs, notes.add_note),
    ask_contacts.CreateContact: Decision(contacts.create_needs, contacts.create),
    ask_contacts.UpdateContact: Decision(contacts.update_needs, contacts.update),
    ask_contacts.AddAddress: Decision(contacts.add_needs, contacts.add),
    ask_contacts.RemoveAddress: Decision(contacts.remove_needs, contacts.remove),
    ask_messages.FindOrCreateThread: Decision(contacts.find_needs, contacts.find_or_create),
    ask_contacts.MergeContacts: Decision(merging.merge_needs, merging.merge),
    ask_contacts.UnmergeContact: Decision(merging.unmerge_needs, merging.unmerge),
    ask_contacts.ChangeConsent: Decision(consent_changes.consent_needs, consent_changes.change),
    ask_contacts.DecideWish: Decision(wishes.wish_needs, wishes.decide),
    ask_contacts.EraseContact: Decision(erasure.erase_needs, erasure.erase),
    ask_lists.CreateList: Decision(lists.list_needs, lists.create),
    ask_lists.UpdateList: Decision(lists.list_needs, lists.update),
    ask_lists.RemoveList: Decision(lists.list_needs, lists.remove),
    ask_lists.ChangeMembers: Decision(lists.member_needs, lists.change_members),
    ask_lists.StartImport: Decision(imports.start_needs, imports.start),
    ask_lists.ImportLines: Decision(imports.line_needs, imports.take_lines),
    ask_lists.FailImport: Decision(imports.fail_needs, imports.fail),
    ask_settings.CreateGateway: Decision(gateways.create_needs, gateways.create),
    ask_settings.UpdateGateway: Decision(gateways.update_needs, gateways.update),
    ask_settings.RemoveGateway: Decision(gateways.remove_needs, gateways.remove),
    ask_settings.ReportHealth: Decision(gateways.health_needs, gateways.report_health),
    ask_settings.CreateSender: Decision(senders.sender_needs, senders.create),
    ask_settings.UpdateSender: Decision(senders.sender_needs, senders.update),
    ask_settings.RemoveSender: Decision(senders.sender_needs, senders.remove),
    ask_settings.CreatePool: Decision(pools.pool_needs, pools.create),
    ask_settings.UpdatePool: Decision(pools.pool_needs, pools.update),
    ask_settings.RemovePool: Decision(pools.pool_needs, pools.remove),
    ask_settings.CreateTag: Decision(tags.tag_needs, tags.create),
    ask_settings.UpdateTag: Decision(tags.tag_needs, tags.update),
    ask_settings.RemoveTag: Decision(tags.tag_needs, tags.remove),
    ask_settings.MergeTags: Decision(tags.merge_needs, tags.merge),
    ask_settings.CreateSnippet: Decision(snippets.create_needs, snippets.create),
    ask_settings.UpdateSnippet: Decision(snippets.snippet_needs, snippets.update),
    ask_settings.RemoveSnippet: Decision(snippets.snippet_needs, snippets.remove),
    ask_settings.OrderSnippets: Decision(snippets.order_needs, snippets.order),
    ask_settings.RecordSnippetUse: Decision(snippets.snippet_needs, snippets.record_use),
    ask_views.CreateView: Decision(saved_views.create_needs, saved_views.create),
    ask_views.UpdateView: Decision(saved_views.view_needs, saved_views.update),
    ask_views.RemoveView: Decision(saved_views.view_needs, saved_views.remove),
    ask_automations.CreateAutomation: Decision(automations.create_needs, automations.create),
    ask_automations.UpdateAutomation: Decision(automations.automation_needs, automations.update),
    ask_automations.OrderAutomations: Decision(automations.order_needs, automations.order),
    ask_automations.RemoveAutomation: Decision(automations.automation_needs, automations.remove),
    ask_automations.StartRun: Decision(automation_runs.start_needs, automation_runs.start),
    ask_automations.RecordStep: Decision(automation_runs.step_needs, automation_runs.record_step),
    ask_automations.RetryRun: Decision(automation_runs.run_needs, automation_runs.retry),
    ask_automations.ReplayRun: Decision(automation_runs.run_needs, automation_runs.replay),
    ask_automations.AssignInTurn: Decision(turns.turn_needs, turns.assign_in_turn),
    ask_settings.UpdateWorkspace: Decision(workspace.workspace_needs, workspace.update),
    ask_people.InviteUser: Decision(invitations.invite_needs, invitations.invite),
    ask_people.RevokeInvitation: Decision(invitations.revoke_needs, invitations.revoke),
    ask_people.AcceptInvitation: Decision(invitations.accept_needs, invitations.accept),
    ask_people.CreateUser: Decision(users.create_needs, users.create),
    ask_people.UpdateUser: Decision(users.update_needs, users.update),
    ask_people.ChangePassword: Decision(users.password_needs, users.change_password),
    ask_people.RemoveUser: Decision(users.remove_needs, users.remove),
    ask_people.StartSession: Decision(login_sessions.start_needs, login_sessions.start),
    ask_people.EndSession: Decision(login_sessions.end_needs, login_sessions.end),
    ask_people.EndSessions: Decision(login_sessions.end_all_needs, login_sessions.end_all),
    ask_audit.RecordFailedSignIn: Decision(audit.nothing_needed, audit.failed_sign_in),
    ask_audit.RecordExport: Decision(audit.nothing_needed, audit.exported),
    ask_two_factor.BeginTwoFactor: Decision(two_factor.factor_needs, two_factor.begin),
    ask_two_factor.ConfirmTwoFactor: Decision(two_factor.factor_needs, two_factor.confirm),
    ask_two_factor.TryCode: Decision(two_factor.factor_needs, two_factor.try_code),
    ask_two_factor.RenewRecoveryCodes: Decision(two_factor.factor_needs, two_factor.renew),
    ask_two_factor.RemoveTwoFactor: Decision(two_factor.factor_needs, two_factor.remove),
    ask_two_factor.ResetTwoFactor: Decision(two_factor.factor_needs, two_factor.reset),
    ask_notices.SaveNotices: Decision(notices.save_needs, notices.save),
    ask_push.SubscribePush: Decision(push.subscribe_needs, push.subscribe),
    ask_push.UnsubscribePush: Decision(push.unsubscribe_needs, push.unsubscribe),
    ask_chat.AddChatTarget: Decision(chat.add_needs, chat.add),
    ask_chat.UpdateChatTarget: Decision(chat.target_needs, chat.update),
    ask_chat.RemoveChatTarget: Decision(chat.target_needs, chat.remove),
    ask_chat.RecordChatNotice: Decision(chat.target_needs, chat.record),
    ask_webhooks.CreateWebhook: Decision(webhooks.create_needs, webhooks.create),
    ask_webhooks.UpdateWebhook: Decision(webhooks.webhook_needs, webhooks.update),
    ask_webhooks.RotateWebhookSecret: Decision(webhooks.webhook_needs, webhooks.rotate),
    ask_webhooks.RemoveWebhook: Decision(webhooks.webhook_needs, webhooks.remove),
    ask_webhooks.TestWebhook: Decision(webhook_deliveries.test_needs, webhook_deliveries.test),
    ask_webhooks.ReplayDelivery: Decision(webhook_deliveries.replay_needs, webhook_deliveries.replay),
    ask_webhooks.ReplayFailed: Decision(webhook_deliveries.replay_needs, webhook_deliveries.replay_failed),
    ask_webhooks.RecordAttempt: Decision(webhook_deliveries.record_needs, webhook_deliveries.record),
    ask_webhooks.GiveUpDelivery: Decision(webhook_deliveries.give_up_needs, webhook_deliveries.give_up),
    ask_people.CreateToken: Decision(tokens.create_needs, tokens.create),
    ask_people.RevokeToken: Decision(tokens.revoke_needs, tokens.revoke),
    ask_people.RecordTokenUse: Decision(tokens.use_needs, tokens.record_use),
    ask_people.CreateGroup: Decision(groups.group_needs, groups.create),
    ask_people.UpdateGroup: Decision(groups.group_needs, groups.update),
    ask_people.RemoveGroup: Decision(groups.remove_needs, groups.remove),
    ask_media.StoreMedia: Decision(media_files.store_needs, media_files.store),
    ask_media.RemoveMedia: Decision(media_files.remove_needs, media_files.remove),
    ask_media.RecordMedia: Decision(media_files.record_needs, media_files.record),
    ask_messages.AppendEvent: Decision(events_of_plugins.event_needs, events_of_plugins.append),
}

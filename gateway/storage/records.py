"""Every record type and its table."""

from typing import Any

from gateway.domain import (
    audit,
    automation,
    campaigns,
    chat,
    forms,
    keywords,
    lists,
    model,
    notices,
    oidc,
    people,
    polls,
    push,
    questions,
    second_factor,
    settings,
    statistics,
    webhooks,
)
from gateway.storage import facts, schema, schema_automation
from gateway.storage.contact_name import ContactName
from gateway.storage.record_table import RecordTable

CONTACTS = RecordTable(model.Contact, schema.contacts)
ADDRESSES = RecordTable(model.ContactAddress, schema.addresses)
THREADS = RecordTable(model.Thread, schema.threads)
CONVERSATIONS = RecordTable(model.Conversation, schema.conversations)
ENTRIES = RecordTable(model.Entry, schema.entries)
MESSAGES = RecordTable(model.Message, schema.messages)
PARTS = RecordTable(model.Part, schema.parts)
NOTES = RecordTable(model.Note, schema.notes)
READ_CURSORS = RecordTable(model.ReadCursor, schema.read_cursors)
RECEIPTS = RecordTable(model.ReceiptRecord, schema.receipts)
CONSENTS = RecordTable(model.ConsentRecord, schema.consents)
MEDIA = RecordTable(model.Media, schema.media)
EVENTS = RecordTable(model.Event, schema.events)
WORK = RecordTable(model.Work, schema.work)
WORKSPACES = RecordTable(settings.Workspace, schema.workspaces)
GATEWAYS = RecordTable(settings.Gateway, schema.gateways)
GATEWAY_HEALTH = RecordTable(settings.GatewayHealth, schema.gateway_health)
SENDERS = RecordTable(settings.Sender, schema.senders)
POOLS = RecordTable(settings.Pool, schema.pools)
TAGS = RecordTable(settings.Tag, schema.tags)
SNIPPETS = RecordTable(settings.Snippet, schema.snippets)
LISTS = RecordTable(lists.ContactList, schema_automation.contact_lists)
LIST_MEMBERS = RecordTable(lists.ListMember, schema_automation.list_members)
IMPORTS = RecordTable(lists.ContactImport, schema_automation.contact_imports)
CAMPAIGNS = RecordTable(campaigns.Campaign, schema_automation.campaign_table)
CAMPAIGN_PROGRESS = RecordTable(campaigns.CampaignProgress, schema_automation.campaign_progress)
CAMPAIGN_COUNTS = RecordTable(campaigns.CampaignCounts, schema_automation.campaign_counts)
CAMPAIGN_RECIPIENTS = RecordTable(campaigns.CampaignRecipient, schema_automation.campaign_recipients)
SAVED_VIEWS = RecordTable(settings.SavedView, schema.saved_views)
USERS = RecordTable(people.User, schema.users)
GROUPS = RecordTable(people.Group, schema.groups)
TOKENS = RecordTable(people.Token, schema.tokens)
LOGIN_SESSIONS = RecordTable(people.LoginSession, schema.login_sessions)
SECOND_FACTORS = RecordTable(second_factor.SecondFactor, schema.second_factors)
AUDIT_LINES = RecordTable(audit.AuditLine, schema.audit_lines)
OIDC_SETTINGS = RecordTable(oidc.OidcSettings, schema.oidc_settings)
INVITATIONS = RecordTable(people.Invitation, schema.invitations)
PUSH_SUBSCRIPTIONS = RecordTable(push.PushSubscription, schema.push_subscriptions)
NOTICE_SETTINGS = RecordTable(notices.NoticeSetting, schema.notice_settings)
CHAT_TARGETS = RecordTable(chat.ChatTarget, schema.chat_targets)
WEBHOOKS = RecordTable(webhooks.Webhook, schema_automation.webhooks)
WEBHOOK_HEALTH = RecordTable(webhooks.WebhookHealth, schema_automation.webhook_health)
WEBHOOK_DELIVERIES = RecordTable(webhooks.WebhookDelivery, schema_automation.webhook_deliveries)
WEBHOOK_ATTEMPTS = RecordTable(webhooks.WebhookAttempt, schema_automation.webhook_attempts)
AUTOMATIONS = RecordTable(automation.Automation, schema_automation.automations)
AUTOMATION_RUNS = RecordTable(automation.AutomationRun, schema_automation.automation_runs)
AUTOMATION_MARKS = RecordTable(automation.AutomationMark, schema_automation.automation_marks)
AUTOMATION_HOLDS = RecordTable(automation.AutomationHold, schema_automation.automation_holds)
KEYWORDS = RecordTable(keywords.Keyword, schema_automation.keywords_)
KEYWORD_USES = RecordTable(keywords.KeywordUse, schema_automation.keyword_uses)
FORMS = RecordTable(forms.Form, schema_automation.forms_)
FORM_RESPONSES = RecordTable(forms.FormResponse, schema_automation.form_responses)
POLLS = RecordTable(polls.Poll, schema_automation.polls_)
POLL_VOTES = RecordTable(polls.PollVote, schema_automation.poll_votes)
QUESTIONS = RecordTable(questions.Question, schema_automation.questions_asked)
INBOUND_KEYS = RecordTable(facts.InboundKey, schema.inbound_keys)
PROVIDER_KEYS = RecordTable(facts.ProviderKey, schema.provider_keys)
PARKED_RECEIPTS = RecordTable(facts.ParkedReceipt, schema.parked_receipts)
PENDING_PARTS = RecordTable(facts.PendingPart, schema.pending_parts)
RAW_PAYLOADS = RecordTable(facts.RawPayload, schema.raw_payloads)
IDEMPOTENCY_KEYS = RecordTable(facts.IdempotencyKey, schema.idempotency_keys)
CONVERSATION_TAGS = RecordTable(facts.ConversationTag, schema.conversation_tags)
DRAFTS = RecordTable(facts.Draft, schema.drafts)
CONTACT_NAMES = RecordTable(ContactName, schema.contact_names)
VIEW_COUNTS = RecordTable(facts.ViewCount, schema.view_counts)
TALLIES = RecordTable(statistics.Tally, schema.tallies)
WAITS = RecordTable(statistics.Wait, schema.waits)

TABLES: dict[type[Any], RecordTable[Any]] = {
    table.record: table
    for table in (
        CONTACTS,
        ADDRESSES,
        THREADS,
        CONVERSATIONS,
        ENTRIES,
        MESSAGES,
        PARTS,
        NOTES,
        READ_CURSORS,
        RECEIPTS,
        CONSENTS,
        MEDIA,
        EVENTS,
        WORK,
        WORKSPACES,
        GATEWAYS,
        GATEWAY_HEALTH,
        SENDERS,
        POOLS,
        TAGS,
        SNIPPETS,
        LISTS,
        LIST_MEMBERS,
        IMPORTS,
        CAMPAIGNS,
        CAMPAIGN_PROGRESS,
        CAMPAIGN_RECIPIENTS,
        SAVED_VIEWS,
        USERS,
        GROUPS,
        TOKENS,
        LOGIN_SESSIONS,
        SECOND_FACTORS,
        OIDC_SETTINGS,
        AUDIT_LINES,
        INVITATIONS,
        PUSH_SUBSCRIPTIONS,
        NOTICE_SETTINGS,
        CHAT_TARGETS,
        WEBHOOKS,
        WEBHOOK_HEALTH,
        WEBHOOK_DELIVERIES,
        WEBHOOK_ATTEMPTS,
        AUTOMATIONS,
        AUTOMATION_RUNS,
        AUTOMATION_MARKS,
        AUTOMATION_HOLDS,
        KEYWORDS,
        KEYWORD_USES,
        FORMS,
        FORM_RESPONSES,
        POLLS,
        POLL_VOTES,
        QUESTIONS,
        INBOUND_KEYS,
        PROVIDER_KEYS,
        PARKED_RECEIPTS,
        PENDING_PARTS,
        RAW_PAYLOADS,
        IDEMPOTENCY_KEYS,
        CONVERSATION_TAGS,
        DRAFTS,
        VIEW_COUNTS,
        CONTACT_NAMES,
    )
}

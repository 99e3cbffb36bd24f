"""Every table. Columns follow the records of the domain; keys, unique rules and indexes stand here.

Each tenant table's key starts with the workspace, so that workspaces can be spread over databases. The invariants of
the model are unique keys: one live address, one conversation that is not closed, one inbound per provider id.
"""

from sqlalchemy import BigInteger, Column, Index, Table, Text

from gateway.domain import audit, chat, model, notices, oidc, people, push, second_factor, settings, statistics
from gateway.storage import facts
from gateway.storage.columns import table_of
from gateway.storage.contact_name import ContactName
from gateway.storage.schema_base import metadata, partial_index

workspaces = table_of(settings.Workspace, "workspaces", metadata, "id")
gateways = table_of(settings.Gateway, "gateways", metadata, "workspace_id", "id")
gateway_health = table_of(settings.GatewayHealth, "gateway_health", metadata, "workspace_id", "gateway_id")
senders = table_of(settings.Sender, "senders", metadata, "workspace_id", "id")
pools = table_of(settings.Pool, "pools", metadata, "workspace_id", "id")
tags = table_of(settings.Tag, "tags", metadata, "workspace_id", "id")
snippets = table_of(settings.Snippet, "snippets", metadata, "workspace_id", "id")
saved_views = table_of(settings.SavedView, "saved_views", metadata, "workspace_id", "id")
users = table_of(people.User, "users", metadata, "workspace_id", "id")
groups = table_of(people.Group, "groups", metadata, "workspace_id", "id")
tokens = table_of(people.Token, "tokens", metadata, "workspace_id", "id")
login_sessions = table_of(people.LoginSession, "login_sessions", metadata, "workspace_id", "id")
invitations = table_of(people.Invitation, "invitations", metadata, "workspace_id", "id")
second_factors = table_of(second_factor.SecondFactor, "second_factors", metadata, "workspace_id", "user_id")
audit_lines = table_of(audit.AuditLine, "audit_lines", metadata, "workspace_id", "id")
Index("ix_audit_lines_user", audit_lines.c.workspace_id, audit_lines.c.user_id, audit_lines.c.id)
Index("ix_audit_lines_at", audit_lines.c.workspace_id, audit_lines.c.at)
oidc_settings = table_of(oidc.OidcSettings, "oidc_settings", metadata, "workspace_id")
chat_targets = table_of(chat.ChatTarget, "chat_targets", metadata, "workspace_id", "id")
notice_settings = table_of(notices.NoticeSetting, "notice_settings", metadata, "workspace_id", "user_id")
push_subscriptions = table_of(push.PushSubscription, "push_subscriptions", metadata, "workspace_id", "id")


Index("uq_workspaces_name", workspaces.c.name, unique=True)
Index("uq_gateways_token", gateways.c.token, unique=True)
Index("uq_tokens_digest", tokens.c.digest, unique=True)
Index("uq_login_sessions_digest", login_sessions.c.digest, unique=True)
Index("uq_invitations_digest", invitations.c.digest, unique=True)
Index(
    "uq_push_subscriptions_endpoint",
    push_subscriptions.c.workspace_id,
    push_subscriptions.c.endpoint,
    unique=True,
)
Index("ix_push_subscriptions_user", push_subscriptions.c.workspace_id, push_subscriptions.c.user_id)
for _table, _columns in (
    (gateways, ("workspace_id", "name")),
    (senders, ("workspace_id", "kind", "value")),
    (pools, ("workspace_id", "name")),
    (tags, ("workspace_id", "name")),
    (groups, ("workspace_id", "name")),
    (users, ("workspace_id", "email")),
):
    partial_index(
        f"uq_{_table.name}_live", *(_table.c[column] for column in _columns), where="removed_at IS NULL", unique=True
    )


contacts = table_of(model.Contact, "contacts", metadata, "workspace_id", "id")
addresses = table_of(model.ContactAddress, "addresses", metadata, "workspace_id", "id")
partial_index("ix_contacts_merged", contacts.c.workspace_id, contacts.c.merged_into, where="merged_into IS NOT NULL")
# Who was erased has no name any more to be found by.
partial_index("ix_contacts_erased", contacts.c.workspace_id, contacts.c.id, where="erased_at IS NOT NULL")
contact_names = table_of(ContactName, "contact_names", metadata, "workspace_id", "contact_id", rowid=False)
# One order on both databases, whatever the server's locale: that of the code points.
contact_names.c.sort_name.type = Text().with_variant(Text(collation="C"), "postgresql")
Index("ix_contact_names_sorted", contact_names.c.workspace_id, contact_names.c.sort_name, contact_names.c.contact_id)
Index(
    "ix_contact_names_saved",
    contact_names.c.workspace_id,
    contact_names.c.saved,
    contact_names.c.sort_name,
    contact_names.c.contact_id,
)
Index("ix_addresses_contact", addresses.c.workspace_id, addresses.c.contact_id)
threads = table_of(model.Thread, "threads", metadata, "workspace_id", "id")
partial_index("ix_threads_merged", threads.c.workspace_id, threads.c.merged_into, where="merged_into IS NOT NULL")
Index("uq_threads_contact", threads.c.workspace_id, threads.c.contact_id, unique=True)
conversations = table_of(model.Conversation, "conversations", metadata, "workspace_id", "id")
entries = table_of(model.Entry, "entries", metadata, "workspace_id", "thread_id", "seq", rowid=False)
messages = table_of(model.Message, "messages", metadata, "workspace_id", "id")
# Whether a message was sent again already.
partial_index("ix_messages_retry_of", messages.c.workspace_id, messages.c.retry_of, where="retry_of IS NOT NULL")
# What waits for a person's decision about its contact.
partial_index("ix_messages_held", messages.c.workspace_id, messages.c.thread_id, where="status = 'held'")
parts = table_of(model.Part, "parts", metadata, "workspace_id", "message_id", "index", rowid=False)
notes = table_of(model.Note, "notes", metadata, "workspace_id", "id")
read_cursors = table_of(model.ReadCursor, "read_cursors", metadata, "workspace_id", "user_id", "thread_id", rowid=False)
consents = table_of(model.ConsentRecord, "consents", metadata, "workspace_id", "id")
Index("ix_consents_address", consents.c.workspace_id, consents.c.value)
media = table_of(model.Media, "media", metadata, "workspace_id", "id")
partial_index("ix_media_message", media.c.workspace_id, media.c.message_id, where="message_id IS NOT NULL")
partial_index("ix_media_library", media.c.workspace_id, media.c.id, where="library")
# Not by workspace: a file's name is drawn at random, and whoever looks has nothing but the name.
partial_index("ix_media_blob", media.c.blob, where="blob IS NOT NULL")
receipts = table_of(model.ReceiptRecord, "receipts", metadata, "workspace_id", "id")
Index("ix_receipts_message", receipts.c.workspace_id, receipts.c.message_id)
events = table_of(model.Event, "events", metadata, "workspace_id", "position", rowid=False)
work = table_of(model.Work, "work", metadata, "workspace_id", "id")

conversation_tags = table_of(
    facts.ConversationTag, "conversation_tags", metadata, "workspace_id", "conversation_id", "tag_id", rowid=False
)
Index("ix_conversation_tags_tag", conversation_tags.c.workspace_id, conversation_tags.c.tag_id)

view_counts = table_of(
    facts.ViewCount, "view_counts", metadata, "workspace_id", "state", "user_id", "group_id", rowid=False
)

tallies = table_of(
    statistics.Tally,
    "tallies",
    metadata,
    "workspace_id",
    "dimension",
    "quarter",
    "subject_id",
    "measure",
    "band",
    rowid=False,
)
waits = table_of(statistics.Wait, "waits", metadata, "workspace_id", "conversation_id", rowid=False)

inbound_keys = table_of(facts.InboundKey, "inbound_keys", metadata, "bucket", "key", rowid=False)

provider_keys = table_of(facts.ProviderKey, "provider_keys", metadata, "bucket", "key", rowid=False)

parked_receipts = table_of(facts.ParkedReceipt, "parked_receipts", metadata, "key", "receipt_id", rowid=False)

pending_parts = table_of(facts.PendingPart, "pending_parts", metadata, "workspace_id", "key", "index", rowid=False)

raw_payloads = table_of(facts.RawPayload, "raw_payloads", metadata, "workspace_id", "id", rowid=False)
Index("ix_raw_payloads_at", raw_payloads.c.workspace_id, raw_payloads.c.at)

idempotency_keys = table_of(
    facts.IdempotencyKey, "idempotency_keys", metadata, "workspace_id", "user_id", "key", rowid=False
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("follower", Text, primary_key=True),
    Column("workspace_id", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
)

# Messages past their workspace's time whose words somebody still waits for.
overdue_words = Table(
    "overdue_words",
    metadata,
    Column("workspace_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
)

drafts = table_of(facts.Draft, "drafts", metadata, "workspace_id", "user_id", "thread_id", rowid=False)
Index("ix_drafts_thread", drafts.c.workspace_id, drafts.c.thread_id)

plugin_documents = Table(
    "plugin_documents",
    metadata,
    Column("workspace_id", BigInteger, primary_key=True, autoincrement=False),
    Column("plugin", Text, primary_key=True),
    Column("gateway_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# One live address of each spelling.
partial_index(
    "uq_addresses_live",
    addresses.c.workspace_id,
    addresses.c.value,
    addresses.c.kind,
    where="removed_at IS NULL",
    unique=True,
)
# At most one conversation of a thread that is not closed.
partial_index(
    "uq_conversations_live",
    conversations.c.workspace_id,
    conversations.c.thread_id,
    where="state <> 'closed'",
    unique=True,
)
Index("ix_conversations_thread", conversations.c.workspace_id, conversations.c.thread_id, conversations.c.number)
# The order of each view: owner first, newest first. Partial on the state that the inbox shows.
Index(
    "ix_conversations_state",
    conversations.c.workspace_id,
    conversations.c.state,
    conversations.c.last_at,
    conversations.c.id,
)
# What ended, by when it ended: nothing that is open stands in it.
partial_index(
    "ix_conversations_ended",
    conversations.c.workspace_id,
    conversations.c.state,
    conversations.c.ended_at,
    conversations.c.id,
    where="ended_at IS NOT NULL",
)
# Who waits for an answer, whoever waits longest first.
partial_index(
    "ix_conversations_waiting",
    conversations.c.workspace_id,
    conversations.c.state,
    conversations.c.waiting_since,
    conversations.c.id,
    where="waiting_since IS NOT NULL",
)
partial_index(
    "ix_conversations_open_user",
    conversations.c.workspace_id,
    conversations.c.user_id,
    conversations.c.last_at,
    conversations.c.id,
    where="state = 'open' AND user_id IS NOT NULL",
)
partial_index(
    "ix_conversations_open_group",
    conversations.c.workspace_id,
    conversations.c.group_id,
    conversations.c.last_at,
    conversations.c.id,
    where="state = 'open' AND user_id IS NULL AND group_id IS NOT NULL",
)
# PostgreSQL reads a range in order only where its columns are equal to something, and NULL equals nothing.
partial_index(
    "ix_conversations_open_unassigned",
    conversations.c.workspace_id,
    conversations.c.last_at,
    conversations.c.id,
    where="state = 'open' AND user_id IS NULL AND group_id IS NULL",
)
partial_index(
    "ix_conversations_open_team",
    conversations.c.workspace_id,
    conversations.c.group_id,
    conversations.c.last_at,
    conversations.c.id,
    where="state = 'open' AND user_id IS NOT NULL AND group_id IS NOT NULL",
)
partial_index(
    "ix_conversations_open_sender",
    conversations.c.workspace_id,
    conversations.c.last_sender_id,
    conversations.c.last_at,
    conversations.c.id,
    where="state = 'open'",
)
Index("ix_idempotency_keys_at", idempotency_keys.c.at)
# Work is claimed by what is due; a lane's oldest row first.
partial_index("ix_work_due", work.c.kind, work.c.due_at, work.c.id, where="state = 'queued'")
# Sends wait in queues of their own, people's first: one for each sender at each gateway.
partial_index(
    "ix_work_due_send",
    work.c.gateway_id,
    work.c.bulk,
    work.c.sender_id,
    work.c.due_at,
    work.c.id,
    where="state = 'queued' AND kind = 'send'",
)
partial_index("ix_work_parked", work.c.workspace_id, work.c.id, where="state = 'parked'")
partial_index("ix_work_running", work.c.lease_until, where="state = 'running'")
partial_index("ix_work_lane", work.c.lane, work.c.id, where="lane IS NOT NULL AND state <> 'parked'")
Index("ix_work_subject", work.c.workspace_id, work.c.subject_id)

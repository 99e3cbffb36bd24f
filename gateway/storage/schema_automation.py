"""Tables of what works by itself and for many: automations, webhooks, lists, campaigns; keywords, forms, polls."""

from sqlalchemy import Index

from gateway.domain import automation, campaigns, forms, keywords, lists, polls, questions
from gateway.domain import webhooks as outgoing
from gateway.storage.columns import table_of
from gateway.storage.schema_base import metadata, partial_index

automations = table_of(automation.Automation, "automations", metadata, "workspace_id", "id")
automation_runs = table_of(automation.AutomationRun, "automation_runs", metadata, "workspace_id", "id")
automation_marks = table_of(automation.AutomationMark, "automation_marks", metadata, "workspace_id", "key", rowid=False)
Index("ix_automation_runs_of", automation_runs.c.workspace_id, automation_runs.c.automation_id, automation_runs.c.id)
# How often one ran in a thread.
Index(
    "ix_automation_runs_thread",
    automation_runs.c.workspace_id,
    automation_runs.c.automation_id,
    automation_runs.c.thread_id,
    automation_runs.c.id,
)
Index("ix_automation_runs_finished", automation_runs.c.finished_at)
Index("ix_automation_marks_at", automation_marks.c.at)
automation_holds = table_of(automation.AutomationHold, "automation_holds", metadata, "workspace_id", "key", rowid=False)
Index("ix_automation_holds_of", automation_holds.c.workspace_id, automation_holds.c.automation_id)
Index("ix_automation_holds_thread", automation_holds.c.workspace_id, automation_holds.c.thread_id)
_of = automation_runs.c
partial_index("ix_automation_runs_contact", _of.workspace_id, _of.contact_id, where="contact_id IS NOT NULL")

webhooks = table_of(outgoing.Webhook, "webhooks", metadata, "workspace_id", "id")
webhook_health = table_of(outgoing.WebhookHealth, "webhook_health", metadata, "workspace_id", "webhook_id")
webhook_deliveries = table_of(outgoing.WebhookDelivery, "webhook_deliveries", metadata, "workspace_id", "id")
webhook_attempts = table_of(
    outgoing.WebhookAttempt, "webhook_attempts", metadata, "workspace_id", "delivery_id", "number", rowid=False
)
Index(
    "ix_webhook_deliveries_webhook",
    webhook_deliveries.c.workspace_id,
    webhook_deliveries.c.webhook_id,
    webhook_deliveries.c.state,
    webhook_deliveries.c.id,
)
partial_index(
    "ix_webhook_deliveries_contact",
    webhook_deliveries.c.workspace_id,
    webhook_deliveries.c.contact_id,
    where="contact_id IS NOT NULL",
)
Index("ix_webhook_deliveries_created", webhook_deliveries.c.created_at)
Index("ix_webhook_attempts_at", webhook_attempts.c.at)

questions_asked = table_of(questions.Question, "questions", metadata, "workspace_id", "id")
Index("ix_questions_thread", questions_asked.c.workspace_id, questions_asked.c.thread_id)
# What was said about a rating, the newest first.
partial_index(
    "ix_questions_about",
    questions_asked.c.workspace_id,
    questions_asked.c.scale,
    questions_asked.c.asked_at,
    where="about IS NOT NULL AND answer_id IS NOT NULL",
)

contact_lists = table_of(lists.ContactList, "contact_lists", metadata, "workspace_id", "id")
partial_index(
    "uq_contact_lists_live",
    contact_lists.c.workspace_id,
    contact_lists.c.name,
    where="removed_at IS NULL",
    unique=True,
)
list_members = table_of(
    lists.ListMember, "list_members", metadata, "workspace_id", "list_id", "contact_id", rowid=False
)
Index("ix_list_members_contact", list_members.c.workspace_id, list_members.c.contact_id)
contact_imports = table_of(lists.ContactImport, "contact_imports", metadata, "workspace_id", "id")

keywords_ = table_of(keywords.Keyword, "keywords", metadata, "workspace_id", "id")
keyword_uses = table_of(
    keywords.KeywordUse, "keyword_uses", metadata, "workspace_id", "keyword_id", "contact_id", rowid=False
)
Index("ix_keyword_uses_contact", keyword_uses.c.workspace_id, keyword_uses.c.contact_id)
forms_ = table_of(forms.Form, "forms", metadata, "workspace_id", "id")
form_responses = table_of(forms.FormResponse, "form_responses", metadata, "workspace_id", "id")
Index("ix_form_responses_form", form_responses.c.workspace_id, form_responses.c.form_id, form_responses.c.id)
Index("ix_form_responses_contact", form_responses.c.workspace_id, form_responses.c.contact_id)
polls_ = table_of(polls.Poll, "polls", metadata, "workspace_id", "id")
poll_votes = table_of(polls.PollVote, "poll_votes", metadata, "workspace_id", "poll_id", "contact_id", rowid=False)
Index("ix_poll_votes_contact", poll_votes.c.workspace_id, poll_votes.c.contact_id)
campaign_table = table_of(campaigns.Campaign, "campaigns", metadata, "workspace_id", "id")
campaign_progress = table_of(campaigns.CampaignProgress, "campaign_progress", metadata, "workspace_id", "campaign_id")
campaign_counts = table_of(campaigns.CampaignCounts, "campaign_counts", metadata, "workspace_id", "campaign_id")
campaign_recipients = table_of(
    campaigns.CampaignRecipient,
    "campaign_recipients",
    metadata,
    "workspace_id",
    "campaign_id",
    "contact_id",
    rowid=False,
)
_to = campaign_recipients.c
# What of a campaign comes next, and its recipients by what became of them.
Index("ix_campaign_recipients_state", _to.workspace_id, _to.campaign_id, _to.state, _to.due_at, _to.contact_id)
partial_index("ix_campaign_recipients_message", _to.workspace_id, _to.message_id, where="message_id IS NOT NULL")
Index("ix_campaign_recipients_contact", _to.workspace_id, _to.contact_id)

"""Taking a workspace's data out, in pieces that each fit one short transaction. Secrets stay."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, tuple_

from gateway.storage import records
from gateway.storage.query import Query
from gateway.storage.record_table import RecordTable
from gateway.storage.session import Session

PIECE = 500
_TABLES: tuple[tuple[str, RecordTable[Any], frozenset[str]], ...] = (
    ("workspace", records.WORKSPACES, frozenset()),
    ("contact", records.CONTACTS, frozenset()),
    ("address", records.ADDRESSES, frozenset()),
    ("consent", records.CONSENTS, frozenset()),
    ("thread", records.THREADS, frozenset()),
    ("conversation", records.CONVERSATIONS, frozenset()),
    ("conversation_tag", records.CONVERSATION_TAGS, frozenset()),
    ("entry", records.ENTRIES, frozenset()),
    ("message", records.MESSAGES, frozenset()),
    ("part", records.PARTS, frozenset()),
    ("receipt", records.RECEIPTS, frozenset()),
    ("media", records.MEDIA, frozenset()),
    ("note", records.NOTES, frozenset()),
    ("event", records.EVENTS, frozenset()),
    ("audit_line", records.AUDIT_LINES, frozenset()),
    ("user", records.USERS, frozenset({"password_hash", "oidc_subject"})),
    ("group", records.GROUPS, frozenset()),
    ("gateway", records.GATEWAYS, frozenset({"token"})),
    ("sender", records.SENDERS, frozenset()),
    ("pool", records.POOLS, frozenset()),
    ("tag", records.TAGS, frozenset()),
    ("snippet", records.SNIPPETS, frozenset()),
    ("saved_view", records.SAVED_VIEWS, frozenset()),
    ("list", records.LISTS, frozenset()),
    ("list_member", records.LIST_MEMBERS, frozenset()),
    ("import", records.IMPORTS, frozenset({"erased"})),
    ("campaign", records.CAMPAIGNS, frozenset()),
    ("campaign_recipient", records.CAMPAIGN_RECIPIENTS, frozenset()),
    ("automation", records.AUTOMATIONS, frozenset()),
    ("automation_run", records.AUTOMATION_RUNS, frozenset()),
    ("automation_hold", records.AUTOMATION_HOLDS, frozenset()),
    ("keyword", records.KEYWORDS, frozenset()),
    ("keyword_use", records.KEYWORD_USES, frozenset()),
    ("form", records.FORMS, frozenset()),
    ("form_response", records.FORM_RESPONSES, frozenset()),
    ("poll", records.POLLS, frozenset()),
    ("poll_vote", records.POLL_VOTES, frozenset()),
    ("question", records.QUESTIONS, frozenset()),
    ("webhook", records.WEBHOOKS, frozenset({"secret", "previous_secret"})),
    ("chat_target", records.CHAT_TARGETS, frozenset({"address"})),
    ("notice_setting", records.NOTICE_SETTINGS, frozenset()),
    ("identity_provider", records.OIDC_SETTINGS, frozenset({"secret"})),
)
"""Every kind in its order, with the fields that are secrets."""

STAYS: frozenset[RecordTable[Any]] = frozenset({
    # What lets somebody in, or reaches their devices.
    records.TOKENS, records.LOGIN_SESSIONS, records.SECOND_FACTORS, records.INVITATIONS, records.PUSH_SUBSCRIPTIONS,
    # What the installation works with and forgets.
    records.WORK, records.INBOUND_KEYS, records.PROVIDER_KEYS, records.PARKED_RECEIPTS, records.PENDING_PARTS,
    records.RAW_PAYLOADS, records.IDEMPOTENCY_KEYS, records.DRAFTS, records.GATEWAY_HEALTH, records.WEBHOOK_HEALTH,
    records.WEBHOOK_DELIVERIES, records.WEBHOOK_ATTEMPTS, records.AUTOMATION_MARKS, records.CAMPAIGN_PROGRESS,
    # What is counted, or copied for searching, from the rest.
    records.READ_CURSORS, records.CONTACT_NAMES, records.VIEW_COUNTS, records.TALLIES, records.WAITS,
    records.CAMPAIGN_COUNTS,
})  # fmt: skip
"""What is nobody's to take out."""

Place = tuple[int, tuple[Any, ...] | None]
"""Which table, and the key after which it goes on; None before its first."""


def export_rows(
    session: Session, workspace_id: int, place: Place | None
) -> tuple[list[tuple[str, dict[str, Any]]], Place | None]:
    """The next records, each with its kind and its fields, and the place to go on from; None at the end."""
    number, after = place or (0, None)
    kind, table, secret = _TABLES[number]
    given = {
        "workspace_id": workspace_id,
        **{f"after_{name}": value for name, value in zip(_key(table), after or (), strict=False)},
    }
    found = table.fetch(session, _after(number, after is None), **given, limit=PIECE)
    rows = [(kind, {name: getattr(one, name) for name in table.names if name not in secret}) for one in found]
    if len(found) == PIECE and _key(table):
        return rows, (number, tuple(getattr(found[-1], name) for name in _key(table)))
    return rows, (number + 1, None) if number + 1 < len(_TABLES) else None


def _key(table: RecordTable[Any]) -> tuple[str, ...]:
    return tuple(name for name in table.key if name != "workspace_id") if table is not records.WORKSPACES else ()


@cache
def _after(number: int, first: bool) -> Query:
    table = _TABLES[number][1]
    columns = table.table.c
    own = columns.id if table is records.WORKSPACES else columns.workspace_id
    statement = table.select().where(own == bindparam("workspace_id"))
    key = [columns[name] for name in _key(table)]
    if key and not first:
        statement = statement.where(
            tuple_(*key) > tuple_(*(bindparam(f"after_{column.name}", type_=column.type) for column in key))
        )
    return Query(statement.order_by(*key).limit(bindparam("limit", type_=BigInteger)))

"""Every operation of the API, in the order of its documentation."""

from gateway.web.api import (
    bulk,
    contact_verbs,
    contacts,
    conversation_actions,
    conversations,
    event_stream,
    events,
    explain,
    gateway_checks,
    gateways,
    groups,
    media,
    messages,
    payloads,
    plugins,
    pools,
    push,
    senders,
    snippets,
    statistics,
    tags,
    threads,
    tokens,
    users,
    views,
    webhook_log,
    webhooks,
    work,
    workspace,
)
from gateway.web.api.route import Operation, Routes

_ALL: tuple[Routes, ...] = (
    messages.routes,
    explain.routes,
    bulk.routes,
    conversations.routes,
    conversation_actions.routes,
    threads.routes,
    contacts.routes,
    contact_verbs.routes,
    gateways.routes,
    gateway_checks.routes,
    senders.routes,
    pools.routes,
    tags.routes,
    views.routes,
    snippets.TEMPLATES,
    snippets.QUICK_REPLIES,
    snippets.QUICK_NOTES,
    media.routes,
    users.routes,
    groups.routes,
    tokens.routes,
    push.routes,
    webhooks.routes,
    webhook_log.routes,
    workspace.routes,
    statistics.routes,
    events.routes,
    event_stream.routes,
    plugins.routes,
    work.routes,
    payloads.routes,
)


def all_operations() -> list[Operation]:
    """Fixed paths before those with placeholders, so that `/messages/preview` is no message."""
    found = [operation for routes in _ALL for operation in routes.operations]
    return sorted(found, key=lambda operation: operation.path.count("{") > 0)

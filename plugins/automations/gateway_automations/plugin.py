"""Registers the actions."""

from collections.abc import Sequence

from gateway.sdk import hookimpl
from gateway.sdk.registration import Action
from gateway_automations import conversation, message, outside


@hookimpl
def register_actions() -> Sequence[Action]:
    """In the order in which a form offers them."""
    return (
        message.SEND_MESSAGE,
        conversation.ADD_TAG,
        conversation.REMOVE_TAG,
        conversation.ADD_TO_LIST,
        conversation.REMOVE_FROM_LIST,
        conversation.ASSIGN,
        conversation.ADD_NOTE,
        outside.NOTIFY,
        outside.CALL_WEBHOOK,
        conversation.SNOOZE,
        conversation.COMPLETE,
        conversation.ARCHIVE,
    )

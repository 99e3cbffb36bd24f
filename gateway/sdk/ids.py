"""Ids as the outside sees them."""

from gateway.domain.ids import PREFIXES, format_id


def format_message_id(message_id: int) -> str:
    """`msg_` and 13 characters, as the API says it."""
    return format_id(PREFIXES["message"], message_id)

"""Five ways of working, named after their use. A workspace starts from one and may then change any policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from gateway.domain.policy import (
    AfterInbound,
    AfterOutbound,
    CloseLabel,
    CompleteRepeat,
    MmsOver,
    Policy,
    Visibility,
)

DEFAULT_PRESET: Final = "inbox-zero"

PRESETS: Mapping[str, Policy] = MappingProxyType(
    {
        "inbox-zero": Policy(),
        "chat": Policy(close_label=CloseLabel.ARCHIVE),
        "broadcast-reply": Policy(long_text=MmsOver(160), natural_only=True, close_label=CloseLabel.ARCHIVE),
        "case-desk": Policy(
            after_inbound=AfterInbound.NEW,
            after_outbound=AfterOutbound.NEW,
            visibility=Visibility.OWNER,
            close_label=CloseLabel.CLOSE,
            confirm_close=True,  # sealing can't be taken back
        ),
        "crm": Policy(complete_repeat=CompleteRepeat.ONCE),
    }
)

PRESET_DOCS: Mapping[str, str] = MappingProxyType(
    {
        "inbox-zero": "Close completes; whoever writes again comes back into the inbox, which shows the newest 100.",
        "chat": "Close chat archives; the same chat opens again from the number that was used last.",
        "broadcast-reply": "Shows answers of people, not the campaigns around them, and sends long texts as MMS.",
        "case-desk": "Each request is a case of its own, seen by its owner, and sealed for good when it is closed.",
        "crm": "A conversation is completed once, as its outcome; when it comes back, it is archived or snoozed.",
    }
)


def under(preset: Policy, before: Policy) -> Policy:
    """A preset's habits in a workspace that worked by `before`: what is a fact or an aim of the team stays."""
    return replace(
        preset,
        default_country=before.default_country,
        stop_phrases=before.stop_phrases,
        first_reply_target=before.first_reply_target,
        segment_limit=before.segment_limit,
    )

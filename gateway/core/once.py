"""What an automation may run once for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.core.automation_facts import zone_of
from gateway.core.workspace_view import WorkspaceView
from gateway.domain.automation import OncePer
from gateway.domain.model import Event


def once_for(once_per: OncePer | None, view: WorkspaceView, event: Event, facts: Mapping[str, Any]) -> str | None:
    """As text; None where it may run each time, or there is no such thing. A day is one of the workspace's zone."""
    contact = (facts.get("contact") or {}).get("id")
    match once_per:
        case OncePer.CONVERSATION:
            conversation = (facts.get("conversation") or {}).get("id")
            return f"conversation|{conversation}" if conversation else None
        case OncePer.CONTACT:
            return f"contact|{contact}" if contact else None
        case OncePer.DAY:
            day = datetime.fromtimestamp(event.at / 1000, zone_of(view))
            return f"day|{day:%Y-%m-%d}|{contact or ''}"
    return None

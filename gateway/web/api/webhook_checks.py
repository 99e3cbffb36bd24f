"""What only the host knows of a webhook's fields: which addresses may be reached, and which events there are."""

from collections.abc import Sequence

from gateway.core.errors import invalid
from gateway.domain.events import EventType
from gateway.domain.webhooks import EVERYTHING
from gateway.host.outgoing_urls import url_fault
from gateway.web.api.call import Call
from gateway.web.state import AppState


def checked_url(call: Call, text: str) -> str:
    """The address, refused (422) where nothing could be posted to. What a name stands for is looked at when dialled."""
    fault = url_fault(call.state.push.reachable, "url", text)
    if fault is not None:
        raise invalid(fault.field, fault.message, fault.code)
    return text.strip()


def checked_events(call: Call, events: Sequence[str]) -> tuple[str, ...]:
    """The types, refused (422) where no event can have one."""
    known = event_types(call.state)
    for one in events:
        if one != EVERYTHING and one not in known:
            raise invalid(
                "events", f"There is no type of event “{one[:40]}”. * stands for all of them.", "unknown-type"
            )
    return tuple(events)


def event_types(state: AppState) -> dict[str, str]:
    """Every type the log can hold, plugins' own included, with the plugin it is of; "" for ours."""
    theirs = {name: found.plugin for name, found in state.registry.event_types.items()}
    return {**{str(one): "" for one in EventType}, **theirs}

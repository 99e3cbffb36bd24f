"""Every hook of Onethread. pluggy neither awaits nor isolates: the dispatcher calls each implementation alone.

Register hooks run once, at start. Decide hooks are quick and pure, and run in a spare thread with a deadline of 1 s.
Event hooks are coroutines run as work after the commit, at least once, with a deadline of 10 s and retries.
"""

from collections.abc import Sequence

import pluggy

from gateway.domain.nature import Nature
from gateway.sdk.channel import Channel
from gateway.sdk.decisions import Assignment, InboundView, OutboundView, SenderVote
from gateway.sdk.events import EventView, PluginContext
from gateway.sdk.registration import (
    Action,
    CommandLine,
    Condition,
    EventTypeSpec,
    MediaSource,
    MenuItem,
    Metric,
    Notifier,
    Page,
    Panel,
    Route,
    Scale,
)
from gateway.sdk.values import SenderView

PROJECT = "onethread"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_channels() -> Sequence[type[Channel]]:  # type: ignore[empty-body]
    """Channel classes this plugin brings; their `type` is what a gateway's `plugin` field names."""


@hookspec
def register_actions() -> Sequence[Action]:  # type: ignore[empty-body]
    """Things an automation can do."""


@hookspec
def register_conditions() -> Sequence[Condition]:  # type: ignore[empty-body]
    """Things an automation can ask."""


@hookspec
def register_notifiers() -> Sequence[Notifier]:  # type: ignore[empty-body]
    """Ways to tell a person that something happened."""


@hookspec
def register_media_sources() -> Sequence[MediaSource]:  # type: ignore[empty-body]
    """Places the composer can take pictures from."""


@hookspec
def register_routes() -> Sequence[Route]:  # type: ignore[empty-body]
    """HTTP routes under `/x/{plugin}/`, as functions of plain requests."""


@hookspec
def register_pages() -> Sequence[Page]:  # type: ignore[empty-body]
    """Pages of the Messenger with an entry in the navigation."""


@hookspec
def register_cli() -> Sequence[CommandLine]:  # type: ignore[empty-body]
    """Commands beside the built-in ones of `gateway`."""


@hookspec
def register_metrics() -> Sequence[Metric]:  # type: ignore[empty-body]
    """Prometheus metrics of the plugin, prefixed with its name."""


@hookspec
def register_event_types() -> Sequence[EventTypeSpec]:  # type: ignore[empty-body]
    """Event types the plugin may append to the log."""


@hookspec
def register_scales() -> Sequence[Scale]:  # type: ignore[empty-body]
    """Scales that answers to this plugin's questions are counted by; each is a section of the statistics."""


@hookspec(firstresult=True)
def classify_inbound(message: InboundView) -> Nature | None:
    """Why this inbound exists; the first answer wins, None leaves it natural."""


@hookspec(firstresult=True)
def route_inbound(message: InboundView) -> Assignment | None:
    """Who gets the conversation that this inbound opens."""


@hookspec(firstresult=True)
def choose_sender(message: OutboundView, candidates: Sequence[SenderView]) -> SenderVote | None:
    """Which of the candidates a message without an explicit sender goes out from."""


@hookspec
def vet_outbound(message: OutboundView) -> None:
    """Raise MessageRefused, or anything, to refuse a message before it is queued."""


@hookspec
async def gateway_started(context: PluginContext) -> None:
    """The process serves. Runs once per process and plugin."""


@hookspec
async def gateway_stopping(context: PluginContext) -> None:
    """The process is about to stop; 5 s at most."""


@hookspec
def thread_panels(thread_id: str) -> Sequence[Panel]:  # type: ignore[empty-body]
    """Panels beside a thread, each loaded when it is opened."""


@hookspec
def thread_menu(thread_id: str) -> Sequence[MenuItem]:  # type: ignore[empty-body]
    """Entries in a thread's menu."""


@hookspec
async def message_received(context: PluginContext, event: EventView) -> None:
    """A contact's message is stored in its thread."""


@hookspec
async def message_queued(context: PluginContext, event: EventView) -> None:
    """A message of ours is accepted for sending."""


@hookspec
async def message_sent(context: PluginContext, event: EventView) -> None:
    """The provider accepted a message."""


@hookspec
async def message_status_changed(context: PluginContext, event: EventView) -> None:
    """A message's status moved along the lattice; `data.status` is the new one."""


@hookspec
async def message_failed(context: PluginContext, event: EventView) -> None:
    """A message will not be delivered; `data.code` says why."""


@hookspec
async def conversation_opened(context: PluginContext, event: EventView) -> None:
    """A new conversation began in a thread."""


@hookspec
async def conversation_reopened(context: PluginContext, event: EventView) -> None:
    """A completed or archived conversation is open again."""


@hookspec
async def conversation_assigned(context: PluginContext, event: EventView) -> None:
    """A conversation's owner changed: claimed, released, assigned or transferred."""


@hookspec
async def assignment_waiting(context: PluginContext, event: EventView) -> None:
    """Nobody could be found for a conversation; `data.reason` says why."""


@hookspec
async def conversation_snoozed(context: PluginContext, event: EventView) -> None:
    """A conversation sleeps until `data.until`."""


@hookspec
async def conversation_woken(context: PluginContext, event: EventView) -> None:
    """A snoozed conversation came back."""


@hookspec
async def conversation_completed(context: PluginContext, event: EventView) -> None:
    """A conversation is done; once for each (conversation, `data.completed_count`)."""


@hookspec
async def conversation_archived(context: PluginContext, event: EventView) -> None:
    """A conversation was put away."""


@hookspec
async def conversation_closed(context: PluginContext, event: EventView) -> None:
    """A conversation was sealed."""


@hookspec
async def contact_created(context: PluginContext, event: EventView) -> None:
    """A person was heard of for the first time."""


@hookspec
async def contact_merged(context: PluginContext, event: EventView) -> None:
    """Two contacts turned out to be one; `data.into` is the winner."""


@hookspec
async def contact_opted_out(context: PluginContext, event: EventView) -> None:
    """An address wants no more messages."""


@hookspec
async def contact_opted_in(context: PluginContext, event: EventView) -> None:
    """An address wants messages again."""


@hookspec
async def opt_out_suggested(context: PluginContext, event: EventView) -> None:
    """Words may mean that a contact wants no more messages; what goes out by itself waits."""


@hookspec
async def opt_out_decided(context: PluginContext, event: EventView) -> None:
    """What such words meant is known; `data.decided` is unsubscribe, keep or withdrawn."""


@hookspec
async def question_asked(context: PluginContext, event: EventView) -> None:
    """A plugin asked a contact something, by the command `ask`; `data.plugin` is which."""


@hookspec
async def question_answered(context: PluginContext, event: EventView) -> None:
    """A contact answered what a plugin asked; `data.key` is its own name for it, `data.value` the answer."""


@hookspec
async def tag_added(context: PluginContext, event: EventView) -> None:
    """A conversation got a tag; `data.tag` is its name."""


@hookspec
async def tag_removed(context: PluginContext, event: EventView) -> None:
    """A conversation lost a tag."""


@hookspec
async def note_added(context: PluginContext, event: EventView) -> None:
    """Somebody wrote a note for the team. Its text never reaches a plugin."""


@hookspec
async def keyword_received(context: PluginContext, event: EventView) -> None:
    """A contact texted a keyword; what it does is done."""


@hookspec
async def form_started(context: PluginContext, event: EventView) -> None:
    """A form began with a contact; its first question is on its way."""


@hookspec
async def form_completed(context: PluginContext, event: EventView) -> None:
    """A contact answered the last question of a form."""


@hookspec
async def form_ended(context: PluginContext, event: EventView) -> None:
    """A form was over before its last question; `data.how` says why."""


@hookspec
async def poll_answered(context: PluginContext, event: EventView) -> None:
    """A contact voted, or changed their vote."""


@hookspec
async def campaign_started(context: PluginContext, event: EventView) -> None:
    """A campaign began; `data.campaign` is its id, `data.name` what it is called."""


@hookspec
async def campaign_completed(context: PluginContext, event: EventView) -> None:
    """A campaign is through; `data.recipients`, `data.sent`, `data.failed` and `data.skipped` count."""


@hookspec
async def gateway_health_changed(context: PluginContext, event: EventView) -> None:
    """A gateway went up, down or degraded; `data.state` and `data.reason`."""


@hookspec
async def any_event(context: PluginContext, event: EventView) -> None:
    """Every event of the log, after its own hook."""

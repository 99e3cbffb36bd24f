"""The worker half of a process: followers of the log, sends and other work, binds and mailboxes."""

import asyncio
import contextlib
import os
from dataclasses import dataclass
from functools import partial

from gateway.app.core import Core
from gateway.core.decisions.automation_holds import AUTOMATION_HELD
from gateway.core.decisions.campaigns import CAMPAIGN
from gateway.core.decisions.erasure import ERASE_MEDIA
from gateway.core.decisions.imports import IMPORT
from gateway.core.decisions.unread_tables import UNREAD_TABLE
from gateway.core.decisions.webhook_deliveries import WEBHOOK_LATE, WEBHOOK_OFF
from gateway.core.decisions.webhooks import WEBHOOK
from gateway.feed.alerts import NOTICE, PUSH, Alerts
from gateway.feed.automations import Automations
from gateway.feed.campaigns import FOLLOWER as CAMPAIGN_RESULTS
from gateway.feed.campaigns import CampaignResults
from gateway.feed.chat import CHAT_NOTICE, ChatNoticesDue
from gateway.feed.follower import Follower, FollowingWay
from gateway.feed.indexer import FOLLOWER as INDEXER
from gateway.feed.indexer import index
from gateway.feed.metrics import FeedMetrics
from gateway.feed.subscriptions import Subscriptions
from gateway.feed.tail import EventTail
from gateway.feed.tally import FOLLOWER as TALLY
from gateway.feed.tally import tally
from gateway.feed.to_work import FOLLOWER, HOOK, ToWork
from gateway.feed.wakeups import SENDS, WORK, Wakeups
from gateway.host.inbound import Intake
from gateway.host.supervisor import Supervisor
from gateway.host.tenure import Tenure
from gateway.web.api.webhook_bodies import body_of
from gateway.workers.assignment import Assigning
from gateway.workers.automation_notices import AutomationNotices
from gateway.workers.automations import AutomationChores
from gateway.workers.backoff import CHAT, HOOKS, MEDIA
from gateway.workers.campaigns import Campaigns
from gateway.workers.chat_notices import AT_ONCE as CHATS_AT_ONCE
from gateway.workers.chat_notices import ChatNotices
from gateway.workers.chores import Hooks, Timers
from gateway.workers.crew import Crew, Topic
from gateway.workers.delivery import Delivery
from gateway.workers.enclosures import Enclosures
from gateway.workers.handover import Handover
from gateway.workers.imports import Imports
from gateway.workers.inquiries import Inquiries
from gateway.workers.janitor import Janitor
from gateway.workers.leftovers import Leftovers
from gateway.workers.media import MediaFetcher
from gateway.workers.metrics import WorkMetrics
from gateway.workers.notices import Notices
from gateway.workers.probes import Probes
from gateway.workers.push import PUSH_TO, TRIES, Pushes
from gateway.workers.recovery import Recovery
from gateway.workers.runner import Kind, Runner
from gateway.workers.second_tries import SecondTries
from gateway.workers.sender import SenderWorker
from gateway.workers.webhook_calls import Calls
from gateway.workers.webhook_notices import WebhookNotices
from gateway.workers.webhooks import AT_ONCE as WEBHOOKS_AT_ONCE
from gateway.workers.webhooks import WebhookDeliveries

INDEX_REST_S = 0.25
TALLY_REST_S = 1.0
CAMPAIGNS_REST_S = 0.5


@dataclass(slots=True)
class Worker:
    """Runs until `stop`, which finishes what is under way."""

    crew: Crew
    tasks: list["asyncio.Task[None]"]

    async def stop(self) -> None:
        """Sends under way are finished; binds are given back."""
        await self.crew.stop()
        for task in self.tasks:
            task.cancel()
        for task in self.tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def start_worker(
    core: Core, intake: Intake, feed: FeedMetrics, wakeups: Wakeups, tail: EventTail, life: str
) -> Worker:
    """Builds and starts all of it. `life` tells this run of the node from its earlier ones."""
    owner = f"{core.node.name}/{life}"
    metrics = WorkMetrics(core.metrics)
    supervisor = Supervisor(
        core.channels,
        core.views,
        # By the node's name, which stays over restarts: a lease that was left is taken up at once.
        lambda name: Tenure(core.database, name, core.node.name),
        intake.sink_for,
        core.health,
        core.host_metrics,
        core.pace,
    )
    execute = core.writer.execute
    hand_over = Handover(Enclosures(core.blobs, core.links))
    delivery = Delivery(execute, core.database, core.channels, hand_over, core.health, metrics, core.pace)
    probes = Probes(core.database, core.channels, core.health)
    sender = SenderWorker(core.database, delivery, probes, core.views, supervisor.may_send, metrics, core.pace, owner)
    runner = Runner(core.database, kinds_of_work(core, metrics), metrics, core.pace, owner)
    recovery = Recovery(
        core.database,
        execute,
        lambda: sender.under_way | runner.under_way,
        SecondTries(core.directory.get, core.registry).recognised,
        metrics,
        core.pace,
    )
    leftovers = Leftovers(core.database, core.blobs, core.pace)
    janitor = Janitor(core.database, leftovers.sweep, metrics, core.pace)
    crew = Crew(
        sender,
        runner,
        recovery,
        janitor,
        Topic(lambda: wakeups.listen(SENDS).wait, partial(wakeups.wake, SENDS)),
        Topic(lambda: wakeups.listen(WORK).wait, partial(wakeups.wake, WORK)),
        core.pace,
    )
    await recovery.take_up(core.node.name, owner)
    crew.start()
    return Worker(crew, _loops(core, supervisor, feed, wakeups, tail))


def kinds_of_work(core: Core, metrics: WorkMetrics) -> dict[str, Kind]:
    """Everything that is done later, but sends: what the core schedules must be here."""
    execute = core.writer.execute
    timers = Timers(execute).chores()
    media = MediaFetcher(core.database, execute, core.channels, core.blobs, core.contexts.http())
    inquiries = Inquiries(core.database, execute, core.channels)
    hooks = Hooks(core.database, core.dispatcher)
    pushes = Pushes(
        core.database,
        execute,
        core.directory.get,
        core.contexts.http(),
        core.vapid,
        core.around.ids,
        core.pace,
        os.urandom,
    )
    chat = ChatNotices(
        core.database,
        execute,
        core.directory.get,
        core.notifiers,
        core.secrets,
        core.contexts.public_url,
        core.pace.clock,
    )
    webhooks = WebhookDeliveries(
        core.database,
        execute,
        core.directory.get,
        body_of,
        Calls(core.contexts.http(), core.pace),
        core.secrets,
        metrics,
        core.pace,
    )
    campaigns = Campaigns(core.database, execute, core.writer.ask, core.directory.get, core.pace)
    automations = AutomationChores(core.database, execute, core.directory.get, core.actions, core.asked, core.pace)
    assigning = Assigning(core.database, execute, core.directory.get, core.pace.clock)
    return {
        **{kind: Kind(do) for kind, do in [*timers.items(), *assigning.chores().items()]},
        **{kind: Kind(do) for kind, do in automations.chores().items()},
        "media": Kind(media.fetch, MEDIA, media.give_up),
        ERASE_MEDIA: Kind(Leftovers(core.database, core.blobs, core.pace).erase),
        CAMPAIGN: Kind(campaigns.go_on),
        **_imports(core),
        "check": Kind(inquiries.ask, give_up=inquiries.give_up),
        HOOK: Kind(hooks.tell, HOOKS),
        **_notices(core),
        PUSH: Kind(pushes.fan_out, TRIES, pushes.give_up),
        PUSH_TO: Kind(pushes.tell, TRIES, pushes.give_up),
        WEBHOOK: Kind(webhooks.go_through, at_once=WEBHOOKS_AT_ONCE),
        WEBHOOK_LATE: Kind(webhooks.again, at_once=WEBHOOKS_AT_ONCE),
        CHAT_NOTICE: Kind(chat.tell, CHAT, at_once=CHATS_AT_ONCE),
    }


def _notices(core: Core) -> dict[str, Kind]:
    """What people are told by e-mail or text."""
    parts = core.database, core.writer, core.directory.get, core.contexts.public_url, core.pace.clock
    return {
        NOTICE: Kind(Notices(*parts).tell),
        WEBHOOK_OFF: Kind(WebhookNotices(*parts).tell),
        AUTOMATION_HELD: Kind(AutomationNotices(*parts).tell),
    }


def _imports(core: Core) -> dict[str, Kind]:
    """Tables of people: read in, given up, or forgotten unread."""
    imports = Imports(core.database, core.writer.execute, core.blobs, core.directory.get)
    return {IMPORT: Kind(imports.run, give_up=imports.give_up), UNREAD_TABLE: Kind(imports.forget)}


def _loops(
    core: Core, supervisor: Supervisor, feed: FeedMetrics, wakeups: Wakeups, tail: EventTail
) -> list["asyncio.Task[None]"]:
    alerts = Alerts(core.around.ids, core.pace.clock)
    automations = Automations(core.around.ids, core.pace.clock)
    webhooks = Subscriptions(core.around.ids, core.pace.clock)
    chat = ChatNoticesDue(core.around.ids, core.pace.clock)
    further = (alerts.work, webhooks.work, automations.work, chat.work)
    to_work = ToWork(core.dispatcher.listeners, core.around.ids, core.pace.clock, further)
    make = partial(
        Follower,
        database=core.database,
        workspace_ids=core.directory.workspace_ids,
        metrics=feed,
        monotonic=core.pace.monotonic,
    )

    def wake() -> None:
        if to_work.made():
            wakeups.wake(WORK)

    work = make(FOLLOWER, to_work.apply, way=FollowingWay(tail=tail))
    words = make(INDEXER, index, way=FollowingWay(rest_s=INDEX_REST_S, tail=tail))
    figures = make(TALLY, tally, way=FollowingWay(rest_s=TALLY_REST_S, tail=tail))
    sendings = make(CAMPAIGN_RESULTS, CampaignResults().apply, way=FollowingWay(rest_s=CAMPAIGNS_REST_S, tail=tail))
    return [
        asyncio.create_task(supervisor.run(), name="supervisor"),
        asyncio.create_task(work.run(wakeups, wake), name=FOLLOWER),
        asyncio.create_task(words.run(wakeups), name=INDEXER),
        asyncio.create_task(figures.run(wakeups), name=TALLY),
        asyncio.create_task(sendings.run(wakeups), name=CAMPAIGN_RESULTS),
    ]

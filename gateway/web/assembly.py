"""The web half of a process: sign-in, live fan-out, application, made of the parts it is handed."""

import secrets
from collections.abc import Callable, Sequence
from functools import partial

from prometheus_client import CollectorRegistry

from gateway.core.batch import Surroundings
from gateway.core.directory import Directory
from gateway.core.writer import Writer
from gateway.domain.events import EventType
from gateway.domain.model import Event
from gateway.domain.record import record
from gateway.domain.visibility import Viewer
from gateway.feed.live import LiveHub, LiveLimits
from gateway.feed.longpoll import LongPoll
from gateway.feed.metrics import FeedMetrics
from gateway.feed.stream import Stream
from gateway.feed.tail import EventTail
from gateway.feed.wakeups import Wakeups
from gateway.host.asked import Asked
from gateway.host.balances import Balances
from gateway.host.channels import Channels
from gateway.host.faults import Faults
from gateway.host.manager import Plugins
from gateway.host.notifiers import Notifiers
from gateway.host.plugin_web import PluginWeb
from gateway.host.quarantine import Quarantined
from gateway.host.raw_payloads import RawPayloads
from gateway.host.registry import Registry
from gateway.host.secrets import SecretBox
from gateway.host.thread_extras import ThreadExtras
from gateway.host.trace import Traces
from gateway.sdk.context import HttpClient
from gateway.storage.blobs import FileBlobs
from gateway.storage.database import Database
from gateway.web import live as page_live
from gateway.web.api.event_stream import line, nothing
from gateway.web.auth.attempts import Attempts
from gateway.web.auth.invitations import Invitations
from gateway.web.auth.oidc import Oidc
from gateway.web.auth.oidc_provider import Providers
from gateway.web.auth.oidc_sign_out import OidcSignOut
from gateway.web.auth.passwords import Cost, Passwords
from gateway.web.auth.recent import Recent
from gateway.web.auth.service import Auth
from gateway.web.auth.sessions import SessionDoor
from gateway.web.auth.tokens import TokenDoor
from gateway.web.auth.two_factor import TwoFactor
from gateway.web.auth.workspaces import Workspaces
from gateway.web.push_door import PushDoor
from gateway.web.rate import Rate
from gateway.web.state import AppState, Limits, Site

PAGE_BURST_S = 10.0
"""How many seconds' worth of `page_rate` may be asked for at once: a page comes with its scripts' first questions."""


@record(gc=True)
class Parts:
    """What the web stands on, as the composition root built it."""

    database: Database
    directory: Directory
    writer: Writer
    around: Surroundings
    plugins: Plugins
    registry: Registry
    faults: Faults
    left_out: Callable[[], list[Quarantined]]
    plugin_web: PluginWeb
    thread_extras: ThreadExtras
    secrets: SecretBox
    channels: Channels
    raw_payloads: RawPayloads
    balances: Balances
    asked: Asked
    traces: Traces
    blobs: FileBlobs
    http: HttpClient
    wakeups: Wakeups
    tail: EventTail
    key: bytes
    push: PushDoor
    notifiers: Notifiers
    version: str
    clock: Callable[[], int]
    monotonic: Callable[[], float]


def build_state(parts: Parts, site: Site, limits: Limits, feed: FeedMetrics, cost: Cost) -> AppState:
    """Everything a handler may use. Remembered credentials are forgotten whenever settings change here."""
    auth = _auth(parts, site, limits, cost)

    def forget(events: Sequence[Event]) -> None:
        if any(event.type == EventType.SETTINGS_CHANGED for event in events):
            auth.forget()

    async def check(streams: Sequence[Stream]) -> Sequence[Viewer | None]:
        return await auth.viewers_of([stream.credential for stream in streams])

    parts.writer.on_commit.append(forget)
    live = LiveLimits(limits.streams_per_user, limits.streams)
    # Two hubs would tell one gauge two numbers; pages are what is counted.
    uncounted = FeedMetrics(CollectorRegistry())
    hub = partial(LiveHub, parts.database, parts.directory)
    return AppState(
        database=parts.database,
        directory=parts.directory,
        writer=parts.writer,
        around=parts.around,
        plugins=parts.plugins,
        registry=parts.registry,
        faults=parts.faults,
        left_out=parts.left_out,
        plugin_web=parts.plugin_web,
        thread_extras=parts.thread_extras,
        secrets=parts.secrets,
        channels=parts.channels,
        raw_payloads=parts.raw_payloads,
        balances=parts.balances,
        asked=parts.asked,
        traces=parts.traces,
        events=hub(line, nothing, check, uncounted, live, parts.tail),
        live=hub(page_live.encode, page_live.encode_gone, check, feed, live, parts.tail),
        poll=LongPoll(parts.database, parts.directory, parts.wakeups, parts.monotonic),
        wakeups=parts.wakeups,
        blobs=parts.blobs,
        http=parts.http,
        auth=auth,
        site=site,
        limits=limits,
        clock=parts.clock,
        monotonic=parts.monotonic,
        random=secrets.token_bytes,
        secret_key=parts.key,
        push=parts.push,
        notifiers=parts.notifiers,
        version=parts.version,
    )


def _auth(parts: Parts, site: Site, limits: Limits, cost: Cost) -> Auth:
    random = secrets.token_bytes
    passwords = Passwords(cost)
    providers = Providers(parts.http, parts.push.reachable, parts.clock, parts.monotonic)
    sessions = SessionDoor(
        parts.database, parts.writer, Recent(parts.monotonic), parts.clock, random, secure=site.secure
    )
    return Auth(
        database=parts.database,
        directory=parts.directory,
        writer=parts.writer,
        tokens=TokenDoor(parts.database, parts.writer, Recent(parts.monotonic), parts.monotonic),
        sessions=sessions,
        passwords=passwords,
        attempts=Attempts(limits.login_tries, limits.login_window, parts.monotonic),
        page_rate=Rate(limits.page_rate, parts.monotonic, PAGE_BURST_S),
        invitations=Invitations(parts.database, parts.writer, passwords, site, parts.clock, random),
        two_factor=TwoFactor(parts.database, parts.writer, parts.secrets, sessions, parts.clock, random),
        workspaces=Workspaces(parts.database, parts.directory, parts.writer),
        oidc=Oidc(parts.database, parts.writer, parts.secrets, sessions, providers, site, parts.clock, random),
        provider_door=OidcSignOut(parts.database, parts.secrets, sessions, providers, site),
    )

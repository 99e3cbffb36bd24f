"""What the web layer stands on, handed over by the composition root; nothing here is a global."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
from aiohttp import web

from gateway.core.batch import Surroundings
from gateway.core.directory import Directory
from gateway.core.writer import Writer
from gateway.domain.record import record
from gateway.feed.live import LiveHub
from gateway.feed.longpoll import LongPoll
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
from gateway.web.push_door import PushDoor

if TYPE_CHECKING:
    from gateway.web.auth.service import Auth


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is refused beyond; bytes unless named otherwise. Each is a setting."""

    webhook: int = 256 * 1024
    json: int = 1024 * 1024
    upload: int = 25 * 1024 * 1024
    json_depth: int = 32
    string: int = 100_000  # characters of one JSON string
    login_tries: int = 10
    login_window: int = 15 * 60  # seconds
    streams_per_user: int = 10
    streams: int = 5000
    api_rate: float | None = None  # requests a second for one token; None: no limit
    page_rate: float | None = None  # requests a second for one person's pages; None: no limit


@record
class Site:
    """Where people find us. `public_url` has no slash at the end; links are built from it, never from a Host header."""

    public_url: str
    bind_host: str
    fixed: bool = False  # set by the operator, and not derived from what we listen on
    trusted_proxies: tuple[str, ...] = ()

    @property
    def secure(self) -> bool:
        """Whether browsers reach us by https, which cookies then insist on."""
        return self.public_url.startswith("https://")

    @property
    def netloc(self) -> str:
        """Host and port as browsers write them."""
        return urlsplit(self.public_url).netloc.lower()


@record(gc=True)
class AppState:
    """Everything a handler may use. `clock` is wall time in milliseconds, `monotonic` seconds that never jump.

    `random` gives that many unguessable bytes; `secrets` seals what is configured; `secret_key` signs what we hand out.
    `faults` counts what plugins do wrong here, `left_out` are those that were not loaded; `raw_payloads` reads again
    what nobody could; `balances` are what is left at providers; `asked` knows the
    fields of conditions that plugins bring. `plugin_web` answers at plugins' addresses,
    `thread_extras` is what they add to a thread. `http` fetches what a person names, guarded. `events` fans out the log
    to programs, `live` to pages; `poll` reads it for one request. `push` is for devices, `notifiers` for chat services.
    """

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
    events: LiveHub
    live: LiveHub
    poll: LongPoll
    wakeups: Wakeups
    blobs: FileBlobs
    http: HttpClient
    auth: "Auth"
    site: Site
    limits: Limits
    clock: Callable[[], int]
    monotonic: Callable[[], float]
    random: Callable[[int], bytes]
    secret_key: bytes
    push: PushDoor
    notifiers: Notifiers
    version: str


STATE: web.AppKey[AppState] = web.AppKey("state", AppState)


def state_of(request: web.Request) -> AppState:
    """The state of the application that serves a request."""
    return request.config_dict[STATE]

"""Gateways as cards: how each is, since when, and what went out through it."""

from collections.abc import Mapping, Sequence

from gateway.domain.ids import format_id
from gateway.domain.record import record
from gateway.domain.settings import Gateway, GatewayHealth
from gateway.storage.gateway_traffic import GatewayTraffic, gateway_traffic
from gateway.storage.records import GATEWAY_HEALTH
from gateway.storage.session import Session
from gateway.web.language import marked
from gateway.web.pages.desk import Desk
from gateway.web.pages.formatting import sender_text
from gateway.web.pages.settings.frame import address
from gateway.web.pages.shell import balance_words
from gateway.web.pages.statistics_words import duration_text

_STATES = {
    "ok": (marked("Healthy"), "st-green", "check"),
    "degraded": (marked("Degraded"), "st-amber", "triangle-alert"),
    "down": (marked("Down"), "st-red", "circle-alert"),
    "paused": (marked("Paused"), "", "pause"),
    "off": (marked("Off"), "", "pause"),
}
_ICONS = {
    "simulator": "flask-conical",
    "email": "mail",
    "sms_smpp": "server",
    "http": "globe",
    "whatsapp": "message-circle",
}
UNKNOWN = "\N{EN DASH}"
MOST_NAMED = 3
SPARK_WIDTH, SPARK_HEIGHT = 240, 28


@record
class State:
    """How a gateway is, in a word; `tone` is a class, `since` words."""

    name: str
    label: str
    tone: str
    icon: str
    reason: str
    since: str


@record
class Spark:
    """A line of the last hours: points of a polyline, and of the area below it."""

    line: str
    area: str


@record
class GatewayCard:
    """One gateway. `serves` says which numbers."""

    id: str
    href: str
    name: str
    plugin: str
    version: str
    icon: str
    state: State
    delivered: str
    sent: str
    latency: str
    rate: str  # in a sentence, where there is a limit
    spark: Spark
    serves: str
    balance: str


async def load_cards(desk: Desk) -> list[GatewayCard]:
    """All of them, in the order they were added."""
    gateways = list(desk.view.live(desk.view.gateways))
    ids = [one.id for one in gateways]
    now = desk.times.now
    midnight = round(desk.times.at(now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)

    def read(session: Session) -> tuple[dict[int, GatewayHealth], Mapping[int, GatewayTraffic]]:
        health = {one.gateway_id: one for one in GATEWAY_HEALTH.by(session, desk.workspace_id, "gateway_id", ids)}
        return health, gateway_traffic(session, desk.workspace_id, now, midnight)

    health, traffic = await desk.read(read)
    return [_card(desk, one, health.get(one.id), traffic.get(one.id) or GatewayTraffic()) for one in gateways]


async def load_state(desk: Desk, gateway: Gateway) -> State:
    """How one is."""
    found = await desk.read(lambda session: GATEWAY_HEALTH.by(session, desk.workspace_id, "gateway_id", [gateway.id]))
    return state_of(desk, gateway, found[0] if found else None)


def state_of(desk: Desk, gateway: Gateway, health: GatewayHealth | None) -> State:
    """Off and paused come before what was last reported."""
    name = "off" if not gateway.enabled else "paused" if gateway.paused else health.state if health else "ok"
    label, tone, icon = _STATES[name]
    told = health if health and health.state == name else None
    since = desk.language.gettext("since %(when)s", when=_when(desk, told.since)) if told else ""
    reason = (told.reason or "") if told else ""
    return State(name, label, tone, icon, reason, since)


def _when(desk: Desk, at: int) -> str:
    """`09:41` today, `Yesterday 09:41` before."""
    today = desk.times.day(at) == desk.times.day(desk.times.now)
    return desk.times.clock(at) if today else desk.times.full(at)


def _card(desk: Desk, gateway: Gateway, health: GatewayHealth | None, traffic: GatewayTraffic) -> GatewayCard:
    _ = desk.language.gettext
    balance = desk.state.balances.of([gateway]).get(gateway.id)
    share = traffic.arrived_share
    found = desk.state.registry.channels.get(gateway.plugin)
    plugin = desk.state.plugins.get(found.plugin) if found else None
    return GatewayCard(
        id=format_id("gtw", gateway.id),
        href=address("gateways", "gtw", gateway.id),
        name=gateway.name,
        plugin=gateway.plugin,
        version=(plugin.version or "") if plugin else "",
        icon=icon_of(gateway.plugin),
        state=state_of(desk, gateway, health),
        delivered=UNKNOWN if share is None else desk.language.percent(share),
        sent=desk.language.number(traffic.sent) + ("+" if traffic.cut else ""),
        latency=_latency(desk, traffic.latency),
        rate=_("At most %(rate)s a second.", rate=desk.language.number(gateway.rate)) if gateway.rate else "",
        spark=spark_of(traffic.hours),
        serves=serves(desk, gateway),
        balance=" ".join(balance_words(balance, desk.language)) if balance else "",
    )


def _latency(desk: Desk, ms: int | None) -> str:
    """`142 ms`, `1.2 s`, and longer ones as everywhere."""
    _ = desk.language.gettext
    if ms is not None and ms < 1_000:
        return _("%(milliseconds)s ms", milliseconds=desk.language.number(ms))
    if ms is not None and ms < 10_000:
        return _("%(seconds)s s", seconds=desk.language.number(round(ms / 1_000, 1)))
    return duration_text(ms, desk.language)


def icon_of(plugin: str) -> str:
    """The sign of a channel."""
    return _ICONS.get(plugin, "radio-tower")


def serves(desk: Desk, gateway: Gateway) -> str:
    """The numbers it serves, in a sentence."""
    served = [one for one in desk.view.live(desk.view.senders) if gateway.id in one.gateway_ids]
    _ = desk.language.gettext
    if not served:
        return _("It serves no number yet.")
    names = [one.label or sender_text(one.value) for one in served]
    shown = ", ".join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        return _("Serves %(names)s and %(count)s more.", names=shown, count=len(names) - MOST_NAMED)
    return _("Serves %(names)s.", names=shown)


def spark_of(hours: Sequence[int]) -> Spark:
    """The hours as a line across the card, the busiest at the top."""
    most = max(*hours, 1)
    step = SPARK_WIDTH / (len(hours) - 1)
    points = [
        f"{index * step:.1f},{SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 4) * count / most:.1f}"
        for index, count in enumerate(hours)
    ]
    return Spark(" ".join(points), f"0,{SPARK_HEIGHT} {' '.join(points)} {SPARK_WIDTH},{SPARK_HEIGHT}")

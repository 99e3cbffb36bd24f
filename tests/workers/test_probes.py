"""Gateways that are down, and who says so when they are back."""

from gateway.domain.settings import GatewayHealth
from tests.workers.stage import Stage


async def test_what_an_earlier_life_called_down_is_well_once_a_message_gets_through(stage: Stage) -> None:
    """It can't be asked, and this process has seen no failure of it."""
    host = stage.host
    message = await stage.say("first")
    await host.health.report(host.core.workspace_id, message.gateway_id or 0, "down", "It was.")
    await stage.rounds()
    host.moment.now += 20
    await stage.rounds()
    await stage.say("second")
    host.moment.now += 20
    await stage.rounds()
    assert [one.state for one in await host.core.all(GatewayHealth)] == ["ok"]

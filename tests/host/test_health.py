"""How gateways are: told when it changes, on every node, whatever a channel says of it."""

import pytest

from gateway.core.commands.settings import ReportHealth
from gateway.host.health import HealthReports

TOLD = list[tuple[int, str, str | None]]


@pytest.fixture
def told() -> TOLD:
    return []


@pytest.fixture
def reports(told: TOLD) -> HealthReports:
    async def execute(workspace_id: int, command: ReportHealth) -> None:
        assert "\0" not in (command.reason or "")
        (command.reason or "").encode()
        told.append((command.gateway_id, command.state, command.reason))

    return HealthReports(execute)


async def test_only_news_is_told(reports: HealthReports, told: TOLD) -> None:
    for state in ("ok", "ok", "down", "down", "ok"):
        await reports.report(1, 7, state)
    assert told == [(7, "ok", None), (7, "down", None), (7, "ok", None)]


async def test_words_that_can_not_be_stored_hold_up_nobody(reports: HealthReports, told: TOLD) -> None:
    await reports.report(1, 7, "down", "no\0 \ud800")
    await reports.report(1, 8, "ok")
    assert told == [(7, "down", "no\ufffd \ufffd"), (8, "ok", None)]


async def test_what_another_node_may_have_changed_is_told_again(reports: HealthReports, told: TOLD) -> None:
    """This node said `ok`, another one `down` since, and died: what is seen now counts."""
    await reports.report(1, 7, "ok")
    await reports.report(1, 7, "ok", afresh=True)
    assert told == [(7, "ok", None), (7, "ok", None)]

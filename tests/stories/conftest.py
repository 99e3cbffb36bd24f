"""The product, a message centre nobody here wrote, and somebody outside."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from plugins.sms_smpp.tests.centre import NODE, Centre
from tests.conftest import Serve
from tests.stories.outside import Join, Outside, make_token
from tests.support.gateway import RunningGateway


@pytest.fixture
async def centre() -> AsyncIterator[Centre]:
    running = await Centre.start(NODE, {"PASSWORD": "secret"})
    yield running
    await running.stop()


@pytest.fixture
async def join() -> AsyncIterator[Join]:
    """Makes a client of a running gateway, with a token of its own."""
    async with aiohttp.ClientSession() as session:

        def make(running: RunningGateway, database: str | None = None) -> Outside:
            return Outside(session, running.url, make_token(running.data, database))

        yield make


@pytest.fixture
def product(serve: Serve) -> RunningGateway:
    """The product with the private addresses its tests stand on allowed."""
    return serve(env={"ONETHREAD_ALLOW_HOSTS": "127.0.0.1"})

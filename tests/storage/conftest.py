"""An open database for each test, and a filled one for each file that only reads it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import pytest

from gateway.storage.connect import open_database
from gateway.storage.database import Database
from gateway.storage.session import Session
from tests.support.postgres import Postgres


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def postgres_database_open(postgres_database: Callable[[], str]) -> AsyncIterator[Database]:
    opened = open_database(postgres_database())
    await opened.open()
    yield opened
    await opened.close()


Fill = Callable[[Callable[[Session], None]], str]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def fill(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fill]:
    """Makes one filled database for all tests of a file that only read it; gives its URL."""
    with ExitStack() as stack:

        def make(store: Callable[[Session], None]) -> str:
            if request.param == "sqlite":
                url = str(tmp_path_factory.mktemp("filled") / "gateway.db")
                shutil.copyfile(request.getfixturevalue("sqlite_template"), url)
            else:
                postgres: Postgres = request.getfixturevalue("postgres")
                name = postgres.create_database(template=request.getfixturevalue("postgres_template"))
                stack.callback(postgres.drop_database, name)
                url = postgres.url(name)
            asyncio.run(_write(url, store))
            return url

        yield make


async def _write(url: str, store: Callable[[Session], None]) -> None:
    database = open_database(url)
    await database.open()
    await database.write(store)
    await database.close()


@pytest.fixture
async def filled(filled_url: str) -> AsyncIterator[Database]:
    """The file's own filled database (`filled_url`), open; not to be written to."""
    opened = open_database(filled_url)
    await opened.open()
    yield opened
    await opened.close()

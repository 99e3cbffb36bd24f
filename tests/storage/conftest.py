"""A migrated, open database; made once for each engine and copied for each test."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.storage.connect import open_database, sqlite_path
from gateway.storage.database import Database
from gateway.storage.migrate import migrate
from gateway.storage.session import Session
from tests.support.postgres import Postgres


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "gateway.db"
    asyncio.run(migrate(str(path)))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    name = postgres.create_database()
    asyncio.run(migrate(postgres.url(name)))
    return name


def _sqlite(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url")
    shutil.copyfile(request.getfixturevalue("sqlite_template"), sqlite_path(url))
    return url


@pytest.fixture
def postgres_migrated_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    name = postgres.create_database(template=postgres_template)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A database of its own at the newest revision."""
    if request.param == "sqlite":
        return _sqlite(request)
    url: str = request.getfixturevalue("postgres_migrated_url")
    return url


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[Database]:
    opened = open_database(migrated_url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def postgres_database_open(postgres_migrated_url: str) -> AsyncIterator[Database]:
    opened = open_database(postgres_migrated_url)
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

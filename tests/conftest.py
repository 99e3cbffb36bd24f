"""Fixtures every folder may use: fresh databases on both engines, free ports, processes, the product running."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

from gateway.storage.connect import sqlite_path
from gateway.storage.migrate import migrate
from tests.support.gateway import RunningGateway, serve_command
from tests.support.memory import keep_in_memory
from tests.support.ports import find_free_port
from tests.support.postgres import Postgres
from tests.support.process import ServerProcess


class StartProcess(Protocol):
    """What the `process` fixture gives."""

    def __call__(
        self,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> ServerProcess:
        """Starts a command; it is killed at the end of the test if it still runs."""


class Serve(Protocol):
    """What the `serve` fixture gives."""

    def __call__(
        self, *flags: str, data: Path | None = None, port: int | None = None, env: Mapping[str, str] | None = None
    ) -> RunningGateway:
        """Starts `gateway serve` and waits until it says it is ready."""


def pytest_configure() -> None:
    """Nothing waits for a disk; properties may take their time: on a machine with other work, slow is not wrong."""
    keep_in_memory()
    settings.register_profile("onethread", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
    settings.load_profile("onethread")


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are processors: a story waits for a browser, a server or a timer half of its time."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


@pytest.fixture
def free_port() -> int:
    """A TCP port on 127.0.0.1 that nothing listens on."""
    return find_free_port()


@pytest.fixture
def process() -> Iterator[StartProcess]:
    """Starts servers; whatever still runs at the end is killed, by its own process id."""
    started: list[ServerProcess] = []

    def start(
        command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> ServerProcess:
        server = ServerProcess(command, env=env, cwd=cwd)
        started.append(server)
        return server

    yield start
    for server in reversed(started):
        server.kill()


@pytest.fixture
def serve(process: StartProcess, tmp_path: Path) -> Serve:
    """Starts the product, by default on a free port with an empty SQLite data folder."""

    def start(
        *flags: str, data: Path | None = None, port: int | None = None, env: Mapping[str, str] | None = None
    ) -> RunningGateway:
        folder = data or tmp_path / "data"
        server = process(serve_command(port or find_free_port(), folder, *flags), env=env, cwd=tmp_path)
        ready = server.wait_for_line(r"Messenger ready at (http://\S+)")
        return RunningGateway(url=ready[1].rstrip("/"), data=folder, process=server)

    return start


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL server, started by the first test that needs it."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """The server's own `postgres` database, for tests about the server rather than about data."""
    return postgres.url()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest revision, to be copied: a file is copied a hundred times faster than it is migrated."""
    path = tmp_path_factory.mktemp("template") / "gateway.db"
    asyncio.run(migrate(str(path)))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The name of such a database on the session's PostgreSQL server."""
    name = postgres.create_database()
    asyncio.run(migrate(postgres.url(name)))
    return name


@pytest.fixture
def postgres_database(postgres: Postgres, postgres_template: str) -> Iterator[Callable[[], str]]:
    """Makes databases at the newest revision, without rows, and gives their URLs; they are dropped after the test."""
    made: list[str] = []

    def make() -> str:
        name = postgres.create_database(template=postgres_template)
        made.append(name)
        return postgres.url(name)

    yield make
    for name in made:
        postgres.drop_database(name)


@pytest.fixture
def sqlite_url(empty_sqlite_url: str, sqlite_template: Path) -> str:
    """A SQLite database at the newest revision, without rows, in a folder of its own."""
    shutil.copyfile(sqlite_template, sqlite_path(empty_sqlite_url))
    return empty_sqlite_url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A database at the newest revision, without rows; a test that asks for it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        url: str = request.getfixturevalue("sqlite_url")
        return url
    make: Callable[[], str] = request.getfixturevalue("postgres_database")
    return make()


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """A SQLite database that does not exist yet, in a folder of its own."""
    folder = tmp_path / "sqlite"
    folder.mkdir()
    return f"sqlite:///{folder / 'gateway.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database that nothing was ever done to, on either engine: for tests of what brings it up to date."""
    if request.param == "sqlite":
        yield request.getfixturevalue("empty_sqlite_url")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.create_database()
    yield postgres.url(name)
    postgres.drop_database(name)

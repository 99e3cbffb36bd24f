"""Fixtures every folder may use: fresh databases on both engines, free ports, processes, the product running."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, settings

from tests.support.gateway import RunningGateway, serve_command
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
    """Properties may take their time: on a machine with other work, slow is not wrong."""
    settings.register_profile("onethread", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
    settings.load_profile("onethread")


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


@pytest.fixture
def postgres_database(postgres: Postgres) -> Iterator[Callable[[], str]]:
    """Makes fresh, empty databases and gives their URLs; they are dropped after the test."""
    made: list[str] = []

    def make() -> str:
        name = postgres.create_database()
        made.append(name)
        return postgres.url(name)

    yield make
    for name in made:
        postgres.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite database that does not exist yet, in a folder of its own."""
    folder = tmp_path / "sqlite"
    folder.mkdir()
    return f"sqlite:///{folder / 'gateway.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, empty database; a test that asks for it runs on SQLite and again on PostgreSQL."""
    if request.param == "sqlite":
        url: str = request.getfixturevalue("sqlite_url")
        return url
    make: Callable[[], str] = request.getfixturevalue("postgres_database")
    return make()

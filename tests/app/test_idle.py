"""What a server that nobody asks anything has not loaded, and what of its own it has not made."""

import json
import subprocess
import sys
from pathlib import Path

from tests.support.sources import ROOT

SERVES = """
import asyncio, json, sys
from pathlib import Path
from gateway.app.serve import running
from gateway.config import load_settings

async def main():
    settings = load_settings({"data": sys.argv[1], "port": 0})
    async with running(settings, lambda line: None):
        print(json.dumps(sorted(sys.modules)))

asyncio.run(main())
"""
# Each comes with the first who needs it; together they weigh a third of an idle server.
NOT_YET = {
    "alembic": "a database that is up to date needs no migration",
    "apprise": "nobody is told anything in a chat service",
    "asyncpg": "the database is SQLite",
    "aiosmtpd": "no gateway listens for mail",
    "gateway.web.catalogs": "nobody reads in another language",
    "dkim": "no mail is signed",
    "joserfc": "nobody signs in with an identity provider",
    "liquid": "nobody wrote a template",
    "nats": "there is one node",
    "segno": "nobody is shown a code for their telephone",
    "twilio.rest": "no gateway is one of Twilio's",
    "gateway.testing": "nothing is tested",
}


def modules_of_a_start(folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SERVES, str(folder)], capture_output=True, text=True, check=True, cwd=ROOT, timeout=120
    )
    loaded: list[str] = json.loads(done.stdout.splitlines()[-1])
    return set(loaded)


def test_what_only_some_need_comes_with_the_first_of_them(tmp_path: Path) -> None:
    first, again = modules_of_a_start(tmp_path), modules_of_a_start(tmp_path)
    assert "alembic" in first, "a new database was made"
    assert {name: why for name, why in NOT_YET.items() if name in again} == {}
    assert {"gateway.web.server", "gateway_simulator.plugin", "gateway_email.channel"} <= again, (
        "it served, with plugins"
    )

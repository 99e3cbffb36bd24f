"""What the core puts off is done by somebody: work of a kind that nobody does would stay for ever, unheard of."""

import ast
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from gateway.app.core import open_core
from gateway.app.worker import kinds_of_work
from gateway.config import Settings
from gateway.testing import FakeProvider, outbound, whole_gateway
from gateway.testing.whole import WholeGateway
from gateway.workers.metrics import WorkMetrics
from tests.support.sources import ROOT

SENDS = {"send"}


def scheduled() -> set[str]:
    """The kinds of work that anything in the core schedules, by reading it."""
    kinds: set[str] = set()
    for path in sorted((ROOT / "gateway" / "core").rglob("*.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "schedule":
                kind = node.args[0]
                kinds.add(str(kind.value) if isinstance(kind, ast.Constant) else attrgetter(ast.unparse(kind))(module))
    return kinds


async def test_every_kind_of_work_is_somebodys(tmp_path: Path) -> None:
    async with open_core(Settings(data=str(tmp_path))) as core:
        done = set(kinds_of_work(core, WorkMetrics(CollectorRegistry()))) | SENDS
    assert scheduled() >= {"release", "timer", "media", "media_erase"}, "the reading finds them"
    assert scheduled() <= done


async def test_an_erased_contacts_files_leave_the_disk(tmp_path: Path) -> None:
    """CASES 40, from outside."""
    async with FakeProvider() as far, whole_gateway(tmp_path) as whole:
        settings = {"send_url": f"{far.url}/messages", "secret": "c2l4dGVlbiBieXRlcyBvciBtb3Jl", "answer_id": "id"}
        number = {"kind": "long_code", "value": outbound().sender.value, "mms_enabled": True}
        await whole.add_gateway("http", settings, number)
        stored = await whole.upload(b"All about lamps.", "lamp.txt", "text/plain")
        sent = await whole.made(
            "/messages", {"to": "+14155550148", "body": "Look", "from": number["value"], "media": [stored["id"]]}
        )
        await whole.message(sent["id"], "sent", "delivered")
        assert len(files(tmp_path)) == 1
        assert (await whole.ask("DELETE", f"/contacts/{await contact_of(whole, sent)}")).status in (200, 204)

        async def gone() -> bool:
            return not files(tmp_path)

        await whole.until(gone, "the file is gone")


async def contact_of(whole: WholeGateway, message: Any) -> str:
    thread = (await whole.ask("GET", f"/threads/{message['thread_id']}")).body
    found: str = thread["contact"]["id"]
    return found


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "data" / "media").rglob("*") if path.is_file()]

"""The spool: on disk before it is acknowledged, in order, over crashes."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.host.spool import REPLAY_BATCH, Spool, SpoolFull, SpoolRecord
from gateway.sdk import Nature
from gateway.sdk.text import Concat, Status
from gateway.sdk.values import Inbound, MediaReference, Receipt, Unparsed


def record(number: int, body: str | None = None) -> SpoolRecord:
    return SpoolRecord(1, 2, "account", 3, inbound=Inbound("+14155550148", "+14155550100", body or str(number)))


async def opened(folder: Path, **more: int) -> Spool:
    spool = Spool(folder, **more)
    await spool.open()
    return spool


async def everything(spool: Spool) -> list[SpoolRecord]:
    found: list[SpoolRecord] = []
    while batch := await spool.next():
        found += batch
    return found


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.spool"))


def bodies(records: list[SpoolRecord]) -> list[str]:
    return [one.inbound.body for one in records if one.inbound]


@pytest.mark.parametrize(
    "item",
    [
        Inbound(
            "+1", "+2", "grüße\n👋\0", "id", "mms", "subject", (MediaReference("image/png", "https://a.example/"),), 5,
            Concat(1, 2, 1), {"a": "b"}, b"\x00\xff",
        ),
        Inbound("+1", "+2", "half \ud83d", concat=Concat(1, 2, 1)),
        Inbound(
            "a@b.example", "c@d.example", "mail", media=(MediaReference("image/png", None, b"\x89\0", "a", 2, "cid"),),
            html="<p>mail</p>", quoted="> before", nature=Nature.AUTO,
        ),
        Receipt(("a", "b"), Status.DELIVERED, "msg-1", "000", "fine", 5, b"\xff"),
        Receipt((), None),
        Unparsed("why", b"\x00\xff raw"),
    ],
)  # fmt: skip
async def test_what_goes_in_comes_out_after_a_restart(tmp_path: Path, item: Inbound | Receipt | Unparsed) -> None:
    spool = await opened(tmp_path)
    kept = SpoolRecord(
        1, 2, "account", 3,
        inbound=item if isinstance(item, Inbound) else None,
        receipt=item if isinstance(item, Receipt) else None,
        unparsed=item if isinstance(item, Unparsed) else None,
    )  # fmt: skip
    await spool.add([kept])
    await spool.close()
    again = await opened(tmp_path)
    assert await everything(again) == [kept]
    assert [one.item for one in [kept]] == [item]
    await again.close()


async def test_order_is_kept_and_the_file_emptied(tmp_path: Path) -> None:
    spool = await opened(tmp_path)
    await asyncio.gather(*(spool.add([record(number)]) for number in range(REPLAY_BATCH + 50)))
    assert spool.size > 0
    assert bodies(await everything(spool)) == [str(number) for number in range(REPLAY_BATCH + 50)]
    assert spool.size == 0
    await spool.add([record(1)])
    assert bodies(await everything(spool)) == ["1"]
    await spool.close()


async def test_what_could_not_be_stored_is_given_out_again(tmp_path: Path) -> None:
    spool = await opened(tmp_path)
    await spool.add([record(1), record(2)])
    assert bodies(await spool.next()) == ["1", "2"]
    await spool.rewind()
    await spool.add([record(3)])
    assert bodies(await everything(spool)) == ["1", "2", "3"]
    await spool.close()


async def test_a_torn_last_line_is_cut_off_and_the_rest_stays(tmp_path: Path) -> None:
    spool = await opened(tmp_path)
    await spool.add([record(1), record(2)])
    await spool.close()
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes()[:-7])
    again = await opened(tmp_path)
    await again.add([record(3)])
    assert bodies(await everything(again)) == ["1", "3"]
    assert again.damaged == 1
    await again.close()


async def test_a_damaged_line_is_stepped_over_and_counted(tmp_path: Path) -> None:
    spool = await opened(tmp_path)
    await spool.add([record(1), record(2), record(3)])
    await spool.close()
    (path,) = files(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b"2", b"X", 1) + lines[2])
    again = await opened(tmp_path)
    assert bodies(await everything(again)) == ["1", "3"]
    assert again.damaged == 1
    await again.close()


async def test_it_has_a_size(tmp_path: Path) -> None:
    spool = await opened(tmp_path, most_bytes=1000)
    await spool.add([record(1)])
    with pytest.raises(SpoolFull):
        await spool.add([record(2, "x" * 1000)])
    assert 0 < spool.size <= 1000
    assert bodies(await everything(spool)) == ["1"]
    await spool.close()


async def test_two_processes_have_two_files_and_the_living_takes_over_from_the_dead(tmp_path: Path) -> None:
    one, other = await opened(tmp_path), await opened(tmp_path)
    await one.add([record(1)])
    await other.add([record(2)])
    assert len(files(tmp_path)) == 2
    await other.close()
    await one.close()
    again = await opened(tmp_path)
    assert sorted(bodies(await everything(again))) == ["1", "2"]
    assert len(files(tmp_path)) == 1
    await again.close()


WRITER = """
import asyncio, sys
from pathlib import Path
from gateway.host.spool import Spool, SpoolRecord
from gateway.sdk.values import Inbound

async def main():
    spool = Spool(Path(sys.argv[1]))
    await spool.open()
    for number in range(1_000_000):
        await spool.add([SpoolRecord(1, 2, "a", 3, inbound=Inbound("+1", "+2", str(number)))])
        print(number, flush=True)

asyncio.run(main())
"""


def write_until_killed(folder: Path) -> int:
    """Starts a writer, kills it in the middle, and tells what it acknowledged last."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, folder], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = -1
    while acknowledged < 30:
        acknowledged = int(process.stdout.readline())
    os.kill(process.pid, signal.SIGKILL)
    acknowledged = max([acknowledged, *(int(line) for line in process.stdout if line.endswith("\n"))])
    process.stdout.close()
    process.wait()
    return acknowledged


async def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    acknowledged = await asyncio.to_thread(write_until_killed, tmp_path)
    spool = await opened(tmp_path)
    found = bodies(await everything(spool))
    assert found[: acknowledged + 1] == [str(number) for number in range(acknowledged + 1)]
    await spool.close()

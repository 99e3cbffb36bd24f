"""The plugin's session under the same load. `python -m bench.peers.own_smpp PORT WINDOW SECONDS`."""

import asyncio
import sys
import time

import uvloop

from gateway_sms_smpp.deliveries import Delivery
from gateway_sms_smpp.limits import Limits
from gateway_sms_smpp.pdu import BindTransceiver, Status, SubmitSm
from gateway_sms_smpp.session import Session


async def accept(delivery: Delivery) -> int:
    """Takes whatever is delivered."""
    return Status.ROK


async def main(port: int, window: int, seconds: float) -> float:
    """Messages a second through the session's own window."""
    limits = Limits(window=window)
    _, session = await asyncio.get_running_loop().create_connection(
        lambda: Session(limits, accept, lambda direction, summary: None), "127.0.0.1", port
    )
    await session.bind(BindTransceiver(system_id="bench", password="bench"))
    begun = time.monotonic()
    sent = 0

    async def keep_sending() -> None:
        nonlocal sent
        while time.monotonic() - begun < seconds:
            answer = await session.request(
                SubmitSm(
                    source_addr_ton=1,
                    source_addr_npi=1,
                    source_addr="+12025550100",
                    dest_addr_ton=1,
                    dest_addr_npi=1,
                    destination_addr="+12025550148",
                    short_message=b"Your parcel arrives tomorrow.",
                )
            )
            if answer.status != Status.ROK:
                raise RuntimeError("the centre refused a message")
            sent += 1

    await asyncio.gather(*(keep_sending() for _ in range(window)))
    rate = sent / (time.monotonic() - begun)
    await session.unbind()
    return rate


if __name__ == "__main__":
    sys.stdout.write(f"{uvloop.run(main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))}\n")

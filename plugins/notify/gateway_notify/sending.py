"""Telling a target, in a process of its own.

Apprise blocks, dials by itself, and follows redirects. A thread can't be stopped and shares our sockets; a process can
be killed at its deadline, and asks before each connection it makes (`child.py`): the answer is the host's own guard.
"""

import asyncio
import contextlib
import json
import sys
from typing import Any

from gateway.sdk.errors import NoticeFailed
from gateway.sdk.events import PluginContext
from gateway_notify.targets import complaint

DEADLINE_S = 20.0
_LINE = 64 * 1024


async def send(context: PluginContext, target: str, text: str) -> None:
    """Tells. Raises NoticeFailed; what it says never repeats the target, which holds passwords."""
    wrong = complaint(target)
    if wrong is not None:
        raise NoticeFailed(wrong)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", "gateway_notify.child",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"}, limit=_LINE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(DEADLINE_S):
            answer = await _converse(child, context, {"target": target.strip(), "text": text})
    except TimeoutError:
        raise NoticeFailed(f"The service did not answer within {DEADLINE_S:g} seconds.") from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
    if not answer.get("sent"):
        raise NoticeFailed(str(answer.get("why") or "The service did not take it."))


async def _converse(child: Any, context: PluginContext, job: dict[str, str]) -> dict[str, Any]:
    """Answers the child's questions until it says how it went."""
    child.stdin.write(json.dumps(job).encode() + b"\n")
    await child.stdin.drain()
    while line := await child.stdout.readline():
        said: dict[str, Any] = json.loads(line)
        if "reach" not in said:
            return said
        address, port = said["reach"]
        child.stdin.write(b"yes\n" if context.may_reach(str(address), int(port)) else b"no\n")
        await child.stdin.drain()
    raise NoticeFailed("The service could not be told: the program that speaks to it ended.")

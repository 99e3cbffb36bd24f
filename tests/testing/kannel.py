"""Kannel, bound to a message centre on loopback: a client nobody here wrote, for the centre of the kit."""

import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from tests.support.ports import find_free_port

PATIENCE_S = 60.0
_LOOK_S = 0.05

# Groups end with an empty line. Every door is on loopback.
_CONFIG = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = secret
smsbox-port = {inner}
smsbox-interface = 127.0.0.1
dlr-storage = internal
sms-incoming-queue-limit = -1

group = smsc
smsc = smpp
smsc-id = far
host = 127.0.0.1
port = {centre}
transceiver-mode = true
smsc-username = desk
smsc-password = a-word
system-type = ""
msg-id-type = 0
enquire-link-interval = 1
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sends}
sendsms-interface = 127.0.0.1
global-sender = 14155550100

group = sendsms-user
username = desk
password = secret
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
concatenation = true
max-messages = 0
get-url = "{told}/mo?from=%p&to=%P&text=%a&coding=%c&udh=%u"

"""


class Kannel:
    """Two processes. `told` is a URL that is called for each message (`/mo`) and receipt (`/dlr`) it gets."""

    def __init__(self, centre: int, told: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kannel-"))
        self.sends = find_free_port()
        self.told = told
        self._processes: list[subprocess.Popen[bytes]] = []
        doors = {"admin": find_free_port(), "inner": find_free_port(), "sends": self.sends}
        self._admin = doors["admin"]
        (self.folder / "kannel.conf").write_text(_CONFIG.format(centre=centre, told=told, **doors))

    def start(self) -> None:
        """Until it takes messages."""
        self._run("bearerbox")
        self.wait_bound()
        self._run("smsbox")
        self._until("smsbox:")

    def wait_bound(self) -> None:
        """Until it says itself that it is bound; before, it would keep what it is to send for a minute."""
        self._until("online")

    def stop(self) -> None:
        """Both, the inner one last."""
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=5)
            process.kill()
            process.wait()
        rmtree(self.folder, ignore_errors=True)

    def send(self, to: str, text: str, **more: Any) -> str:
        """What it answers to a request to send, with a receipt asked for."""
        report = f"{self.told}/dlr?state=%d"
        asked = {"username": "desk", "password": "secret", "to": to, "text": text, "dlr-mask": 31, "dlr-url": report}
        query = urlencode({**asked, "charset": "UTF-8", **more})
        with urlopen(f"http://127.0.0.1:{self.sends}/cgi-bin/sendsms?{query}", timeout=60) as answer:
            said: str = answer.read().decode()
        return said

    def log(self) -> str:
        """What both wrote."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def _run(self, name: str) -> None:
        command = [f"/usr/sbin/{name}", "-v", "0", "-F", str(self.folder / f"{name}.log"), "kannel.conf"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._processes.append(subprocess.Popen(command, cwd=self.folder, **quiet))  # type: ignore[call-overload]

    def _until(self, words: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        status = f"http://127.0.0.1:{self._admin}/status.txt?password=secret"
        while True:
            with suppress(URLError, ConnectionError), urlopen(status, timeout=10) as answer:
                if words in answer.read().decode():
                    return
            assert time.monotonic() < deadline, self.log()
            time.sleep(_LOOK_S)

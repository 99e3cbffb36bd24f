"""A Postfix of its own on a free loopback port: takes mail for two domains, bounces the rest, lets nothing out."""

import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from pathlib import Path

from tests.support.ports import find_free_port

PATIENCE_S = 60.0

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = {folder}
maillog_file = {folder}/mail.log
myhostname = mx.shop.example
myorigin = shop.example
mydestination =
local_recipient_maps =
local_transport = error:5.1.1 no such user
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtputf8_enable = yes
smtpd_relay_restrictions = permit_mynetworks, reject
virtual_mailbox_domains = gone.example, shop.example, customer.example, k\u00fche.example, xn--khe-hoa.example
virtual_mailbox_base = {folder}
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
virtual_minimum_uid = 100
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
transport_maps = inline:{{ {{desk.example = {desk}}}, {{gone.example = virtual:}} }}
relay_domains = desk.example
default_transport = error:5.1.1 nobody lives there
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
transport_retry_time = 1s
service_throttle_time = 1s
bounce_notice_recipient = postmaster@shop.example
"""

_MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Hands mail for shop.example and customer.example to `lmtp`, and for desk.example to `desk` (`lmtp:inet:...`)."""

    def __init__(self, lmtp: int, desk: str) -> None:
        if os.geteuid() != 0:
            raise RuntimeError("Postfix must be started as root, so these tests must run as root, as in a container.")
        self.folder = Path(tempfile.mkdtemp(prefix="postfix-"))
        self.folder.chmod(0o755)
        self.smtp = find_free_port()
        for name in ("queue", "data", "etc"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        config = self.folder / "etc"
        (config / "main.cf").write_text(_MAIN.format(folder=self.folder, lmtp=lmtp, desk=desk))
        (config / "master.cf").write_text(_MASTER.format(smtp=self.smtp))

    def start(self) -> None:
        """Returns when it takes mail."""
        self._run("start")
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", self.smtp):
                    return
            except OSError:
                assert time.monotonic() < deadline, self.log()
                time.sleep(0.05)

    def stop(self) -> None:
        """Ends it for good."""
        self._run("stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """What it said."""
        path = self.folder / "mail.log"
        return path.read_text() if path.exists() else ""

    def submit(self, mail: bytes, sender: str, *to: str) -> None:
        """Somebody out there sends a mail."""
        with smtplib.SMTP("127.0.0.1", self.smtp) as client:
            client.sendmail(sender, list(to), mail)

    def _run(self, verb: str) -> None:
        command = ["postfix", "-c", str(self.folder / "etc"), verb]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}{self.log()}"

"""A Dovecot of its own: IMAP and LMTP on free loopback ports, mail in a temporary folder, any user, one password."""

import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from pathlib import Path

from tests.support.ports import find_free_port

from .certificates import make_certificate

PASSWORD = "correct-horse"
PATIENCE_S = 60.0

_CONFIG = """
protocols = imap lmtp
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
instance_name = {folder}
ssl = yes
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %Lu
mail_location = maildir:{folder}/mail/%Lu
mail_uid = dovecot
mail_gid = dovecot
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=dovecot gid=dovecot home={folder}/mail/%Lu allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


class Dovecot:
    """Runs from `start` to `stop`; `pause` and `resume` end and begin its life without losing its mail."""

    def __init__(self) -> None:
        if os.geteuid() != 0:
            raise RuntimeError("Dovecot serves several users, so these tests must run as root, as in a container.")
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-"))
        self.folder.chmod(0o755)
        self.imap, self.imaps, self.lmtp = (find_free_port() for _ in range(3))
        self.certificate = make_certificate(self.folder)
        (self.folder / "mail").mkdir()
        shutil.chown(self.folder / "mail", "dovecot", "dovecot")
        config = _CONFIG.format(folder=self.folder, imap=self.imap, imaps=self.imaps, lmtp=self.lmtp, password=PASSWORD)
        (self.folder / "dovecot.conf").write_text(config)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it takes mail."""
        self._process = subprocess.Popen(["dovecot", "-F", "-c", self.folder / "dovecot.conf"])
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with smtplib.LMTP("127.0.0.1", self.lmtp):
                    return
            except OSError:
                assert time.monotonic() < deadline, self.log()
                assert self._process.poll() is None, self.log()
                time.sleep(0.05)

    def halt(self) -> None:
        """Ends it; its mail stays."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
            self._process = None

    def stop(self) -> None:
        """Ends it for good."""
        self.halt()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """What it said."""
        path = self.folder / "dovecot.log"
        return path.read_text() if path.exists() else ""

    def deliver(self, mail: bytes, to: str, sender: str = "maya@customer.example") -> None:
        """Puts a mail into somebody's mailbox, as a mail server does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            client.sendmail(sender, [to], mail, mail_options=["SMTPUTF8"] if not (sender + to).isascii() else [])

    def mails(self, user: str) -> list[bytes]:
        """Every mail in somebody's inbox, as it lies there."""
        box = self.folder / "mail" / user.lower()
        return [path.read_bytes() for path in sorted(box.glob("new/*")) + sorted(box.glob("cur/*"))]

"""What a person sets for one mailbox."""

from dataclasses import dataclass
from typing import Literal

from gateway.sdk import secret, setting
from gateway_email.addresses import canonical
from gateway_email.headers import one_line

_SMTP_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_IMAP_PORTS = {"none": 143, "starttls": 143, "tls": 993}


@dataclass(frozen=True, slots=True)
class Settings:
    """One mailbox: where its mail goes out and where it comes in. What has no host or port is not used.

    ValueError, with a sentence, for what can't work.
    """

    address: str = setting(label="Address", hint="The mailbox's own, such as support@company.example.")
    display_name: str = setting("", label="Name", hint="What people see beside the address.")
    smtp_host: str = setting("", label="SMTP host", hint="Empty: this gateway sends nothing.")
    smtp_port: int = setting(0, label="SMTP port", hint="0: the usual one for this kind of encryption.", minimum=0)
    smtp_security: Literal["none", "starttls", "tls"] = setting("starttls", label="SMTP encryption")
    smtp_username: str = setting("", label="SMTP user")
    smtp_password: str = secret("", label="SMTP password")
    imap_host: str = setting("", label="IMAP host", hint="Empty: no mailbox is read.")
    imap_port: int = setting(0, label="IMAP port", hint="0: the usual one for this kind of encryption.", minimum=0)
    imap_security: Literal["none", "starttls", "tls"] = setting("tls", label="IMAP encryption")
    imap_username: str = setting("", label="IMAP user", hint="Empty: the address.")
    imap_password: str = secret("", label="IMAP password")
    imap_folder: str = setting("INBOX", label="IMAP folder")
    listen_host: str = setting("127.0.0.1", label="Listen on", hint="For a mail server of yours that hands mail over.")
    listen_port: int = setting(0, label="Listen on port", hint="0: nothing listens.", minimum=0)
    listen_protocol: Literal["smtp", "lmtp"] = setting("smtp", label="Listen for")
    dkim_selector: str = setting("", label="DKIM selector", hint="Empty: mail is not signed here.")
    dkim_key: str = secret("", label="DKIM key", hint="RSA private key, PEM.")

    def __post_init__(self) -> None:
        """Refuse what can't work, all of it in one sentence each."""
        if canonical(self.address) is None:
            raise ValueError("The address is no e-mail address: those look like name@company.example.")
        if one_line(self.display_name) != self.display_name:
            raise ValueError("The name must be one line of plain text.")
        for port in (self.smtp_port, self.imap_port, self.listen_port):
            if port > 65_535:
                raise ValueError(f"{port} is no port: those go up to 65535.")
        if bool(self.dkim_selector) != bool(self.dkim_key):
            raise ValueError("DKIM needs both, the selector and the key.")

    @property
    def mailbox(self) -> str:
        """The address in its canonical spelling."""
        return canonical(self.address) or self.address

    @property
    def smtp_at(self) -> int:
        """The port mail goes out to."""
        return self.smtp_port or _SMTP_PORTS[self.smtp_security]

    @property
    def imap_at(self) -> int:
        """The port the mailbox is read at."""
        return self.imap_port or _IMAP_PORTS[self.imap_security]

    @property
    def receives(self) -> bool:
        """Whether mail comes in here, by either way."""
        return bool(self.imap_host or self.listen_port)

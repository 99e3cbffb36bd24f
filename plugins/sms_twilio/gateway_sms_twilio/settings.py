"""What a person sets for one Twilio account."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from gateway.sdk import secret, setting

API_BASE = "https://api.twilio.com"

_SIDS = {"account_sid": "AC", "messaging_service_sid": "MG"}


@dataclass(frozen=True, slots=True)
class Settings:
    """One account, or subaccount, of Twilio."""

    account_sid: str = setting(label="Account SID", hint="AC and 32 characters, from the console's first page.")
    auth_token: str = secret(label="Auth token")
    next_auth_token: str = secret("", label="Next auth token", hint="While tokens are rotated, both are good.")
    api_base: str = setting(API_BASE, label="API address", hint="Another one for a region, such as api.ie1.twilio.com.")
    messaging_service_sid: str = setting("", label="Messaging Service", hint="MG and 32 characters; empty for none.")
    backfill_minutes: float = setting(
        60.0, label="Look back", hint="Minutes back in which missed messages are looked for; 0 never looks.", minimum=0
    )

    def __post_init__(self) -> None:
        """Refuse what can be no SID, no token and no address. Raises ValueError with a sentence for people."""
        for name, prefix in _SIDS.items():
            value = getattr(self, name)
            if value and not re.fullmatch(rf"{prefix}[0-9A-Za-z]+", value):
                raise ValueError(f"{name} begins with {prefix} and has letters and digits only.")
        if not self.account_sid or not self.auth_token:
            raise ValueError("account_sid and auth_token are both needed.")
        parts = urlsplit(self.api_base)
        plain = parts.scheme in {"http", "https"} and parts.hostname and parts.username is None
        if not plain or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(f"api_base is an address such as {API_BASE}, and nothing behind the host.")

    @property
    def origin(self) -> str:
        """The API's address without a slash at the end."""
        return self.api_base.rstrip("/")

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens that are good at the moment, the one in use first."""
        return tuple(token for token in (self.auth_token, self.next_auth_token) if token)

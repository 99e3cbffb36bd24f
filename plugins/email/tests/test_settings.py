"""Settings that can't work are refused with a sentence; ports follow the encryption."""

from typing import Any

import pytest

from gateway_email.settings import Settings


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"address": "no address"}, "no e-mail address"),
        ({"display_name": "Shop\r\nBcc: x@y.example"}, "one line"),
        ({"display_name": "Sh\u202eop"}, "one line"),
        ({"imap_port": 70_000}, "no port"),
        ({"dkim_selector": "mail"}, "both"),
        ({"dkim_key": "key"}, "both"),
    ],
)
def test_what_cannot_work(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Settings(**{"address": "help@desk.example", **given})


@pytest.mark.parametrize(("security", "smtp", "imap"), [("none", 25, 143), ("starttls", 587, 143), ("tls", 465, 993)])
def test_the_usual_ports(security: Any, smtp: int, imap: int) -> None:
    chosen = Settings("help@desk.example", smtp_security=security, imap_security=security)
    assert (chosen.smtp_at, chosen.imap_at) == (smtp, imap)
    assert Settings("help@desk.example", smtp_port=2525).smtp_at == 2525


def test_the_address_is_canonical_and_secrets_are_not_shown() -> None:
    chosen = Settings("Help@K\u00dcCHE.example", smtp_password="hush-hush")
    assert chosen.mailbox == "help@k\u00fcche.example"
    assert not chosen.receives
    assert "hush-hush" not in repr(chosen)

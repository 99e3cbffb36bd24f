"""From: what is offered, through which gateway, at which price, and what the form says back."""

from gateway.core.workspace_view import WorkspaceView, view_of
from gateway.domain.address import AddressKind
from gateway.domain.ids import format_id
from gateway.domain.sender import Capabilities, SenderKind
from gateway.domain.settings import Gateway, Sender, Workspace
from gateway.web.language import ENGLISH
from gateway.web.pages.senders import chosen_from, groups_of

LINE, BACKUP = 21, 22
BOTH, ONE = 31, 32
PRICES = {"sms": "0.01", "currency": "USD", "to": {"+44": {"sms": "0.05"}}}
VIEW: WorkspaceView = view_of(
    Workspace(1, "Harbour & Pine", 0),
    {
        "gateways": [
            Gateway(1, LINE, "simulator", "Main line", "a" * 24, 0, prices=PRICES),
            Gateway(1, BACKUP, "simulator", "Backup", "b" * 24, 0),
        ],
        "senders": [
            Sender(1, BOTH, SenderKind.LONG_CODE, "+14155550132", 0, gateway_ids=(LINE, BACKUP)),
            Sender(1, ONE, SenderKind.LONG_CODE, "+14155550133", 0, gateway_ids=(LINE,)),
        ],
        "pools": [],
        "tags": [],
        "lists": [],
        "users": [],
        "groups": [],
    },
)


def offered(to: str) -> dict[str, dict[str, str]]:
    """Prices by id, by gateway."""
    groups = groups_of(VIEW, lambda gateway, sender: Capabilities(sms=True), ENGLISH, None, AddressKind.PHONE, to)
    return {group.gateway: {option.id: option.price for option in group.options} for group in groups}


def test_a_number_on_two_gateways_is_offered_through_each() -> None:
    both, one = format_id("snd", BOTH), format_id("snd", ONE)
    line, backup = format_id("gtw", LINE), format_id("gtw", BACKUP)
    assert offered("+14155550148") == {
        "Main line": {f"{both}~{line}": "$0.01 a part", one: "$0.01 a part"},
        "Backup": {f"{both}~{backup}": ""},
    }
    assert offered("+442079460123")["Main line"][one] == "$0.05 a part"


def test_what_the_form_says_back() -> None:
    both, line = format_id("snd", BOTH), format_id("gtw", LINE)
    assert chosen_from("") == (None, None)
    assert chosen_from(both) == (both, None)
    assert chosen_from(f"{both}~{line}") == (both, LINE)
    assert chosen_from(f"{both}~rubbish") == (both, None)

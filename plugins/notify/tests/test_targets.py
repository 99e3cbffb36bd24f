"""Which targets are taken, and which are not."""

import apprise
import pytest

from gateway_notify.targets import SCHEMES, complaint


@pytest.mark.parametrize("target", ["json://shop.example/hook", "NTFYS://ntfy.example/topic", " slack://a/b/c "])
def test_a_target(target: str) -> None:
    assert complaint(target) is None


@pytest.mark.parametrize(
    "target",
    [
        "", "shop.example", "syslog://", "macosx://", "dbus://", "windows://", "mailto://me:secret@shop.example", "file:///etc/passwd",
        "json://shop.example/a b", "json://" + "x" * 2_000, "https://shop.example/",
    ],
)  # fmt: skip
def test_no_target(target: str) -> None:
    wrong = complaint(target)
    assert wrong
    assert "secret" not in wrong


# It imports all its services, some of which import what is on its way out of Python.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_every_scheme_is_one_of_apprise() -> None:
    manager = apprise.plugins.N_MGR
    assert [one for one in sorted(SCHEMES) if one not in manager] == []

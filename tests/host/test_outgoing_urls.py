"""Addresses of programs, judged when somebody enters them."""

import pytest

from gateway.host.outgoing_urls import FORBIDDEN, url_fault
from gateway.host.reachable import Reachable


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://127.1:8080/hook", "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/",
        "http://0/", "https://10.0.0.7/hook", "http://169.254.169.254/latest", "http://[::1]/", "http://[::ffff:a00:1]/",
        "http://localhost/", "http://LOCALHOST.:9/", "http://api.localhost/", "http://localhost.localdomain/",
        "http://10.0.0.7./",
    ],
)  # fmt: skip
def test_what_nobody_outside_could_reach_is_refused(url: str) -> None:
    fault = url_fault(Reachable(), "url", url)
    assert fault is not None
    assert (fault.field, fault.code) == ("url", FORBIDDEN)
    assert "ONETHREAD_ALLOW_HOSTS" in fault.message


@pytest.mark.parametrize("url", ["", "nowhere", "ftp://shop.example/", "http://u:p@shop.example/", "http://[x]/"])
def test_what_is_no_address_is_refused_with_another_word(url: str) -> None:
    fault = url_fault(Reachable(), "url", url)
    assert fault is not None
    assert fault.code == "invalid"


@pytest.mark.parametrize(
    ("allowed", "url", "passes"),
    [
        ("", "https://shop.example/hook", True),
        ("", "http://8.8.8.8:9000/", True),
        ("", "https://intranet.local/", True),  # a name: what it stands for is looked at when it is dialled
        ("localhost:8080", "http://localhost:8080/", True),
        ("localhost:8080", "http://localhost:8081/", False),
        ("127.0.0.0/8", "http://localhost/", True),
        ("127.0.0.0/8", "http://2130706433/", True),
        ("::1", "http://localhost/", True),
        ("10.0.0.0/8", "http://localhost/", False),
        ("10.0.0.7:443", "https://10.0.0.7/", True),
    ],
)
def test_what_the_operator_let_through_is_taken(allowed: str, url: str, passes: bool) -> None:
    assert (url_fault(Reachable([allowed]), "url", url) is None) is passes

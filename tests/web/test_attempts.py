"""The brake on guessing: who is counted as one, and who isn't."""

import pytest

from gateway.web.auth.attempts import Attempts

TRIES = 3


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("203.0.113.5", "203.0.113.5", True),
        ("203.0.113.5", "203.0.113.6", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:abcd::9", True),  # a /64 is what one customer has, and one machine
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.5", "203.0.113.5", True),
        ("::ffff:203.0.113.5", "::ffff:203.0.113.6", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("user 5", "user 6", False),
        ("", "", True),
    ],
)
def test_addresses_that_count_as_one(one: str, another: str, same: bool) -> None:
    attempts = Attempts(TRIES, 900, lambda: 0.0)
    for _ in range(TRIES):
        assert attempts.wait("ann@team.example", another) is None
        attempts.failed("Ann@team.example", one)
    assert (attempts.wait("ann@team.example", another) is not None) is same
    attempts.succeeded("ann@team.example", another)
    assert (attempts.wait("ann@team.example", one) is None) is same

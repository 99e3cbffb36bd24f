"""A clock of its own for each test."""

import pytest

from tests.host.parts import Moment


@pytest.fixture
def moment() -> Moment:
    return Moment()

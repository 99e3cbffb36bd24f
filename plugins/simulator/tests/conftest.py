"""A network of its own for each test."""

import pytest

from .network import Network


@pytest.fixture
def network() -> Network:
    """A simulator's surroundings; its channels share one store."""
    return Network()

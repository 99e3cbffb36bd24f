"""What pytest loads by itself where Onethread is installed. It costs those nothing who don't use it."""

import pytest

# Before anything imports them, so that a check that fails shows the values it compared.
pytest.register_assert_rewrite(
    "gateway.testing.cases",
    "gateway.testing.contract",
    "gateway.testing.contract_secrets",
    "gateway.testing.contract_sends",
    "gateway.testing.contract_webhooks",
    "gateway.testing.contract_whole",
)

"""The pages of automations: a form that never loses what was typed, buttons that change it, a log with ways back."""

import pytest

from gateway.domain.visibility import Role
from tests.web.client import Client
from tests.web.conftest import World
from tests.web.test_settings_frame import see, send, signed_in
from tests.web.test_sign_in import Browser


@pytest.fixture
async def ann(world: World) -> Browser:
    return await signed_in(world, Role.ADMINISTRATOR)


async def test_every_start_is_a_rule_that_can_be_saved(ann: Browser, admin: Client) -> None:
    for start in ("survey", "thanks", "webhook", "nonsense"):
        page = await see(ann, f"/settings/automations/new?start={start}")
        assert "conversation_completed" in page

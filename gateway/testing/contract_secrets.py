"""Secrets and texts stay where they belong."""

import dataclasses
import logging
from pathlib import Path
from typing import Any

import pytest
import structlog

from gateway.host.settings import parse_settings
from gateway.sdk import Channel, MediaReference, SendError
from gateway.sdk.faults import Fault, only
from gateway.sdk.settings import is_secret
from gateway.testing.contract import ContractBase, needs
from gateway.testing.provider import Answer, FakeProvider, Heard
from gateway.testing.stage import Stage
from gateway.testing.tampering import broken

_SECRET_NAMES = ("password", "secret", "token", "api_key", "private_key", "passphrase")
_WORDS = "Meet me at the old lighthouse"
_PIXEL = b"\x89PNG\r\n\x1a\n"


class SecretChecks(ContractBase):
    """Nothing that a person may see shows a secret, or what somebody wrote."""

    async def test_settings_that_are_secret_say_so(self, stage: Stage[Channel]) -> None:
        plain = [
            field.name
            for field in dataclasses.fields(stage.settings)
            if any(word in field.name for word in _SECRET_NAMES) and not is_secret(field)
        ]
        assert plain == [], "declare them with gateway.sdk.secret()"

    async def test_settings_are_strict(self, stage: Stage[Channel], far: Any) -> None:
        assert parse_settings(self.channel.Settings, self.settings(far)) == stage.settings
        with pytest.raises(Exception, match="settings don't fit"):
            parse_settings(self.channel.Settings, {**self.settings(far), "no_such_setting": 1})

    async def test_secrets_and_texts_are_shown_nowhere(
        self, stage: Stage[Channel], far: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        said: list[str] = [repr(stage.channel), repr(stage.settings), str(stage.settings)]
        with structlog.testing.capture_logs() as lines:
            said += [repr(await stage.send(self.message(_WORDS)))]
            for fault in self.kinds:
                if fault is not Fault.HANG:
                    await far.turn(only(fault))
                    said += [repr(await stage.send(self.message(_WORDS), deadline_s=self.deadline_s))]
            for case in self.inbound:
                await stage.receive(case.request)
                await stage.receive(self.signed(stage, case.request))
                for _, request in broken(case.request):
                    await stage.receive(self.signed(stage, request))
        said += (
            [repr(line) for line in lines] + [repr(line) for line in stage.trace] + [repr(one) for one in stage.health]
        )
        said += [f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records]
        for secret in stage.secrets:
            assert [line for line in said if secret in line] == [], "a secret shows"
        assert [line for line in said if _WORDS in line] == [], "a text shows"

    @needs("media")
    async def test_media_elsewhere_is_fetched_without_secrets(self, stage: Stage[Channel]) -> None:
        async with FakeProvider(_picture) as stranger:
            url = f"{stranger.url}/picture.png".replace("127.0.0.1", "localhost")
            fetched = await stage.channel.fetch_media(MediaReference("image/png", url=url))
            assert fetched.content == _PIXEL
            for heard in stranger.heard:
                for secret in stage.secrets:
                    assert secret not in repr(heard)
                assert "authorization" not in heard.headers, "credentials go to the provider's own host alone"

    @needs("media")
    async def test_media_on_a_private_address_is_not_fetched(self, far: Any, tmp_path: Path) -> None:
        async with (
            FakeProvider(_picture) as stranger,
            Stage(self.channel, self.settings(far), tmp_path, make=self.make, loopback=False) as stage,
        ):
            port = stranger.url.rpartition(":")[2]
            for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0"):  # noqa: S104
                with pytest.raises(SendError):
                    await stage.channel.fetch_media(MediaReference("image/png", url=f"http://{host}:{port}/a.png"))
            assert len(stranger.heard) == 0

    @needs("media")
    async def test_media_that_is_not_there_is_tried_again(self, stage: Stage[Channel]) -> None:
        async with FakeProvider(lambda heard: Answer(404)) as stranger:
            with pytest.raises(SendError):
                await stage.channel.fetch_media(MediaReference("image/png", url=f"{stranger.url}/gone.png"))


def _picture(heard: Heard) -> Answer:
    return Answer(200, _PIXEL, "image/png")

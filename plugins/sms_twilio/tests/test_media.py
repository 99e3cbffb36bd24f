"""Files of messages: all of them, and our credentials for Twilio's own host alone."""

import pytest

from gateway.sdk import MediaReference, SendError
from gateway.testing import FakeProvider, Stage
from gateway_sms_twilio.channel import TwilioChannel
from gateway_sms_twilio.inbound import media_of

from .conftest import MakeStage
from .twilio import NEXT_TOKEN, PICTURE, FakeTwilio


async def test_each_file_is_fetched_and_its_store_sees_no_credentials(
    stage: Stage[TwilioChannel], twilio: FakeTwilio
) -> None:
    references = media_of(twilio.receive("", files=10))
    assert len(references) == 10
    for reference in references:
        fetched = await stage.channel.fetch_media(reference)
        assert (fetched.content, fetched.content_type, fetched.size) == (PICTURE, "image/png", len(PICTURE))
    for heard in twilio.heard:
        assert ("authorization" in heard.headers) is not heard.path.startswith("/store/")


async def test_the_next_token_fetches_too(make_stage: MakeStage, twilio: FakeTwilio) -> None:
    stage = make_stage(next_auth_token=NEXT_TOKEN)
    twilio.tokens = [NEXT_TOKEN]
    [reference] = media_of(twilio.receive("", files=1))
    assert (await stage.channel.fetch_media(reference)).content == PICTURE


@pytest.mark.parametrize("spelling", ["{other}", "{own}@{other}", "{own}.{other}"])
async def test_a_host_that_only_looks_like_twilio_gets_none(
    stage: Stage[TwilioChannel], twilio: FakeTwilio, spelling: str
) -> None:
    async with FakeProvider() as other:
        hosts = {"own": twilio.url.removeprefix("http://"), "other": other.url.removeprefix("http://")}
        url = f"http://{spelling.format(**hosts)}/picture"
        with pytest.raises(SendError):
            await stage.channel.fetch_media(MediaReference("image/png", url))
        assert len(other.heard) == (spelling == "{other}")
        assert all("authorization" not in heard.headers for heard in (*other.heard, *twilio.heard))


@pytest.mark.parametrize("url", ["", "no url", "http://[", "file:///etc/passwd", "http://127.0.0.1:99999/"])
async def test_what_is_no_address_is_refused(stage: Stage[TwilioChannel], url: str) -> None:
    with pytest.raises(SendError):
        await stage.channel.fetch_media(MediaReference("image/png", url))


async def test_a_file_that_is_gone_is_tried_again(stage: Stage[TwilioChannel], twilio: FakeTwilio) -> None:
    [reference] = media_of(twilio.receive("", files=1))
    twilio.files.clear()
    with pytest.raises(SendError, match="status 404"):
        await stage.channel.fetch_media(reference)

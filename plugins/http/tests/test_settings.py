"""What an administrator may enter, and what comes of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.sdk import Inbound, MediaReference, Receipt, SendResult
from gateway.sdk.documents import fill, look_text, parse_path
from gateway.sdk.text import Status
from gateway.testing import CONTACT, OUR_NUMBER, FakeProvider, Stage, get, json_answer, outbound, post_json
from gateway_http import channel
from gateway_http.channel import HttpChannel
from gateway_http.settings import Settings

URL = "https://api.example/messages"
CHANNEL_LINES = 100


def test_a_plain_channel_is_short() -> None:
    assert len(Path(channel.__file__).read_text(encoding="utf-8").splitlines()) <= CHANNEL_LINES


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", "1"),
        ("$.a", "1"),
        ("b.c", "2"),
        ("b.d[1].e", "x"),
        ("b.d[2].e", None),
        ("a.b", None),
        ("b", None),
        ("t", None),
    ],
)
def test_paths(path: str, found: str | None) -> None:
    assert look_text({"a": "1", "b": {"c": 2, "d": [{}, {"e": "x"}]}, "t": True}, path) == found


@pytest.mark.parametrize(
    "wrong",
    [
        {"send_url": "api.example"},
        {"send_template": "{{to}}"},
        {"send_template": '{"to": "{{recipient}}"}'},
        {"send_template": '["{{to}}"]', "send_as": "form"},
        {"inbound_from": "a[b]"},
        {"answer_id": "a..b"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_could_never_work_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"send_|path|template"):
        Settings(**{"send_url": URL, **wrong})


def test_no_path_is_the_document() -> None:
    assert parse_path("$") == parse_path("") == ()


def test_nothing_anybody_writes_breaks_out_of_a_template() -> None:
    words = {"to": CONTACT, "body": '", "to": "+19005550100', "media": ["https://a.example/1"]}
    filled = fill({"n": ["{{ to }}"], "t": "say: {{body}}", "m": "{{media}}", "k": 1}, words)
    assert filled == {"n": [CONTACT], "t": f"say: {words['body']}", "m": words["media"], "k": 1}


@pytest.mark.parametrize(
    ("settings", "where", "told"),
    [
        ({"send_as": "form"}, "form", {"text": ["a & b=c"], "to": [CONTACT], "m": ["https://a.example/1", "https://a.example/2"]}),
        ({"send_as": "query", "send_method": "GET"}, "query", {"text": ["a & b=c"], "to": [CONTACT]}),
    ],
)  # fmt: skip
async def test_a_message_may_be_a_form_or_a_query(
    tmp_path: Path, settings: dict[str, Any], where: str, told: dict[str, list[str]]
) -> None:
    template = {"text": "{{body}}", "to": "{{to}}", "m": "{{media}}"}
    media = tuple(MediaReference("image/png", url=f"https://a.example/{number}") for number in (1, 2))
    async with FakeProvider() as far:
        given = {"send_url": f"{far.url}/m?key=1", "send_template": template, **settings}
        async with Stage(HttpChannel, given, tmp_path) as stage:
            message = outbound("a & b=c", media=media)
            assert isinstance(await stage.send(message), SendResult)
        heard = far.heard[0]
        found = heard.form() if where == "form" else heard.query
        assert {name: list(found[name]) for name in told} == told
        assert heard.query["key"] == ["1"]


async def test_the_secret_may_stand_in_a_header(tmp_path: Path) -> None:
    async with FakeProvider() as far:
        given = {"send_url": far.url, "secret": "a-key-of-ours", "headers": {"X-Key": "k {{secret}}"}}
        async with Stage(HttpChannel, given, tmp_path) as stage:
            await stage.send(outbound())
        assert far.heard[0].headers["x-key"] == "k a-key-of-ours"


async def test_several_in_one_webhook_in_their_own_words(tmp_path: Path) -> None:
    given = {
        "send_url": URL,
        "items": "results",
        "inbound_from": "source.number",
        "inbound_body": "content[0].text",
        "receipt_states": {"ARRIVED": "delivered"},
    }
    both = [
        {"id": str(number), "source": {"number": CONTACT}, "to": OUR_NUMBER, "content": [{"text": f"n{number}"}]}
        for number in (1, 2)
    ]
    async with Stage(HttpChannel, given, tmp_path) as stage:
        await stage.receive(post_json({"results": both}))
        await stage.receive(post_json({"results": [{"id": "9", "status": "ARRIVED"}]}, "status"))
        assert [item.body for item in stage.inbounds] == ["n1", "n2"]
        assert [(one.provider_ids, one.state) for one in stage.receipts] == [(("9",), Status.DELIVERED)]


async def test_a_query_says_it_too(tmp_path: Path) -> None:
    async with Stage(HttpChannel, {"send_url": URL}, tmp_path) as stage:
        await stage.receive(get({"from": CONTACT, "to": OUR_NUMBER, "body": "Hi", "id": "1"}))
        assert stage.inbounds == [Inbound(CONTACT, OUR_NUMBER, "Hi", provider_id="1")]


async def test_without_an_id_of_its_own_the_api_names_ours(tmp_path: Path) -> None:
    async with (
        FakeProvider(lambda heard: json_answer("ok")) as far,
        Stage(HttpChannel, {"send_url": far.url}, tmp_path) as stage,
    ):
        result = await stage.send(outbound())
        assert isinstance(result, SendResult)
        ours = json.loads(far.heard[0].body)["id"]
        assert [part.provider_id for part in result.parts] == [ours]
        read = post_json({"id": ours, "status": "read"}, "status")
        assert stage.channel.parse(read) == [Receipt((ours,), Status.READ, code="read", raw=read.body)]


async def test_an_old_signature_is_no_proof(tmp_path: Path) -> None:
    given = {"send_url": URL, "secret": "a-secret-of-ours"}
    async with Stage(HttpChannel, given, tmp_path) as stage:
        request = post_json({"from": CONTACT, "to": OUR_NUMBER, "body": "Hi"})
        headers = stage.channel._headers("w-1", request.body)
        signed = post_json({"from": CONTACT, "to": OUR_NUMBER, "body": "Hi"}, headers=headers)
        assert stage.channel.verify(signed)
        stage.clock.advance(301)
        assert not stage.channel.verify(signed)

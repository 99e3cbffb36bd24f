"""Pictures that a mail shows from elsewhere: nothing is fetched before somebody asks, and then by us, within bounds."""

from base64 import b64encode
from io import BytesIO

from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from gateway.core.caller import system
from gateway.core.commands.messages import ReceiveMessage, StoredFile
from gateway.domain.address import provider_address
from gateway.domain.ids import format_id
from gateway.domain.visibility import Role
from gateway.web.remote_pictures import LARGEST, MOST, remote_urls
from tests.web.conftest import Serve, World


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, "PNG")
    return out.getvalue()


class Elsewhere:
    """A web server that remembers what it was asked for, and with which headers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}
        app = web.Application()
        app.router.add_get("/{name}", self.answer)
        self.server = TestServer(app)

    async def answer(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.asked.append(name)
        self.headers = dict(request.headers)
        match name:
            case "good.png":
                return web.Response(body=picture(), content_type="text/html")
            case "script.png":
                return web.Response(body=b"<svg onload='alert(1)'/>", content_type="image/png")
            case "large.png":
                return web.Response(body=picture() + b"\0" * LARGEST, content_type="image/png")
            case "inside.png":
                raise web.HTTPFound("http://169.254.169.254/latest/meta-data")
        raise web.HTTPNotFound


async def mail_with(world: World, html: str) -> str:
    """A mail that came in formatted; its id."""
    content = html.encode()
    blob = await world.state.blobs.put(content)
    workspace = (await world.state.directory.workspace_ids())[0]
    view = await world.state.directory.get(workspace)
    command = ReceiveMessage(
        gateway_id=next(iter(view.gateways)),
        sender=provider_address("maya@mail.example"),
        recipient=provider_address("+12025550100"),
        body="Look",
        provider_key="mail-1",
        account="mail",
        channel="email",
        html=StoredFile("text/html", len(content), blob),
    )
    received = await world.state.writer.execute(command, system(workspace))
    assert received.message is not None
    return format_id("msg", received.message.id)


async def test_nothing_is_fetched_until_asked_and_only_pictures_are_shown(serve_here: Serve) -> None:
    elsewhere = Elsewhere()
    async with elsewhere.server:
        root = f"http://127.0.0.1:{elsewhere.server.port}"
        world = await serve_here(allow_hosts=[f"127.0.0.1:{elsewhere.server.port}"])
        agent = await world.someone(Role.AGENT)
        names = ("good.png", "script.png", "large.png", "inside.png", "missing.png")
        html = "".join(f"<img src='{root}/{name}' alt='{name}'>" for name in names)
        made = await mail_with(world, f"{html}<img src='http://10.0.0.1/a.png'><img src='javascript:alert(1)'>")
        plain = await agent.get(f"/messages/{made}/html")
        assert (plain.status, elsewhere.asked) == (200, [])
        assert root not in plain.text
        shown = await agent.get(f"/messages/{made}/html?pictures=true")
        assert sorted(elsewhere.asked) == sorted(names)
        assert shown.text.count("src=") == 1
        assert f"data:image/png;base64,{b64encode(picture()).decode()}" in shown.text
        assert root not in shown.text
        assert "img-src data:;" in shown.headers["Content-Security-Policy"]
        assert not {"Cookie", "Referer", "Authorization"} & set(elsewhere.headers)


async def test_private_addresses_stay_out_of_reach(world: World) -> None:
    elsewhere = Elsewhere()
    async with elsewhere.server:
        agent = await world.someone(Role.AGENT)
        made = await mail_with(world, f"<img src='http://127.0.0.1:{elsewhere.server.port}/good.png'>")
        shown = await agent.get(f"/messages/{made}/html?pictures=true")
        assert (shown.status, elsewhere.asked) == (200, [])
        assert "src=" not in shown.text


async def test_only_so_many_pictures_are_looked_for() -> None:
    many = "".join(f"<img src='https://p.example/{number}.png'>" for number in range(MOST + 5))
    found = await remote_urls(f"{many}{many}<img src='cid:a'><img src='data:image/png;base64,AA=='>".encode())
    assert len(found) == MOST
    assert found[0] == "https://p.example/0.png"
    assert await remote_urls(b"<div>" * 5000) == ()

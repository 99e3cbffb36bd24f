"""`/api/openapi.json`, and `/api/docs`: the same document as a page, with a form to try each call."""

from collections.abc import Callable
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Onethread API</title>
<link rel="stylesheet" href="/api/docs/docs.css">
<script src="/api/docs/docs.js" defer></script>
</head>
<body>
<header>
<h1>Onethread API <small>{version}</small></h1>
<p>{description} The document itself: <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<label for="token">Token to try calls with (kept in this page only)</label>
<input id="token" type="password" autocomplete="off" placeholder="oth_...">
</header>
<nav aria-label="Sections"><ul>{sections}</ul></nav>
<main>
{operations}
<section id="schemas"><h2>Shapes</h2>{schemas}</section>
</main>
</body>
</html>
"""
_FOLDER = Path(__file__).parent
_HAS_BODY = frozenset({"post", "put", "patch"})


class Documentation:
    """The two answers, made when first asked for, once: most processes never are."""

    def __init__(self, describe: Callable[[], dict[str, Any]]) -> None:
        self._describe = describe

    @cached_property
    def _document(self) -> dict[str, Any]:
        return self._describe()

    @cached_property
    def _json(self) -> bytes:
        return msgspec.json.encode(self._document)

    @cached_property
    def _html(self) -> str:
        by_tag: dict[str, list[str]] = {}
        for path, methods in self._document["paths"].items():
            for method, operation in methods.items():
                by_tag.setdefault(operation["tags"][0], []).append(_operation(path, method, operation))
        parts = [
            f'<section id="{_anchor(tag)}"><h2>{escape(tag)}</h2>{"".join(found)}</section>'
            for tag, found in by_tag.items()
        ]
        sections = "".join(f'<li><a href="#{_anchor(tag)}">{escape(tag)}</a></li>' for tag in by_tag)
        schemas = "".join(
            f'<details id="schema-{escape(name)}"><summary>{escape(name)}</summary>'
            f"<pre>{_pretty(schema)}</pre></details>"
            for name, schema in self._document["components"]["schemas"].items()
        )
        info = self._document["info"]
        return _PAGE.format(
            version=escape(info["version"]),
            description=escape(info["description"]),
            sections=sections,
            operations="\n".join(parts),
            schemas=schemas,
        )

    async def document(self, request: web.Request) -> web.Response:
        """OpenAPI 3.1."""
        return web.Response(body=self._json, headers={"Content-Type": "application/json"})

    async def page(self, request: web.Request) -> web.Response:
        """The page to read and to try."""
        return web.Response(text=self._html, content_type="text/html")


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    fields = "".join(_field(parameter) for parameter in operation["parameters"])
    if method in _HAS_BODY:
        name = f"body-{operation['operationId']}"
        schema = _schema_of(operation)
        fields += f'<label for="{name}">Body {schema}</label><textarea id="{name}" name="body" rows="4">{{}}</textarea>'
    responses = ", ".join(
        f"{status} {escape(answer['description'])}" for status, answer in operation["responses"].items()
    )
    return (
        f'<details class="operation"><summary><code class="{method}">{method.upper()}</code> '
        f"<code>{escape(path)}</code> {escape(operation['summary'])}</summary>"
        f"<p>{escape(operation.get('description', ''))}</p><p>Answers: {responses}</p>"
        f'<form data-method="{method.upper()}" data-path="{escape(path)}">{fields}'
        '<button>Try</button><output><pre tabindex="0"></pre></output></form></details>'
    )


def _field(parameter: dict[str, Any]) -> str:
    name, place = escape(parameter["name"]), parameter["in"]
    required = " required" if parameter["required"] else ""
    label = f"{name} <small>{place}</small>"
    return f'<label>{label}<input name="{name}" data-in="{place}"{required}></label>'


def _schema_of(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return ""
    name = escape(content["schema"]["$ref"].rpartition("/")[2])
    return f'(<a href="#schema-{name}">{name}</a>)'


def _pretty(schema: dict[str, Any]) -> str:
    return escape(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode())


def _anchor(tag: str) -> str:
    return escape(tag.lower().replace(" ", "-"))


def routes(documentation: Documentation) -> list[web.AbstractRouteDef]:
    """The document, the page, its script and its style."""
    return [
        web.get("/api/openapi.json", documentation.document),
        web.get("/api/docs", documentation.page),
        web.get("/api/docs/docs.css", _style),
        web.get("/api/docs/docs.js", _script),
    ]


async def _style(request: web.Request) -> web.Response:
    return web.Response(text=(_FOLDER / "docs.css").read_text("utf-8"), content_type="text/css")


async def _script(request: web.Request) -> web.Response:
    return web.Response(text=(_FOLDER / "docs.js").read_text("utf-8"), content_type="text/javascript")

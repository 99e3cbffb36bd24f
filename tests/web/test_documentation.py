"""The document says what the routes do, and a machine that reads it finds nothing that fails."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.client import Client
from tests.web.conftest import World

CALLS = """
POST /messages | POST /messages/preview | GET /messages/{message_id} | PATCH /messages/{message_id}
DELETE /messages/{message_id} | GET /messages/{message_id}/explain | POST /messages/{message_id}/retry
POST /messages/{message_id}/settle | GET /conversations | GET /conversations/{conversation_id}
POST /conversations/{conversation_id}/claim | POST /conversations/{conversation_id}/release
POST /conversations/{conversation_id}/assign | POST /conversations/{conversation_id}/snooze
POST /conversations/{conversation_id}/wake | POST /conversations/{conversation_id}/complete
POST /conversations/{conversation_id}/archive | POST /conversations/{conversation_id}/remove
POST /conversations/{conversation_id}/close | POST /conversations/{conversation_id}/reopen
POST /conversations/{conversation_id}/read | POST /conversations/{conversation_id}/unread
POST /conversations/{conversation_id}/tags | POST /conversations/bulk | GET /threads/{thread_id}
GET /threads/{thread_id}/entries | PUT /threads/by-address/{kind}/{value} | POST /threads/{thread_id}/notes
POST /contacts/{contact_id}/merge | POST /contacts/{contact_id}/unmerge | POST /contacts/{contact_id}/addresses
POST /contacts/{contact_id}/subscribe | POST /contacts/{contact_id}/unsubscribe | GET /contacts/{contact_id}/consent
GET /contacts/{contact_id}/export | GET /gateways/{gateway_id}/health | GET /gateways/{gateway_id}/log
POST /gateways/{gateway_id}/test | POST /gateways/{gateway_id}/pause | POST /gateways/{gateway_id}/resume
GET /workspace | PATCH /workspace | GET /events | GET /events/stream | GET /plugins | GET /work | POST /media
"""
NOUNS = [
    "contacts",
    "gateways",
    "senders",
    "pools",
    "templates",
    "quick-replies",
    "quick-notes",
    "tags",
    "users",
    "groups",
]


@pytest.fixture
async def document(admin: Client) -> Any:
    return (await admin.get("/api/openapi.json")).body


async def test_it_is_valid(document: Any) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == "3.1.0"


async def test_it_has_every_call_of_the_contract(document: Any) -> None:
    has = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    wanted = {call.strip() for line in CALLS.strip().splitlines() for call in line.split("|")}
    assert not wanted - has
    for noun in NOUNS:
        one = next(path for path in document["paths"] if path.startswith(f"/{noun}/{{") and path.count("/") == 2)
        assert {"get", "post"} <= set(document["paths"][f"/{noun}"]), noun
        assert {"get", "patch", "delete"} <= set(document["paths"][one]), noun


def objects_in(document: Any, schema: Any, seen: set[str]) -> Iterator[Any]:
    """Every object with named fields that a schema leads to."""
    if isinstance(schema, list):
        for one in schema:
            yield from objects_in(document, one, seen)
    elif isinstance(schema, dict):
        name = schema.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            yield from objects_in(document, document["components"]["schemas"][name], seen)
        if "properties" in schema:
            yield schema
        for one in schema.values():
            yield from objects_in(document, one, seen)


async def test_every_body_refuses_what_it_does_not_name(admin: Client, document: Any) -> None:
    """Role, workspace, owner: whatever a body has no field for is refused at every depth, not ignored."""
    seen: set[str] = set()
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            body = call.get("requestBody", {"content": {}})["content"].get("application/json")
            for one in objects_in(document, body, seen):
                assert one.get("additionalProperties") is False, f"{method} {path}: {sorted(one['properties'])}"
    assert len(seen) > 60
    for given in ({"workspace_id": "wsp_1"}, {"role": "administrator"}, {"owner": None}, {"state": "closed"}):
        for path, body in (("/contacts", {"name": "Ann"}), ("/messages", {"to": "+12025550177", "body": "Hello"})):
            reply = await admin.post(path, {**body, **given})
            assert (reply.status, [one["field"] for one in reply["errors"]]) == (422, list(given))


async def test_every_answer_that_is_json_is_described(document: Any) -> None:
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            for status, answer in call["responses"].items():
                kinds = {
                    name: kind for name, kind in answer.get("content", {}).items() if name.endswith(("/json", "+json"))
                }
                assert all(kind.get("schema") for kind in kinds.values()), f"{method} {path}: {status}"


async def test_every_operation_is_described(document: Any) -> None:
    names = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names.append(operation["operationId"])
            assert operation["summary"], f"{method} {path}"
            if method == "post" and "multipart" not in str(operation.get("requestBody")):
                assert "Idempotency-Key" in [one["name"] for one in operation["parameters"]]
    assert len(names) == len(set(names))


async def test_the_page_shows_each_call_and_needs_no_other_server(admin: Client, document: Any) -> None:
    page = await admin.get("/api/docs")
    assert page.status == 200
    for path in document["paths"]:
        assert f"<code>{path}</code>" in page.text
    assert "//" not in page.text.replace("<!doctype html>", "")
    for name in ("docs.js", "docs.css"):
        assert (await admin.get(f"/api/docs/{name}")).status == 200


@pytest.mark.timeout(240)
async def test_a_machine_that_reads_the_document_breaks_nothing(world: World, admin: Client, tmp_path: Any) -> None:
    """Schemathesis: generated requests, right and wrong, never give a 500, nor an answer the document doesn't know."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{world.url}/api/openapi.json",
        "--url", f"{world.url}/api/v1", "-H", f"Authorization: Bearer {admin.token}",
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
        "--exclude-path", "/events/stream", "--exclude-path", "/events", "--max-time", "45", "--workers", "1",
        "--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--no-color", "--request-timeout", "20",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=tmp_path
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode().partition("= FAILURES =")[2][:8000] or output.decode()[-8000:]

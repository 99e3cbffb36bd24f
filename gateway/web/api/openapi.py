"""OpenAPI 3.1, made of the same types that validate requests and write answers."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from gateway.domain.ids import PREFIXES
from gateway.web.api.route import Operation
from gateway.web.api.serve import IDEMPOTENCY_KEY
from gateway.web.problems import CONTENT_TYPE, ProblemDetails

BASE = "/api/v1"
_REFERENCE = "#/components/schemas/{name}"
_ANY_OF_THEM = {"schema": {"$ref": _REFERENCE.format(name="ProblemDetails")}}


def describe(operations: Sequence[Operation], version: str) -> dict[str, Any]:
    """The document of these operations."""
    types = _types(operations)
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    schema_of = dict(zip(map(_key, types), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _operation(operation, schema_of, components)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Onethread",
            "version": version,
            "description": "One thread for each contact, over every number and channel. "
            "Errors are RFC 9457 problem details; lists are keyset pages; every POST takes an Idempotency-Key.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": BASE}],
        "security": [{"token": []}, {"session": [], "csrf": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for operation in operations)],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "`gateway token create --role ROLE`"},
                "session": {"type": "apiKey", "in": "cookie", "name": "onethread"},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
            },
        },
    }
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return plain


def _types(operations: Sequence[Operation]) -> list[Any]:
    found: dict[str, Any] = {_key(ProblemDetails): ProblemDetails}
    for operation in operations:
        for kind in (operation.body, operation.answer, operation.query):
            if kind is not None and kind is not type(None) and not (kind is operation.answer and operation.raw):
                found.setdefault(_key(kind), kind)
    return list(found.values())


def _key(kind: Any) -> str:
    return repr(kind)


def _operation(operation: Operation, schema_of: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [*_path(operation), *_query(operation, schema_of, components), *_headers(operation)],
        "responses": _responses(operation, schema_of),
    }
    if operation.description:
        described["description"] = operation.description
    if operation.permission is not None:
        described["x-permission"] = str(operation.permission)
    if operation.body is not None:
        content = {"application/json": {"schema": schema_of[_key(operation.body)]}}
        described["requestBody"] = {"required": not operation.body_optional, "content": content}
    elif operation.consumes is not None:
        form = {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}, "required": ["file"]}
        described["requestBody"] = {"required": True, "content": {operation.consumes: {"schema": form}}}
    return described


def _path(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "in": "path", "required": True, "schema": _path_schema(one.noun)}
        for one in operation.parameters
    ]


def _path_schema(noun: str | None) -> dict[str, Any]:
    if noun is None:
        return {"type": "string", "minLength": 1}
    return {"type": "string", "pattern": f"^{PREFIXES[noun]}_[0-7][0-9A-HJKMNP-TV-Z]{{12}}$"}


def _query(operation: Operation, schema_of: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    name = schema_of[_key(operation.query)]["$ref"].rpartition("/")[2]
    schema = components[name]
    required = schema.get("required", [])
    return [
        {"name": field, "in": "query", "required": field in required, "schema": _without_null(described)}
        for field, described in schema["properties"].items()
    ]


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is there or not; it is never null."""
    if "anyOf" not in schema:
        return schema
    kept = [one for one in schema["anyOf"] if one.get("type") != "null"]
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    return {**rest, **kept[0]} if len(kept) == 1 else {**rest, "anyOf": kept}


def _headers(operation: Operation) -> list[dict[str, Any]]:
    if operation.method != "POST" or operation.raw:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"}
    about = "The same key and body give the same answer again; the same key with another body is refused."
    return [{"name": IDEMPOTENCY_KEY, "in": "header", "required": False, "schema": schema, "description": about}]


def _responses(operation: Operation, schema_of: dict[str, Any]) -> dict[str, Any]:
    answered: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.produces is not None:
        answered["content"] = {operation.produces: {}}
    elif operation.status != 204:
        answered["content"] = {"application/json": {"schema": schema_of[_key(operation.answer)]}}
    responses = {str(operation.status): answered}
    for status in operation.also:
        responses[str(status)] = {**answered, "description": HTTPStatus(status).phrase}
    for status in _refusals(operation):
        phrase = HTTPStatus(status).phrase
        responses[str(status)] = {"description": phrase, "content": {CONTENT_TYPE: _ANY_OF_THEM}}
    return dict(sorted(responses.items()))


def _refusals(operation: Operation) -> list[int]:
    statuses = {400, 401, 403, 404, 422, 429, 503}
    if operation.method in {"POST", "PUT", "PATCH", "DELETE"}:
        statuses |= {409, 413}
    if operation.has_body or operation.consumes:
        statuses.add(415)
    return sorted(statuses - {operation.status, *operation.also})

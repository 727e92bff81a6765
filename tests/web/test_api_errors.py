"""Every refusal of the API has one shape, whatever is wrong; the API's own document is valid and complete."""

import json
import re
from collections.abc import Iterator
from typing import Any

import accounts
import pytest
from accounts import API, As, refusal
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from service.domain.access import ROLES

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def writing(app: Flask) -> Iterator[tuple[str, str]]:
    """(method, path) of every API route that reads a body of JSON; files are sent to others."""
    for path, methods in _document(app)["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}) if method != "parameters" else {}
            if "application/json" in body.get("content", {}):
                yield method.upper(), filled(path)


def filled(path: str) -> str:
    """The address under /api/v1 with values for its parameters, of nothing that exists."""
    return re.sub(r"{(\w+)}", lambda found: {"year": "2026"}.get(found[1], "none"), path.removeprefix(API))


def template_of(document: dict[str, Any], method: str, address: str) -> str:
    """The path in the document that was filled to become this address."""
    return next(p for p, methods in document["paths"].items() if method.lower() in methods and filled(p) == address)


@pytest.fixture
def anybody(client: FlaskClient) -> As:
    """Somebody with every role, so that every refusal is one of the content."""
    return As(client, ROLES, "operator")


def test_the_document_of_the_api_is_valid_and_names_every_route(app: Flask, client: FlaskClient) -> None:
    document = client.get(f"{API}/openapi.json").get_json()
    validate(document)
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(API) or rule.rule in (f"{API}/docs", f"{API}/openapi.json"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)  # a converter is no part of the document
        methods = {method.lower() for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
        assert methods == set(document["paths"][path]) - {"parameters"}, path
    page = client.get(f"{API}/docs")
    assert page.status_code == 200
    assert "/api/v1/public/withdrawals" in page.text
    assert "<script" not in page.text
    assert "//" not in page.text.replace("http://127.0.0.1", "")


def test_broken_json_is_refused_everywhere_alike(app: Flask, anybody: As) -> None:
    deep = "[" * 5_000 + "]" * 5_000
    for method, path in writing(app):
        for body in (
            b"{",
            b"",
            b"\xff\xfe",
            b'{"a": }',
            b"null",
            b"[]",
            b"7",
            deep.encode(),
            b'{"a":' * 400 + b"1" + b"}" * 400,
        ):
            response = anybody.send(method, path, data=body, content_type="application/json")
            refused = refusal(response, response.status_code)
            assert response.status_code in (400, 422), (method, path, body[:20], refused)


def test_other_kinds_of_content_are_refused_everywhere_alike(app: Flask, anybody: As) -> None:
    for method, path in writing(app):
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
            response = anybody.send(method, path, data=b'{"username": "a"}', content_type=kind)
            refusal(response, 415, "media_type")
            assert response.status_code == 415, (method, path, kind)


def test_unknown_fields_are_refused_everywhere_and_named(app: Flask, anybody: As) -> None:
    for method, path in writing(app):
        body = refusal(anybody.send(method, path, json={"no_such_field": 1}), 422, "invalid")
        assert "no_such_field" in accounts.fields_named(body), (method, path)


def test_wrong_types_are_refused_everywhere_and_named(app: Flask, client: FlaskClient, anybody: As) -> None:
    document = client.get(f"{API}/openapi.json").get_json()
    schemas = document["components"]["schemas"]
    for method, path in writing(app):
        template = template_of(document, method, path)
        content = document["paths"][template][method.lower()]["requestBody"]["content"]["application/json"]
        schema = schemas[content["schema"]["$ref"].rsplit("/", 1)[1]]
        fields = [name for name, field in schema["properties"].items() if not field.get("readOnly")]
        body = refusal(anybody.send(method, path, json={name: [[{"x": None}]] for name in fields}), 422, "invalid")
        assert accounts.fields_named(body) == set(fields), (method, path)


def test_oversized_bodies_are_refused_everywhere_alike(app: Flask, anybody: As) -> None:
    body = json.dumps({"answers": "x" * 1_000_001}).encode()
    for method, path in writing(app):
        refusal(anybody.send(method, path, data=body, content_type="application/json"), 413, "too_large")


def test_unknown_addresses_and_methods_are_refused_in_the_same_shape(client: FlaskClient, anybody: As) -> None:
    refusal(client.get(f"{API}/nothing/here"), 404, "no_such_address")
    response = anybody.send("PATCH", "/projects/none")
    refusal(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "PUT"}
    refusal(anybody.get("/projects/none"), 404, "not_found")
    refusal(anybody.get("/campaigns"), 422, "invalid")
    refusal(anybody.get("/campaigns/none/responses?size=0"), 422, "invalid")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_content_makes_the_service_stumble(app: Flask, anybody: As, data: st.DataObject) -> None:
    """Whatever JSON is sent to whatever route: an answer in the one shape, never a 500."""
    method, path = data.draw(st.sampled_from(sorted(writing(app))))
    document = _document(app)
    template = template_of(document, method, path)
    reference = document["paths"][template][method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    schema = document["components"]["schemas"][reference["$ref"].rsplit("/", 1)[1]]
    names = [name for name, field in schema["properties"].items() if not field.get("readOnly")]
    body = data.draw(ANYTHING | st.fixed_dictionaries(dict.fromkeys(names, ANYTHING)))
    response = anybody.send(method, path, data=json.dumps(body), content_type="application/json")
    if response.status_code >= 400:
        refusal(response, response.status_code)
    assert response.status_code < 500


def _document(app: Flask) -> dict[str, Any]:
    if "tests.document" not in app.extensions:
        app.extensions["tests.document"] = app.test_client().get(f"{API}/openapi.json").get_json()
    document: dict[str, Any] = app.extensions["tests.document"]
    return document

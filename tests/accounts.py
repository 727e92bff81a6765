"""For tests of the API: signed-in users of every role, made without the slow password hash, and one shape of errors."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.domain.errors import CATALOGUE
from service.domain.organisations import Token, User
from service.operations import limits, organisations
from service.store import records

API = "/api/v1"
# What Flask and Werkzeug refuse before any rule of ours is asked.
HTTP_REASONS = {"malformed", "no_such_address", "method_not_allowed", "media_type", "too_large", "refused"}


def token_of(role: str | tuple[str, ...], organisation: str = "", life: timedelta = timedelta(hours=1)) -> str:
    """A valid token of a fresh user who has this role (or these) in the organisation, by default the role's own."""
    roles = (role,) if isinstance(role, str) else role
    of_evaluator = dict.fromkeys(("auditor", "interviewer", "scorer"), "evaluator-org")
    employer = organisation or ({"admin": "operator"} | of_evaluator).get(roles[0], f"{roles[0]}-org")
    user, token, now = secrets.token_hex(4), secrets.token_urlsafe(32), datetime.now(UTC)
    records.insert(User(user, f"u{user}", employer, roles, "no password fits this"))
    records.insert(Token(organisations._token_hash(token), user, now, now + life))
    return token


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class As:
    """A client that sends its token with every request."""

    def __init__(self, client: FlaskClient, role: str | tuple[str, ...], organisation: str = "") -> None:
        self.client, self.token = client, token_of(role, organisation)

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        merged = bearer(self.token) | (headers or {})
        return self.client.open(f"{API}{path}", method=method, headers=merged, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.send("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.send("POST", path, json=json, **more)

    def put(self, path: str, json: Any = None, version: int | str | None = None, **more: Any) -> TestResponse:
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return self.send("PUT", path, headers, json=json, **more)


def within_one_window() -> None:
    """Wait if the window in which wrong tries are counted is about to end."""
    while time.time() % limits.WINDOW_SECONDS > limits.WINDOW_SECONDS - 8:
        time.sleep(0.2)


def refusal(response: TestResponse, status: int, reason: str | None = None) -> dict[str, Any]:
    """The body of a refusal, which must have the one shape, this status and this reason."""
    assert response.status_code == status, (response.status_code, response.text[:500])
    assert response.mimetype == "application/json"
    body: dict[str, Any] = response.get_json()
    assert set(body) == {"code", "status", "message", "reason", "errors"}
    assert body["code"] == status
    assert isinstance(body["message"], str)
    assert isinstance(body["status"], str)
    assert isinstance(body["errors"], dict)
    assert body["reason"] in CATALOGUE or body["reason"] in HTTP_REASONS
    assert reason is None or body["reason"] == reason, body
    return body


def fields_named(body: dict[str, Any]) -> set[str]:
    """The fields that a refusal names."""
    return set(body["errors"].get("json", {}))

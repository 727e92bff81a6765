"""Who may call what: every route declares it, roles and organisations are kept apart, tokens and passwords are safe."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import accounts
import pytest
from accounts import API, As, bearer, refusal
from argon2.exceptions import VerifyMismatchError
from factories import ADMIN, NOW, open_campaign
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from service.domain.access import ACTIONS, PARTY_OF_ROLE, ROLES
from service.domain.organisations import Organisation, Token, User
from service.operations import limits, organisations, projects
from service.store import records
from service.web.auth import PUBLIC, SIGNED_IN

PASSWORD = "a password that is long enough"


def routes(app: Flask) -> Iterator[tuple[Rule, str, str | None]]:
    """(rule, method, declared access) of every address, static files, HEAD and OPTIONS aside."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            handler = getattr(getattr(view, "view_class", None), method.lower(), view)
            yield rule, method, getattr(handler, "declared_access", None)


def path_of(rule: Rule) -> str:
    """The address under /api/v1, its parameters filled with what does not exist."""
    path = re.sub(r"<(?:int|float):\w+>", "1", rule.rule.removeprefix(API))
    return re.sub(r"<[^>]+>", "none", path)


def test_every_route_declares_who_may_call_it(app: Flask) -> None:
    undeclared = [f"{method} {rule.rule}" for rule, method, access in routes(app) if access is None]
    assert undeclared == []
    declared = {access for _, _, access in routes(app)}
    assert declared - {PUBLIC, SIGNED_IN} <= set(ACTIONS)
    assert {PUBLIC, SIGNED_IN} <= declared


def test_what_is_public_is_public_on_purpose(app: Flask) -> None:
    public = {f"{method} {rule.rule}" for rule, method, access in routes(app) if access == PUBLIC}
    assert {route for route in public if route.split()[1].startswith(API)} == {
        "GET /api/v1/docs",
        "GET /api/v1/openapi.json",
        "GET /api/v1/public/draws/<id>",
        "GET /api/v1/public/forms/<code>",
        "GET /api/v1/public/forms/<code>/qr.<kind>",
        "GET /api/v1/public/results",
        "GET /api/v1/public/results/<id>",
        "GET /api/v1/public/results/providers/<id>",
        "POST /api/v1/public/forms/<code>/media",
        "POST /api/v1/public/forms/<code>/responses",
        "POST /api/v1/public/answers",
        "POST /api/v1/public/withdrawals",
        "POST /api/v1/sessions",
    }


def test_guarded_routes_need_a_valid_token(app: Flask, client: FlaskClient) -> None:
    expired = accounts.token_of("evaluator", life=timedelta(seconds=-1))
    for rule, method, access in routes(app):
        if access == PUBLIC or not rule.rule.startswith(API):
            continue
        path = f"{API}{path_of(rule)}"
        for headers in (
            {},
            bearer(""),
            bearer("no such token"),
            bearer(expired),
            {"Authorization": "Basic YTpi"},
            {"Cookie": f"minyi_session={accounts.token_of('admin')}"},
        ):
            response = client.open(path, method=method, headers=headers)
            refusal(response, 401, "unauthenticated")
            assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_call_exactly_what_the_table_says(app: Flask, client: FlaskClient, role: str) -> None:
    them = As(client, role)
    seen = set()
    for rule, method, access in routes(app):
        if access in (None, PUBLIC, SIGNED_IN) or not rule.rule.startswith(API):
            continue
        seen.add(access)
        body = {} if method in ("POST", "PUT") else None
        response = them.send(method, path_of(rule), json=body)
        if role in ACTIONS[access]:
            assert response.status_code not in (401, 403), (method, rule.rule)
        else:
            refusal(response, 403, "forbidden")
    # The journal is read on the command line so far; who may follow a draw may call its route, and sees less of it.
    assert set(ACTIONS) - seen <= {"journal.read", "draws.read", "rounds.lead", "results.read"}


def evidence(client: FlaskClient) -> dict[str, str]:
    """Addresses of one project's data -> the action that reading them takes."""
    opened = open_campaign()
    evaluator = As(client, "evaluator")
    frame = {"id": "frame-1", "project": "project-1", "name": "Records", "source": "archive", "serials": list("abcdef")}
    assert evaluator.post("/frames", frame).status_code == 201
    assert evaluator.post("/draws", {"id": "draw-1", "frame": "frame-1", "take": 2}).status_code == 201
    return {
        "/projects/project-1": "projects.read",
        "/projects/project-1/sites": "projects.read",
        "/campaigns?project=project-1": "campaigns.read",
        f"/campaigns/{opened.id}": "campaigns.read",
        f"/campaigns/{opened.id}/tickets": "campaigns.read",
        f"/campaigns/{opened.id}/responses": "responses.read",
        f"/campaigns/{opened.id}/satisfaction": "satisfaction.read",
        f"/campaigns/{opened.id}/questions": "satisfaction.read",
        f"/campaigns/{opened.id}/progress": "progress.read",
        "/frames/frame-1": "frames.read",
        "/draws/draw-1": "draws.follow",
        "/draws/draw-1/spot-checks": "spot_checks.read",
    }


def test_an_organisation_sees_its_own_projects_only(client: FlaskClient) -> None:
    addresses = evidence(client)
    organisations.create_organisation(ADMIN, NOW, Organisation("witness-org", "witness", "District office"))
    there = projects.project(ADMIN, "project-1")
    projects.change_project(ADMIN, NOW, replace(there, witness="witness-org"), there.version)
    for role in ROLES:
        ours = As(client, role)
        theirs = As(client, role, "other-org") if role in PARTY_OF_ROLE else None
        for path, action in addresses.items():
            expected = 200 if role in ACTIONS[action] else 403
            assert ours.get(path).status_code == expected, (role, path)
            if theirs and expected == 200:
                refusal(theirs.get(path), 404, "not_found")
    assert [one["id"] for one in As(client, "evaluator").get("/projects").get_json()] == ["project-1"]
    assert As(client, "evaluator", "other-org").get("/projects").get_json() == []


def test_an_organisation_writes_into_its_own_projects_only(client: FlaskClient) -> None:
    addresses = evidence(client)
    [campaign] = {path.split("/")[2] for path in addresses if path.endswith("/tickets")}
    stranger = As(client, "evaluator", "other-org")
    batch = {"kind": "slip", "site": "east", "distribution": "all_present_evaluator", "count": 1}
    refusal(stranger.post(f"/campaigns/{campaign}/tickets", batch), 404, "not_found")
    refusal(stranger.put(f"/campaigns/{campaign}/state", {"state": "final"}, 2), 404, "not_found")
    refusal(stranger.post("/projects/project-1/sites", {"name": "x"}), 404, "not_found")
    refusal(stranger.put("/projects/project-1/sites/east", {"name": "x"}, 1), 404, "not_found")
    frame = {"project": "project-1", "name": "x", "source": "x", "serials": ["a"]}
    refusal(stranger.post("/frames", frame), 404, "not_found")
    refusal(stranger.post("/draws", {"frame": "frame-1", "take": 1}), 404, "not_found")
    spot = {"draw": "draw-1", "serial": "a", "attributes": {"found": False}, "at": "2026-03-02T10:00:00+08:00"}
    refusal(As(client, "auditor", "other-org").post("/spot-checks", spot), 404, "not_found")


# --- Signing in


@pytest.fixture
def user(database: None) -> User:
    organisations.create_organisation(ADMIN, NOW, Organisation("evaluator-org", "evaluator", "Evaluators"))
    user, made = organisations.create_user(
        ADMIN, NOW, "user-1", "evaluator-one", PASSWORD, "evaluator-org", ("evaluator",)
    )
    assert made
    return user


def sign_in(client: FlaskClient, username: str = "evaluator-one", password: str = PASSWORD, address: str = "127.0.0.1"):  # type: ignore[no-untyped-def]
    body = {"username": username, "password": password}
    return client.post(f"{API}/sessions", json=body, environ_base={"REMOTE_ADDR": address})


@pytest.mark.usefixtures("product_passwords")
def test_passwords_are_kept_as_argon2_and_never_shown(client: FlaskClient, user: User) -> None:
    assert user.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106's second recommendation
    assert sign_in(client).status_code == 201
    with pytest.raises(VerifyMismatchError):  # as slow as a wrong password of somebody
        organisations._hasher.verify(organisations._NOBODY, PASSWORD)
    assert not organisations._hasher.check_needs_rehash(organisations._NOBODY)
    shown = As(client, "admin").get("/users")
    assert "evaluator-one" in shown.text
    assert "password" not in shown.text
    assert "argon2" not in shown.text


def test_a_token_is_kept_hashed_works_and_is_revoked(client: FlaskClient, user: User) -> None:
    session = sign_in(client)
    assert session.status_code == 201
    token = session.get_json()["token"]
    [stored] = records.find(Token)
    assert token not in repr(stored)
    assert client.get(f"{API}/me", headers=bearer(token)).get_json()["username"] == "evaluator-one"
    assert client.delete(f"{API}/sessions", headers=bearer(token)).status_code == 204
    refusal(client.get(f"{API}/me", headers=bearer(token)), 401, "unauthenticated")
    assert records.find(Token) == []


def test_a_token_ends_after_its_time_and_with_the_account(client: FlaskClient, user: User) -> None:
    session = sign_in(client).get_json()
    expires = datetime.fromisoformat(session["expires_at"])
    left = expires - datetime.now(UTC)
    assert timedelta(hours=11) < left <= organisations.TOKEN_LIFE
    assert organisations.actor_of(session["token"], expires - timedelta(seconds=1)).id == user.id
    with pytest.raises(Exception, match="Sign in"):
        organisations.actor_of(session["token"], expires)
    switched = As(client, "admin").put("/users/user-1/active", {"active": False}, version=1)
    assert switched.status_code == 200
    refusal(client.get(f"{API}/me", headers=bearer(session["token"])), 401, "unauthenticated")
    refusal(sign_in(client), 401, "credentials_wrong")


def test_wrong_name_and_wrong_password_look_the_same(client: FlaskClient, user: User) -> None:
    name = refusal(sign_in(client, username="nobody.here"), 401, "credentials_wrong")
    assert refusal(sign_in(client, password="a wrong password"), 401) == name


def test_after_many_failures_this_name_waits_here_and_nobody_else_does(client: FlaskClient, user: User) -> None:
    accounts.within_one_window()
    organisations.create_user(ADMIN, NOW, "user-2", "lin.wu", PASSWORD, "evaluator-org", ("auditor",))
    for _ in range(limits.FREE_TRIES):
        refusal(sign_in(client, password="wrong", address="10.0.0.1"), 401)
    held = sign_in(client, address="10.0.0.1")
    refusal(held, 429, "slow_down")
    assert 0 < int(held.headers["Retry-After"]) <= limits.WINDOW_SECONDS
    assert sign_in(client, "lin.wu", address="10.0.0.1").status_code == 201, "an office shares one address"
    assert sign_in(client, address="10.0.0.2").status_code == 201, "nobody is locked out by a stranger"


@pytest.mark.parametrize("key", ["sign-in:evaluator-one", "sign-in:10.0.0.1"])
def test_very_many_failures_slow_an_account_from_everywhere_and_an_address_for_all(
    client: FlaskClient, user: User, key: str
) -> None:
    accounts.within_one_window()
    for _ in range(limits.MANY_TRIES):
        limits.count_failure([key], datetime.now(UTC))
    refusal(sign_in(client, address="10.0.0.1"), 429, "slow_down")


def test_short_passwords_and_roles_that_do_not_suit_are_named(client: FlaskClient, user: User) -> None:
    body = {"username": "new.one", "password": "short", "organisation": "evaluator-org", "roles": ["admin"]}
    refused = refusal(As(client, "admin").post("/users", body), 422, "invalid")
    assert accounts.fields_named(refused) == {"password", "roles"}

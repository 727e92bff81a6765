"""Signing in at the desk: where it leads, its cookie, forms of other sites, and the reader's language."""

import re
from dataclasses import replace
from html import unescape

import pytest
from demo_round import PASSWORD, DemoRound, make_city, sign_in
from flask import Flask

from service.web.auth import COOKIE
from service.web.csrf import FIELD

ROUND, CAMPAIGN = "/desk/rounds/round-1", "/desk/campaigns/campaign-1"


@pytest.fixture(scope="module")
def made(_app: Flask) -> DemoRound:
    """One city for the whole module: its tests only sign in and out."""
    return make_city()


@pytest.fixture
def app(_app: Flask, made: DemoRound) -> Flask:
    return _app


def form_token(page: str) -> str:
    found = re.search(rf'name="{FIELD}" value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_visit_without_session_leads_to_the_sign_in_page_and_back(app):
    client = app.test_client()
    answer = client.get(f"{CAMPAIGN}?round=a&node=b")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    next = unescape(re.search(r'name="next" value="([^"]*)"', page)[1])  # type: ignore[index]
    done = client.post("/desk/sign-in", data={"username": "evaluator", "password": PASSWORD, "next": next})
    assert (done.status_code, done.headers["Location"]) == (303, f"{CAMPAIGN}?round=a&node=b")


@pytest.mark.parametrize(
    "next",
    ["https://evil.example/desk/", "//evil.example", "/\\evil.example", "/desk", "javascript:alert(1)", "/s/ABCD",
     "/desk/\r\nSet-Cookie: a=b", "/desk/\u202e"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(app, next):
    data = {"username": "evaluator", "password": PASSWORD, "next": next}
    assert app.test_client().post("/desk/sign-in", data=data).headers["Location"] == "/desk/"
    assert 'name="next" value="/desk/"' in app.test_client().get("/desk/sign-in", query_string={"next": next}).text


@pytest.mark.parametrize(("base", "secure"), [("https://minyi.example", True), ("http://127.0.0.1:8000", False)])
def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_pages(app, monkeypatch, base, secure):
    monkeypatch.setitem(app.extensions, "minyi.settings", replace(app.extensions["minyi.settings"], base_url=base))
    answer = app.test_client().post("/desk/sign-in", data={"username": "evaluator", "password": PASSWORD})
    (cookie,) = answer.headers.getlist("Set-Cookie")
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/desk", "Max-Age=43200"} <= parts
    assert ("Secure" in parts) == secure


def test_a_wrong_password_is_said_in_the_form_and_tries_are_slowed(app):
    client = app.test_client()
    data = {"username": "somebody", "password": "wrong", "next": ROUND}
    for _ in range(30):
        # An address of its own: failures are counted by it, and the other tests sign in from theirs.
        answer = client.post("/desk/sign-in", data=data, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
        assert "Set-Cookie" not in answer.headers
        assert 'value="somebody"' in answer.text
        assert f'value="{ROUND}"' in answer.text
        assert 'role="alert"' in answer.text
        assert 'value="wrong"' not in answer.text
        if answer.status_code == 429:
            break
        assert answer.status_code == 401
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_another_sites_page_can_neither_sign_in_nor_out(app, headers):
    data = {"username": "evaluator", "password": PASSWORD}
    answer = app.test_client().post("/desk/sign-in", data=data, headers=headers)
    assert (answer.status_code, "csrf" in answer.text) == (403, True)
    client = sign_in(app)
    data = {FIELD: form_token(client.get("/desk/").text)}
    assert client.post("/desk/sign-out", data=data, headers=headers).status_code == 403
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}])
def test_our_own_page_can(app, headers):
    client = sign_in(app, headers=headers)
    data = {FIELD: form_token(client.get("/desk/").text)}
    assert client.post("/desk/sign-out", data=data, headers=headers).status_code == 303


def test_a_form_needs_the_token_of_its_own_session(app):
    client, other = sign_in(app), sign_in(app)
    foreign = form_token(other.get("/desk/").text)
    for data in (
        {},
        {FIELD: ""},
        {FIELD: foreign},
        {FIELD: "é" * 20},
        {FIELD: form_token(client.get("/desk/").text)[:-2]},
    ):
        answer = client.post("/desk/sign-out", data=data)
        assert (answer.status_code, "csrf" in answer.text) == (403, True)
    assert client.get("/desk/").status_code == 200


def test_signing_out_revokes_the_session_itself(app):
    client = sign_in(app)
    token = client.get_cookie(COOKIE, path="/desk").value
    assert client.post("/desk/sign-out", data={FIELD: form_token(client.get("/desk/").text)}).status_code == 303
    assert client.get_cookie(COOKIE, path="/desk") is None
    client.set_cookie(COOKIE, token, path="/desk")
    assert client.get("/desk/").status_code == 303


def test_the_cookie_opens_no_api(app):
    client = sign_in(app)
    client.set_cookie(COOKIE, client.get_cookie(COOKIE, path="/desk").value, path="/")
    assert client.get("/api/v1/me").status_code == 401


def test_the_language_follows_the_browser_until_one_is_chosen(app):
    client = sign_in(app)
    assert '<html lang="zh-Hans">' in client.get("/desk/").text
    assert '<html lang="en">' in client.get("/desk/", headers={"Accept-Language": "en"}).text
    assert '<html lang="zh-Hant">' in client.get("/desk/?lang=zh-Hant").text
    assert '<html lang="zh-Hant">' in client.get("/desk/", headers={"Accept-Language": "en"}).text
    assert '<html lang="zh-Hant">' in client.get("/desk/?lang=tlh").text


def test_the_switch_keeps_the_page(app):
    page = sign_in(app).get(f"{CAMPAIGN}?round=round-1&node=g28-recipients").text
    links = [unescape(link) for link in re.findall(r'href="([^"]+)" lang="', page)]
    assert links == [f"{CAMPAIGN}?round=round-1&node=g28-recipients&lang={name}" for name in ("zh-Hant", "en")]

"""The auditor's app as it is served: one version of the whole shell, its policy, its words, and signing in."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from passwords import QUICK

from service.domain.organisations import User
from service.store import records
from service.web.pages import audit_shell
from service.web.pages.audit_words import WORDS

STATIC = Path(audit_shell.FOLDER)
MODULES = {path.name: path.read_text(encoding="utf-8") for path in STATIC.glob("*.js")}
OURS = {"X-Minyi-Audit": "1"}
LONGEST = 400  # lines
PASSWORD = "a password that is long enough"


def make_auditor() -> None:
    records.insert(User("u1", "auditor", "evaluator-org", ("auditor",), QUICK.hash(PASSWORD)))


def files_of(client: FlaskClient) -> dict[str, str]:
    """Address -> integrity, as the service worker is told."""
    script = client.get("/audit/service-worker.js").text
    found = re.search(r"^const FILES = (\{.*?\n\})$", script, re.MULTILINE | re.DOTALL)
    assert found
    listed: dict[str, str] = json.loads(found[1])
    return listed


def test_the_service_worker_names_every_file_of_one_version_by_its_content(client: FlaskClient) -> None:
    files = files_of(client)
    assert {Path(address).name for address in files} >= {*MODULES, "audit.css", "page.html", "words-en.json"} - {
        "service_worker.js"
    }
    assert len({Path(address).parent for address in files}) == 1
    for address, integrity in files.items():
        answer = client.get(address)
        assert answer.status_code == 200
        assert "sha256-" + base64.b64encode(hashlib.sha256(answer.data).digest()).decode() == integrity
        assert "immutable" in answer.headers["Cache-Control"]
    folder = next(iter(files)).rsplit("/", 1)[0]
    assert client.get(f"{folder}/service_worker.js").status_code == 404
    assert client.get(f"/audit/shell/{'0' * 20}/main.js").status_code == 404


def test_another_content_of_any_file_is_another_version(app: Flask, tmp_path: Path, monkeypatch) -> None:
    with app.test_request_context("/audit/"):
        before = audit_shell._read()
        for path in STATIC.iterdir():
            (tmp_path / path.name).write_bytes(path.read_bytes())
        monkeypatch.setattr(audit_shell, "FOLDER", tmp_path)
        assert audit_shell._read().version == before.version
        versions = {before.version}
        for name in ("dom.js", "audit.css", "icon.svg", "service_worker.js"):
            path = tmp_path / name
            path.write_bytes(path.read_bytes() + b"\n")
            versions.add(audit_shell._read().version)
        assert len(versions) == 5


def test_the_page_has_no_inline_part_and_may_load_nothing_from_outside(client: FlaskClient) -> None:
    page = client.get("/audit/")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "worker-src", "manifest-src", "connect-src")} == {
        "'self'"
    }
    assert policy["img-src"] == "'self' blob:"
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", page.text)
    manifest = client.get("/audit/manifest.webmanifest", headers={"Accept-Language": "en"}).get_json(force=True)
    assert (manifest["scope"], manifest["display"]) == ("/audit/", "standalone")
    assert all(client.get(icon["src"]).status_code == 200 for icon in manifest["icons"])


def test_modules_are_short_write_no_markup_and_keep_no_token() -> None:
    assert len(MODULES) > 20
    for name, text in MODULES.items():
        assert len(text.splitlines()) <= LONGEST, name
        assert text.startswith("//"), f"{name} says what it holds"
        assert not re.search(
            r"innerHTML|insertAdjacentHTML|eval\(|localStorage|sessionStorage|document\.cookie", text
        ), name


def test_every_word_that_the_modules_ask_for_is_there_and_every_one_is_asked_for() -> None:
    code = "".join(MODULES.values())
    asked = set(re.findall(r"""\bsay\(\s*"(\w+)\"""", code)) | set(
        re.findall(r"""word: (?:[^"\n]*? \? )?"(\w+)\"""", code)
    )
    assert asked - set(WORDS) == set()
    families = ("state_", "visit_", "problem_", "position_")
    idle = {name for name in WORDS if f'"{name}"' not in code and not name.startswith(families)}
    assert idle == set()


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant"])
def test_every_word_is_translated(locale: str, client: FlaskClient) -> None:
    path = STATIC.parents[1] / "translations" / locale / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        known = {message.id: message.string for message in read_po(file)}
    assert [text for text in WORDS.values() if not known.get(text)] == []
    address = next(
        address for address in files_of(client) if address.endswith(f"words-{locale.replace('_', '-')}.json")
    )
    assert client.get(address).get_json(force=True)["lock"] == known[WORDS["lock"]]


def test_signing_in_gives_a_cookie_that_no_script_reads_and_that_ends_with_signing_out(client: FlaskClient) -> None:
    make_auditor()
    wrong = client.post("/audit/data/session", json={"username": "auditor", "password": "x"}, headers=OURS)
    assert (wrong.status_code, wrong.get_json()["reason"]) == (401, "credentials_wrong")
    data = {"username": "auditor", "password": PASSWORD}
    answer = client.post("/audit/data/session", json=data, headers=OURS)
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/audit"))
    assert "token" not in answer.get_json()
    assert client.get("/audit/data/session", headers=OURS).get_json() == answer.get_json()
    token = cookie.split("=", 1)[1].split(";")[0]
    assert client.delete("/audit/data/session", headers=OURS).status_code == 204
    client.set_cookie("minyi_session", token, path="/audit")
    assert client.get("/audit/data/session", headers=OURS).status_code == 401


def test_no_other_page_and_no_other_user_comes_through(client: FlaskClient) -> None:
    make_auditor()
    data = {"username": "auditor", "password": PASSWORD}
    for headers in ({}, OURS | {"Sec-Fetch-Site": "cross-site"}, OURS | {"Origin": "https://evil.example"}):
        refused = client.post("/audit/data/session", json=data, headers=headers)
        assert (refused.status_code, refused.get_json()["reason"]) == (403, "csrf")
    user = client.post("/audit/data/session", json=data, headers=OURS).get_json()["user"]
    assert client.get("/audit/data/session", headers=OURS | {"X-Minyi-User": user["id"]}).status_code == 200
    other = client.get("/audit/data/session", headers=OURS | {"X-Minyi-User": "somebody", "Accept-Language": "en"})
    assert (other.status_code, other.get_json()["reason"]) == (409, "session_of_another")
    assert other.get_json()["message"].startswith("Somebody else is signed in")

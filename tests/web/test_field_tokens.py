"""Setting up an auditor's app: a code shown once, read by a real reader, renewed and revoked; kept as a hash alone."""

import base64
import io
import json
import re
import zlib

import pytest
import zxingcpp
from accounts import As, fields_named, refusal, token_of
from database import every_document
from factories import ADMIN, NOW
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from service.domain.errors import Refused
from service.domain.inspect.field_tokens import LONGEST_CODE, FieldToken, settings_code, settings_of
from service.domain.organisations import User
from service.operations import organisations
from service.operations.inspect import field_tokens
from service.store import records
from service.web import qr
from service.web.auth import COOKIE

TOKEN = re.compile(r'name="_token" value="([^"]+)"')


def user_of(role: str, organisation: str = "") -> User:
    before = {user.id for user in records.find(User)}
    token_of(role, organisation)
    (made,) = [user for user in records.find(User) if user.id not in before]
    return made


def opened(code: str) -> dict:  # type: ignore[type-arg]
    """As the app reads it."""
    found: dict = json.loads(zlib.decompress(base64.b64decode(code, validate=True)))  # type: ignore[type-arg]
    return found


@pytest.fixture
def evaluator(client: FlaskClient) -> As:
    return As(client, "evaluator")


def test_a_token_is_shown_once_and_kept_as_a_hash(evaluator: As) -> None:
    auditor = user_of("auditor")
    response = evaluator.post("/field-tokens", {"user": auditor.id})
    assert response.status_code == 201
    made = response.get_json()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/openrosa/[\w-]{43}", made["server_url"])
    token = made["server_url"].rpartition("/")[2]
    assert token not in str(every_document())
    assert field_tokens.actor_of(token).id == auditor.id
    (listed,) = evaluator.get("/field-tokens").get_json()
    assert (listed["id"], listed["user"], "server_url" in listed) == (made["id"], auditor.id, False)


def test_the_settings_lock_what_an_auditor_may_not_change_and_name_the_auditor(evaluator: As) -> None:
    auditor = user_of("auditor")
    made = evaluator.post("/field-tokens", {"user": auditor.id}).get_json()
    settings = opened(made["settings"])
    assert set(settings) == {"general", "admin", "project"}
    general = settings["general"]
    assert general["server_url"] == made["server_url"]
    assert general["metadata_username"] == auditor.username
    assert general["form_update_mode"] == "match_exactly"
    assert not set(general) & {"username", "password", "protocol"}
    assert settings["admin"]["change_server"] is settings["admin"]["form_update_mode"] is False
    assert all(value is False for value in settings["admin"].values())


def test_a_new_token_ends_the_former_one_and_revoking_ends_all(evaluator: As) -> None:
    auditor = user_of("auditor")
    first, second = (evaluator.post("/field-tokens", {"user": auditor.id}).get_json() for _ in range(2))
    old, new = (made["server_url"].rpartition("/")[2] for made in (first, second))
    with pytest.raises(Refused, match="not set up"):
        field_tokens.actor_of(old)
    assert field_tokens.actor_of(new).id == auditor.id
    for _ in range(2):
        ended = evaluator.send("DELETE", f"/field-tokens/{second['id']}")
        assert (ended.status_code, ended.get_json()["revoked_at"] is None) == (200, False)
    with pytest.raises(Refused, match="not set up"):
        field_tokens.actor_of(new)
    assert [token.live for token in records.find(FieldToken)] == [False, False]
    assert evaluator.get("/field-tokens").get_json() == []


def test_a_closed_account_is_let_in_no_longer(evaluator: As) -> None:
    auditor = user_of("auditor")
    token = evaluator.post("/field-tokens", {"user": auditor.id}).get_json()["server_url"].rpartition("/")[2]
    organisations.set_active(ADMIN, NOW, auditor.id, False, auditor.version)
    with pytest.raises(Refused, match="not set up"):
        field_tokens.actor_of(token)


def test_only_for_auditors_of_the_own_organisation(evaluator: As, client: FlaskClient) -> None:
    refusal(evaluator.post("/field-tokens", {"user": user_of("auditor", "other-org").id}), 404, "not_found")
    refusal(evaluator.post("/field-tokens", {"user": "nobody"}), 404, "not_found")
    body = refusal(evaluator.post("/field-tokens", {"user": user_of("interviewer").id}), 422, "invalid")
    assert fields_named(body) == {"user"}
    refusal(As(client, "auditor").post("/field-tokens", {"user": "x"}), 403, "forbidden")
    other = As(client, "evaluator", "other-org")
    mine = evaluator.post("/field-tokens", {"user": user_of("auditor").id}).get_json()
    refusal(other.send("DELETE", f"/field-tokens/{mine['id']}"), 404, "not_found")
    assert other.get("/field-tokens").get_json() == []


def test_the_desk_shows_a_code_that_a_reader_reads_and_revokes_it(app: Flask, client: FlaskClient) -> None:
    client.set_cookie(COOKIE, token_of("evaluator"), path="/desk")
    auditor = user_of("auditor")
    page = client.get("/desk/field-apps?lang=en")
    assert auditor.username in page.text
    assert 'href="/desk/field-apps"' in client.get("/desk/").text
    send = {"_token": TOKEN.search(page.text)[1]}  # type: ignore[index]
    shown = client.post("/desk/field-apps", data=send | {"user": auditor.id})
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    server_url = re.search(r'<code class="long">([^<]+)</code>', shown.text)[1]  # type: ignore[index]
    assert read_code(shown.text)["general"]["server_url"] == server_url
    assert server_url not in client.get("/desk/field-apps").text
    (token,) = records.find(FieldToken)
    client.post(f"/desk/field-apps/{token.id}/revoke", data=send)
    assert [each.live for each in records.find(FieldToken)] == [False]
    assert client.post("/desk/field-apps", data=send | {"user": "nobody"}).status_code == 404


def read_code(page: str) -> dict:  # type: ignore[type-arg]
    """The settings in the page's picture, drawn from its path as a printer would."""
    found = re.search(r'viewBox="0 0 (\d+) \d+".*?<path d="([^"]+)"', page)
    assert found
    size = int(found[1])
    picture = Image.new("L", (size, size), 255)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", found[2]):
        for place in range(int(x), int(x) + int(length)):
            picture.putpixel((place, int(y)), 0)
    (read,) = zxingcpp.read_barcodes(picture.resize((size * 4, size * 4), Image.Resampling.NEAREST))
    return opened(read.text)


def test_the_code_stays_small_enough_for_the_app_and_for_a_screen() -> None:
    longest = settings_of("https://evaluation.example.gov.cn/openrosa/" + "x" * 43, "u" * 40, "民意 Minyi", "zh-Hant")
    code = settings_code(longest)
    assert len(code) < 800 < LONGEST_CODE
    assert io.BytesIO(qr.dense_svg(code).encode()).getbuffer().nbytes < 60_000
    with pytest.raises(ValueError, match="characters"):
        settings_code({"general": {"server_url": "".join(map(chr, range(0x4E00, 0x6000)))}})

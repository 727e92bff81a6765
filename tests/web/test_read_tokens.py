"""Read tokens: shown once, kept as a hash, one's own only, and gone at once when they are revoked."""

import json
import re

from accounts import As, refusal
from at_desk import Desk
from factories import make_project
from flask.testing import FlaskClient

from service.domain.read_tokens import MOST, ReadToken, hashed
from service.operations.acts import journal_entries
from service.store import records


def test_a_token_is_seen_once_and_kept_as_a_hash(client: FlaskClient):
    make_project()
    them = As(client, "evaluator")
    made = them.post("/read-tokens", {"name": "Dashboard"})
    assert made.status_code == 201
    issued = made.get_json()
    assert len(issued["token"]) >= 43
    assert issued["feed"].endswith("/odata/")
    [kept] = records.find(ReadToken)
    assert kept.id == issued["id"] == hashed(issued["token"])
    assert issued["token"] not in str(vars(kept))
    listed = them.get("/read-tokens").get_json()
    assert [one["name"] for one in listed] == ["Dashboard"]
    assert "token" not in listed[0]
    told = [json.dumps(dict(entry.details or {})) for entry in journal_entries() if entry.act.startswith("read_token")]
    assert len(told) == 1
    assert issued["token"] not in told[0]


def test_a_token_is_revoked_by_its_maker_alone(client: FlaskClient):
    make_project()
    them = As(client, "provider")
    id = them.post("/read-tokens", {"name": "Dashboard"}).get_json()["id"]
    refusal(As(client, "provider").send("DELETE", f"/read-tokens/{id}"), 404, "not_found")
    ended = them.send("DELETE", f"/read-tokens/{id}").get_json()
    assert ended["revoked_at"] is not None
    assert them.send("DELETE", f"/read-tokens/{id}").get_json() == ended
    assert them.get("/read-tokens").get_json() == []


def test_who_reads_no_figures_gets_no_token_and_nobody_gets_too_many(client: FlaskClient):
    make_project()
    for role in ("auditor", "interviewer", "admin", "scorer", "witness"):
        refusal(As(client, role).post("/read-tokens", {"name": "x"}), 403, "forbidden")
    them = As(client, "purchaser")
    refusal(them.post("/read-tokens", {"name": " "}), 422, "invalid")
    for number in range(MOST):
        assert them.post("/read-tokens", {"name": f"Program {number}"}).status_code == 201
    refusal(them.post("/read-tokens", {"name": "one more"}), 422, "invalid")


def test_a_name_that_the_api_refuses_makes_no_token_at_the_desk(app):
    desk = Desk(app, "evaluator")
    for name, told in (("a\x00\u202eb", "control characters"), ("x" * 81, "longer than 80"), ("", "required")):
        desk.open("/desk/read-tokens")
        page = desk.send("/desk/read-tokens", name=name)
        assert page.status_code == 422
        assert re.search(f'id="f-name-error">[^<]*{told}', page.text)
    assert records.find(ReadToken) == []
    assert 'class="token"' in desk.send("/desk/read-tokens", name="Sheet").text
    assert [one.name for one in records.find(ReadToken)] == ["Sheet"]

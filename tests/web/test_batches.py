"""Batches over HTTP: the API's edits by version, and what a phone is told outside a session or after a voiding."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from accounts import API, As, fields_named, refusal
from factories import ADMIN, EVALUATOR, LANGUAGES, Opened
from flask import Flask
from flask.testing import FlaskClient
from phones import hidden, open_for_phones, receipt

from service.domain.collect.tickets import Batch
from service.domain.projects import Site, sessions_of
from service.operations import projects
from service.operations.collect import campaigns, tickets
from service.store import records

OVERALL = {"overall": "5"}
TURNED_AWAY = {
    "session_not_begun": {"zh-Hans": "尚未启用", "zh-Hant": "尚未啟用", "en": "does not work yet"},
    "session_over": {"zh-Hans": "已过期", "zh-Hant": "已過期", "en": "no longer works"},
}


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_for_phones(app, 12)


def in_session(opened: Opened, begins: int, ends: int) -> str:
    """A code of a session that lasts from `begins` to `ends` hours from now."""
    now, site = datetime.now(UTC).replace(microsecond=0), records.get(Site, "east")
    assert site is not None
    times = {"starts_at": now + timedelta(hours=begins), "ends_at": now + timedelta(hours=ends)}
    projects.change_site(ADMIN, now, replace(site, sessions=({"id": "s", "name": "S"} | times,)), site.version)
    campaigns.forget_views()
    batch = Batch("b", opened.id, "slip", "east", "s", "free_choice", 1, opened.key.id, now, EVALUATOR.id)
    return tickets.create_batch(EVALUATOR, now, batch, opened.key)[1][0]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("reason", "begins", "ends", "told"),
    [("session_not_begun", 1, 2, "starts_at"), ("session_over", -2, -1, "ends_at")],
)
def test_outside_its_session_a_code_says_when_it_works(
    client: FlaskClient, opened: Opened, lang: str, reason: str, begins: int, ends: int, told: str
) -> None:
    code = in_session(opened, begins, ends)
    session = sessions_of(records.get(Site, "east"))["s"]
    at = getattr(session, told)
    page = client.get(f"/s/{code}?lang={lang}")
    assert page.status_code == 410
    assert TURNED_AWAY[reason][lang] in page.text
    assert (at + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M") in page.text
    path = f"{API}/public/forms/{code}"
    body = {"submission_id": "submission-1", "answers": OVERALL, "lang": lang}
    for answer in (client.get(path), client.post(f"{path}/responses", json=body)):
        assert at.strftime("%Y-%m-%d %H:%M") in refusal(answer, 410, reason)["message"]


def test_voiding_over_the_api_and_what_the_phones_are_told(client: FlaskClient, opened: Opened) -> None:
    code, other = opened.codes[:2]
    form = hidden(client.get(f"/s/{code}").text) | OVERALL
    first = client.post(f"/s/{code}?lang=en", data=form)
    evaluator, path = As(client, "evaluator"), f"/campaigns/{opened.id}/tickets/{opened.id}-batch-1"
    refusal(evaluator.put(f"{path}/void", {"reason": "lost"}), 428, "unconditional")
    refusal(evaluator.put(f"{path}/void", {"reason": "lost"}, 7), 412, "stale")
    assert fields_named(refusal(evaluator.put(f"{path}/void", {"reason": ""}, 1), 422)) == {"reason"}
    refusal(As(client, "provider").put(f"{path}/void", {"reason": "lost"}, 1), 403)
    done = evaluator.put(f"{path}/void", {"reason": "lost"}, 1)
    assert (done.status_code, done.headers["ETag"], done.get_json()["void_reason"]) == (200, '"2"', "lost")
    page = client.get(f"/s/{other}?lang=en")
    assert (page.status_code, "withdrawn from use" in page.text, "020-1234 5678" in page.text) == (410, True, True)
    body = {"submission_id": "submission-1", "answers": OVERALL, "lang": "en"}
    for answer in (
        client.get(f"{API}/public/forms/{other}"),
        client.post(f"{API}/public/forms/{other}/responses", json=body),
    ):
        refusal(answer, 410, "batch_voided")
    again = client.post(f"/s/{code}?lang=en", data=form)
    assert (again.status_code, receipt(again.text)) == (200, receipt(first.text))


def test_counts_over_the_api(client: FlaskClient, opened: Opened) -> None:
    evaluator, path = As(client, "evaluator"), f"/campaigns/{opened.id}/tickets/{opened.id}-batch-1"
    assert evaluator.get(path).headers["ETag"] == '"1"'
    wrong = {"handed_out": 10, "spoilt": 3}
    assert fields_named(refusal(evaluator.put(f"{path}/count", wrong, 1), 422)) == {"handed_out"}
    assert evaluator.put(f"{path}/count", {"handed_out": 10, "spoilt": 1, "returned": 2}, 1).status_code == 200
    refusal(evaluator.put(f"{path}/count", {"handed_out": 9}, 1), 412, "stale")
    [one] = evaluator.get(f"/campaigns/{opened.id}/reconciliation").get_json()
    numbers = {name: one[name] for name in ("printed", "handed_out", "spoilt", "returned", "left", "used", "missing")}
    assert numbers == {
        "printed": 12, "handed_out": 10, "spoilt": 1, "returned": 2, "left": 1, "used": None, "missing": None,
    }  # fmt: skip
    assert one["why"] == "not_over"
    refusal(As(client, "purchaser").get(f"/campaigns/{opened.id}/reconciliation"), 403)
    refusal(As(client, "evaluator", "other-org").get(f"/campaigns/{opened.id}/reconciliation"), 404)


def test_a_site_is_changed_by_version(client: FlaskClient, opened: Opened) -> None:
    admin, path = As(client, "admin"), "/projects/project-1/sites/east"
    session = {"id": "s", "name": "S", "starts_at": "2026-03-02T14:00:00+08:00", "ends_at": "2026-03-02T16:00:00+08:00"}
    body = {"name": "East hall", "address": "1 Road", "sessions": [session]}
    refusal(admin.put(path, body), 428, "unconditional")
    done = admin.put(path, body, 1)
    assert (done.status_code, done.headers["ETag"]) == (200, '"2"')
    assert done.get_json()["sessions"][0]["starts_at"] == "2026-03-02T06:00:00+00:00"
    refusal(admin.put(path, body, 1), 412, "stale")
    naive = body | {"sessions": [session | {"ends_at": "2026-03-02T16:00:00"}]}
    refusal(admin.put(path, naive, 2), 422, "invalid")
    refusal(admin.put("/projects/project-2/sites/east", body, 2), 404)
    refusal(As(client, "provider").put(path, body, 2), 403)

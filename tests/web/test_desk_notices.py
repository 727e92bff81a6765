"""Notices at the desk: written and changed in the same words as over the API, until they are issued."""

import pytest
from accounts import As
from at_desk import Desk
from demo_round import make_draw
from factories import make_project
from flask import Flask
from flask.testing import FlaskClient

NOTICES = "/desk/projects/project-1/notices"
TOLD = {
    "draws": ["draw-1"],
    "summary": "抽查10份，1份缺少签名。",
    "objection__body": "区民政局",
    "objection__address": "某路1号",
    "objection__phone": "020-12345",
    "objection__working_days": "5",
}


@pytest.fixture
def desk(app: Flask) -> Desk:
    make_project()
    make_draw()
    return Desk(app, "evaluator")


@pytest.mark.rule("C14")
def test_a_draft_is_written_and_changed_and_is_the_same_over_the_api(app: Flask, desk: Desk, client: FlaskClient):
    desk.open(NOTICES)
    refused = desk.send(NOTICES, **TOLD | {"objection__working_days": "0", "draws": None})
    assert refused.status_code == 422
    assert "Please check these" in refused.text
    assert "抽查10份" in refused.text
    assert desk.send(NOTICES, **TOLD).status_code == 303
    path = desk.page.location
    change, api = f"{path}/change", As(client, "evaluator")
    there = api.get(path.removeprefix("/desk")).json
    plain = {"body": "区民政局", "address": "某路1号", "phone": "020-12345", "working_days": 5}
    assert (there["draws"], there["summary"], there["objection"]) == (["draw-1"], TOLD["summary"], plain)

    assert change in desk.follow().text
    late, issuing = Desk(app, "evaluator"), Desk(app, "evaluator")
    late.open(change)
    issuing.open(path)
    desk.open(change)
    assert desk.send(change, summary="一份缺少签名。").status_code == 303
    there = api.get(path.removeprefix("/desk")).json
    assert (there["summary"], there["objection"], there["version"]) == ("一份缺少签名。", plain, 2)
    assert late.send(change, objection__phone="020-99999", summary="两份缺少签名。").status_code == 412
    assert "一份缺少签名。" in late.page.text  # theirs beside the own words
    assert late.send(change, summary="两份缺少签名。", **{"_take.summary": "yours"}).status_code == 303
    there = api.get(path.removeprefix("/desk")).json
    assert (there["summary"], there["objection"]["phone"], there["version"]) == ("两份缺少签名。", "020-99999", 3)

    told = issuing.send(f"{path}/issue")  # what is issued is what was read
    assert told.status_code == 412
    assert "Somebody else changed this meanwhile" in told.text
    changed = told.text[told.text.index('role="alert"') : told.text.index("<article")]
    assert "两份缺少签名。" in changed
    assert "020-99999" in changed
    assert "draft" not in changed  # as it was
    assert issuing.send(f"{path}/issue").status_code == 303
    issuing.follow()
    refused = issuing.send(f"{path}/serve", served_on="2020-01-01", channel="post", received_by="前台")
    assert refused.status_code == 422
    assert 'value="前台"' in refused.text
    assert 'aria-describedby="f-serve-served_on-error"' in refused.text
    assert desk.open(path).status_code == 200
    assert change not in desk.page.text
    assert desk.open(change).status_code == 409
    assert Desk(app, "provider").open(change).status_code == 403
    assert Desk(app, "evaluator", "elsewhere").open(change).status_code == 404

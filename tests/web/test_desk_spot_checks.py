"""The desk's pages of spot checks: lists by site and state, one record with all of it, reviews, conflicts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from factories import EVALUATOR, OTHER_EVALUATOR
from flask import Flask
from flask.testing import FlaskClient
from pictures import SECRETS, with_position
from recording import GOOD, LATER, LOST, entry, sha, submission, under_way
from visiting import FIRST, SECOND, employ

from service.domain.access import Actor
from service.domain.inspect.circumstances import FACTS
from service.domain.inspect.spot_checks import PARTS, STATES, SpotCheck
from service.domain.inspect.submission_checks import HANDS
from service.domain.inspect.submissions import SOURCES
from service.domain.organisations import Token
from service.operations import organisations
from service.operations.inspect import spot_checks, spot_media
from service.operations.inspect.submissions import REASONS
from service.store import records
from service.web.auth import COOKIE
from service.web.pages.desk.words import WORDS

LIST = "/desk/projects/project-1/spot-checks"
PHOTO = with_position()


def at_the_desk(app: Flask, person: Actor) -> FlaskClient:
    now = datetime.now(UTC)
    token = f"desk-token-of-{person.id}"
    records.insert(Token(organisations._token_hash(token), person.id, now, now + timedelta(hours=1)))
    client = app.test_client()
    client.set_cookie(COOKIE, token, path="/desk")
    client.get("/desk/?lang=en")
    return client


@pytest.fixture
def serials(app: Flask) -> list[str]:
    return under_way()


@pytest.fixture
def desk(app: Flask, serials: list[str]) -> FlaskClient:
    return at_the_desk(app, EVALUATOR)


def sent(serial: str, id: str, by: Actor = FIRST, **changes: Any) -> SpotCheck:
    return spot_checks.receive(by, LATER, submission(serial, id, **changes)).spot_check


def decide(desk: FlaskClient, id: str, state: str, comment: str = "", version: int | None = None) -> Any:
    page = desk.get(f"/desk/spot-checks/{id}").text
    [token, *_] = re.findall(r'name="_token" value="([^"]+)"', page)
    read = version or records.get(SpotCheck, id).version  # type: ignore[union-attr]
    form = {"_token": token, "version": read, "state": state, "comment": comment}
    return desk.post(f"/desk/spot-checks/{id}/review", data=form)


def listed(page: str) -> set[str]:
    return set(re.findall(r'href="/desk/spot-checks/([^"/]+)"', page))


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("spot_state", (*STATES, "missing")),
        ("kept_because", REASONS),
        ("fact", FACTS),
        ("hand", HANDS),
        ("record_source", SOURCES),
        ("look", PARTS),
    ],
)
def test_every_code_has_a_word(family: str, codes: tuple[str, ...]) -> None:
    assert set(codes) == set(WORDS[family])


def test_records_are_listed_by_site_and_state_as_the_address_says(desk: FlaskClient, serials: list[str]) -> None:
    first, second, third = serials
    sent(first, "good-1")
    sent(second, "lost-1", answers=LOST)
    sent(third, "waits-1", media=(entry(PHOTO),))
    sent(first, "taken-1", answers=LOST)
    assert listed(desk.get(LIST).text) == {"good-1", "lost-1", "waits-1", "taken-1"}
    assert listed(desk.get(f"{LIST}?state=conflict").text) == {"taken-1"}
    assert listed(desk.get(f"{LIST}?site=east&state=waiting").text) == {"waits-1"}
    assert listed(desk.get(f"{LIST}?site=west").text) == set()
    assert "The witness" not in desk.get(LIST).text
    of_draw = desk.get(f"{LIST}?draw=draw-1").text
    assert "What does not count, and why" in of_draw
    assert "Nothing recorded" in of_draw
    assert "There was already a record of this item." in of_draw
    for query in ("?first=9999999999", "?first=-1", "?first=x", "?state=%00", "?site=" + "x" * 3000):
        assert desk.get(LIST + query).status_code == 200
    assert desk.get(f"{LIST}?draw=none").status_code == 404


def test_all_that_was_received_is_accepted_at_one_go(desk: FlaskClient, serials: list[str]) -> None:
    for serial in serials:
        sent(serial, f"record-{serial}")
    page = desk.get(f"{LIST}?draw=draw-1").text
    assert "(3)" in page
    [token, *_] = re.findall(r'name="_token" value="([^"]+)"', page)
    done = desk.post("/desk/draws/draw-1/spot-checks/accept", data={"_token": token, "draw": "draw-1"})
    assert done.status_code == 303
    assert {one.state for one in records.find(SpotCheck)} == {"accepted"}
    assert "Accept all" not in desk.get(f"{LIST}?draw=draw-1").text


def test_one_record_shows_answers_photos_facts_signatures_and_history(desk: FlaskClient, serials: list[str]) -> None:
    signature = entry(PHOTO, "signature-auditor.png", "")
    sent(
        serials[0],
        "record-1",
        answers=GOOD | {"signed": "no", "remark": "缺签名"},
        media=(entry(PHOTO), signature | {"sha256": sha(PHOTO)}),
        signatures={
            "auditor": {"name": "field-1", "media": "signature-auditor.png"},
            "witness": {"refused": True, "reason": "负责人不在"},
            "second": {"media": "photo-1.jpg"},
        },
        elapsed_s=5.0,
        changes=({"question": "signed", "before": "yes", "after": "no", "reason": "再看了一次"},),
        sent_at=LATER + timedelta(days=365),
    )
    spot_media.piece(FIRST, LATER, "record-1", sha(PHOTO), 0, len(PHOTO), PHOTO[: 256 * 1024])
    page = desk.get("/desk/spot-checks/record-1").text
    for text in (
        "Received, not reviewed",
        "This record counts as an error.",
        "缺签名",
        "Filled in very fast",
        "5 s",
        "20 s",
        "31536000 s",
        "The witness did not sign",
        "负责人不在",
        "再看了一次",
        "Phonemaker-7421",
        "Changes after signing",
    ):
        assert text in page, text
    small = desk.get(f"/desk/spot-checks/record-1/media/{sha(PHOTO)}?size=small")
    assert (small.status_code, small.mimetype) == (200, "image/jpeg")
    shown = desk.get(f"/desk/spot-checks/record-1/media/{sha(PHOTO)}")
    assert not [secret for secret in SECRETS if secret in small.data + shown.data]
    original = desk.get(f"/desk/spot-checks/record-1/media/{sha(PHOTO)}?size=original")
    assert original.data == PHOTO
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert desk.get(f"/desk/spot-checks/record-1/media/{'0' * 64}").status_code == 404


def test_a_review_is_refused_without_a_reason_and_for_what_has_changed(desk: FlaskClient, serials: list[str]) -> None:
    sent(serials[0], "record-1")
    assert decide(desk, "record-1", "returned").status_code == 422
    assert decide(desk, "record-1", "burnt", "x").status_code == 422
    assert decide(desk, "record-1", "returned", "哪一页？").status_code == 303
    assert "哪一页？" in desk.get("/desk/spot-checks/record-1").text
    late = decide(desk, "record-1", "accepted", "x", version=1)
    assert (late.status_code, records.get(SpotCheck, "record-1").state) == (412, "returned")  # type: ignore[union-attr]
    assert decide(desk, "record-1", "accepted", "解释清楚了").status_code == 303
    assert desk.post("/desk/spot-checks/record-1/review", data={"state": "rejected"}).status_code == 403


def test_two_records_of_one_item_stand_side_by_side_for_a_human(desk: FlaskClient, serials: list[str]) -> None:
    sent(serials[0], "web-1")
    sent(serials[0], "odk-1", source="openrosa", answers=GOOD | {"signed": "no"})
    page = desk.get("/desk/spot-checks/odk-1").text
    assert "Beside the other record" in page
    [row] = [each for each in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL) if each.count('class="bad"') == 2]
    assert ("signed and dated" in row, ">No<" in row, ">Yes<" in row) == (True, True, True)
    assert decide(desk, "odk-1", "accepted").status_code == 422
    assert decide(desk, "odk-1", "accepted", "与纸质记录核对过").status_code == 303
    assert {one.id: one.state for one in records.find(SpotCheck)} == {"web-1": "superseded", "odk-1": "accepted"}


def test_an_auditor_reads_without_deciding_and_strangers_see_nothing(
    app: Flask, desk: FlaskClient, serials: list[str]
) -> None:
    sent(serials[0], "record-1", media=(entry(PHOTO),))
    spot_media.piece(FIRST, LATER, "record-1", sha(PHOTO), 0, len(PHOTO), PHOTO[: 256 * 1024])
    auditor = at_the_desk(app, SECOND)
    page = auditor.get("/desk/spot-checks/record-1").text
    assert "Decide on this record" not in page
    assert "Phonemaker" not in page
    assert auditor.get(f"/desk/spot-checks/record-1/media/{sha(PHOTO)}?size=original").status_code == 404
    assert auditor.post("/desk/spot-checks/record-1/review", data={}).status_code == 403
    employ(OTHER_EVALUATOR)
    stranger = at_the_desk(app, OTHER_EVALUATOR)
    for path in (LIST, "/desk/spot-checks/record-1", f"/desk/spot-checks/record-1/media/{sha(PHOTO)}"):
        assert stranger.get(path).status_code == 404

"""Pictures that come with answers: checked by content, stripped, read by the evaluator only, gone when withdrawn."""

import io
from datetime import UTC, datetime
from typing import Any

import every_kind
import pictures
import pytest
from accounts import API, As, fields_named, refusal
from factories import EVALUATOR, Opened, issue
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones
from PIL import Image
from werkzeug.test import TestResponse

from service.domain.collect.media import LONGEST_SIDE, MOST_BYTES, MOST_PER_SLIP, POSTER_AT_ONCE
from service.operations.collect import campaigns, media, seals
from service.store.documents import PictureDocument
from service.store.records import collection


@pytest.fixture
def opened(app: Flask) -> Opened:
    media._sent.clear()
    return open_for_phones(app, 2, definition=every_kind.definition(sections=None))


def send(client: FlaskClient, code: str, content: bytes, content_type: str = "image/jpeg") -> TestResponse:
    return client.post(f"{API}/public/forms/{code}/media", data=content, content_type=content_type)


def answer(client: FlaskClient, code: str, picture: str, id: str = "submission-1") -> TestResponse:
    body: dict[str, Any] = {"submission_id": id, "answers": {"used": "yes", "advise": 9, "photo": picture}}
    return client.post(f"{API}/public/forms/{code}/responses", json=body)


def kept() -> dict[str, bytes]:
    return {stored["_id"]: bytes(stored["content"]) for stored in collection(PictureDocument).find({})}


def test_what_is_kept_is_upright_small_and_tells_nothing_but_what_is_to_be_seen(
    client: FlaskClient, opened: Opened
) -> None:
    sent = send(client, opened.codes[0], pictures.with_position())
    assert sent.status_code == 201
    id = sent.get_json()["id"]
    assert answer(client, opened.codes[0], id).status_code == 201
    seals.seal(opened.id)
    read = As(client, "evaluator").get(f"/campaigns/{opened.id}/media/{id}")
    assert (read.status_code, read.mimetype) == (200, "image/jpeg")
    assert kept() == {id: read.data}
    for secret in pictures.SECRETS:
        assert secret not in read.data
    image = Image.open(io.BytesIO(read.data))
    assert dict(image.getexif()) == {}
    assert not {"exif", "comment", "xmp", "icc_profile"} & set(image.info)
    assert image.size == (LONGEST_SIDE * 3 // 4, LONGEST_SIDE)
    left, right = image.getpixel((100, 800)), image.getpixel((1100, 800))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 200 > 50 > left[2]
    assert right[2] > 200 > 50 > right[0]
    assert set(*[collection(PictureDocument).find_one({})]) == {"_id", "campaign", "content"}


@pytest.mark.parametrize("kind", pictures.NO_PICTURES)
def test_what_is_no_picture_is_refused_whatever_it_is_called(client: FlaskClient, opened: Opened, kind: str) -> None:
    refusal(send(client, opened.codes[0], pictures.NO_PICTURES[kind]), 422, "picture_invalid")
    assert kept() == {}


@pytest.mark.parametrize(
    ("mode", "format"), [("RGBA", "PNG"), ("P", "PNG"), ("L", "PNG"), ("RGB", "WEBP"), ("CMYK", "JPEG")]
)
def test_other_pictures_become_a_jpeg(client: FlaskClient, opened: Opened, mode: str, format: str) -> None:
    made = io.BytesIO()
    Image.new(mode, (40, 30)).save(made, format)
    sent = send(client, opened.codes[0], made.getvalue(), f"image/{format.lower()}")
    assert sent.status_code == 201
    assert Image.open(io.BytesIO(kept()[sent.get_json()["id"]])).format == "JPEG"


def test_five_megabytes_are_taken_and_more_than_the_limit_is_not(client: FlaskClient, opened: Opened) -> None:
    assert send(client, opened.codes[0], pictures.of_size(5_000_000)).status_code == 201
    assert send(client, opened.codes[0], pictures.of_size(MOST_BYTES)).status_code == 201
    refusal(send(client, opened.codes[0], pictures.of_size(MOST_BYTES + 1)), 413, "picture_too_large")
    refusal(send(client, opened.codes[0], pictures.of_size(MOST_BYTES + 2)), 413)
    assert len(kept()) == 2


def test_other_requests_stay_small(client: FlaskClient, opened: Opened) -> None:
    large = {"submission_id": "submission-1", "answers": {"wish": "x" * 1_100_000}}
    refusal(client.post(f"{API}/public/forms/{opened.codes[0]}/responses", json=large), 413)


def test_the_body_must_say_that_it_is_a_picture(client: FlaskClient, opened: Opened) -> None:
    refusal(send(client, opened.codes[0], pictures.with_position(), "text/html"), 415)


def test_only_an_evaluator_of_the_project_reads_it(client: FlaskClient, opened: Opened) -> None:
    id = send(client, opened.codes[0], pictures.with_position()).get_json()["id"]
    path = f"/campaigns/{opened.id}/media/{id}"
    for role in ("purchaser", "authority", "provider", "auditor", "admin"):
        refusal(As(client, role).get(path), 403)
    refusal(As(client, "evaluator", "other-org").get(path), 404)
    refusal(client.get(f"{API}{path}"), 401)
    refusal(As(client, "evaluator").get(f"/campaigns/{opened.id}/media/{'0' * 32}"), 404)


def test_withdrawing_an_answer_deletes_its_picture_and_a_repeat_still_gets_its_receipt(
    client: FlaskClient, opened: Opened
) -> None:
    mine, other = (send(client, code, pictures.with_position()).get_json()["id"] for code in opened.codes)
    receipt = answer(client, opened.codes[0], mine).get_json()["receipt"]
    answer(client, opened.codes[1], other)
    assert client.post(f"{API}/public/withdrawals", json={"receipt": receipt}).status_code == 204
    assert set(kept()) == {other}
    again = answer(client, opened.codes[0], mine)
    assert (again.status_code, again.get_json()["receipt"]) == (200, receipt)


def test_an_answer_can_only_name_a_picture_that_is_kept_for_its_campaign(client: FlaskClient, opened: Opened) -> None:
    collection(PictureDocument).insert_one({"_id": "a" * 32, "campaign": "another", "content": b"x"})
    for id in ("0" * 32, "a" * 32):
        body = refusal(answer(client, opened.codes[0], id), 422, "answers_invalid")
        assert fields_named(body) == {"answers.photo"}
    assert answer(client, opened.codes[0], "../../etc/passwd").status_code == 422


def test_a_slip_may_send_a_few_and_a_poster_one_for_each_person(client: FlaskClient, opened: Opened) -> None:
    small = pictures.with_position((64, 48))
    for _ in range(MOST_PER_SLIP):
        assert send(client, opened.codes[0], small).status_code == 201
    refusal(send(client, opened.codes[0], small), 429, "pictures_spent")
    assert send(client, opened.codes[1], small).status_code == 201
    (poster,) = issue(opened, 1, "poster")
    assert [send(client, poster, small).status_code for _ in range(MOST_PER_SLIP + 1)] == [201] * (MOST_PER_SLIP + 1)


def test_nobody_can_fill_the_disk_with_a_poster(client: FlaskClient, opened: Opened) -> None:
    poster, other = (issue(opened, 1, "poster")[0] for _ in range(2))
    tiny = pictures.with_position((8, 8))
    answers = [send(client, poster, tiny) for _ in range(2 * POSTER_AT_ONCE)]  # refilled in six minutes only
    assert {sent.status_code for sent in answers[:POSTER_AT_ONCE]} == {201}
    late = next(sent for sent in answers if sent.status_code != 201)
    refusal(late, 503, "busy")
    assert late.headers["Retry-After"] == "6"
    assert len(kept()) < len(answers)
    assert send(client, other, tiny).status_code == 201


def test_after_the_end_pictures_that_no_answer_names_are_gone(client: FlaskClient, opened: Opened) -> None:
    named, left = (send(client, code, pictures.with_position()).get_json()["id"] for code in opened.codes)
    answer(client, opened.codes[0], named)
    assert set(kept()) == {named, left}
    version = campaigns.get(EVALUATOR, opened.id).version
    campaigns.change_state(EVALUATOR, datetime.now(UTC), opened.id, "final", version)
    assert set(kept()) == {named}
    refusal(send(client, opened.codes[1], pictures.with_position()), 410, "campaign_closed")


def test_a_questionnaire_without_a_photo_takes_none(client: FlaskClient, app: Flask) -> None:
    opened = open_for_phones(app)
    refusal(send(client, opened.codes[0], pictures.with_position()), 404, "not_found")
    assert kept() == {}

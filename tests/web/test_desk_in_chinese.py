"""Pages of the desk that once broke in Chinese, or for an evaluator with people in the field, without a browser."""

import pytest
from accounts import As, refusal
from at_desk import Desk
from flask import Flask
from whole_procedure import Walk

from service.domain.errors import problem
from service.web.errors import fault_text


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_pages_of_work_in_the_field_open_in_every_language(app: Flask, language: str) -> None:
    Walk(app.test_client())
    desk = Desk(app, "evaluator", language=language)
    for path in ("/desk/projects/project-1/workload", "/desk/draws/draw-1/back-checks"):
        page = desk.open(path)
        assert page.status_code == 200, (path, page.text[:500])
        assert f'lang="{language}"' in page.text
        assert "scorer" in page.text


def test_a_fault_of_one_place_is_told_in_the_readers_language_and_over_the_api_in_english(app: Flask) -> None:
    told = {
        "en": "name 2 to 200 rounds, each once",
        "zh-Hans": "请写2至200个评估轮次，每个只写一次",
        "zh-Hant": "請寫2至200個評估輪次，每個只寫一次",
    }
    for language, text in told.items():
        page = Desk(app, "evaluator", language=language).open("/desk/district?rounds=round-1&rounds=round-1")
        assert page.status_code == 422
        assert text in page.text
    body = As(app.test_client(), "evaluator").post(
        "/districts/rankings", {"rounds": ["round-1", "round-1"]}, headers={"Accept-Language": "zh-CN"}
    )
    assert refusal(body, 422, "invalid")["errors"]["json"] == {"rounds": [told["en"]]}


def test_what_a_person_wrote_is_never_filled_in_itself(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        for fault in (problem("id", "{id!r} is taken", id="{0.__class__} {x} %s"), problem("id", "{x} %(y)s {0}")):
            assert fault_text(fault) == fault.message
            assert "{x}" in fault.message

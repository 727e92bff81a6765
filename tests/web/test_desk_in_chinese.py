"""Pages of the desk that once broke in Chinese, or for an evaluator with people in the field, without a browser."""

import pytest
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


def test_what_a_person_wrote_is_never_filled_in_itself(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        for fault in (problem("id", "{id!r} is taken", id="{0.__class__} {x} %s"), problem("id", "{x} %(y)s {0}")):
            assert fault_text(fault) == fault.message
            assert "{x}" in fault.message

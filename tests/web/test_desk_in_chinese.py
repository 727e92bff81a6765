"""Pages of the desk that once broke in Chinese, or for an evaluator with people in the field, without a browser."""

import pytest
from at_desk import Desk
from flask import Flask
from whole_procedure import Walk


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_pages_of_work_in_the_field_open_in_every_language(app: Flask, language: str) -> None:
    Walk(app.test_client())
    desk = Desk(app, "evaluator", language=language)
    for path in ("/desk/projects/project-1/workload", "/desk/draws/draw-1/back-checks"):
        page = desk.open(path)
        assert page.status_code == 200, (path, page.text[:500])
        assert f'lang="{language}"' in page.text
        assert "scorer" in page.text

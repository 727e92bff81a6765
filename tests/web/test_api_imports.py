"""The import of paper over the API: as a body or as a part of a form, by its evaluator, with every problem named."""

import io
from html import unescape

import pytest
from accounts import As, refusal
from at_desk import Desk
from at_desk import table as cells
from factories import Opened
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones

from service.domain.access import ROLES
from service.operations.collect import seals

PATH = "/campaigns/phones/responses/import"


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_for_phones(app, 4)


@pytest.fixture
def evaluator(client: FlaskClient, opened: Opened) -> As:
    return As(client, "evaluator")


def table(*rows: str) -> bytes:
    return "\n".join(["_code,overall", *rows]).encode()


def counted(opened: Opened) -> int:
    return sum(counts["n"] for counts in seals.read(opened.id)[0].values())


def test_a_body_and_a_part_of_a_form_are_read_alike(evaluator: As, opened: Opened) -> None:
    content = table(f"{opened.codes[0]},5")
    done = evaluator.post(PATH, data=content, content_type="text/csv")
    assert (done.status_code, done.get_json()) == (
        200,
        {"rows": 1, "accepted": 1, "repeated": 0, "refused": 0, "problems": []},
    )
    again = evaluator.post(PATH, data={"file": (io.BytesIO(content), "paper.csv")}, content_type="multipart/form-data")
    assert again.get_json()["repeated"] == 1
    assert counted(opened) == 1


def test_all_or_nothing_and_good_rows(evaluator: As, opened: Opened) -> None:
    content = table(f"{opened.codes[0]},5", f"{opened.codes[1]},9")
    body = refusal(evaluator.post(PATH, data=content, content_type="text/csv"), 422, "import_invalid")
    assert set(body["errors"]["json"]) == {"rows.3.overall"}
    assert counted(opened) == 0
    done = evaluator.post(f"{PATH}?rows=good_rows", data=content, content_type="text/csv").get_json()
    assert (done["accepted"], done["refused"]) == (1, 1)
    assert [problem["field"] for problem in done["problems"]] == ["rows.3.overall"]
    refusal(evaluator.post(f"{PATH}?rows=some", data=content, content_type="text/csv"), 422)


def test_the_desk_takes_a_table_in_as_the_api_does(app: Flask, evaluator: As, opened: Opened) -> None:
    desk, page = Desk(app, "evaluator"), "/desk/campaigns/phones/paper/table"

    def send(*rows: str, **more: str) -> str:
        desk.open(page)
        return unescape(desk.send(page, file=(io.BytesIO(table(*rows)), "paper.csv"), **more).text)

    assert page in desk.open("/desk/campaigns/phones").text
    rows = (f"{opened.codes[0]},5", f"{opened.codes[1]},9")
    told = send(*rows)
    assert (desk.page.status_code, counted(opened)) == (422, 0)
    assert "Nothing was taken in, since some rows are wrong." in told
    assert cells(told, "t-problems")[1][:2] == ["3", "overall"]
    told = send(*rows, rows="good_rows")
    assert (desk.page.status_code, counted(opened)) == (200, 1)
    assert "<dt>new answers</dt><dd>1</dd>" in told
    assert "<dt>not accepted</dt><dd>1</dd>" in told
    assert cells(told, "t-problems")[1][:2] == ["3", "overall"]
    again = evaluator.post(PATH, data=table(rows[0]), content_type="text/csv").get_json()
    assert (again["accepted"], again["repeated"]) == (0, 1)
    assert "<dt>there already</dt><dd>1</dd>" in send(rows[0])
    desk.open(page)
    assert desk.send(page).status_code == 422
    assert Desk(app, "provider").open(page).status_code == 403
    assert Desk(app, "evaluator", "other-org").open(page).status_code == 404


def test_other_kinds_and_larger_files_are_refused(evaluator: As, opened: Opened) -> None:
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded", ""):
        refusal(evaluator.post(PATH, data=b"{}", content_type=kind), 415, "media_type")
    refusal(evaluator.post(PATH, data={"other": "x"}, content_type="multipart/form-data"), 400, "malformed")
    refusal(evaluator.post(PATH, data=b"x" * 1_000_001, content_type="text/csv"), 413, "too_large")
    assert counted(opened) == 0


@pytest.mark.parametrize("role", [role for role in ROLES if role != "evaluator"])
def test_only_the_evaluator_imports(client: FlaskClient, opened: Opened, role: str) -> None:
    content = table(f"{opened.codes[0]},5")
    refusal(As(client, role).post(PATH, data=content, content_type="text/csv"), 403, "forbidden")
    refusal(As(client, "evaluator", "other-org").post(PATH, data=content, content_type="text/csv"), 404, "not_found")
    assert counted(opened) == 0

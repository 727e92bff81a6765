"""The desk's page of codes: a batch with its sheet in one go, voiding, counting, in three languages, accessible."""

import re
from datetime import UTC, datetime

import pypdfium2
import pytest
import zxingcpp
from accounts import As, refusal, token_of
from factories import EVALUATOR, Opened
from flask import Flask
from flask.testing import FlaskClient
from phones import open_for_phones
from werkzeug.test import TestResponse

from service.domain.errors import Refused
from service.operations.collect import tickets
from service.web.auth import COOKIE
from service.web.pages.desk.collect import slips as desk_slips
from service.web.printing import delivery

TOKEN = re.compile(r'name="_token" value="([^"]+)"')


@pytest.fixture
def opened(app: Flask) -> Opened:
    return open_for_phones(app, 12)


@pytest.fixture
def desk(client: FlaskClient, opened: Opened) -> FlaskClient:
    client.set_cookie(COOKIE, token_of("evaluator"), path="/desk")
    return client


def send(desk: FlaskClient, path: str = "", **values: object) -> TestResponse:
    page = desk.get("/desk/campaigns/phones/slips?lang=en")
    found = TOKEN.search(page.text)
    assert found, page.text
    return desk.post(f"/desk/campaigns/phones/slips{path}", data={"_token": found[1]} | values)


def wanted(**more: object) -> dict[str, object]:
    return {
        "place": "east", "distribution": "free_choice", "count": "3", "grace_minutes": "30", "form": "slips.pdf",
        "languages": ["zh-Hans", "en"],
    } | more  # fmt: skip


def test_a_batch_and_its_sheet_in_one_go(desk: FlaskClient, opened: Opened) -> None:
    told = send(desk, **wanted())
    assert (told.status_code, told.mimetype) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(told.data)
    picture = document[0].render(scale=150 / 72).to_pil().convert("L")
    document.close()
    assert len(zxingcpp.read_barcodes(picture)) == 3
    poster = send(desk, **wanted(form="poster.html", count="1"))
    assert (poster.status_code, "请您评价这项服务" in poster.text, "<svg" in poster.text) == (200, True, True)
    kinds = sorted((batch.kind, batch.count) for batch in tickets.batches(EVALUATOR, opened.id))
    assert kinds == [("poster", 1), ("slip", 3), ("slip", 12)]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"form": "slips.doc"}, "form"),
        ({"count": "-1"}, "count"),
        ({"count": "999999"}, "count"),
        ({"count": "1201", "form": "slips.html"}, "form"),
        ({"place": "north"}, "place"),
        ({"distribution": "drawn_persons"}, "frame"),
        ({"languages": ["zh-Hans", "zh-Hant", "en"]}, "languages"),
        ({"languages": "fr"}, "languages"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_made(
    desk: FlaskClient, opened: Opened, more: dict[str, object], named: str
) -> None:
    told = send(desk, **wanted(**more))
    assert told.status_code == 422
    assert f'<a href="#f-{named}">' in told.text
    assert f'id="f-{named}-error"' in told.text
    assert len(tickets.batches(EVALUATOR, opened.id)) == 1


def test_codes_that_nobody_got_are_voided(desk: FlaskClient, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Refused("busy")

    monkeypatch.setattr(delivery, "set_in_type", fail)
    assert send(desk, **wanted()).status_code == 503
    [made] = [batch for batch in tickets.batches(EVALUATOR, opened.id) if batch.count == 3]
    assert (made.void_reason, made.voided_at is not None) == (desk_slips.SPOILT_BY_US, True)


def test_counting_and_voiding_by_forms(desk: FlaskClient, opened: Opened) -> None:
    batch = f"/{opened.id}-batch-1"
    wrong = send(desk, f"{batch}/count", version="1", handed_out="10", spoilt="3", returned="0")
    assert (wrong.status_code, "more than the 12 printed" in wrong.text) == (422, True)
    assert send(desk, f"{batch}/count", version="1", handed_out="10", spoilt="1", returned="2").status_code == 303
    late = send(desk, f"{batch}/count", version="1", handed_out="9", spoilt="1", returned="2")
    assert late.status_code == 412
    assert re.findall(r'<span class="side">(\d+)</span>', late.text) == ["10", "9"]
    assert desk.get(f"/desk/campaigns/phones/slips{batch}/void").status_code == 200
    assert send(desk, f"{batch}/void", version="2", reason="").status_code == 422
    assert send(desk, f"{batch}/void", version="2", reason="Box lost").status_code == 303
    page = desk.get("/desk/campaigns/phones/slips?lang=en").text
    assert "Box lost" in page
    assert str(datetime.now(UTC).year) in page
    [row] = re.findall(r"<tr>\s*<th scope=\"row\">East.*?</tr>", page, re.DOTALL)
    assert re.findall(r'<td class="n">(\d+)</td>', row) == ["12", "10", "1", "1", "2"]
    forged = desk.post("/desk/campaigns/phones/slips", data=wanted())
    assert forged.status_code == 403


def test_a_fault_of_one_place_is_told_in_the_readers_language_and_over_the_api_in_english(
    desk: FlaskClient, opened: Opened
) -> None:
    counted = {"handed_out": "10", "spoilt": "3", "returned": "0"}
    told = {
        "en": "10 handed out + 3 spoilt are more than the 12 printed",
        "zh-Hans": "发出10张加损坏3张，多于印制的12张",
        "zh-Hant": "發出10張加損壞3張，多於印製的12張",
    }
    for language, text in told.items():
        page = send(desk, f"/{opened.id}-batch-1/count?lang={language}", version="1", **counted)
        assert page.status_code == 422
        assert text in page.text
    body = As(desk, "evaluator").put(
        f"/campaigns/{opened.id}/tickets/{opened.id}-batch-1/count",
        {name: int(text) for name, text in counted.items()},
        1,
    )
    assert refusal(body, 422, "invalid")["errors"]["json"] == {"handed_out": [told["en"]]}


def test_others_have_no_page_of_codes(client: FlaskClient, opened: Opened) -> None:
    for role, organisation, status in (("provider", "", 403), ("purchaser", "", 403), ("evaluator", "other-org", 404)):
        client.set_cookie(COOKIE, token_of(role, organisation), path="/desk")
        assert client.get("/desk/campaigns/phones/slips").status_code == status


@pytest.mark.parametrize(("lang", "text"), [("zh-Hans", "纸条核对"), ("zh-Hant", "紙條核對"), ("en", "became of the")])
def test_the_page_speaks_three_languages(desk: FlaskClient, lang: str, text: str) -> None:
    assert text in desk.get(f"/desk/campaigns/phones/slips?lang={lang}").text
    assert "/desk/campaigns/phones/slips" in desk.get(f"/desk/campaigns/phones?lang={lang}").text

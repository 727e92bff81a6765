"""Reports over the API: asked for, made in the background, read by whoever may, the same in every form."""

import io
import json
import time
from dataclasses import replace
from typing import Any

import demo_round
import pytest
from accounts import As, refusal
from demo_round import DemoRound
from docx import Document
from factories import EVALUATOR, NOW
from flask import Flask
from flask.testing import FlaskClient

from service.domain.procedure.reports import Report
from service.operations.evaluate import results, rounds
from service.operations.procedure import report_facts, reports
from service.web.printing.reports import making

ASKED = {"id": "report-1", "number": "穗社评〔2026〕3号", "languages": ["zh-Hans", "en"]}
AT = "/rounds/round-1/reports"


@pytest.fixture
def city(app: Flask) -> DemoRound:
    return demo_round.make_city()


def frozen(made: DemoRound, state: str) -> None:
    """The round's result is frozen, and the round stands in this state."""
    results.freeze(EVALUATOR, NOW, made.round, keys=[made.campaign.key])
    rounds.put("round.moved", EVALUATOR, NOW, _in(made, state), made.round.version, {})


def _in(made: DemoRound, state: str) -> Any:
    return replace(made.round, state=state)


def built(evaluator: As, at: str) -> dict[str, Any]:
    """The report once its making has ended."""
    for _ in range(1200):
        found: dict[str, Any] = evaluator.get(at).get_json()
        if found["state"] != "building":
            return found
        time.sleep(0.1)
    raise AssertionError(found)


@pytest.mark.rule("G52", "G01", "G09", "S06")
def test_a_report_is_made_in_the_background_and_read_by_whoever_may(city: DemoRound, client: FlaskClient) -> None:
    """Execution of each standard, partial results and the overall result, in every form and language."""
    evaluator, purchaser, provider = (As(client, role) for role in ("evaluator", "purchaser", "provider"))
    reports.ask(EVALUATOR, NOW, Report("draft-1", "round-1", NOW, EVALUATOR.id))
    frozen(city, "reported")
    said = {"text": "服务态度好，评分人甲建议加强个案记录。"}
    assert purchaser.put("/rounds/round-1/purchaser-opinion", said, version=0).status_code == 200
    assert refusal(evaluator.put("/rounds/round-1/purchaser-opinion", said, version=1), 403)
    asked = evaluator.post(AT, ASKED)
    assert asked.status_code == 202
    assert evaluator.post(AT, ASKED).get_json()["attempt"] == 1  # a repeat finds it
    refusal(evaluator.post(AT, ASKED | {"number": "4号"}), 409, "id_taken")
    done = built(evaluator, f"{AT}/report-1")
    assert (done["state"], done["done"], done["steps"], done["draft"]) == ("built", 5, 5, False), done
    assert done["result"] == "round-1#1"
    assert {(file["form"], file["language"]) for file in done["files"]} == {
        (form, language) for form in ("docx", "html") for language in ("zh-Hans", "en")
    }
    assert [each["id"] for each in purchaser.get(AT).get_json()["reports"]] == ["report-1"]  # not the draft
    refusal(purchaser.get(f"{AT}/draft-1"), 404)
    page = purchaser.get(f"{AT}/report-1/report.html?lang=zh-Hans")
    assert page.status_code == 200
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert "评分人甲" not in page.text
    assert "区民政局" in page.text  # institutions sign
    for part in (
        "各项标准执行情况和分项考核结果",
        "综合考核评估结果",
        "四项考核评估内容",
        "购买方考评意见",
        "服务态度好",
    ):
        assert part in page.text
    assert_document(purchaser.get(f"{AT}/report-1/report.docx?lang=zh-Hans").data)
    refusal(provider.get(f"{AT}/report-1"), 403)
    refusal(evaluator.get(f"{AT}/report-1/report.html?lang=zh-Hant"), 404)
    refusal(As(client, "evaluator", "other-org").get(f"{AT}/report-1"), 404)
    assert reports.built(rounds.get(EVALUATOR, "round-1"))


def assert_document(content: bytes) -> None:
    """The page, the type and the parts of an official document (GB/T 9704)."""
    document = Document(io.BytesIO(content))
    [section] = document.sections
    assert (section.page_width.mm, section.page_height.mm) == (pytest.approx(210, abs=0.1), pytest.approx(297, abs=0.1))
    written = section.page_width.mm - section.left_margin.mm - section.right_margin.mm
    assert written == pytest.approx(156, abs=0.1)
    texts = [line.text for line in document.paragraphs]
    assert "穗社评〔2026〕3号" in texts
    assert "Street station考核评估报告" in texts
    headings = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]
    assert [text.partition("、")[0] for text in headings] == list("一二三四五六七")
    assert any(text.startswith("（一）") for text in texts)
    assert " PAGE " in section.footer._element.xml
    assert texts[-2:] == ["Purchaser（盖章）", "2026年3月2日"] or "（盖章）" in "".join(texts[-4:])
    pictures = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert len(pictures) >= 4
    assert all(pictures)  # each chart is told in words too
    assert "评分人甲" not in "".join(texts)


def test_drafts_are_the_evaluators_alone(city: DemoRound, client: FlaskClient) -> None:
    """Before the result is frozen a report would tell of answers that are not released."""
    purchaser = As(client, "purchaser")
    refusal(purchaser.post(AT, ASKED), 409, "state_conflict")
    report, mine = reports.ask(EVALUATOR, NOW, Report("draft-1", "round-1", NOW, EVALUATOR.id))
    assert (mine, report.state) == (True, "building")
    refusal(purchaser.get(f"{AT}/draft-1"), 403)
    refusal(As(client, "authority").get(AT), 403)
    assert not reports.built(city.round)
    facts = report_facts.gather(EVALUATOR, NOW, report)
    assert facts["result"]["id"] == ""
    assert "评分人甲" not in json.dumps(facts, ensure_ascii=False)


def test_what_fails_says_so_and_can_be_asked_for_again(city: DemoRound) -> None:
    report, _ = reports.ask(EVALUATOR, NOW, Report("report-2", "round-1", NOW, EVALUATOR.id, languages=("en",)))
    assert making.make(EVALUATOR, report, lambda: NOW, font="/nowhere/font.ttf") is None
    failed = reports.one(EVALUATOR, NOW, "round-1", "report-2")
    assert failed.state == "failed"
    assert "MINYI_FONT" in failed.failure
    again, mine = reports.ask(EVALUATOR, NOW, Report("report-2", "round-1", NOW, EVALUATOR.id, languages=("en",)))
    assert (mine, again.state, again.attempt) == (True, "building", 2)

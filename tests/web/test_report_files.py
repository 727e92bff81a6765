"""The files of a report: the same bytes for the same facts, Chinese drawn, and nothing told of too few persons."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import database
import demo_round
import pytest
from docx import Document
from factories import EVALUATOR, NOW
from flask import Flask

from service.domain.errors import Refused
from service.domain.evaluate.rounds import RoundDecision
from service.domain.procedure.reports import Report
from service.operations.evaluate import results, rounds
from service.operations.procedure import report_facts, reports
from service.web.charts.shapes import Bars, Likert
from service.web.printing.reports import documents, pages
from service.web.printing.reports.__main__ import drawings
from service.web.printing.reports.blocks import Figure, Heading, Paper, Table, Text
from service.web.printing.reports.writer import in_chinese

CHART = Bars([("专业服务", 17.5, 20.0), ("Volume & more", None, 30.0)], "分")
LEVELS = Likert(["不满意", "满意"], [-1, 1], [("满意度", [3, 7])])
PAPER = Paper(
    language="zh-Hans",
    issuer="评估中心",
    number="穗社评〔2026〕3号",
    title="考核评估报告",
    subtitle="期末评估",
    mark="",
    day="2026年3月2日",
    iso_day="2026-03-02",
    blocks=[
        Heading("一、结果"),
        Text("总分 <84.60>"),
        Table("表1", ("标准", "得分"), [("专业\n服务", "17.50")], (3, 1), frozenset({1}), frozenset({0})),
        Figure("图1", "专业服务 17.50 / 20.00", CHART),
        Figure("图2", "不满意 30.0%; 满意 70.0%", LEVELS),
    ],
    closing=[["评估中心（盖章）", "2026年3月2日"]],
)


@pytest.fixture(scope="module")
def drawn() -> list[tuple[bytes, bytes]]:
    """The charts of PAPER as (SVG, PNG)."""
    return next(drawings([PAPER], ""))


def test_the_same_report_is_the_same_bytes(drawn: list[tuple[bytes, bytes]]) -> None:
    [again, other] = drawings([PAPER, replace(PAPER, language="en")], "")
    assert again == drawn
    assert other == drawn  # the same words in the same face
    assert b"date" not in drawn[0][0]
    first, second = (documents.written(PAPER, drawn) for _ in range(2))
    assert first == second
    assert {part.date_time for part in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {documents.EPOCH}
    assert pages.written(PAPER, drawn) == pages.written(PAPER, drawn)


def test_a_document_holds_what_the_paper_says(drawn: list[tuple[bytes, bytes]]) -> None:
    document = Document(io.BytesIO(documents.written(PAPER, drawn)))
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["专业\n服务", "17.50"]
    assert "总分 <84.60>" in [line.text for line in document.paragraphs]
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert described == [block.alternative for block in PAPER.blocks if isinstance(block, Figure)]
    normal = document.styles["Normal"].element.xml
    assert 'w:eastAsia="FangSong"' in normal
    assert document.styles["Normal"].paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.1)  # 22 lines
    page = pages.written(PAPER, drawn).decode()
    assert "总分 &lt;84.60&gt;" in page
    assert "<script" not in page


def test_charts_draw_characters_as_outlines_and_refuse_those_without(drawn: list[tuple[bytes, bytes]]) -> None:
    assert all(b"<text" not in svg for svg, _ in drawn)  # no font of the reader's is needed
    unwritable = replace(PAPER, blocks=[Figure("", "", Bars([("\U0001f9ff", None, 1.0)]))])
    with pytest.raises(Refused, match="MINYI_FONT"):
        next(drawings([unwritable], ""))


@pytest.mark.parametrize(("number", "word"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五")])
def test_headings_are_numbered_in_chinese(number: int, word: str) -> None:
    assert in_chinese(number) == word


@pytest.mark.rule("C27")
def test_nothing_is_told_of_too_few_persons(app: Flask) -> None:
    """Eight answers: neither figure nor levels nor points, and nothing from which they could be computed."""
    database.empty()
    made = demo_round.make_round(answers=8, waiting=0)
    decision = RoundDecision(
        "decision-1", "round-1", "g28-recipients", "count", "人数少，仍予计入。", NOW, EVALUATOR.id
    )
    rounds.decide(EVALUATOR, NOW, decision)
    results.freeze(EVALUATOR, NOW, made.round, keys=[made.campaign.key])
    report, _ = reports.ask(EVALUATOR, NOW, Report("report-1", "round-1", NOW, EVALUATOR.id))
    facts = report_facts.gather(EVALUATOR, NOW, report)
    [survey] = facts["surveys"]
    assert (survey["hidden"], survey["n"]) == (True, 8)
    assert {survey[name] for name in ("figure_value", "levels", "interval", "bounds", "cannot_say")} == {None}
    hidden = {node["id"]: node for node in facts["nodes"] if node["hidden"]}
    assert {"g28-recipients", "g28"} <= set(hidden)
    assert len(hidden) > 2  # something beside them too
    for node in hidden.values():
        assert (node["score"], node["points"], node["arithmetic"], node["notes"]) == (None, None, None, [])
    sums: list[Any] = [*facts["objects"], *facts["kinds"]]
    assert any(one["points"] is None for one in sums)
    told = json.dumps([facts["judgements"], facts["volumes"], facts["draws"]], ensure_ascii=False)
    assert not any(f'"node": "{id}"' in told for id in hidden)

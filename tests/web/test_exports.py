"""Exports through the API: real files are opened by the libraries that people's tools are built on."""

import csv
import io
import json
import weakref
import zipfile
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from accounts import As, refusal
from factories import EVALUATOR, NOW, Opened, issue, open_campaign
from flask import Flask
from flask.testing import FlaskClient

from service.operations.collect import exports, releases, responses, seals
from service.operations.collect.responses import Submission
from service.store.collect import responses as stored
from service.web.exporting import delivery, tables, workbooks

LEVELS = ("5", "4", "3", "5", "1", "4", "2")
FORMULA = '=HYPERLINK("http://example.org","click")'


def answer(opened: Opened, count: int, waiting: int = 0) -> None:
    """`count` sealed answers over both sites, the first with a free text like a formula, and some not sealed yet."""
    for place in range(count + waiting):
        if place == count:
            seals.seal(opened.id)
        aspects = dict.fromkeys(("attitude", "timing", "needs"), LEVELS[(place + 1) % 7])
        aspects["skill"] = "_cannot_say" if place in (2, 3) else LEVELS[(place + 3) % 7]
        answers = {"overall": LEVELS[place % 7], "aspects": aspects, "helped": "no"}
        answers |= {"wish": FORMULA} if place == 0 else {}
        code = opened.codes[place]
        responses.submit(code, Submission(f"submission-{place:04}", answers, duration_s=42.0), NOW, [opened.key])
    if not waiting:
        seals.seal(opened.id)


@pytest.fixture
def opened(app: Flask) -> Opened:
    made = open_campaign(count=16, questionnaire="recipients")
    made.codes = [code for pair in zip(made.codes, issue(made, 16, site="west"), strict=True) for code in pair]
    return made


def rows_of(body: bytes) -> list[dict[str, str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_csv_holds_each_sealed_answer_once_in_the_order_of_its_random_number(opened: Opened, client: FlaskClient):
    answer(opened, 20, waiting=3)
    got = As(client, "evaluator").get(f"/exports/campaigns/{opened.id}/responses")
    assert got.mimetype == "text/csv"
    assert got.headers["Content-Disposition"] == "attachment; filename=campaign-1-responses.csv"
    assert got.headers["Cache-Control"] == "no-store"
    rows = rows_of(got.data)
    assert len(rows) == 20
    assert sorted(row["wish"] for row in rows if row["wish"]) == [f"'{FORMULA}"]
    assert [row["_id"] for row in rows] == sorted({row["_id"] for row in rows})
    kept = {one.final_id: one for one in stored.each(opened.id)}
    for row in rows:
        assert row["overall"] == kept[row["_id"]].answers["overall"]
        assert row["aspects/skill"] in ("_cannot_say", *LEVELS)
        assert row["_hour"] == "2026-03-02T09"


def test_a_row_holds_no_more_than_is_kept_of_an_answer(opened: Opened, client: FlaskClient):
    answer(opened, 4)
    body = As(client, "evaluator").get(f"/exports/campaigns/{opened.id}/responses").data
    own = [name for name in rows_of(body)[0] if name.startswith("_")]
    wanted = "_id _site _session _distribution _mode _assistance _language _hour _duration_class"
    assert own == wanted.split()
    for code in opened.codes:
        assert code.encode() not in body
    assert b"submission-" not in body


def test_json_lines_are_what_the_api_gives(opened: Opened, client: FlaskClient):
    answer(opened, 12)
    them = As(client, "evaluator")
    body = them.get(f"/exports/campaigns/{opened.id}/responses?format=jsonl").data
    pages = them.get(f"/campaigns/{opened.id}/responses?size=1000").get_json()
    assert [json.loads(line) for line in body.decode().splitlines()] == pages["responses"]


def book_of(body: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(body))


def test_a_workbook_holds_labels_codebook_figures_and_charts(opened: Opened, client: FlaskClient):
    answer(opened, 21, waiting=2)
    them = As(client, "evaluator")
    body = them.get(f"/exports/campaigns/{opened.id}/responses?format=xlsx&lang=en").data
    book = book_of(body)
    assert book.sheetnames == ["Answers", "Codebook", "Figures", "Levels satisfaction", "Questions", "About"]
    header, *rows = book["Answers"].iter_rows(values_only=True)
    at = {name: place for place, name in enumerate(header)}
    assert len(rows) == 21
    assert {row[at["_site"]] for row in rows} == {"East", "West"}
    meanings = {(line[0], line[3]): line[4] for line in book["Codebook"].iter_rows(values_only=True)}
    assert {row[at["overall"]] for row in rows} == {meanings["overall", code] for code in LEVELS}
    assert {row[at["aspects/skill"]] for row in rows} >= {"Cannot say", meanings["aspects/skill", "4"]}
    assert {row[at["wish"]] for row in rows} == {None, f"'{FORMULA}"}
    assert dict(book["About"].iter_rows(values_only=True))["Sealed answers"] == 21
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == 2
        assert b"c:errBars" in parts.read("xl/charts/chart1.xml")
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name)


def test_no_text_of_a_workbook_is_a_formula_and_each_sheet_has_a_name_of_its_own():
    long = "Levels of a scale with a long name"  # alike in the 31 characters that a sheet may have
    chart = tables.Chart("bars", FORMULA, 0, (tables.Series(1),), 1)
    made = [
        tables.Table(name, ("=a", "n"), [(FORMULA, 3)], (chart,), titles=(FORMULA, "=n"))
        for name in (f"{long} 1", f"{long} 2", "=[x]:'!A1", long.upper())
    ]
    with workbooks.workbook(made) as file:
        body = file.read()
    book = book_of(body)
    assert book.sheetnames == ["Levels of a scale with a long n", "Levels of a scale with a lo 2", "=x!A1",
                               "LEVELS OF A SCALE WITH A LO 3"]  # fmt: skip
    assert list(book["=x!A1"].iter_rows(values_only=True)) == [(f"'{FORMULA}", "'=n"), (f"'{FORMULA}", 3)]
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        sheets = [parts.read(name) for name in parts.namelist() if "worksheets/sheet" in name]
        drawn = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(sheets) == len(drawn) == 4
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert all("<a:t>'=HYPERLINK" in one for one in drawn)  # the title is a text, no reference


def test_figures_of_a_workbook_are_those_of_the_api(opened: Opened, client: FlaskClient):
    answer(opened, 28)
    them = As(client, "evaluator")
    book = book_of(them.get(f"/exports/campaigns/{opened.id}/responses?format=xlsx&lang=en").data)
    header, *rows = book["Figures"].iter_rows(values_only=True)
    by_site = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    api = {None: them.get(f"/campaigns/{opened.id}/satisfaction").get_json()["groups"][0]["estimate"]}
    for group in them.get(f"/campaigns/{opened.id}/satisfaction?by=site").get_json()["groups"]:
        api[group["group"]["site"]] = group["estimate"]
    assert set(by_site) == set(api) == {None, "east", "west"}
    for site, estimate in api.items():
        row = by_site[site]
        for title, name in (("Answered", "answered"), ("Valid answers", "n"), ("Issued", "issued")):
            assert row[title] == estimate[name]
        for title, name in (("Satisfied", "satisfied"), ("Response rate", "rate"), ("Index", "index")):
            assert row[title] == pytest.approx(float(estimate[name]), abs=1e-12)
        assert row["interval_reason"] == estimate["reasons"]["interval"]
    questions = list(book["Questions"].iter_rows(values_only=True))[1:]
    api_questions = them.get(f"/campaigns/{opened.id}/questions").get_json()["groups"][0]["questions"]
    counted = {(row[2], row[3]): row[4] for row in questions if row[3]}
    assert counted == {(one["id"], code): number for one in api_questions for code, number in one["counts"].items()}


def test_the_figures_alone_are_a_table_too(opened: Opened, client: FlaskClient):
    answer(opened, 14)
    them = As(client, "evaluator")
    rows = rows_of(them.get(f"/exports/campaigns/{opened.id}/figures").data)
    whole = them.get(f"/campaigns/{opened.id}/satisfaction").get_json()["groups"][0]["estimate"]
    assert Decimal(rows[0]["satisfied"]) == Decimal(whole["satisfied"])
    lines = them.get(f"/exports/campaigns/{opened.id}/figures?format=jsonl").data.decode().splitlines()
    assert json.loads(lines[0])["satisfied"] == whole["satisfied"]


def test_single_answers_are_the_evaluators_and_others_read_releases(opened: Opened, client: FlaskClient):
    answer(opened, 30)
    request = releases.ReleaseRequest("release-1", tables=(("site",),))
    released, _ = releases.make(EVALUATOR, opened.campaign.closes_at + timedelta(days=1), opened.id, request)
    path = f"/exports/campaigns/{opened.id}"
    for role in ("purchaser", "authority", "provider"):
        them = As(client, role)
        refusal(them.get(f"{path}/responses"), 403, "forbidden")
        refusal(them.get(f"{path}/figures"), 403, "forbidden")
        rows = rows_of(them.get(f"{path}/releases/{released.number}").data)
        content = them.get(f"/campaigns/{opened.id}/releases/1").get_json()["content"]
        if role == "provider":
            assert [int(row["n"]) for row in rows] == [one["n"] for one in content["sites"]]
            assert set(rows[0]) == {"sites", "names", "n"}
        else:
            assert {int(row["n"]) for row in rows if not row["table"]} == {
                row["figures"]["with"]["n"] for table in content["tables"] if not table["by"] for row in table["rows"]
            }
            assert {row["table"] for row in rows} == {"", "site"}
            assert book_of(them.get(f"{path}/releases/1?format=xlsx").data).sheetnames == ["Release 1", "About"]
    stranger = As(client, "evaluator", "another-org")
    for name in ("responses", "figures", "questions", "codebook", "releases/1"):
        refusal(stranger.get(f"{path}/{name}"), 404, "not_found")


def test_no_more_than_one_page_of_answers_is_held(opened: Opened, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "PAGE", 4)
    answer(opened, 32)
    found = exports.exported(EVALUATOR, opened.id)
    sizes = [len(page) for page in exports.pages(found)]
    assert sum(sizes) == 32
    assert max(sizes) <= 16  # four expected in each; the ids are random
    held: list[str] = []
    while some := exports.after(found, held[-1] if held else "", 5):
        assert len(some) <= 5
        held += [response.final_id for response in some]
    assert held == [response.final_id for response in stored.each(opened.id)]


class Page(list):
    """A page of answers of which it can be told whether somebody still holds it."""

    __hash__ = object.__hash__


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
def test_while_one_page_is_read_only_the_one_before_is_still_held(
    opened: Opened, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, form: str
):
    answer(opened, 32)
    alive: weakref.WeakSet[Page] = weakref.WeakSet()
    read, most, pages = stored.page, 0, 0

    def kept(*arguments: object) -> Page:
        nonlocal most, pages
        page = Page(read(*arguments))  # type: ignore[arg-type]
        alive.add(page)
        most, pages = max(most, sum(bool(one) for one in alive)), pages + 1
        return page

    monkeypatch.setattr(exports, "PAGE", 2)
    monkeypatch.setattr(tables, "CHUNK", 3)
    monkeypatch.setattr(stored, "page", kept)
    path = f"/exports/campaigns/{opened.id}/responses?format={form}"
    got = As(client, "evaluator").get(path, buffered=False)
    assert sum(len(piece) for piece in got.iter_encoded()) > 1000
    got.close()
    assert pages > 8
    assert most <= 2


def test_a_second_workbook_too_many_waits(opened: Opened, client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    answer(opened, 2)
    for _ in range(workbooks.MOST_AT_ONCE):
        assert workbooks._turns.acquire(blocking=False)
    try:
        path = f"/exports/campaigns/{opened.id}/responses?format=xlsx"
        assert refusal(As(client, "evaluator").get(path), 503, "busy")
    finally:
        for _ in range(workbooks.MOST_AT_ONCE):
            workbooks._turns.release()
    monkeypatch.setattr(workbooks, "MOST_ROWS", 1)
    refusal(As(client, "evaluator").get(path), 422, "invalid")


def test_the_head_of_a_workbook_is_sent_before_it_is_made_and_its_turn_comes_back(
    opened: Opened, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    made = []
    monkeypatch.setattr(delivery, "workbook", lambda sheets: made.append(sheets) or workbooks.workbook(sheets))
    answer(opened, 2)
    path = f"/exports/campaigns/{opened.id}/responses?format=xlsx"
    for _ in range(workbooks.MOST_AT_ONCE + 1):  # nobody reads these: each gives its turn back
        As(client, "evaluator").get(path, buffered=False).close()
    got = As(client, "evaluator").get(path, buffered=False)
    pieces = got.iter_encoded()
    assert next(pieces) == b""  # with it a server sends the head
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert not made
    assert book_of(b"".join(pieces))["Answers"].max_row == 3
    assert len(made) == 1
    got.close()
    for _ in range(workbooks.MOST_AT_ONCE):
        assert workbooks._turns.acquire(blocking=False)
        workbooks._turns.release()


def test_a_campaign_without_an_answer_has_files_without_rows(client: FlaskClient) -> None:
    opened = open_campaign()
    evaluator = As(client, "evaluator")
    figures = evaluator.get(f"/exports/campaigns/{opened.id}/figures")
    assert figures.status_code == 200, figures.text
    assert {row["answered"] for row in csv.DictReader(io.StringIO(figures.text))} == {"0"}
    workbook = evaluator.get(f"/exports/campaigns/{opened.id}/responses", query_string={"format": "xlsx"})
    assert workbook.status_code == 200, workbook.text
    assert [sheet.max_row for sheet in openpyxl.load_workbook(io.BytesIO(workbook.data))][0] == 1

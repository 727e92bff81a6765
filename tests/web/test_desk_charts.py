"""Charts on the desk's pages: numbers equal to the operations', shown to readers of the page, loud without a font."""

import json
import re
from html import unescape
from pathlib import Path

import casework
import demo_round
import matplotlib
import pytest
from at_desk import Desk
from factories import EVALUATOR, NOW
from flask import Flask, g
from outcomes import final_round, finish

from service.operations.collect import comparisons, progress, quality, satisfaction
from service.operations.evaluate import scores
from service.operations.inspect import results
from service.web.charts import wording
from service.web.pages.desk import charts
from service.web.pages.desk.collect import campaign_charts, progress_charts

CAMPAIGN = "/desk/campaigns/campaign-1"
LEVELS = f"{CAMPAIGN}/charts/levels/satisfaction.svg"


@pytest.fixture(scope="module")
def city(_app: Flask) -> Flask:
    demo_round.make_city()
    return _app


def figure(page: str, id: str) -> tuple[str, list[list[str]]]:
    """(the text in the drawing's place, the table's rows with its head)."""
    found = page.split(f'<figure class="chart" id="{id}">')[1].split("</figure>")[0]
    said = re.findall(r'<img src="[^"]*" alt="([^"]*)"', found)
    rows = re.findall(r"<tr>(.*?)</tr>", found, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return unescape(said[0] if said else ""), [[unescape(cell) for cell in row] for row in cells]


def test_levels_of_a_campaign_are_those_of_its_figures(city: Flask) -> None:
    said, [head, *rows] = figure(demo_round.sign_in(city).get(f"{CAMPAIGN}?lang=en").text, "c-levels-satisfaction")
    by_site = satisfaction.figures(EVALUATOR, "campaign-1", by=("site",)).groups
    assert len(rows) == len(by_site) + 1
    for row, (_, one) in zip(rows, by_site, strict=False):
        worst_first = list(reversed(one.counts.values()))
        assert [int(cell.split(" ")[0]) for cell in row[1:]] == [*worst_first, one.n]
        assert f"{row[0]}: " in said
    whole = satisfaction.figures(EVALUATOR, "campaign-1").groups[0][1]
    assert rows[-1][-1] == str(whole.n)
    for cell, count in zip(rows[-1][1:], reversed(whole.counts.values()), strict=False):
        assert cell == f"{count} ({100 * count / whole.n:.1f}%)"
        assert cell.split("(")[1].rstrip(")") in said
    assert head[-1] == "n"


def test_an_image_goes_to_readers_of_its_page_only(city: Flask) -> None:
    answer = demo_round.sign_in(city).get(LEVELS)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Content-Security-Policy"] == charts.POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    assert len({answer.data, demo_round.sign_in(city).get(f"{LEVELS}?narrow=1").data}) == 2
    for other in ("provider", "purchaser", "auditor", "other"):
        assert demo_round.sign_in(city, other).get(LEVELS).status_code in (403, 404), other
    assert city.test_client().get(LEVELS).status_code == 303
    assert demo_round.sign_in(city).get(LEVELS.replace("satisfaction.svg", "none.svg")).status_code == 404


def test_without_a_font_the_page_says_so_and_shows_the_table(
    city: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    latin = str(Path(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf"))
    object.__setattr__(city.extensions["minyi.settings"], "font", latin)
    try:
        client = demo_round.sign_in(city)
        page = client.get(f"{CAMPAIGN}?lang=en").text
        refused = client.get(LEVELS)
    finally:
        object.__setattr__(city.extensions["minyi.settings"], "font", "")
    shown = page.split('id="c-levels-satisfaction"')[1].split("</figure>")[0]
    assert "This chart cannot be drawn." in shown
    assert "MINYI_FONT" in shown
    assert "<img" not in shown
    assert "<details open>" in shown
    assert refused.status_code == 409
    assert "charts are not drawn" in caplog.text


def test_sites_stand_in_their_order_with_their_intervals_or_none(city: Flask) -> None:
    said, [_, *rows] = figure(demo_round.sign_in(city).get(f"{CAMPAIGN}?lang=en").text, "c-sites-satisfaction")
    found = {key[0]: one for key, one in satisfaction.figures(EVALUATOR, "campaign-1", by=("site",)).groups}
    assert [row[0] for row in rows] == ["West", "East"]  # 7 of 11, 12 of 21
    for row in rows:
        one = found[row[0].lower()]
        assert row[1:] == [f"{100 * one.satisfied:.1f}%", "–", str(one.n)]  # all present were asked: no interval
        assert f"{row[0]} {row[1]}" in said
    [pair] = comparisons.of_sites(EVALUATOR, "campaign-1").pairs
    assert not pair.separated
    assert "No difference is shown between: West, East" in said


def test_ties_are_the_longest_runs_of_which_no_two_differ() -> None:
    """1 and 3 differ although neither differs from 2; 5 was not tested against anybody."""
    tied = {(0, 1), (1, 2), (2, 3), (1, 3)}
    assert campaign_charts.runs(5, lambda one, other: (one, other) in tied) == [(0, 1), (1, 3)]
    assert campaign_charts.runs(3, lambda one, other: True) == [(0, 2)]
    assert campaign_charts.runs(3, lambda one, other: False) == []


def test_slips_are_followed_to_the_figures(city: Flask) -> None:
    said, [_, *rows] = figure(demo_round.sign_in(city).get(f"{CAMPAIGN}?lang=en").text, "c-codes-satisfaction")
    assert [row[1] for row in rows] == ["40", "32", "32"]  # while they are used nobody is told how many are
    assert [row[2] for row in rows] == ["100.0%", "80.0%", "80.0%"]
    assert "Slips issued 40 (100.0%)" in said


def test_progress_and_times_are_those_of_the_seals(city: Flask) -> None:
    page = demo_round.sign_in(city).get(f"{CAMPAIGN}/progress?lang=en").text
    _, [_, *rows] = figure(page, "c-progress")
    told = progress.of(EVALUATOR, "campaign-1")
    assert [row[1] for row in rows] == [str(site.answered) for site in told.sites]
    _, [_, *days] = figure(page, "c-days")
    assert sum(int(row[1]) for row in days) == sum(sum(site.days.values()) for site in told.sites)
    # Others see totals in steps of ten, and no days.
    coarse = demo_round.sign_in(city, "purchaser")
    page = coarse.get(f"{CAMPAIGN}/progress?lang=en").text
    assert [row[1] for row in figure(page, "c-progress")[1][1:]] == ["20", "10"]
    assert "c-days" not in page
    assert coarse.get(f"{CAMPAIGN}/charts/progress.svg").status_code == 200
    assert coarse.get(f"{CAMPAIGN}/charts/days.svg").status_code == 403
    assert coarse.get(f"{CAMPAIGN}/charts/hours.svg").status_code == 403


def test_hours_in_which_too_many_came_stand_out(city: Flask) -> None:
    """The marks of the scan, at their hour in China."""
    with city.test_request_context():
        g.actor = EVALUATOR
        made = progress_charts.campaign_hours("campaign-1")
        assert made is not None
        assert not made.shape.flagged
    quality.scan(EVALUATOR, NOW, "campaign-1", {}, {})
    hours = quality.hours(EVALUATOR, "campaign-1")
    assert sum(hours.values()) == 32
    said, [head, *rows] = figure(demo_round.sign_in(city).get(f"{CAMPAIGN}/quality?lang=en").text, "c-hours")
    assert head == ["Time", "Answers", "Stands out"]
    assert [int(row[1]) for row in rows] == list(hours.values())
    assert "32 answers from" in said


def test_bursts_are_marked_by_shape_table_and_words(city: Flask) -> None:
    counts = {"2026-05-03 09:00": 2, "2026-05-03 10:00": 0, "2026-05-04 09:00": 31}
    with city.test_request_context():
        made = wording.timeline("t", counts, "an hour", {"2026-05-04 09:00": "East 31 where 2.1"}, ["3 May", "4 May"])
    assert list(made.shape.flagged) == [2]
    assert list(made.rows) == [("2026-05-03 09:00", "2", ""), ("2026-05-04 09:00", "31", "East 31 where 2.1")]
    assert "East 31 where 2.1" in made.alternative


def test_errors_of_spot_checks_stand_with_their_limit(city: Flask) -> None:
    client = demo_round.sign_in(city)
    said, [_, row] = figure(client.get("/desk/projects/project-1/findings?lang=en").text, "c-errors")
    one = results.of_draw(EVALUATOR, "draw-1").findings
    assert row[1:] == [
        str(one.n),
        str(one.errors),
        f"{100 * float(one.rate):.1f}%",
        f"{100 * float(one.limit_share):.1f}%",
    ]
    assert f"at most {row[4]} in the whole list" in said
    assert client.get("/desk/projects/project-1/charts/errors.svg").status_code == 200
    assert demo_round.sign_in(city, "provider").get("/desk/projects/project-1/charts/errors.svg").status_code == 403


def test_points_add_up_to_the_total(city: Flask) -> None:
    client = demo_round.sign_in(city)
    said, [_, *rows] = figure(client.get("/desk/rounds/round-1?lang=en").text, "c-score")
    tree = scores.of_round(EVALUATOR, NOW, "round-1").tree
    assert rows[-1][1] == f"{tree.total:.2f}"
    assert sum(float(row[1]) for row in rows[:-1]) == pytest.approx(float(tree.total), abs=0.005 * len(rows))
    for row in rows:
        assert float(row[2]) - float(row[1]) == pytest.approx(float(row[3]), abs=0.011)
    assert f"Total {rows[-1][1]} / 100.00" in said
    # A round without judgements and volumes: what has no points yet is a dash, and nothing is said to be missed.
    _, [_, *open_rows] = figure(client.get("/desk/rounds/round-2?lang=en").text, "c-score")
    assert ["–", "–"] in [[row[1], row[3]] for row in open_rows]
    assert demo_round.sign_in(city, "purchaser").get("/desk/rounds/round-1/charts/score.svg").status_code == 403


def test_who_may_read_a_frozen_result_sees_how_it_adds_up(app: Flask) -> None:
    made, version = final_round()
    image = f"/desk/rounds/{made.round.id}/charts/results/1.svg"
    for role in ("provider", "purchaser", "authority"):
        reader = Desk(app, role)
        for page in (f"/desk/rounds/{made.round.id}", f"/desk/rounds/{made.round.id}/results/1"):
            _, [_, *rows] = figure(reader.open(page).text, "c-score")
            assert rows[-1][1] == f"{version.total:.2f}"
            assert image in reader.page.text
        assert reader.open(image).mimetype == "image/svg+xml"
    # Of what is withheld no bar is drawn, nor one for a part of it: its sum stands there in its place.
    node = json.loads(version.tree)["standards"][0]["children"][0]["id"]
    casework.withhold(version.id, node)
    _, [_, *fewer] = figure(Desk(app, "provider").open(f"/desk/rounds/{made.round.id}/results/1").text, "c-score")
    assert fewer[-1][1] == f"{version.total:.2f}"
    assert fewer[0][0] == json.loads(version.tree)["standards"][0]["label"]["en"]
    assert len(fewer) < len(rows)
    finish(made.round.id, "scoring")
    assert Desk(app, "purchaser").open(image).status_code == 404
    assert Desk(app, "provider", "other-org").open(image).status_code in (403, 404)

"""Charts on the desk's pages: numbers equal to the operations', shown to readers of the page, loud without a font."""

import re
from html import unescape
from pathlib import Path

import demo_round
import matplotlib
import pytest
from factories import EVALUATOR
from flask import Flask

from service.operations.collect import satisfaction
from service.web.pages.desk import charts

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

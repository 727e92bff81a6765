"""The desk's pages of rounds: lists, what each part reads of a round, what moves a score, and what a point rests on."""

import re
from decimal import Decimal
from html import unescape

import pytest
from demo_round import PASSWORD, DemoRound, make_city, sign_in
from factories import EVALUATOR, NOW
from flask import Flask

from service.operations.evaluate import scores

pytestmark = pytest.mark.usefixtures("reading_pages")

ROUND = "/desk/rounds/round-1"
FOR_THE_GROUP = tuple(
    f"{ROUND}/{name}" for name in ("what-if", "sensitivity", "uncertainty", "comparison", "sources", "entries")
)


@pytest.fixture(scope="module")
def made(_app: Flask) -> DemoRound:
    """One city for the whole module: its tests only read."""
    return make_city()


@pytest.fixture
def app(_app: Flask, made: DemoRound) -> Flask:
    return _app


def api(app: Flask, path: str) -> object:
    """What the API answers the evaluator."""
    answer = app.test_client().post("/api/v1/sessions", json={"username": "evaluator", "password": PASSWORD})
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    return app.test_client().get(f"/api/v1{path}", headers=headers).json


def values(text: str) -> list[Decimal]:
    """The exact numbers that a piece of a page holds."""
    return [Decimal(value) for value in re.findall(r'<data value="([^"]+)"', text)]


def lines(page: str, table: str) -> list[str]:
    """The rows of a table's body."""
    body = page.split(f'id="{table}"')[1].split("</table>")[0].split("<tbody>")[1]
    return re.findall(r"<tr.*?</tr>", body, re.DOTALL)


def test_the_list_of_rounds_is_filtered_by_what_stands_in_the_address(app):
    client = sign_in(app)
    everything = client.get("/desk/rounds").text
    assert set(re.findall(r'data-round="([^"]+)"', everything)) == {"round-1", "round-2"}
    for query, found in (
        ("kind=final", {"round-1", "round-2"}),
        ("state=scoring", set()),
        ("lead=purchaser&project=project-1", {"round-1", "round-2"}),
        ("project=project-2", set()),
        ("due=2020-01-01", set()),
    ):
        page = client.get(f"/desk/rounds?{query}").text
        assert set(re.findall(r'data-round="([^"]+)"', page)) == found, query
    assert 'value="final" selected' in client.get("/desk/rounds?kind=final").text
    assert "round-1" not in sign_in(app, "other").get("/desk/rounds").text


def test_a_filter_that_fits_nothing_is_said_and_left_out(app):
    answer = sign_in(app).get("/desk/rounds?state=dancing&due=soon&lang=en")
    assert answer.status_code == 422
    assert "due, state" in answer.text
    assert 'data-round="round-1"' in answer.text


def test_each_part_reads_of_a_round_what_it_may(app):
    whole = sign_in(app).get(f"{ROUND}?lang=en").text
    assert 'data-node="g27"' in whole
    for username in ("provider", "purchaser", "authority"):
        client = sign_in(app, username)
        page = client.get(f"{ROUND}?lang=en").text
        assert "Would review the result" in page
        assert "data-node" not in page, username
        assert 'id="total"' not in page, username
        assert "draw-1" not in page
        assert {client.get(path).status_code for path in FOR_THE_GROUP} == {403}, username
        for address in re.findall(r'<a href="(/desk/rounds/round-1/[^"]+)"', page):
            assert client.get(unescape(address)).status_code == 200, (username, address)
    assert {sign_in(app, "other").get(path).status_code for path in (ROUND, *FOR_THE_GROUP)} == {404}


def test_uncertainty_and_sensitivity_are_those_of_the_api(app):
    client = sign_in(app)
    told = api(app, "/rounds/round-1/score/uncertainty")
    page = client.get(f"{ROUND}/uncertainty?lang=en").text
    assert values(page.split('id="interval"')[1].split("</dd>")[0]) == [Decimal(told["lower"]), Decimal(told["upper"])]
    assert values(page.split('id="se"')[1].split("</dd>")[0]) == [Decimal(told["se"])]
    assert len(lines(page, "t-errors")) == len(told["leaves"])
    rows = api(app, "/rounds/round-1/score/sensitivity")
    found = lines(client.get(f"{ROUND}/sensitivity?lang=en").text, "t-sensitivity")
    assert [re.search(r'data-node="([^"]+)"', line)[1] for line in found] == [row["node"] for row in rows]
    for line, row in zip(found, rows, strict=True):
        wanted = [row[name] for name in ("score", "max_points", "up", "down", "to_higher", "to_lower", "by_weight")]
        assert values(line) == [Decimal(value) for value in wanted if value is not None], row["node"]
        assert ("decides the grade" in line) == row["decides"]


def test_the_comparison_is_that_of_the_api(app):
    told = {row["node"]: row for row in api(app, "/rounds/round-1/comparison")["rows"]}
    page = sign_in(app).get(f"{ROUND}/comparison?lang=en").text
    found = {re.search(r'data-node="([^"]+)"', line)[1]: line for line in lines(page, "t-comparison")}
    assert found.keys() == told.keys()
    for node, row in told.items():
        assert values(found[node]) == [Decimal(row["score"][name]) for name in ("score", "points")], node
        if row["volume"]:
            cell = re.search(r'<td class="n verified">([^<]*)', found[node])
            assert Decimal(cell[1]) == Decimal(row["volume"]["verified"])
    assert "评分人甲: " in found["g27"]


def test_what_if_is_computed_as_by_the_api_and_keeps_nothing(app):
    client = sign_in(app)
    page = client.get(f"{ROUND}/what-if?lang=en").text
    token = re.search(r'name="_token" value="([^"]+)"', page)[1]
    name = unescape(re.search(r'name="(edit\|judgements\|g27\|[^"]+)"', page)[1])
    before = scores.of_round(EVALUATOR, NOW, "round-1").tree.total
    tried = client.post(f"{ROUND}/what-if?lang=en", data={"_token": token, name: "100"})
    assert tried.status_code == 200
    after = Decimal(re.search(r'<data value="([^"]+)" id="after">', tried.text)[1])
    assert Decimal(re.search(r'<data value="([^"]+)" id="before">', tried.text)[1]) == before < after
    assert values(lines(tried.text, "t-difference")[0])[:2] == [before, after]
    assert scores.of_round(EVALUATOR, NOW, "round-1").tree.total == before
    for typed, told in (({name: "many"}, "85"), ({"weight|g27": "99"}, "add up to")):
        refused = client.post(f"{ROUND}/what-if?lang=en", data={"_token": token, **typed})
        assert refused.status_code == 422
        assert told in unescape(refused.text.split('id="errors"')[1].split("</div>")[0])
        assert 'value="many"' in refused.text or 'value="99"' in refused.text

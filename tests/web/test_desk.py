"""The desk: who sees what, and that its numbers and words are those of the API."""

import re
import shlex
from dataclasses import replace
from decimal import Decimal
from html import unescape
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from demo_round import PASSWORD, DemoRound, make_city, sign_in
from factories import EVALUATOR, NOW
from flask import Flask

from service.cli import main
from service.domain.evaluate.schemes import plain
from service.domain.evaluate.scores import NodeScore
from service.operations.collect import seals
from service.operations.evaluate import scores

ROUND = "/desk/rounds/round-1"
SURVEY, CHECK, EXPERT = f"{ROUND}/nodes/g28-recipients", f"{ROUND}/nodes/g35", f"{ROUND}/nodes/g27"
CAMPAIGN, ANSWERS = "/desk/campaigns/campaign-1", "/desk/campaigns/campaign-1/responses"
LISTS = "/desk/projects/project-1/frames"
VISITS, FOUND = "/desk/projects/project-1/visits", "/desk/projects/project-1/findings"
DRAW, SPOT = "/desk/draws/draw-1", "/desk/spot-checks/spot-3"
PROGRESS, OF_NODE = f"{CAMPAIGN}/progress", f"{CAMPAIGN}?round=round-1&node=g28-recipients"
SPOTS = "/desk/projects/project-1/spot-checks"
CEREMONY, PLAN = f"{DRAW}/ceremony", "/desk/projects/project-1/new-draw"
CASES = ("/desk/projects/project-1/notices", "/desk/projects/project-1/follow-ups")
PROJECT, WORKLOAD = "/desk/projects/project-1", "/desk/projects/project-1/workload"
WORK = (VISITS, FOUND, SPOTS, LISTS, PLAN)
ALL_LINKED = (ROUND, CAMPAIGN, DRAW, PROGRESS, CEREMONY, *WORK, *CASES, WORKLOAD)
FRAME, DRAWN = f"{DRAW}/frame.csv", f"{DRAW}/drawn.txt"
PAGES = (ROUND, SURVEY, CHECK, EXPERT, CAMPAIGN, OF_NODE, ANSWERS, DRAW, SPOT)


@pytest.fixture(scope="module")
def made(_app: Flask) -> DemoRound:
    """One city for the whole module: its tests only read, but for sealing."""
    return make_city()


@pytest.fixture
def app(_app: Flask, made: DemoRound) -> Flask:
    return _app


def bearer(app: Flask) -> dict[str, str]:
    answer = app.test_client().post("/api/v1/sessions", json={"username": "evaluator", "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json['token']}"}


# --- Who sees what

ALL = (*PAGES, SPOTS, FRAME, DRAWN, FOUND)
ALLOWED = {
    "evaluator": set(ALL),
    "auditor": {DRAW, SPOT, SPOTS, DRAWN, FOUND},
    "provider": {ROUND, CAMPAIGN, OF_NODE},
    "purchaser": {ROUND, CAMPAIGN, OF_NODE},
    "authority": {ROUND, CAMPAIGN, OF_NODE},
    "other": set(),
}


@pytest.mark.parametrize("username", ALLOWED)
def test_each_role_opens_its_own_pages_only(app, username):
    client = sign_in(app, username)
    found = {path: client.get(path).status_code for path in ALL}
    refused = 404 if username == "other" else 403  # of somebody else's project nobody learns that it exists
    assert found == {path: 200 if path in ALLOWED[username] else refused for path in ALL}


@pytest.mark.parametrize(
    ("username", "linked"),
    [
        ("evaluator", {ROUND, "/desk/rounds/round-2", CAMPAIGN, DRAW, *WORK, *CASES, WORKLOAD}),
        ("auditor", {DRAW, VISITS, WORKLOAD, FOUND, SPOTS}),
        ("purchaser", {ROUND, CAMPAIGN, LISTS, CEREMONY, *CASES}),
        ("provider", {ROUND, CAMPAIGN, LISTS, CEREMONY, *CASES}),
    ],
)
def test_the_page_of_a_project_leads_where_the_role_may_go(app, username, linked):
    client = sign_in(app, username)
    assert f'<a href="{PROJECT}">Street station</a>' in client.get("/desk/").text
    page = client.get(PROJECT).text
    assert set(re.findall(r'<a href="(/desk/[a-z-]+/[^"]+)"', page)) >= linked
    assert {client.get(path).status_code for path in linked & {VISITS, LISTS, *CASES}} == {200}
    known = [address for address in ALL_LINKED if address not in linked]
    assert [address for address in known if f'href="{address}"' in page] == []


def test_of_another_organisations_project_nothing_is_listed(app):
    assert "Street station" not in sign_in(app, "other").get("/desk/").text


def test_pages_hold_nothing_that_their_policy_forbids_and_are_not_kept(app):
    client = sign_in(app)
    for path in (*PAGES, "/desk/", "/desk/sign-in", f"{ROUND}-none"):
        answer = client.get(path)
        assert not re.search(r"<script|\son\w+=|\sstyle=|<style", answer.text), path
        assert not re.findall(r'(?:href|src|action)="(?!/|#|data:,)([^"]*)"', answer.text), path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_not_there_is_a_page_of_the_desk(app):
    client = sign_in(app)
    for path in (f"{ROUND}/nodes/g99", "/desk/draws/none", f"{CAMPAIGN}?round=round-1&node=g35", f"{ANSWERS}?cursor=x"):
        answer = client.get(path)
        assert answer.status_code == 404, path
        assert 'href="/desk/"' in answer.text


# --- Numbers


def rows(page: str) -> dict[str, dict[str, str]]:
    """node -> {score, points, most}: exact values as the page holds them, "–" where there is none."""
    found = {}
    for node, row in re.findall(r'<tr class="d\d" data-node="([^"]+)">(.*?)</tr>', page, re.DOTALL):
        cells = re.findall(r'<td class="n (score|points|most)">(?:<data value="([^"]+)">[^<]*</data>|(–))</td>', row)
        found[node] = {name: value or dash for name, value, dash in cells}
    return found


def short(number: str) -> str:
    return plain(Decimal(number))


def flat(nodes: list[dict]) -> dict[str, dict[str, str]]:
    found = {}
    for node in nodes:
        found[node["id"]] = {
            "score": "–" if node["score"] is None else node["score"],
            "points": node["points"],
            "most": node["max_points"],
        }
        found |= flat(node["children"])
    return found


@pytest.mark.parametrize(("round", "complete"), [("round-1", True), ("round-2", False)])
def test_the_points_are_those_of_the_api(app, round, complete):
    score = app.test_client().get(f"/api/v1/rounds/{round}/score", headers=bearer(app)).json
    page = sign_in(app).get(f"/desk/rounds/{round}").text

    def exact(table: dict) -> dict:
        return {n: {k: v if v == "–" else Decimal(v) for k, v in each.items()} for n, each in table.items()}

    assert exact(rows(page)) == exact(flat(score["standards"]))
    assert len(rows(page)) > 40
    shown = re.search(r'<data value="([^"]+)" id="total">([^<]+)</data>', page)
    assert shown
    assert (Decimal(shown[1]), shown[2]) == (Decimal(score["total"]), score["shown"])
    assert score["grade"]["label"]["zh-Hans"] in page
    assert ("暂定" in page) == (not complete)
    for fact in (score["scheme_digest"], score["inputs_digest"], f"{score['scheme_id']}@{score['scheme_version']}"):
        assert fact in page


def test_what_is_missing_is_said_on_the_round_and_on_the_node(app):
    client, round = sign_in(app), "/desk/rounds/round-2"
    for path in (round, f"{round}/nodes/g27"):
        assert "至少要有1份评分，现有0份。" in client.get(path).text
    assert "没有工作量数据。" in client.get(f"{round}/nodes/g14").text


def test_a_total_that_prints_into_another_band_is_explained(app, monkeypatch):
    # Such a total (89.995 printed as 90.00) cannot be brought about with these few answers: only the flag is set here.
    whole = scores.of_round
    monkeypatch.setattr(
        scores,
        "of_round",
        lambda *asked: replace(found := whole(*asked), tree=replace(found.tree, shown_in_other_band=True)),
    )
    assert "属于另一个等级" in sign_in(app).get(ROUND).text


def test_every_node_says_its_rule_its_arithmetic_and_its_evidence(app):
    client, headers = sign_in(app), bearer(app)
    score = app.test_client().get("/api/v1/rounds/round-1/score", headers=headers).json

    def each(nodes: list[dict]):
        for node in nodes:
            yield node
            yield from each(node["children"])

    for node in each(score["standards"]):
        page = unescape(client.get(f"{ROUND}/nodes/{node['id']}?lang=en").text)
        for text in (*node["rules"], node["label"]["en"], f"= {short(node['points'])}"):
            assert text in page, (node["id"], text)
        assert ("example, not in the measures" in page.split("</h1>")[0]) == node["example"]
        for used in node["inputs"]:
            assert used["id"] in page
            assert used["digest"] in page
        if node["arithmetic"]["terms"] and not node["children"]:
            assert f"= {short(node['score'])}<" in page, node["id"]


def test_the_figures_are_those_of_the_api(app):
    path = "/api/v1/campaigns/campaign-1/satisfaction"
    groups = app.test_client().get(path, query_string={"by": "site"}, headers=bearer(app)).json["groups"]
    page = sign_in(app).get(CAMPAIGN, query_string={"round": "round-1", "node": "g28-recipients", "lang": "en"}).text
    table = page.split('id="t-figures-satisfaction"')[1].split("</table>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL)
    assert len(groups) == 2
    for group, line in zip(groups, lines, strict=False):
        estimate = group["estimate"]
        cells = re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)
        assert [cells[0], cells[1], cells[2]] == [str(estimate[name]) for name in ("issued", "answered", "n")]
        values = [Decimal(value) for value in re.findall(r'<data value="([^"]+)">', line)]
        wanted = [estimate["index"], estimate["satisfied"], *estimate["bounds"].values(), estimate["rate"]]
        assert values == [Decimal(value) for value in wanted]
        assert "Everyone was asked, some stayed silent: see the bounds." in line  # in place of an interval
        assert "all present, handed out by the evaluator" in line
        assert f"own phone {estimate['answered']}" in line


def test_all_sealed_answers_can_be_read_and_those_waiting_are_announced(app):
    client = sign_in(app)

    def read() -> tuple[set[str], list[str]]:
        seen, notes, path = set(), [], ANSWERS
        for _ in range(20):
            page = client.get(path).text
            seen |= set(re.findall(r'id="r-([0-9a-f]{32})"', page))
            notes += re.findall(r'id="waiting">([^<]*)', page)
            following = re.search(r'href="([^"]+)" rel="next"', page)
            if not following:
                return seen, notes
            path = unescape(following[1])
        raise AssertionError("no last page")

    seen, notes = read()
    assert len(seen) == 30
    assert "另有2份答卷" in notes[0]
    seals.seal("campaign-1")
    seen, notes = read()
    assert len(seen) == 32
    assert notes == []


def test_an_answer_is_shown_in_the_words_of_the_questionnaire(app, made):
    page = sign_in(app).get(f"{ANSWERS}?lang=en").text
    assert page.count("All in all, how satisfied are you with your housing?") > 20
    assert {"Satisfied", "In between", "Dissatisfied"} <= set(re.findall(r"<dd>([^<]+)</dd>", page))
    for secret in (*made.campaign.codes, "submission-"):
        assert secret not in page


def test_the_command_on_the_page_verifies_the_draw_and_notices_a_swap(app, tmp_path, monkeypatch):
    client = sign_in(app)
    monkeypatch.chdir(tmp_path)
    for path in (FRAME, DRAWN):
        (tmp_path / urlsplit(path).path.rsplit("/", 1)[1]).write_bytes(client.get(path).data)
    command = re.search(r'<code id="verify">(.*?)</code>', client.get(DRAW).text, re.DOTALL)
    assert command
    program, *arguments = shlex.split(unescape(command[1]).replace("\\\n", ""))
    assert program == "minyi"
    done = CliRunner().invoke(main, arguments)
    assert (done.exit_code, "verified: 10 drawn of 40" in done.output) == (0, True), done.output
    first, second, *rest = (tmp_path / "drawn.txt").read_text().split()
    (tmp_path / "drawn.txt").write_text("\n".join([second, first, *rest]))
    assert CliRunner().invoke(main, arguments).exit_code == 1


def test_the_drawn_records_stand_in_order_with_their_state_and_limit(app, made):
    page = sign_in(app).get(f"{DRAW}?lang=en").text
    table = page.split('id="t-drawn"')[1].split("</table>")[0]
    assert re.findall(r">(R\d{3})<", table) == [item.serial for item in made.draw.items]
    assert table.count('class="bad"') == 2  # the attribute that fails, and the result of its record
    assert "at most 14 of 40 records" in page
    spot = sign_in(app, "auditor").get(SPOT).text
    assert made.draw.items[2].serial in spot
    assert "缺少服务对象签名。" in spot


def test_a_tree_row_is_there_for_every_node(app):
    nodes: list[NodeScore] = list(scores.of_round(EVALUATOR, NOW, "round-1").tree.walk())
    page = sign_in(app).get(ROUND).text
    assert list(rows(page)) == [node.id for node in nodes]
    assert all(f'href="{ROUND}/nodes/{node.id}"' in page for node in nodes)
    assert page.count("示例，办法未规定") == sum(node.example for node in nodes)

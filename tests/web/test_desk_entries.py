"""Evidence entered at the desk: each kind once, one refusal in words, and the way back."""

import re
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from accounts import As
from at_desk import Desk
from demo_round import AUTHORITY
from factories import EVALUATOR, NOW, make_project
from flask import Flask
from flask.testing import FlaskClient
from mixed_scheme import WIDE

from service.domain.evaluate.rounds import Round
from service.operations.evaluate import rounds, schemes, scores

TEMPLATES = Path(__file__).parents[2] / "survey_templates" / "schemes"
ROUND = "/desk/rounds/round-1"
SENT = {
    "cases": ({"target": "50", "claimed": "60", "verified": "45", "source": "个案登记册"}, {"verified": "-4"}),
    "answered": ({"numerator": "18", "denominator": "20", "source": "信访登记册"}, {"numerator": "21"}),
    "hall": ({"value": "4500", "source": "现场测量"}, {"value": "wide"}),
    "praise": ({"type": "praised", "quantity": "1", "on": "2026-03-01", "source": "表扬信"}, {"quantity": "0"}),
    "registered": ({"passed": "true", "reason": "登记证书在有效期内", "source": "登记证书"}, {"reason": ""}),
}


@pytest.fixture
def desk(app: Flask) -> Desk:
    make_project()
    schemes.publish(AUTHORITY, NOW, WIDE)
    opened = Round("round-1", "project-1", "pre", "前期评估", "mixed@1", "", NOW)
    rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    return Desk(app, "evaluator")


@pytest.mark.parametrize("node", SENT)
def test_an_entry_is_refused_in_words_and_then_leads_back_from_its_point(desk, node):
    """What was typed stays where it is wrong."""
    path, (good, wrong) = f"{ROUND}/entries/{node}", SENT[node]
    desk.open(path)
    refused = desk.send(path, **(good | wrong))
    assert refused.status_code == 422
    [field] = wrong
    assert f'href="#f-{field}"' in refused.text
    assert good["source"] in refused.text
    done = desk.send(path, **good)
    assert done.headers["Location"] == f"{ROUND}/nodes/{node}"
    page = desk.follow().text
    assert "Entered." in page
    for text in good.values():
        assert {"true": "yes", "praised": "Praise"}.get(text, text) in page, text
    assert f'href="{ROUND}/nodes/{node}"' in desk.open(f"{ROUND}?lang=en").text


def test_entries_make_the_score_and_a_node_has_one_ratio(desk):
    for node, (good, _) in SENT.items():
        desk.open(f"{ROUND}/entries/{node}")
        assert desk.send(f"{ROUND}/entries/{node}", **good).status_code == 303, node
    tree = scores.of_round(EVALUATOR, NOW, "round-1").tree
    assert {node: tree.node(node).score for node in ("cases", "answered", "hall", "praise")} == {
        "cases": 90,
        "answered": 90,
        "hall": 70,
        "praise": 70,
    }
    page = desk.open(ROUND).text
    shown = re.findall(r'data-node="(\w+)".*?<td class="n points"><data value="([^"]+)"', page, re.S)
    assert {node: Decimal(points) for node, points in shown} == {node.id: node.points for node in tree.walk()}
    listed = desk.open(f"{ROUND}/entries").text
    assert f'href="{ROUND}/entries/praise"' in listed, "events may follow"
    assert f'href="{ROUND}/entries/answered"' not in listed
    desk.open(f"{ROUND}/entries/answered")
    again = desk.send(f"{ROUND}/entries/answered", **SENT["answered"][0])
    assert (again.status_code, "There is such an entry already." in again.text) == (422, True)


def test_where_evidence_comes_from_is_bound_and_what_does_not_fit_is_refused(app, desk):
    page = desk.open(f"{ROUND}/sources")
    assert page.status_code == 200
    assert "Cases opened" in page.text
    refused = desk.send(f"{ROUND}/sources", counters__cases="draw-9")
    assert refused.status_code == 422
    assert "draw-9" in unescape(refused.text)
    assert desk.send(f"{ROUND}/sources", counters__cases="").status_code == 303
    first, second = Desk(app, "evaluator"), Desk(app, "evaluator")
    for each in (first, second):
        each.open(f"{ROUND}/sources")
    assert first.send(f"{ROUND}/sources").status_code == 303
    late = second.send(f"{ROUND}/sources")
    assert (late.status_code, "Somebody else saved this meanwhile" in late.text) == (412, True)


def test_only_the_evaluator_enters(app, desk):
    for role in ("purchaser", "provider", "authority", "auditor"):
        assert Desk(app, role).open(f"{ROUND}/entries/answered").status_code == 403, role
    assert desk.open(f"{ROUND}/entries/eligible").status_code == 404, "a sum takes no evidence"
    assert Desk(app, "evaluator", "other-org").open(f"{ROUND}/entries/answered").status_code == 404


@pytest.mark.rule("I09")
def test_points_by_period_are_those_of_the_api(app: Flask, client: FlaskClient) -> None:
    text = (TEMPLATES / "guangzhou-information.yaml").read_text(encoding="utf-8")
    make_project()
    schemes.publish(AUTHORITY, NOW, text)
    opened = Round("round-2", "project-1", "pre", "信息", "guangzhou-information@1", "", NOW)
    rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    desk, path = Desk(app, "evaluator"), "/desk/rounds/round-2/periods"
    assert path in desk.open("/desk/rounds/round-2").text
    assert "none yet" in desk.open(path).text
    for on in ("2025-12-01", "2026-02-28", "2026-03-01"):
        desk.open("/desk/rounds/round-2/entries/adopted")
        sent = {"type": "key_situation", "quantity": "2", "on": on, "source": "要情"}
        assert desk.send("/desk/rounds/round-2/entries/adopted", **sent).status_code == 303
    shown = desk.open(f"{path}?group=direct-a").text
    cells = [re.findall(r"<t[hd][^>]*>(?:<data[^>]*>)?(.*?)<", row) for row in re.findall(r"<tr>(.*?)</tr>", shown)][1:]
    api = As(client, "evaluator").get("/rounds/round-2/periods?group=direct-a").json
    told = [(one["start"], one["end"], Decimal(one["points"])) for one in api]
    assert [(row[1], row[2], Decimal(row[3])) for row in cells] == told
    assert [row[0] for row in cells] == ["2026 · 1", "2026 · 2", "Year 2026"]
    assert [row[5] for row in cells] == ["no target", "no target", "yes"]
    assert desk.open(f"{path}?group=villages").status_code == 422
    assert Desk(app, "provider").open(path).status_code == 403


def test_a_scheme_without_a_year_of_its_own_has_no_periods(desk: Desk) -> None:
    assert f"{ROUND}/periods" not in desk.open(ROUND).text
    assert "has no year of its own" in desk.open(f"{ROUND}/periods").text

"""Reports and frozen results at the desk: asked for, followed while one is made, read; what versions changed."""

import json
import re
import time
from decimal import Decimal
from html import unescape

import pytest
from at_desk import Desk
from factories import EVALUATOR, NOW
from flask import Flask
from outcomes import failed_round, finish

from service.domain.procedure.reports import FAILED, Report
from service.operations.evaluate import result_readers
from service.store import records

ROUND = "/desk/rounds/round-1"


@pytest.fixture
def evaluator(app: Flask) -> Desk:
    """A final round whose result was corrected."""
    failed_round()
    return Desk(app, "evaluator")


def number(text: str, cell: str) -> list[Decimal]:
    return [Decimal(one) for one in re.findall(rf'<td class="n {cell}"><data value="([^"]+)"', text)]


def test_versions_differ_visibly_and_the_numbers_are_those_that_were_frozen(app, evaluator):
    first, second = result_readers.of_round(EVALUATOR, "round-1")
    page = evaluator.open(f"{ROUND}/results").text
    for version in (first, second):
        assert version.inputs_digest in page
        shown = evaluator.open(f"{ROUND}/results/{version.number}").text
        nodes = result_readers.tree_for({"evaluator"}, version)
        flat = re.findall(r'data-node="([^"]+)"', shown.split('id="t-result"')[1])
        waiting, wanted = list(nodes["standards"]), []
        while waiting:
            node = waiting.pop(0)
            wanted.append(node)
            waiting = [*node["children"], *waiting]
        assert flat == [node["id"] for node in wanted]
        assert number(shown.split('id="t-result"')[1], "points") == [Decimal(node["points"]) for node in wanted]
    assert "Scored too high." in shown
    assert "Scored too high." not in evaluator.open(f"{ROUND}/results/1").text
    difference = shown.split('id="t-difference"')[1].split("</table>")[0]
    rows = result_readers.difference(EVALUATOR, "round-1", 2)
    assert difference.count("<tr") == len(rows) + 1
    node = next(row.node for row in rows if row.node and row.why == ("Scored too high.",))
    corrected = evaluator.open(f"{ROUND}/nodes/{node}").text
    assert f'href="{ROUND}/results/2"' in corrected.split('id="t-corrections"')[1]
    provider = Desk(app, "provider").open(f"{ROUND}/results/2").text
    assert "评分人甲" not in provider
    assert f"{ROUND}/nodes/" not in provider
    assert evaluator.open(f"{ROUND}/results/3").status_code == 404


def test_the_export_holds_what_the_result_follows_from(app, evaluator):
    saved = evaluator.open(f"{ROUND}/export.json")
    assert "attachment" in saved.headers["Content-Disposition"]
    assert saved.get_data(as_text=True) == result_readers.export(EVALUATOR, "round-1")
    assert json.loads(saved.data)
    for role in ("purchaser", "provider"):
        assert Desk(app, role).open(f"{ROUND}/export.json").status_code == 403


def test_a_report_is_followed_without_a_script_and_can_be_left(app, evaluator):
    evaluator.open(f"{ROUND}/reports/new")
    refused = evaluator.send(f"{ROUND}/reports/new", languages=[])
    assert refused.status_code == 422
    asked = evaluator.send(f"{ROUND}/reports/new", number="穗社评〔2026〕3号", languages=["zh-Hans"])
    path = asked.headers["Location"]
    page = evaluator.follow()
    if "Refresh" in page.headers:  # it is not over yet
        assert re.search(r'<progress id="progress" max="3" value="\d"', page.text)
        assert "You may leave it" in page.text
    for _ in range(1200):
        if "Refresh" not in (page := evaluator.open(path)).headers:
            break
        time.sleep(0.1)
    assert "ready" in page.text
    [document] = [unescape(one) for one in re.findall(r'href="([^"]+report\.docx[^"]*)"', page.text)]
    [html] = [unescape(one) for one in re.findall(r'href="([^"]+report\.html[^"]*)"', page.text)]
    built = records.get(Report, path.rsplit("/", 1)[1])
    assert built is not None
    assert built.files["html:zh-Hans"]["sha256"] in page.text
    assert evaluator.open(document).data[:2] == b"PK"
    assert "穗社评〔2026〕3号" in evaluator.open(html).text
    assert path in Desk(app, "provider").open(f"{ROUND}/reports").text
    token = re.search(r'name="_token" value="([^"]+)"', page.text)
    again = evaluator.client.post(f"{path}/again", data={"_token": token[1]})
    assert again.headers["Location"] == path
    assert records.get(Report, built.id) == built, "what is ready is not made again"


def test_a_report_that_failed_says_so_and_is_begun_again_by_who_may_ask(app, evaluator):
    failed = Report("report-9", "round-1", NOW, EVALUATOR.id, result="round-1#2", state=FAILED, failure="no font")
    records.insert(failed)
    path = f"{ROUND}/reports/report-9"
    page = evaluator.open(path)
    assert "no font" in page.text
    assert f'action="{path}/again"' in page.text
    assert "Refresh" not in page.headers
    provider = Desk(app, "provider")
    told = provider.open(path)
    assert (told.status_code, f"{path}/again" in told.text) == (200, False)
    token = re.search(r'name="_token" value="([^"]+)"', told.text)
    assert provider.client.post(f"{path}/again", data={"_token": token[1]}).status_code == 403


def test_the_purchasers_opinion_is_given_while_the_round_goes_on(app, evaluator):
    purchaser, path = Desk(app, "purchaser"), f"{ROUND}/purchaser-opinion"
    purchaser.open(path)
    over = purchaser.send(path, text="服务及时。")
    assert (over.status_code, "服务及时。" in over.text) == (409, True), "the round is final"
    finish("round-1", "reported")
    purchaser.open(path)
    assert purchaser.send(path, text="").status_code == 422
    assert purchaser.send(path, text="服务及时。").status_code == 303
    assert "服务及时。" in purchaser.follow().text
    assert evaluator.open(path).status_code == 403
    assert Desk(app, "purchaser", "other-org").open(path).status_code == 404

"""Self-evaluations at the desk: filled node by node with files, filed once with receipts, read by others then."""

import io
import re
from html import unescape

import pytest
from at_desk import Desk
from casework import PICTURE
from flask import Flask
from self_evaluated import AREAS, SCHEME, file_it, in_state, open_round

from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Counter
from service.operations.evaluate import schemes
from service.operations.procedure import self_evaluations

PAGE = "/desk/rounds/round-1/self-evaluation"
COUNTER = "g14"


@pytest.fixture
def round(app: Flask) -> Round:
    return open_round()


def fill(desk: Desk, node: str, **fields: object) -> int:
    path = f"{PAGE}/nodes/{node}"
    desk.open(path)
    return int(desk.send(path, **fields).status_code)


def test_a_node_is_filled_with_a_claim_a_statement_and_a_file(app, round):
    provider = Desk(app, "provider")
    assert f'href="{PAGE}/nodes/{COUNTER}"' in provider.open(PAGE).text
    assert fill(provider, COUNTER, claimed="-3") == 422
    assert 'href="#f-claimed"' in provider.page.text
    picture = {"claimed": "12", "statement": "大型活动十二次。", "title": "签到表"}
    assert fill(provider, COUNTER, **picture, file=(io.BytesIO(b"no picture"), "x.jpg")) == 422
    assert fill(provider, COUNTER, **picture, file=(io.BytesIO(PICTURE), "x.jpg")) == 303
    page = provider.open(PAGE).text
    row = next(part for part in page.split("<tr") if f'data-node="{COUNTER}"' in part)
    assert ">12<" in row
    assert "大型活动十二次。" in row
    [address] = re.findall(rf'href="({PAGE}/files/[^"]+)">签到表', row)
    assert provider.open(address).data == PICTURE
    assert fill(provider, "professional", statement="已按合同开展。") == 303
    kept = self_evaluations.of_round(round)
    assert set(kept.entries) == {COUNTER, "professional"}, "other nodes stay as they were"
    for role in ("purchaser", "evaluator", "authority"):
        other = Desk(app, role)
        assert "大型活动十二次" not in other.open(PAGE).text, "a draft is the provider's alone"
        assert other.open(address).status_code == 404
        assert other.open(f"{PAGE}/nodes/{COUNTER}").status_code == 403


def test_two_people_of_the_provider_do_not_overwrite_each_other(app, round):
    first, second = Desk(app, "provider"), Desk(app, "provider")
    path = f"{PAGE}/nodes/professional"
    for each in (first, second):
        each.open(path)
    assert first.send(path, statement="甲的说法").status_code == 303
    late = second.send(path, statement="乙的说法")
    assert late.status_code == 412
    for text in ("甲的说法", "乙的说法", "Somebody else saved this meanwhile"):
        assert text in late.text
    assert self_evaluations.of_round(round).entries["professional"]["statement"] == "甲的说法"


def test_it_is_filed_once_and_what_is_missing_is_said_first(app, round):
    provider, filing = Desk(app, "provider"), f"{PAGE}/filing"
    fill(provider, "professional", statement="已按合同开展。")
    assert "What follows from it" in provider.open(filing).text
    refused = provider.send(filing)
    assert refused.status_code == 422
    text = unescape(refused.text)
    quality = schemes.parsed(SCHEME).node("quality").label["en"]
    assert quality in text, "the area that has no statement is named"
    for area in AREAS:
        fill(provider, area, statement=f"{area}：已按合同开展。")
    for node in schemes.parsed(SCHEME).leaves():
        if isinstance(node.spec, Counter):
            assert fill(provider, node.id, claimed="240", statement="见台账。") == 303, node.id
    provider.open(f"{PAGE}/facts")
    assert provider.send(f"{PAGE}/facts", facts__headcount="-1").status_code == 422
    provider.open(f"{PAGE}/facts")
    assert provider.send(f"{PAGE}/facts", facts__full_time_equivalent="5").status_code == 303
    provider.open(filing)
    assert provider.send(filing).status_code == 303
    page = unescape(provider.follow().text)
    assert "Filed. The receipts stand below." in page
    there = self_evaluations.of_round(round)
    for receipt in there.receipts:
        assert receipt["number"] in page
        assert receipt["digest"] in page
    assert f"{PAGE}/nodes/" not in page
    for role in ("purchaser", "evaluator", "authority"):
        assert there.receipts[0]["number"] in Desk(app, role).open(PAGE).text
    assert fill(provider, "professional", statement="再补充") == 409


def test_a_counter_shows_what_was_claimed_beside_what_was_verified(app, round):
    file_it(round)
    in_state(round, "evidence")
    evaluator = Desk(app, "evaluator")
    path = "/desk/rounds/round-1/entries/g14"
    evaluator.open(path)
    assert evaluator.send(path, target="300", verified="228", source="签到表核对").status_code == 303
    page = evaluator.follow().text
    volumes = page.split('id="t-volumes"')[1].split("</table>")[0]
    assert re.findall(r'<td class="n">([\d.–]+)</td>', volumes)[:3] == ["300", "240", "228"]
    row = next(
        part
        for part in evaluator.open("/desk/rounds/round-1/comparison").text.split("<tr")
        if 'data-node="g14"' in part
    )
    assert re.findall(r'<td class="n (?:claimed|verified)">([\d.]+)', row) == ["240", "228"]

"""From a point of a round to its evidence in at most three clicks: links followed for a node of every type."""

import re
from html import unescape

from accounts import As
from at_desk import Desk
from demo_round import AUTHORITY, make_round
from factories import EVALUATOR, NOW
from flask import Flask
from mixed_scheme import MIXED

from service.domain.evaluate.evidence import Evidence
from service.domain.inspect.spot_checks import SpotCheck
from service.operations.evaluate import schemes, scores
from service.store import records

MOST = 3
ENTRIES = {
    "answered": ("ratios", {"numerator": "18", "denominator": "20", "source": "登记册"}),
    "hall": ("measures", {"value": "4500", "unit": "平方米", "source": "现场测量"}),
    "praise": ("events", {"type": "complaint", "on": "2026-03-01", "source": "投诉登记"}),
    "registered": ("gate-findings", {"passed": False, "reason": "登记证书已过期", "source": "登记证书"}),
    "accounts": ("gate-findings", {"passed": True, "reason": "已核对", "source": "审计报告"}),
}
WORDED = ("type", "unit", "passed")  # shown in words of the reader's language


class Reader:
    """Somebody who only follows links, and how many clicks it took from the round's page."""

    def __init__(self, app: Flask, start: str) -> None:
        self.desk, self.clicks = Desk(app, "evaluator"), 0
        self.page = self.desk.open(start).text

    def click(self, pattern: str) -> "Reader":
        """Follow the one link of the page's body whose address is like this."""
        found = {unescape(one) for one in re.findall(r'href="([^"#]+)[^"]*"', self.page.partition("<main")[2])}
        [address] = [one for one in found if re.fullmatch(pattern, one)]
        self.page, self.clicks = self.desk.open(address).text, self.clicks + 1
        assert self.desk.page.status_code == 200, address
        assert self.clicks <= MOST
        return self

    def row(self, id: str) -> str:
        """What a row of evidence says, without its markup."""
        found = self.page.split(f'id="{id}"')[1].split("</tr>")[0].partition(">")[2]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", found)).split())


def test_every_point_leads_to_its_evidence_in_three_clicks(app: Flask) -> None:
    made = make_round()
    mixed = schemes.publish(AUTHORITY, NOW, MIXED)[0].id
    evaluator = As(app.test_client(), "evaluator")
    wanted = {"id": "round-2", "project": "project-1", "kind": "pre", "name": "评估", "scheme": mixed}
    assert evaluator.post("/rounds", wanted).status_code == 201
    entered = {}
    for node, (path, values) in ENTRIES.items():
        answer = evaluator.post(f"/rounds/round-2/{path}", values | {"node": node})
        assert answer.status_code == 201, answer.text
        entered[node] = f"{path.removeprefix('gate-').removesuffix('s')}-{answer.json['id']}"
    types = set()
    for round in ("round-1", "round-2"):
        scored = scores.of_round(EVALUATOR, NOW, round)
        for node in scored.tree.walk():
            reader = Reader(app, f"/desk/rounds/{round}").click(f"/desk/rounds/{round}/nodes/{node.id}")
            types.add(node.type)
            if round == "round-2" and node.id in ENTRIES:
                told = reader.row(entered[node.id])
                for name, value in ENTRIES[node.id][1].items():
                    assert name in WORDED or value in told, (told, value)
            elif node.children:
                for child in node.children:
                    assert f"/nodes/{child.id}" in reader.page
            else:
                look(reader, scored.evidence.of(node.id), node.type)
    assert types == {"composite", "survey", "check", "expert", "counter", "ratio", "steps", "events", "gate"}
    assert len(records.find(SpotCheck, draw=made.draw.id)) == 10


def look(reader: Reader, evidence: Evidence, type: str) -> None:
    """The evidence of a leaf of the demo's round, down to single answers and single records."""
    if type == "survey":
        [survey] = evidence.surveys
        assert f"<dd>{survey.n}</dd>" in reader.page
        campaign = rf"/desk/campaigns/{survey.campaign}"
        reader.click(rf"{campaign}/responses.*")
        waiting = re.search(r'id="waiting">[^<]*: (\d+)\.', reader.page)[1]
        answers = reader.page.count('class="answer"')
        while onward := re.search(r'href="([^"]+)" rel="next"', reader.page):  # as many as the random ids put on a page
            reader.page = reader.desk.open(unescape(onward[1])).text
            answers += reader.page.count('class="answer"')
        assert answers + int(waiting) == survey.n
    elif type == "check":
        [check] = evidence.checks
        reader.click(rf"/desk/draws/{check.draw}\?.*")
        wrong = [spot.id for spot in records.find(SpotCheck, draw=check.draw) if spot.errs]
        assert len(wrong) == check.errors
        reader.click(rf"/desk/spot-checks/{wrong[0]}\?.*")
        assert wrong[0] in reader.page
    elif type == "expert":
        for one in evidence.judgements:
            told = reader.row(f"judgement-{one.id}")
            assert f"{one.score:f}" in told
            assert one.reason in told
    else:
        for one in evidence.quantities:
            told = reader.row(f"quantity-{one.id}")
            for value in (one.source, f"{one.target:f}", f"{one.claimed:f}", f"{one.verified:f}"):
                assert value in told

"""The group and its scoring at the desk: appointed with conflicts told, blind on every page until all are in."""

import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import casework
import pytest
from accounts import As
from at_desk import Desk
from flask import Flask
from flask.testing import FlaskClient
from group_of_round import LONG, PDF, Group, make_group

from service.domain.days import day_of
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.procedure.judging import Judging
from service.operations.acts import act
from service.store import records
from service.web.auth import COOKIE

pytestmark = pytest.mark.usefixtures("reading_pages")

ROUND = "/desk/rounds/round-2"
TODAY = day_of(datetime.now(UTC))
EVERYWHERE = tuple(
    f"{ROUND}{name}"
    for name in ("", "/judging", "/scoring", "/comparison", "/what-if", "/sensitivity", "/uncertainty", "/entries")
)


def desk_of(app: Flask, them: As) -> Desk:
    """The same person at the desk."""
    made = Desk(app, "admin")
    made.client.set_cookie(COOKIE, them.token, path="/desk")
    return made


@pytest.fixture
def group(client: FlaskClient) -> Group:
    return make_group(client)


def give(desk: Desk, node: str, **fields: object) -> object:
    path = f"{ROUND}/scoring/{node}"
    desk.open(path)
    return desk.send(path, **({"score": "80", "reason": LONG} | fields))


def told(page: str) -> str:
    """What a page says, without the addresses and ids in it."""
    return unescape(re.sub(r"<[^>]+>", " ", page.split("<main")[1]))


def test_scores_stay_blind_on_every_page_until_all_are_in(app, client, group):
    node = group.nodes[0]
    buyer, department, expert = (desk_of(app, group.scorers[name]) for name in ("buyer", "department", "expert"))
    secretary, lead = desk_of(app, group.secretary), desk_of(app, group.lead)
    for desk, score, words in (
        (buyer, "61.25", "甲之理由"),
        (department, "72.25", "乙之理由"),
        (expert, "83.25", "丙"),
    ):
        done = give(desk, node, score=score, reason=words + LONG)
        assert done.status_code == 303, desk.page.text
        assert score in told(desk.follow().text)
    others = {buyer: ("72.25", "83.25"), department: ("61.25", "83.25"), expert: ("61.25", "72.25")}
    others |= {secretary: ("61.25", "72.25", "83.25"), lead: ("61.25", "72.25", "83.25")}
    for desk, hidden in others.items():
        for path in (*EVERYWHERE, f"{ROUND}/nodes/{node}", f"{ROUND}/steps"):
            answer = desk.open(path)
            if answer.status_code == 200:
                assert not [one for one in hidden if one in answer.text], (path, hidden)
    paper = f"{ROUND}/scoring/{node}/of/{group.ids['recipient']}"
    assert paper in secretary.open(f"{ROUND}/scoring").text
    secretary.open(paper)
    unsigned = secretary.send(paper, score="90.5", reason=LONG)
    assert (unsigned.status_code, "Add the signed sheet" in unescape(unsigned.text)) == (422, True)
    sheet = (io.BytesIO(PDF), "sheet.pdf")
    assert secretary.send(paper, score="90.5", reason=LONG, sheet=sheet).status_code == 303
    row = next(part for part in lead.open(f"{ROUND}/judging").text.split("<tr") if f'data-node="{node}"' in part)
    assert "61.25 – 90.5" in row
    for score in ("61.25", "72.25", "83.25", "90.5"):
        assert score in secretary.open(f"{ROUND}/nodes/{node}").text
    [stored] = records.find(RoundJudgement, round="round-2", node=node, rater=group.ids["recipient"])
    address = f"{ROUND}/score-sheets/{stored.papers[0]}"
    assert secretary.open(address).data == PDF
    assert lead.open(address).data == PDF
    provider = Desk(app, "provider")
    assert {provider.open(path).status_code for path in (address, f"{ROUND}/judging")} <= {403, 404}
    assert "61.25" not in provider.open(f"{ROUND}/scoring").text


def test_a_score_is_drafted_handed_in_and_changed_with_a_reason_only(app, group):
    node, buyer = group.nodes[1], desk_of(app, group.scorers["buyer"])
    assert f'href="{ROUND}/scoring"' in buyer.open("/desk/scoring").text
    short = give(buyer, node, score="100", reason="好")
    assert (short.status_code, "needs a reason of at least" in unescape(short.text)) == (422, True)
    assert give(buyer, node, score="40", state="draft").status_code == 303
    assert "draft" in told(buyer.follow().text)
    assert give(buyer, node, score="45", state="in").status_code == 303
    refused = give(buyer, node, score="55")
    assert (refused.status_code, "Say why" in unescape(refused.text)) == (422, True)
    assert give(buyer, node, score="55", change_reason="补充走访").status_code == 303
    secretary = desk_of(app, group.secretary)
    assert "补充走访" not in secretary.open(f"{ROUND}/nodes/{node}").text
    for name in ("department", "expert"):
        assert give(desk_of(app, group.scorers[name]), node).status_code == 303
    page = unescape(secretary.open(f"{ROUND}/nodes/{node}").text)
    assert "Before: 45. Changed because: 补充走访" in page
    assert f"{ROUND}/scoring/{node}" not in buyer.open(f"{ROUND}/scoring").text
    seen = give(buyer, node, score="99", change_reason="看了别人的分")
    assert seen.status_code == 409
    lead, path = desk_of(app, group.lead), f"{ROUND}/judging/{node}/reopening"
    assert path in lead.open(f"{ROUND}/judging").text
    lead.open(path)
    assert lead.send(path, reason="").status_code == 422
    assert lead.send(path, reason="计算有误").status_code == 303
    assert give(buyer, node, score="57", change_reason="更正计算").status_code == 303
    assert desk_of(app, group.scorers["department"]).open(path).status_code == 403
    stranger = Desk(app, "auditor")
    assert give_status(stranger, node) == 403
    assert give_status(Desk(app, "provider"), node) == 403


def give_status(desk: Desk, node: str) -> int:
    return int(desk.open(f"{ROUND}/scoring/{node}").status_code)


def test_the_lead_sets_the_day_and_goes_on_without_a_score_after_it(app, group):
    node, lead = group.nodes[1], desk_of(app, group.lead)
    day, rater = f"{ROUND}/judging/day", group.ids["expert"]
    lead.open(day)
    early = lead.send(day, due_on=(TODAY - timedelta(days=1)).isoformat())
    assert (early.status_code, "This day is over" in unescape(early.text)) == (422, True)
    assert lead.send(day, due_on=TODAY.isoformat()).status_code == 303
    assert TODAY.isoformat() in told(lead.follow().text)
    # What is due leads to who has scored, but only whoever may read that.
    assert f'<a href="{ROUND}/judging">Last day for scores' in lead.open("/desk/due").text
    provider = Desk(app, "provider").open("/desk/due").text
    assert "Last day for scores" in provider
    assert f"{ROUND}/judging" not in provider
    lead.open(f"{ROUND}/judging")
    lapse = f"{ROUND}/judging/{node}/lapse/{rater}"
    assert lapse in lead.page.text
    assert "What follows from it" in lead.open(lapse).text
    soon = lead.send(lapse, reason="未交")
    assert (soon.status_code, "Nobody is lapsed before" in unescape(soon.text)) == (409, True)
    there = records.get(Judging, "round-2")
    assert there is not None
    past = Judging(**{**vars(there), "due_on": TODAY - timedelta(days=1), "version": there.version + 1})
    actor = type("Somebody", (), {"id": "test"})()
    act(
        "judging.day_set",
        actor,
        datetime.now(UTC),
        "project:project-1",
        "round-2",
        {},
        lambda tx: records.replace(past, there.version, tx),
    )
    lead.open(lapse)
    assert lead.send(lapse, reason="逾期未交").status_code == 303
    assert "went on without it" in told(lead.follow().text)
    assert desk_of(app, group.scorers["department"]).open(lapse).status_code == 403


def test_members_are_appointed_with_conflicts_told_and_leave_with_a_reason(app, group):
    lead, new = desk_of(app, group.lead), f"{ROUND}/group/new"
    lead.open(new)
    clash = lead.send(new, name="社工甲", category="provider", roles=["scorer"])
    assert clash.status_code == 409
    assert "service provider and judges indicators do not go together" in unescape(clash.text)
    assert 'value="社工甲"' in clash.text
    both = lead.send(new, name="专家乙", category="expert", roles=["scorer", "secretary"])
    assert (both.status_code, "go together only with a reason" in unescape(both.text)) == (409, True)
    reason = {next(name for name in re.findall(r'name="(waived\.[^"]+)"', both.text)).replace(".", "__"): "人手不足"}
    assert lead.send(new, name="专家乙", category="expert", roles=["scorer", "secretary"], **reason).status_code == 303
    page = lead.follow().text
    assert "专家乙" in page
    assert "人手不足" in page
    [leaving] = re.findall(rf'href="({ROUND}/group/{group.ids["expert"]}/departure)"', page)
    assert "scores nothing from now on" in unescape(lead.open(leaving).text)
    assert lead.send(leaving, reason="").status_code == 422
    assert lead.send(leaving, reason="工作调动").status_code == 303
    assert "工作调动" in lead.follow().text
    panel = f"{ROUND}/group/panel"
    lead.open(panel)
    asked = lead.send(panel, members__0__name="buyer", members__0__category="buyer")
    assert "buyer scored in this round." in unescape(asked.text)
    fine = lead.send(panel, members__0__name="外来专家", members__0__category="expert")
    assert "All of them may sit in the review." in fine.text
    for role in ("evaluator", "provider"):
        assert Desk(app, role).open(new).status_code == 403
    declare = f"{ROUND}/group/declaration"
    buyer = desk_of(app, group.scorers["buyer"])
    assert "You have not declared yet" in buyer.open(f"{ROUND}/group").text
    buyer.open(declare)
    assert buyer.send(declare, conflict="").status_code == 422
    assert "buyer has not declared yet" in lead.open(f"{ROUND}/group").text
    assert buyer.send(declare, conflict="false").status_code == 303
    assert "no conflict of interest" in buyer.follow().text
    assert "buyer has not declared yet" not in lead.open(f"{ROUND}/group").text
    assert Desk(app, "provider").open(declare).status_code == 403
    provider = Desk(app, "provider").open(f"{ROUND}/group")
    assert (provider.status_code, new in provider.text) == (200, False)


def test_each_way_to_what_a_step_lacks_is_open_to_who_sees_it(app, group):
    led = set()
    for state in ("opened", "self_evaluation", "evidence", "scoring", "reported"):
        casework.set_state("round-2", state)
        for role in ("purchaser", "evaluator", "authority"):
            desk = Desk(app, role)
            for way in set(re.findall(r'href="([^"]+)">Go there</a>', desk.open(f"{ROUND}/steps").text)):
                led.add((role, way.removeprefix(ROUND)))
                assert desk.open(unescape(way)).status_code == 200, (role, state, way)
    ways = {"/terms", "/self-evaluation", "/group", "/judging", "/reports"}
    assert {way for role, way in led if role == "purchaser"} == ways
    assert {way for role, way in led if role == "authority"} == ways - {"/terms"}
    assert {role for role, way in led if way.startswith("/entries/")} == {"evaluator"}

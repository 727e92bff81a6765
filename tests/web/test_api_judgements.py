"""Scoring over the API: everybody by the own account, blind until all are in, changed with a reason, lapsed late."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from accounts import As, fields_named, refusal
from group_of_round import LONG, PDF, ROUND, Group, appoint, make_group, user_of

from service.domain.days import day_of
from service.domain.evaluate.schemes import Expert
from service.operations.acts import journal_entries
from service.operations.evaluate import schemes


@pytest.fixture
def group(client) -> Group:
    return make_group(client)


def sheet(group: Group) -> str:
    return group.secretary.send("POST", f"{ROUND}/score-sheets", data=PDF).json["name"]


def points(group: Group, node: str) -> dict:
    def walk(nodes):
        for one in nodes:
            yield one
            yield from walk(one["children"])

    tree = group.secretary.get(f"{ROUND}/score").json
    return next(one for one in walk(tree["standards"]) if one["id"] == node)


@pytest.mark.rule("G27")
def test_nobody_sees_scores_or_points_of_a_node_before_everybody_has_scored(group):
    node = group.nodes[0]
    assert group.score("buyer", node, "60").status_code == 201
    assert group.score("department", node, "70").status_code == 201
    assert group.score("expert", node, "80").status_code == 201
    for them in (group.scorers["department"], group.lead, group.secretary):
        seen = [one["score"] for one in them.get(f"{ROUND}/judgements").json]
        assert seen == (["70"] if them is group.scorers["department"] else [])
    hidden = points(group, node)
    assert (hidden["score"], hidden["arithmetic"]) == (None, None)
    assert not {"60", "70", "80"} & {str(one) for one in hidden["inputs"]}
    [progress] = [one for one in group.lead.get(f"{ROUND}/judging").json["nodes"] if one["node"] == node]
    assert (progress["blind"], progress["given"], progress["spread"]) == (True, 3, None)

    paper = {"node": node, "rater": group.ids["recipient"], "score": "90.5", "reason": LONG, "papers": [sheet(group)]}
    assert group.secretary.post(f"{ROUND}/judgements", paper).status_code == 201
    seen = sorted(one["score"] for one in group.scorers["buyer"].get(f"{ROUND}/judgements").json)
    assert seen == ["60", "70", "80", "90.5"]
    assert Decimal(points(group, node)["score"]) == Decimal("75.125")
    [progress] = [one for one in group.lead.get(f"{ROUND}/judging").json["nodes"] if one["node"] == node]
    assert (progress["blind"], progress["spread"]["range"], progress["spread"]["n"]) == (False, "30.5", 4)
    assert As(group.lead.client, "provider").get(f"{ROUND}/judgements").json == []
    refusal(As(group.lead.client, "provider").get(f"{ROUND}/judging"), 403, "forbidden")


@pytest.mark.rule("G05")
def test_who_may_score_what_is_said_plainly(group, client):
    node, other = group.nodes[0], group.nodes[1]
    refusal(
        As(client, "provider").post(f"{ROUND}/judgements", {"node": node, "score": "99"}), 403, "scorer_of_provider"
    )
    named = {"node": node, "score": "99", "reason": LONG, "rater": group.ids["buyer"]}
    refusal(As(client, "provider").post(f"{ROUND}/judgements", named), 403)
    refusal(group.secretary.post(f"{ROUND}/judgements", named), 403, "own_account")
    refusal(As(client, "authority").post(f"{ROUND}/judgements", {"node": node, "score": "1"}), 403, "not_asked")
    on_paper = named | {"rater": group.ids["recipient"]}
    refusal(group.scorers["buyer"].post(f"{ROUND}/judgements", on_paper), 403, "not_secretary")
    assert fields_named(refusal(group.secretary.post(f"{ROUND}/judgements", on_paper), 422)) == {"papers"}
    invented = on_paper | {"papers": ["0" * 32]}
    assert fields_named(refusal(group.secretary.post(f"{ROUND}/judgements", invented), 422)) == {"papers"}
    elsewhere = on_paper | {"node": other, "papers": [sheet(group)]}
    refusal(group.secretary.post(f"{ROUND}/judgements", elsewhere), 403)
    first = group.score("buyer", node, id="j1")
    assert first.status_code == 201
    assert group.score("buyer", node, id="j1").status_code == 200
    refusal(group.score("buyer", node, "81"), 409, "judgement_twice")
    refusal(group.score("buyer", other, "101"), 422)


@pytest.mark.rule("G27")
def test_reasons_are_required_and_longer_ones_at_either_end_of_the_scale(group):
    node = group.nodes[0]
    assert fields_named(refusal(group.score("buyer", node, "50", reason=" "), 422)) == {"reason"}
    for extreme in ("0", "10", "90", "100"):
        refused = refusal(group.score("buyer", node, extreme, reason="好"), 422)
        assert "20" in refused["errors"]["json"]["reason"][0]
    assert group.score("buyer", node, "89.99", reason="好").status_code == 201
    assert group.score("department", node, "100", reason=LONG).status_code == 201
    paper = group.scorers["expert"].send("POST", f"{ROUND}/score-sheets", data=PDF).json["name"]
    assert group.score("expert", node, "0", reason="见附件", papers=[paper]).status_code == 201


def test_a_change_keeps_and_journals_what_stood_there_and_ends_with_the_secrecy(group):
    node = group.nodes[1]
    draft = group.score("buyer", node, "40", id="j1", state="draft")
    assert (draft.status_code, draft.json["state"]) == (201, "draft")
    buyer, edit = group.scorers["buyer"], {"score": "45", "reason": LONG}
    refusal(group.scorers["expert"].put("/judgements/j1", edit, version=1), 404)
    assert buyer.put("/judgements/j1", edit, version=1).json["changes"] == []
    assert fields_named(refusal(buyer.put("/judgements/j1", edit, version=2), 422)) == {"change_reason"}
    changed = buyer.put("/judgements/j1", edit | {"score": "55", "change_reason": "补充走访"}, version=2)
    assert [(one["score"], one["why"]) for one in changed.json["changes"]] == [("45", "补充走访")]
    refusal(buyer.put("/judgements/j1", edit | {"change_reason": "又改"}, version=2), 412, "stale")
    [told] = [one for one in journal_entries(["project:project-1"]) if one.act == "judgement.changed"]
    assert (told.details["before"]["score"], told.details["reason"]) == ("45", "补充走访")

    group.score("department", node)
    group.score("expert", node)
    again = edit | {"score": "80", "change_reason": "看了别人的分"}
    refusal(buyer.put("/judgements/j1", again, version=3), 409, "judgement_seen")
    reopening = {"open": True, "reason": "计算有误"}
    refusal(group.scorers["department"].put(f"{ROUND}/judging/{node}", reopening, version=0), 403, "not_lead")
    refusal(group.lead.put(f"{ROUND}/judging/{group.nodes[0]}", reopening, version=0), 409, "state_conflict")
    assert group.lead.put(f"{ROUND}/judging/{node}", reopening, version=0).status_code == 200
    assert buyer.put("/judgements/j1", again, version=3).status_code == 200
    assert group.lead.put(f"{ROUND}/judging/{node}", reopening | {"open": False}, version=1).status_code == 200
    refusal(buyer.put("/judgements/j1", again, version=4), 409, "judgement_seen")


def test_whoever_left_or_came_when_the_scores_were_known_does_not_score(group):
    node = group.nodes[1]
    refusal(group.lead.put(f"/group-members/{group.ids['expert']}/departure", {"reason": " "}, version=1), 422)
    gone = group.lead.put(f"/group-members/{group.ids['expert']}/departure", {"reason": "工作调动"}, version=1)
    assert gone.json["left_reason"] == "工作调动"
    refusal(group.score("expert", node), 409, "member_left")
    group.score("buyer", node)
    group.score("department", node)
    assert Decimal(points(group, node)["score"]) == 80
    late = As(group.lead.client, "purchaser")
    group.scorers["late"] = late
    appoint(group, "后来者", "buyer", user=user_of(late))
    refusal(group.score("late", node), 409, "node_unblinded")
    assert Decimal(points(group, node)["score"]) == 80, "who comes later hides nothing again"
    assert group.score("late", group.nodes[0]).status_code == 201


@pytest.mark.rule("G29", "G30")
def test_names_on_a_panel_and_signed_opinions_go_on_as_before_and_hide_nothing(group):
    scheme = schemes.parsed(group.lead.get("/rounds/round-2").json["scheme"])
    [node, *_] = [one.id for one in scheme.leaves() if isinstance(one.spec, Expert) and one.spec.raters != "scorers"]
    round = group.secretary.get("/rounds/round-2").json
    bound = {name: round[name] for name in ("surveys", "checks", "counters")} | {"panels": {node: ["街道办", "派出所"]}}
    version = round["version"]
    assert group.secretary.put(f"{ROUND}/sources", bound, version=version).status_code == 200
    given = {"node": node, "rater": "街道办", "score": "95", "reason": "好"}
    assert group.secretary.post(f"{ROUND}/judgements", given).status_code == 201
    refusal(group.secretary.post(f"{ROUND}/judgements", given | {"score": "5"}), 409, "judgement_twice")
    refusal(group.secretary.post(f"{ROUND}/judgements", given | {"rater": "学校"}), 403, "not_asked")
    refusal(group.scorers["buyer"].post(f"{ROUND}/judgements", given | {"rater": "派出所"}), 403, "forbidden")
    assert [one["rater"] for one in group.lead.get(f"{ROUND}/judgements").json] == ["街道办"]
    found = points(group, node)
    assert "rater_silent" in {one["code"] for one in found["missing"]}
    assert group.secretary.post(f"{ROUND}/judgements", given | {"rater": "派出所", "score": "85"}).status_code == 201
    assert Decimal(points(group, node)["score"]) == 90


def test_whoever_comes_back_to_the_group_does_not_score_twice(group):
    node, other = group.nodes[1], group.nodes[0]
    assert group.score("buyer", node, "10", reason=LONG).status_code == 201
    left = {"reason": "暂离"}
    assert group.lead.put(f"/group-members/{group.ids['buyer']}/departure", left, version=1).status_code == 200
    appoint(group, "buyer", "buyer", user=user_of(group.scorers["buyer"]))
    refusal(group.score("buyer", node, "90", reason=LONG), 409, "judgement_twice")
    assert group.score("buyer", other).status_code == 201
    for name in ("department", "expert"):
        assert group.score(name, node, "40").status_code == 201
    assert Decimal(points(group, node)["score"]) == 30


@pytest.mark.rule("G06")
def test_a_third_party_scores_only_once_the_authority_has_approved_it(client):
    group = make_group(client, approved=False)
    node = group.nodes[1]
    refusal(group.score("expert", node), 409, "evaluator_unapproved")
    assert group.score("buyer", node).status_code == 201
    purchaser, evaluator, authority = As(client, "purchaser"), group.secretary, As(client, "authority")
    wanted = {"id": "a1", "organisation": "evaluator-org"}
    path = "/evaluator-approvals/a1"
    assert fields_named(
        refusal(purchaser.post("/projects/project-1/evaluator-approvals", wanted | {"organisation": "x"}), 422)
    ) == {"organisation"}
    assert purchaser.post("/projects/project-1/evaluator-approvals", wanted).status_code == 201
    refusal(authority.put(f"{path}/decision", {"state": "approved"}, version=1), 409, "state_conflict")
    refusal(evaluator.send("POST", f"{path}/papers", data=b"no paper"), 422)
    name = evaluator.send("POST", f"{path}/papers", data=PDF).json["name"]
    half = refusal(evaluator.put(f"{path}/filing", {"qualification": [name]}, version=1), 422)
    assert fields_named(half) == {"capability"}
    both = {"qualification": [name], "capability": [name]}
    assert evaluator.put(f"{path}/filing", both, version=1).json["state"] == "filed"
    refusal(purchaser.put(f"{path}/decision", {"state": "approved"}, version=2), 403, "forbidden")
    assert fields_named(refusal(authority.put(f"{path}/decision", {"state": "refused"}, version=2), 422)) == {"reason"}
    refusal(group.score("expert", node), 409, "evaluator_unapproved")
    assert authority.put(f"{path}/decision", {"state": "approved"}, version=2).json["state"] == "approved"
    assert group.score("expert", node).status_code == 201
    assert purchaser.send("GET", f"{path}/papers/{name}").data == PDF


def test_a_declared_interest_ends_scoring(group, client):
    expert = group.scorers["expert"]
    declared = {"user": user_of(expert), "project": "project-1", "conflict": True, "text": "亲属在该机构任职"}
    assert expert.post("/declarations", declared).status_code == 201
    body = refusal(group.score("expert", group.nodes[0]), 409, "conflict_of_interest")
    assert fields_named(body) == {"rater"}
    again = {"name": "同一人", "category": "expert", "roles": ["lead"], "user": user_of(expert)}
    refusal(group.lead.post(f"{ROUND}/group", again), 422, "invalid")


def test_the_last_day_is_set_by_the_lead_and_never_brought_forward(group):
    today = day_of(datetime.now(UTC))
    later = (today + timedelta(days=3)).isoformat()
    refusal(group.secretary.put(f"{ROUND}/judging", {"due_on": later}, version=0), 403)
    assert group.lead.put(f"{ROUND}/judging", {"due_on": later}, version=0).json["version"] == 1
    refusal(group.lead.put(f"{ROUND}/judging", {"due_on": later}, version=0), 412, "stale")
    for day in (today, today - timedelta(days=1)):
        early = refusal(group.lead.put(f"{ROUND}/judging", {"due_on": day.isoformat()}, version=1), 422)
        assert fields_named(early) == {"due_on"}
    [due] = [one for one in group.lead.get("/due").json if one["kind"] == "scoring"]
    assert (due["on"], due["overdue"]) == (later, False)
    silent = {"node": group.nodes[0], "rater": group.ids["buyer"], "reason": "未交"}
    refusal(group.lead.post(f"{ROUND}/judging/lapses", silent), 409, "lapse_early")

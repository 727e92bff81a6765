"""Groups as rules see them: separated duties, gates, lapses by the lead, and who may not review the result."""

from dataclasses import replace
from datetime import timedelta

import pytest
from accounts import As
from demo_round import AUTHORITY, PURCHASER
from factories import AUDITOR, EVALUATOR, NOW
from group_of_round import LONG, Group, approve, make_group, user_of

from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Expert
from service.domain.inspect.visits import Visit
from service.domain.procedure.groups import CONFLICTS, Candidate, GroupMember, clashes
from service.operations.acts import journal_entries, load
from service.operations.evaluate import judgements, rounds, schemes
from service.operations.inspect import visits
from service.operations.procedure import due, gates, groups, judging
from service.store import records


@pytest.fixture
def group(client) -> Group:
    return make_group(client)


def there() -> Round:
    return load(Round, "round-2", "round")


def member(name: str, *roles: str, **more: object) -> GroupMember:
    return GroupMember(name, "round-2", name, "expert", roles or ("observer",), **more)  # type: ignore[arg-type]


def codes(unmet) -> list[str]:
    return sorted(one.code for one in unmet)


@pytest.mark.rule("C07")
@pytest.mark.parametrize(
    ("roles", "duties"),
    [
        (("observer",), ("need_setting", "internal_check")),
        (("observer",), ("drafting", "document_review")),
        (("observer",), ("contract", "acceptance")),
        (("scorer",), ("contract",)),
        (("lead",), ("contract",)),
    ],
)
def test_posts_that_are_kept_apart_are_not_in_one_hand(group, roles, duties):
    with pytest.raises(Refused) as refused:
        groups.appoint(PURCHASER, NOW, member("甲", *roles, duties=duties))
    assert refused.value.reason == "group_conflict"
    assert all("第十七条" in fault.params["basis"] for fault in refused.value.faults)


@pytest.mark.rule("C07")
def test_duties_told_in_another_round_of_the_project_count_too(group):
    groups.appoint(PURCHASER, NOW, replace(member("m-1", duties=("contract",)), round="round-1", name="李 明"))
    with pytest.raises(Refused) as refused:
        groups.appoint(PURCHASER, NOW, member("李明", "scorer"))
    assert refused.value.reason == "group_conflict"


def test_a_conflict_that_may_be_waived_needs_the_leads_reason_and_nothing_else_is_waived(group):
    both = member("乙", "secretary", "scorer")
    with pytest.raises(Refused) as refused:
        groups.appoint(PURCHASER, NOW, both)
    assert [fault.reason for fault in refused.value.faults] == ["conflict_waivable"]
    with pytest.raises(Refused, match="no conflict"):
        groups.appoint(PURCHASER, NOW, member("丙", waived={"provider-scorer": "例外"}))
    kept, _ = groups.appoint(PURCHASER, NOW, replace(both, waived={"secretary-scorer": "人手不足"}))
    assert kept.waived == {"secretary-scorer": "人手不足"}
    assert not [one for one in CONFLICTS if one.waivable and "review" in one.b]


@pytest.mark.rule("G05", "G06", "C12")
def test_a_group_or_an_approved_third_party_carries_the_round_out(client):
    group = make_group(client, approved=False)
    assert codes(groups.constituted(there())) == ["group_without_lead", *["member_undeclared"] * 3]
    groups.appoint(PURCHASER, NOW, member("牵头人", "lead"))
    assert codes(groups.constituted(there())) == ["member_undeclared"] * 3
    for name, them in group.scorers.items():
        said = {"user": user_of(them), "project": "project-1", "conflict": name == "department", "text": "亲属任职"}
        assert them.post("/declarations", said).status_code == 201
    [found] = groups.constituted(there())
    assert (found.code, found.subject, found.waivable) == ("member_conflict", group.ids["department"], False)

    alone = load(Round, "round-1", "round")
    assert codes(groups.constituted(alone)) == ["group_empty"]
    assert codes(gates.GATES["third_party_approved"](alone, NOW)) == ["evaluator_not_proposed"]
    approve()
    assert groups.constituted(alone) == []
    assert gates.GATES["third_party_approved"](alone, NOW) == []


@pytest.mark.rule("G27", "G25")
def test_a_silent_scorer_lapses_after_the_last_day_by_the_lead_with_the_reason(group):
    scheme = schemes.parsed(there().scheme)
    [node] = [one.id for one in scheme.nodes if "G25" in one.rules and isinstance(one.spec, Expert)]
    today = day_of(NOW)
    judging.set_day(PURCHASER, NOW, "round-2", today + timedelta(days=2), 0)
    for name, score in (("buyer", "70"), ("department", "90")):
        assert group.score(name, node, score).status_code == 201
    assert group.score("expert", node, state="draft", id="draft").status_code == 201
    silent = RoundJudgement("lapse", "round-2", node, group.ids["expert"], None, "出差未归", NOW, "")
    over = NOW + timedelta(days=3)
    for actor, at, asked, reason in (
        (PURCHASER, NOW, silent, "lapse_early"),
        (AUTHORITY, over, silent, "not_lead"),
        (PURCHASER, over, replace(silent, rater=group.ids["buyer"]), "not_asked"),
        (PURCHASER, over, replace(silent, reason=" "), "invalid"),
    ):
        with pytest.raises(Refused) as refused:
            judging.lapse(actor, at, asked)
        assert refused.value.reason == reason
    assert node in judgements.blind_nodes(there())
    [late] = [one for one in due.of(PURCHASER, over, overdue=True) if one.kind == "scoring"]
    assert (late.round, late.whom, late.on) == ("round-2", "purchaser", today + timedelta(days=2))

    ended = judging.lapse(PURCHASER, over, silent)
    assert (ended.id, ended.state, ended.score, ended.reason) == ("draft", "lapsed", None, "出差未归")
    assert node not in judgements.blind_nodes(there())
    [panel] = [one for one in judgements.panels(there(), scheme) if one.node == node]
    assert set(panel.raters) == {group.ids["buyer"], group.ids["department"]}
    assert [one.act for one in journal_entries(["project:project-1"])][-1] == "judgement.lapsed"
    assert (
        group.scorers["expert"].put("/judgements/draft", {"score": "1", "reason": LONG}, version=2).status_code == 409
    )


def test_the_gate_names_nodes_that_wait_and_nodes_without_enough_scores(group):
    node = group.nodes[0]
    waiting = [one for one in judgements.unmet(there()) if one.subject == node]
    assert [(one.code, one.params["count"]) for one in waiting] == [("judgements_waiting", 4)]
    for one in groups.members(there()):
        groups.leave(PURCHASER, NOW, one.id, "换组", one.version)
    without = [one for one in judgements.unmet(there()) if one.subject == node]
    assert [(one.code, one.params["given"]) for one in without] == [("quorum_missed", 0)]


@pytest.mark.rule("C16")
def test_hired_professionals_and_citizens_are_told_apart_in_what_they_give(group):
    node = group.nodes[0]
    [row] = [one for one in judging.progress(PURCHASER, "round-2").nodes if one.node == node]
    assert {one.category for one in row.asked} >= {"expert", "recipient_representative", "buyer"}


def test_who_is_asked_stays_as_it_is_once_the_group_scores(group):
    node, free = group.nodes[1], group.nodes[2]
    assert group.score("buyer", node).status_code == 201
    round = there()
    bound = rounds.bind(
        EVALUATOR, NOW, round.id, round.surveys, round.checks, {free: [group.ids["buyer"]]}, round.version
    )
    assert judgements.awaited(bound, schemes.parsed(bound.scheme))[free].raters == (group.ids["buyer"],)
    with pytest.raises(Refused) as refused:
        rounds.bind(EVALUATOR, NOW, round.id, round.surveys, round.checks, {node: ["某人"]}, bound.version)
    assert [fault.field for fault in refused.value.faults] == [f"panels.{node}"]


@pytest.mark.rule("G57")
def test_nobody_who_scored_led_or_visited_sits_in_the_review(group):
    leader, _ = groups.appoint(PURCHASER, NOW, member("王 组长", "lead"))
    groups.leave(PURCHASER, NOW, leader.id, "退休", 1)
    visit = Visit("v1", "project-1", "east", day_of(NOW), (AUDITOR.id, "someone"), state="started", started_at=NOW)
    records.insert(visit)
    provider = As(group.lead.client, "provider")
    candidates = [
        Candidate("外来专家"),
        Candidate("王组长"),
        Candidate("换了名字", user_of(group.scorers["buyer"])),
        Candidate("recipient"),
        Candidate("审计员", AUDITOR.id),
        Candidate("机构代表", category="provider"),
        Candidate("机构职员", user_of(provider), category="expert"),
    ]
    barred = [(one.place, one.part) for one in groups.may_not_sit(there(), candidates)]
    assert barred == [
        (1, "led"),
        (2, "scored"),
        (3, "scored"),
        (4, "visited"),
        (5, "provider"),
        (6, "provider_employee"),
    ]
    asked = {"members": [{"name": one.name, "user": one.user, "category": one.category} for one in candidates]}
    answer = group.lead.post("/rounds/round-2/group/panel", asked)
    assert [(one["place"], one["part"]) for one in answer.json["barred"]] == barred
    assert visits.get(EVALUATOR, "v1").persons[0] == AUDITOR.id


def test_conflicts_of_a_person_follow_from_all_parts_at_once():
    assert [one.id for one in clashes({"provider", "scorer", "observer"}, CONFLICTS)] == ["provider-scorer"]
    assert clashes({"expert", "scorer", "need_setting"}, CONFLICTS) == ()

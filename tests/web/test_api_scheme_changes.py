"""A round's scheme changes after opening: with a reason, the authority's approval and service; never after a look."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from accounts import As, fields_named, refusal
from factories import EVALUATOR, make_project
from mixed_scheme import MIXED

from service.domain.days import day_of
from service.domain.evaluate.rounds import Round
from service.domain.procedure.appeals import Appeal
from service.operations.acts import journal_entries, load
from service.operations.evaluate import results, rounds
from service.store import records

SECOND = (
    MIXED.replace('version: "1"', 'version: "2"')
    .replace("    weight: 40\n", "    weight: 30\n")
    .replace("    rules: [C09]\n    weight: 30\n", "    rules: [C09]\n    weight: 40\n")
)
CHANGE = {"id": "change-1", "scheme": "mixed@2", "reason": "合同补充协议调整了权重。"}
PATH = "/rounds/round-1/scheme-changes"
WHOLE = (
    ("ratios", {"node": "answered", "numerator": "18", "denominator": "20", "source": "登记册"}),
    ("measures", {"node": "hall", "value": "4500", "unit": "平方米", "source": "现场测量"}),
    ("events", {"node": "praise", "type": "praised", "on": "2026-03-01", "source": "表扬信"}),
    ("gate-findings", {"node": "registered", "passed": True, "reason": "有效", "source": "登记证书"}),
    ("gate-findings", {"node": "accounts", "passed": True, "reason": "齐备", "source": "审计报告"}),
)
GATE = {"node": "registered", "passed": True, "reason": "登记证书在有效期内", "source": "登记证书"}


def service() -> dict[str, str]:
    return {"served_on": day_of(datetime.now(UTC)).isoformat(), "channel": "handed_over", "received_by": "张负责人"}


@pytest.fixture
def people(client) -> dict[str, As]:
    make_project()
    found = {role: As(client, role) for role in ("authority", "purchaser", "evaluator", "provider")}
    assert found["authority"].post("/schemes", {"text": MIXED}).status_code == 201
    assert found["authority"].post("/schemes", {"text": SECOND, "reason": "权重调整"}).status_code == 201
    opened = {"id": "round-1", "project": "project-1", "kind": "pre", "name": "前期评估", "scheme": "mixed@1"}
    assert found["evaluator"].post("/rounds", opened).status_code == 201
    return found


@pytest.mark.rule("G53")
def test_a_change_takes_effect_once_it_is_approved_and_served(people: dict[str, As]) -> None:
    purchaser, authority, provider = people["purchaser"], people["authority"], people["provider"]
    made = purchaser.post(PATH, CHANGE)
    assert (made.status_code, made.json["state"], made.json["before"]) == (201, "proposed", "mixed@1")
    assert purchaser.post(PATH, CHANGE).status_code == 200
    refusal(purchaser.post(PATH, CHANGE | {"id": "change-2"}), 409, "scheme_change_pending")
    assert "scheme_change" in [one["kind"] for one in authority.get("/due").json]
    refusal(purchaser.put(f"{PATH}/change-1/service", service(), version=1), 409, "state_conflict")
    refusal(purchaser.put(f"{PATH}/change-1/decision", {"approve": True, "reason": "x"}, version=1), 403)
    refusal(authority.put(f"{PATH}/change-1/decision", {"approve": True, "reason": "x"}, version=7), 412, "stale")
    approved = authority.put(f"{PATH}/change-1/decision", {"approve": True, "reason": "同意"}, version=1)
    assert (approved.status_code, approved.json["state"]) == (200, "approved")
    before = purchaser.get("/rounds/round-1").json
    assert before["scheme"] == "mixed@1", "approved is not yet served"
    refusal(people["evaluator"].put(f"{PATH}/change-1/service", service(), version=2), 403)
    late = service() | {"served_on": day_of(datetime.now(UTC) + timedelta(days=2)).isoformat()}
    assert fields_named(refusal(purchaser.put(f"{PATH}/change-1/service", late, version=2), 422)) == {"served_on"}
    served = purchaser.put(f"{PATH}/change-1/service", service(), version=2)
    assert (served.status_code, served.json["state"]) == (200, "served")
    after = purchaser.get("/rounds/round-1").json
    assert (after["scheme"], after["version"]) == ("mixed@2", before["version"] + 1)
    assert after["scheme_digest"] == served.json["after_digest"] != before["scheme_digest"]
    assert [one["served"]["received_by"] for one in provider.get(PATH).json] == ["张负责人"]
    acts = [entry.act for entry in journal_entries(["project:project-1"])]
    assert [act for act in acts if act.startswith("scheme_change.")] == [
        *("scheme_change.proposed", "scheme_change.decided", "scheme_change.served")
    ]


@pytest.mark.rule("G53")
def test_once_evidence_was_read_the_scheme_stands(people: dict[str, As]) -> None:
    evaluator, purchaser, authority = people["evaluator"], people["purchaser"], people["authority"]
    assert evaluator.get("/rounds/round-1/score").status_code == 200, "nothing was there to be seen"
    assert purchaser.post(PATH, CHANGE).status_code == 201
    assert authority.put(f"{PATH}/change-1/decision", {"approve": True, "reason": "同意"}, version=1).status_code == 200
    assert evaluator.post("/rounds/round-1/gate-findings", GATE).status_code == 201
    assert evaluator.get("/rounds/round-1/score").status_code == 200
    refusal(purchaser.put(f"{PATH}/change-1/service", service(), version=2), 409, "scheme_fixed")
    assert purchaser.get("/rounds/round-1").json["scheme"] == "mixed@1"
    assert "evidence.first_read" in [entry.act for entry in journal_entries(["project:project-1"])]


@pytest.mark.rule("G53", "G57")
def test_a_named_review_must_have_been_upheld_in_this_round(people: dict[str, As]) -> None:
    purchaser = people["purchaser"]
    named = CHANGE | {"review": "appeal-1"}
    assert fields_named(refusal(purchaser.post(PATH, named), 422)) == {"review"}
    now = datetime.now(UTC)
    appeal = Appeal("appeal-1", "round-1", "project-1", "provider", "…", "p", now, state="decided", outcome="dismissed")
    records.insert(appeal)
    assert fields_named(refusal(purchaser.post(PATH, named), 422)) == {"review"}
    records.insert(replace(appeal, id="appeal-2", outcome="upheld"))
    refusal(purchaser.post(PATH, CHANGE | {"review": "appeal-2"}), 409, "state_conflict")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"scheme": "mixed@1"}, "scheme"), ({"reason": " "}, "reason"), ({"scheme": "nowhere@1"}, None)],
)
def test_a_change_needs_a_reason_and_another_scheme_that_is_there(people, changes, field) -> None:
    answer = people["purchaser"].post(PATH, CHANGE | changes)
    body = refusal(answer, 422 if field else 404)
    assert field is None or fields_named(body) == {field}


def test_a_refused_change_leaves_the_round_as_it_was_and_another_may_follow(people: dict[str, As]) -> None:
    purchaser, authority = people["purchaser"], people["authority"]
    assert purchaser.post(PATH, CHANGE).status_code == 201
    refused = authority.put(f"{PATH}/change-1/decision", {"approve": False, "reason": "理由不足"}, version=1)
    assert refused.json["state"] == "refused"
    again = authority.put(f"{PATH}/change-1/decision", {"approve": True, "reason": "x"}, version=2)
    refusal(again, 409, "state_conflict")
    assert purchaser.post(PATH, CHANGE | {"id": "change-2"}).status_code == 201
    assert purchaser.get("/rounds/round-1").json["scheme"] == "mixed@1"
    refusal(people["provider"].post(PATH, CHANGE | {"id": "change-3"}), 403)


@pytest.mark.rule("G53", "G57")
def test_after_an_upheld_review_the_result_has_a_next_version_under_the_new_scheme(people: dict[str, As]) -> None:
    evaluator, purchaser, authority = people["evaluator"], people["purchaser"], people["authority"]
    for path, entry in WHOLE:
        assert evaluator.post(f"/rounds/round-1/{path}", entry).status_code == 201
    now, there = datetime.now(UTC), load(Round, "round-1", "round")
    first = results.freeze(EVALUATOR, now, there)
    rounds.put("round.moved", EVALUATOR, now, replace(there, state="appeal"), there.version, {})
    appeal = Appeal("appeal-1", "round-1", "project-1", "provider", "…", "p", now, state="decided", outcome="upheld")
    records.insert(appeal)
    assert evaluator.get("/rounds/round-1/score").status_code == 200
    refusal(purchaser.post(PATH, CHANGE), 409, "scheme_fixed")
    assert purchaser.post(PATH, CHANGE | {"review": "appeal-1"}).status_code == 201
    assert authority.put(f"{PATH}/change-1/decision", {"approve": True, "reason": "同意"}, version=1).status_code == 200
    served = purchaser.put(f"{PATH}/change-1/service", service(), version=2)
    assert (served.status_code, served.json["state"]) == (200, "served")
    old, new = results.versions("round-1")
    assert (old.id, old.total, old.scheme) == (first.id, 78, "mixed@1")
    assert (new.total, new.scheme, new.case, new.of) == (76, "mixed@2", "appeal-1", first.id)
    assert new.evidence == old.evidence
    assert purchaser.get("/rounds/round-1").json["scheme"] == "mixed@2"

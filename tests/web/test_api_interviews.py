"""The API of interviews: a station from its plan to its comparison, over HTTP with every role."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from accounts import As, refusal
from factories import EVALUATOR, issue
from flask import Flask
from flask.testing import FlaskClient
from interviewing import ALL_DAY, LINKED, NOTICE, make_campaign, make_frame, make_station

from service.domain.inspect.interviews import InterviewPlan
from service.operations.collect import responses
from service.operations.collect.responses import Submission
from service.operations.inspect import draws, interview_plans

ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "Low"}
SERVED = {"served": "yes", "service": "home help", "period": "2026-02"}


@pytest.fixture
def plan(app: Flask) -> InterviewPlan:
    now = datetime.now(UTC).replace(microsecond=0)
    return make_station(rules=ALL_DAY, now=now, key=app.extensions["minyi.keys"][0])


def person_of(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()["person"]
    return found


def test_an_evaluator_opens_a_plan_and_the_schemes_numbers_are_the_default(app: Flask, client: FlaskClient) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    key = app.extensions["minyi.keys"][0]
    from factories import make_project

    make_project()
    make_frame(size=200, key=key)
    make_campaign(now=now)
    draws.draw(EVALUATOR, now, "persons-1", "recipients", 60)
    them = As(client, "evaluator")
    body = {"id": "plan-1", "campaign": "calls", "draw": "persons-1", "site": "east"}
    made = them.post("/interviews", body)
    assert made.status_code == 201, made.text
    plan = made.get_json()
    assert sum(quota["effective"] for quota in plan["quotas"] if quota["mode"] == "phone") == 50
    assert sum(quota["effective"] for quota in plan["quotas"] if quota["mode"] == "on_site") == 10
    assert plan["rules"]["attempts"] == 3
    assert them.post("/interviews", body).status_code == 200
    refusal(them.post("/interviews", body | {"site": "west"}), 409, "id_taken")
    refusal(them.post("/interviews", body | {"id": "p2", "draw": "none"}), 404)
    refusal(them.post("/interviews", body | {"id": "p2", "site": "moon"}), 422, "invalid")
    wrong = {"stratum": "moon", "mode": "phone", "effective": 1}
    refusal(them.post("/interviews", body | {"id": "p2", "quotas": [wrong]}), 422, "invalid")
    assert [each["id"] for each in them.get("/interviews?project=project-1").get_json()] == ["plan-1"]
    assert them.get("/interviews/plan-1").headers["ETag"] == '"1"'


def test_an_interviewer_works_one_person_at_a_time(client: FlaskClient, plan: InterviewPlan) -> None:
    caller, other = As(client, "interviewer"), As(client, "interviewer")
    first = person_of(caller.post("/interviews/plan-1/next", {"mode": "phone"}))
    again = caller.post("/interviews/plan-1/next", {"mode": "phone"})
    assert person_of(again)["serial"] == first["serial"]
    assert again.get_json()["contact"]["phone"].startswith("138")
    refusal(caller.post("/interviews/plan-1/next", {"mode": "on_site"}), 409, "interview_unfinished")
    second = person_of(other.post("/interviews/plan-1/next", {"mode": "phone"}))
    assert second["serial"] != first["serial"]
    stolen = {"serial": first["serial"], "outcome": "refused"}
    refusal(other.post("/interviews/plan-1/attempts", stolen), 409, "nobody_in_hand")
    too_soon = {"serial": first["serial"], "outcome": "not_reached"}
    refusal(caller.post("/interviews/plan-1/attempts", too_soon), 409, "too_few_tries")
    for outcome in ("complete", "nonsense"):
        body = {"serial": first["serial"], "outcome": outcome}
        refusal(caller.post("/interviews/plan-1/attempts", body), 422, "invalid")
    at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    body = {"serial": first["serial"], "outcome": "call_back", "appointment": at}
    kept = caller.post("/interviews/plan-1/attempts", body)
    assert kept.get_json()["attempts"][0]["outcome"] == "call_back"
    back = {"serial": second["serial"], "reason": "knows me"}
    assert other.post("/interviews/plan-1/returns", back).status_code == 200


def test_from_the_first_questions_to_the_rates(client: FlaskClient, plan: InterviewPlan) -> None:
    caller, lead = As(client, "interviewer"), As(client, "evaluator")
    first = person_of(caller.post("/interviews/plan-1/next", {"mode": "phone"}))
    sent = {"serial": first["serial"], "submission_id": "a-sheet-of-answers", "lang": "en", "answers": ANSWERS}
    refusal(caller.post("/interviews/plan-1/answers", sent), 409, "state_conflict")
    said = {"serial": first["serial"], **SERVED}
    refusal(caller.put("/interviews/plan-1/verification", said | {"served": "perhaps"}), 422, "invalid")
    assert caller.put("/interviews/plan-1/verification", said).get_json()["disposition"] == ""
    bad = sent | {"answers": {"satisfaction": "Excellent"}}
    refusal(caller.post("/interviews/plan-1/answers", bad), 422, "answers_invalid")
    refusal(caller.post("/interviews/plan-1/answers", sent | {"earlier_receipt": "x"}), 422, "invalid")
    done = caller.post("/interviews/plan-1/answers", sent).get_json()
    assert (done["person"]["disposition"], len(done["receipt"]) > 20) == ("complete", True)
    second = person_of(caller.post("/interviews/plan-1/next", {"mode": "phone"}))
    denied = caller.put("/interviews/plan-1/verification", {"serial": second["serial"], "served": "never"})
    assert denied.get_json()["disposition"] == "never_served"
    found = lead.get("/interviews/plan-1/progress").get_json()
    assert (found["effective"], found["rates"]["counts"]["I"], found["rates"]["counts"]["NE"]) == (1, 1, 1)
    assert found["rates"]["rates"]["RR5"] == 1
    assert found["rates"]["interim"] is True
    assert found["failures"][0]["reason"] == "never_served"
    assert found["replacements"][0]["out"] == second["serial"]
    assert lead.post("/interviews/plan-1/tickets").get_json() == {"came_in": 0}
    refusal(lead.put("/interviews/plan-1/state", {"state": "closed"}), 428, "unconditional")
    refusal(lead.put("/interviews/plan-1/state", {"state": "open"}, version=2), 422, "invalid")
    assert lead.put("/interviews/plan-1/state", {"state": "closed"}, version=1).status_code in (200, 412)


def test_a_provider_is_told_nothing_of_whom_was_interviewed(client: FlaskClient, plan: InterviewPlan) -> None:
    serial = person_of(As(client, "interviewer").post("/interviews/plan-1/next", {"mode": "phone"}))["serial"]
    for role in ("provider", "purchaser", "authority", "auditor"):
        them = As(client, role)
        for path in ("", "/progress", "/comparison?campaign=calls"):
            refusal(them.get(f"/interviews/plan-1{path}"), 403, "forbidden")
        refusal(them.get("/interviews?project=project-1"), 403, "forbidden")
        body = {"serial": serial, "outcome": "refused"}
        refusal(them.post("/interviews/plan-1/attempts", body), 403, "forbidden")
    elsewhere = As(client, "evaluator", "other-org")
    refusal(elsewhere.get("/interviews/plan-1/progress"), 404, "not_found")
    refusal(As(client, "interviewer", "provider-org").post("/interviews/plan-1/next", {"mode": "phone"}), 404)
    refusal(As(client, "interviewer").get("/interviews/plan-1/progress"), 403, "forbidden")


def answer_slips(app: Flask, opened: Any, satisfied: int, others: int) -> list[str]:
    """Slips of the campaign `opened`, answered; the receipts."""
    codes = issue(opened, satisfied + others)
    receipts = []
    for place, code in enumerate(codes):
        answers = ANSWERS | {"satisfaction": "High" if place < satisfied else "Low"}
        given = Submission(f"slip-{opened.id}-{place:04}", answers, language="en")
        receipts.append(responses.submit(code, given, datetime.now(UTC), app.extensions["minyi.keys"]).receipt)
    return receipts


def test_slips_and_interviews_are_two_samples_unless_people_were_told(
    app: Flask, client: FlaskClient, plan: InterviewPlan
) -> None:
    from factories import Opened

    now = datetime.now(UTC).replace(microsecond=0)
    slips = Opened(make_campaign("slips", now=now), app.extensions["minyi.keys"][0])
    answer_slips(app, slips, 6, 2)
    caller, lead = As(client, "interviewer"), As(client, "evaluator")
    for number, level in enumerate(("High", "Low", "Low", "High")):
        person = person_of(caller.post("/interviews/plan-1/next", {"mode": "phone"}))
        caller.put("/interviews/plan-1/verification", {"serial": person["serial"], **SERVED})
        body = {"serial": person["serial"], "submission_id": f"interview-{number}", "lang": "en"}
        sent = caller.post("/interviews/plan-1/answers", body | {"answers": ANSWERS | {"satisfaction": level}})
        assert sent.status_code == 200, sent.text
    found = lead.get("/interviews/plan-1/comparison?campaign=slips").get_json()
    assert (found["slips"], found["interviews"]) == ([6, 8], [2, 4])
    assert found["difference"]["value"] == 0.25
    assert found["difference"]["interval"][0] < 0 < found["difference"]["interval"][1]
    assert (found["corrected"], found["agreement"]) == (None, None)
    assert found["reasons"] == {"corrected": "not_told", "agreement": "not_told"}


def test_where_people_were_told_the_two_answers_are_put_side_by_side(app: Flask, client: FlaskClient) -> None:
    from factories import Opened, make_project

    now, key = datetime.now(UTC).replace(microsecond=0), app.extensions["minyi.keys"][0]
    make_project()
    make_frame(key=key)
    make_campaign("untold", now=now)
    slips = Opened(make_campaign("slips", now=now, notice=NOTICE | LINKED), key)
    make_campaign("calls", now=now, notice=NOTICE | LINKED)
    receipts = answer_slips(app, slips, 4, 2)
    draws.draw(EVALUATOR, now, "persons-1", "recipients", 10)
    lead, caller = As(client, "evaluator"), As(client, "interviewer")
    quotas = [{"stratum": name, "mode": "phone", "effective": 3} for name in ("elderly", "family")]
    body = {"id": "plan-1", "campaign": "calls", "draw": "persons-1", "site": "east", "quotas": quotas}
    wrong = refusal(lead.post("/interviews", body | {"earlier": "untold"}), 422, "invalid")
    assert "untold" in str(wrong["errors"])
    assert lead.post("/interviews", body | {"earlier": "slips"}).get_json()["linked"] is True
    from interviewing import with_rules

    with_rules(interview_plans.get(EVALUATOR, "plan-1"), ALL_DAY)
    for number, level in enumerate(("High", "High", "High", "Low", "Low", "Low")):
        person = person_of(caller.post("/interviews/plan-1/next", {"mode": "phone"}))
        caller.put("/interviews/plan-1/verification", {"serial": person["serial"], **SERVED})
        sheet = {"serial": person["serial"], "submission_id": f"interview-{number}", "lang": "en"}
        sheet |= {"answers": ANSWERS | {"satisfaction": level}, "earlier_receipt": receipts[number]}
        refusal(caller.post("/interviews/plan-1/answers", sheet | {"earlier_receipt": "ABC"}), 404, "receipt_unknown")
        assert caller.post("/interviews/plan-1/answers", sheet).status_code == 200
    found = lead.get("/interviews/plan-1/comparison?campaign=slips").get_json()
    pairs = {"both": 3, "only_first": 1, "only_second": 0, "neither": 2}
    assert found["agreement"]["pairs"] == pairs
    assert found["corrected"]["value"] == pytest.approx(4 / 6 * 3 / 4)
    assert found["reasons"] == {}
    assert lead.get("/interviews/plan-1/comparison?campaign=untold").get_json()["corrected"] is None

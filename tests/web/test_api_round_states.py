"""The procedure of a round over the API: opening, gates and waivers, deadlines, lists and calendar feeds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from accounts import As, fields_named, refusal
from casework import make_case_round, put_round
from demo_round import AUTHORITY, PURCHASER, make_round, scheme_text
from factories import ADMIN, NOW, make_project
from icalendar import Calendar

from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.evaluate.rounds import Round
from service.domain.procedure.round_states import TRANSITIONS
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import journal_entries
from service.operations.evaluate import schemes
from service.operations.procedure import deadlines, gates, moves
from service.store import records

TODAY = day_of(datetime.now(UTC))
WANTED = {
    "id": "round-1",
    "project": "project-1",
    "kind": "final",
    "name": "Final",
    "scheme": "guangzhou-services@2",
    "terms": {"appeal": 15},
}
BODY = {"name": "市民政局", "address": "某路1号", "phone": "020-12345"}
SERVED = {"served_on": TODAY.isoformat(), "channel": "handed_over", "received_by": "前台"}


@pytest.fixture
def lead(client) -> As:
    """The purchaser of a project that ended three days ago."""
    made = make_project()
    projects.change_project(ADMIN, NOW, Project(**vars(made) | {"ends_on": TODAY - timedelta(days=3)}), 1)
    schemes.publish(AUTHORITY, NOW, scheme_text("guangzhou-services"))
    return As(client, "purchaser")


@pytest.fixture
def authority(client, lead) -> As:
    return As(client, "authority")


def opened(lead: As, **more) -> dict:
    answer = lead.post("/rounds", WANTED | more)
    assert answer.status_code == 201, answer.text
    return answer.json


def in_self_evaluation(lead: As) -> dict:
    opened(lead)
    return lead.put("/rounds/round-1/state", {"state": "self_evaluation", **SERVED}, version=1).json


@pytest.mark.rule("G04", "G08")
def test_the_purchaser_or_the_authority_leads_and_the_authority_says_why_and_who_would_review(lead, authority):
    direct = WANTED | {"lead": "authority", "id": "round-2"}
    answer = refusal(authority.post("/rounds", direct), 422, "invalid")
    assert fields_named(answer) == {"direct_reason", "review_body"}
    refusal(authority.post("/rounds", WANTED), 403, "not_lead")  # the purchaser leads
    refusal(lead.post("/rounds", direct | {"direct_reason": "r", "review_body": BODY}), 403, "not_lead")
    itself = direct | {"direct_reason": "复杂项目", "review_body": BODY | {"name": "Authority"}}
    assert fields_named(refusal(authority.post("/rounds", itself), 422)) == {"review_body.name"}
    answer = authority.post("/rounds", direct | {"direct_reason": "复杂项目", "review_body": BODY})
    assert (answer.status_code, answer.json["lead"], answer.json["review_body"]) == (201, "authority", BODY)
    assert opened(lead)["review_body"]["name"] == "Authority"  # the purchaser leads, the authority reviews


@pytest.mark.rule("C25")
def test_a_re_evaluation_looks_at_a_finished_round_of_the_same_project_again(lead):
    again = {"kind": "re_evaluation", "id": "round-2"}
    assert fields_named(refusal(lead.post("/rounds", WANTED | again), 422)) == {"of"}
    opened(lead)
    early = refusal(lead.post("/rounds", WANTED | again | {"of": "round-1"}), 422)
    assert "opened" in early["errors"]["json"]["of"][0]
    there = records.get(Round, "round-1")
    records.delete(Round, "round-1")
    records.insert(Round(**vars(there) | {"state": "final"}))
    answer = lead.post("/rounds", WANTED | again | {"of": "round-1"})
    assert (answer.status_code, answer.json["of"]) == (201, "round-1")
    assert fields_named(refusal(lead.post("/rounds", WANTED | {"id": "round-3", "of": "round-1"}), 422)) == {"of"}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"review": 15}, "terms.review"),
        ({"nonsense": 15}, "terms.nonsense"),
        ({"appeal": 0}, "terms.appeal"),
        ({"appeal": 9999}, "terms.appeal"),
    ],
)
def test_terms_are_days_of_deadlines_that_the_scheme_leaves_open(lead, terms, field):
    assert fields_named(refusal(lead.post("/rounds", WANTED | {"terms": terms}), 422, "invalid")) == {field}


@pytest.mark.rule("G47", "G56")
def test_terms_and_the_mid_term_day_are_set_before_the_scheme_is_served(lead, client):
    opened(lead, kind="mid_term", terms={})
    unmet = lead.get("/rounds/round-1/gates").json[0]["unmet"]
    assert {one["subject"] for one in unmet if one["gate"] == "terms_set"} == {"appeal", "self_evaluation_on"}
    day = (TODAY - timedelta(days=10)).isoformat()
    assert fields_named(refusal(lead.put("/rounds/round-1/terms", {"self_evaluation_on": day}, version=1), 422)) == {
        "self_evaluation_set"
    }
    wanted = {"terms": {"appeal": 15}, "self_evaluation_on": day, "self_evaluation_set": "agreed", "review_body": BODY}
    refusal(As(client, "evaluator").put("/rounds/round-1/terms", wanted, version=1), 403)
    assert lead.put("/rounds/round-1/terms", wanted, version=1).json["version"] == 2
    moved = lead.put("/rounds/round-1/state", {"state": "self_evaluation", **SERVED}, version=2).json
    assert moved["deadlines"]["mid-self-evaluation"]["on"] == day
    refusal(lead.put("/rounds/round-1/terms", wanted, version=3), 409, "state_conflict")


@pytest.mark.rule("G53")
def test_the_scheme_freezes_and_is_served_on_the_provider_with_the_day(lead, client):
    assert opened(lead)["scheme_digest"] == records.get(Round, "round-1").scheme_digest
    refused = refusal(lead.put("/rounds/round-1/state", {"state": "self_evaluation"}, version=1), 409, "gate_unmet")
    assert fields_named(refused) == {"scheme_served"}
    late = SERVED | {"served_on": (TODAY + timedelta(days=1)).isoformat(), "received_by": " "}
    refused = refusal(lead.put("/rounds/round-1/state", {"state": "self_evaluation", **late}, version=1), 422)
    assert fields_named(refused) == {"served_on", "received_by"}
    moved = lead.put("/rounds/round-1/state", {"state": "self_evaluation", **SERVED}, version=1).json
    assert (moved["state"], moved["served"]["on"], moved["served"]["digest"]) == (
        "self_evaluation",
        TODAY.isoformat(),
        moved["scheme_digest"],
    )
    shown = As(client, "provider").get("/rounds/round-1").json
    assert shown["served"]["received_by"] == "前台"
    assert {"panels", "surveys", "checks", "counters"}.isdisjoint(shown)
    assert "panels" in lead.get("/rounds/round-1").json


def test_of_two_who_move_the_round_at_once_one_is_told(lead):
    opened(lead)
    step = {"state": "self_evaluation", **SERVED}
    assert lead.put("/rounds/round-1/state", step, version=1).status_code == 200
    refusal(lead.put("/rounds/round-1/state", {"state": "evidence"}, version=1), 412, "stale")
    refusal(lead.put("/rounds/round-1/state", step, version=2), 409, "round_step")
    refusal(lead.put("/rounds/round-1/state", step), 428, "unconditional")


def test_every_gate_of_every_step_is_asked(lead):
    named = {gate for step in TRANSITIONS for gate in step.gates}
    assert named == set(gates.GATES)


def test_only_the_part_that_a_step_belongs_to_takes_it(lead, authority, client):
    prepared = opened(As(client, "evaluator"), kind="mid_term", terms={})  # the evaluator prepares, the lead moves
    assert (prepared["state"], prepared["lead"], prepared["version"]) == ("opened", "purchaser", 1)
    step = {"state": "self_evaluation", **SERVED}
    refusal(As(client, "evaluator").put("/rounds/round-1/state", step, version=1), 403, "forbidden")
    refusal(authority.put("/rounds/round-1/state", step, version=1), 403, "forbidden")
    refusal(As(client, "purchaser", "other-org").put("/rounds/round-1/state", step, version=1), 404, "not_found")


@pytest.mark.rule("G50")
def test_a_missing_self_evaluation_is_waived_only_after_its_last_day_and_only_by_the_lead(lead, authority):
    running = in_self_evaluation(lead)
    note = {"gate": "self_evaluation_filed_or_due", "reason": "机构没有提交"}
    refused = refusal(lead.post("/rounds/round-1/waivers", note), 422, "invalid")
    assert fields_named(refused) == {"gate"}
    there = records.get(Round, "round-1")
    passed = {**running["deadlines"]["final-self-evaluation"], "on": (TODAY - timedelta(days=1)).isoformat()}
    records.delete(Round, "round-1")
    records.insert(Round(**vars(there) | {"deadlines": {"final-self-evaluation": passed}}))
    refusal(authority.post("/rounds/round-1/waivers", note), 403, "not_lead")
    assert lead.post("/rounds/round-1/waivers", note | {"id": "w"}).status_code == 201
    assert lead.post("/rounds/round-1/waivers", note | {"id": "w"}).status_code == 200
    step = lead.get("/rounds/round-1/gates").json[0]
    assert [one["gate"] for one in step["waived"]] == ["self_evaluation_filed_or_due"]
    assert "self_evaluation_filed_or_due" not in {one["gate"] for one in step["unmet"]}


@pytest.mark.rule("G41", "G42", "G43", "G44", "G45")
def test_each_methods_minimum_is_met_or_waived_with_a_reason_before_scoring(client):
    make_round(answers=1, waiting=0)
    lead = As(client, "purchaser")
    there = records.get(Round, "round-1")
    records.delete(Round, "round-1")
    records.insert(Round(**vars(there) | {"state": "evidence"}))
    [step] = lead.get("/rounds/round-1/gates").json
    subjects = {one["subject"] for one in step["unmet"]}
    assert {"document_review.policies", "interview.workers", "observation.site_visit", "spot_check.plans"} <= subjects
    assert {"spot_check.questionnaire", "spot_check.work_records"}.isdisjoint(subjects)  # these were done
    refusal(lead.put("/rounds/round-1/state", {"state": "scoring"}, version=1), 409, "gate_unmet")
    refusal(lead.post("/rounds/round-1/waivers", {"gate": "methods_met", "subject": "nonsense", "reason": "r"}), 422)
    refusal(lead.post("/rounds/round-1/waivers", {"gate": "methods_met", "subject": "x", "reason": ""}), 422)
    for subject in subjects:
        waiver = {"gate": "methods_met", "subject": subject, "reason": "试点项目"}
        assert lead.post("/rounds/round-1/waivers", waiver).status_code == 201
    moved = lead.put("/rounds/round-1/state", {"state": "scoring"}, version=1)
    assert (moved.status_code, moved.json["state"]) == (200, "scoring")
    assert {one["subject"] for one in lead.get("/rounds/round-1/waivers").json} == subjects


@pytest.mark.rule("C01", "C13", "G02")
def test_what_pays_a_project_decides_the_basis_and_its_class_what_the_public_is_told(lead, client):
    admin = As(client, "admin")
    there = {k: v for k, v in admin.get("/projects/project-1").json.items() if k not in ("id", "version")}
    wrong = there | {"funding_type": "other", "basis": "applies"}
    assert fields_named(refusal(admin.put("/projects/project-1", wrong, version=2), 422, "invalid")) == {"basis"}
    right = there | {"funding_type": "other", "basis": "by_reference", "service_class": 3}
    assert admin.put("/projects/project-1", right, version=2).json["basis"] == "by_reference"
    opened(lead)
    there = records.get(Round, "round-1")
    records.delete(Round, "round-1")
    records.insert(Round(**vars(there) | {"state": "evidence"}))
    subjects = {one["subject"] for one in lead.get("/rounds/round-1/gates").json[0]["unmet"]}
    assert "user_notifications" in subjects


@pytest.mark.rule("G51")
def test_an_evaluation_of_more_than_fifteen_days_goes_on_with_a_reason(client):
    made = make_case_round()
    running = deadlines.start(made, "evaluation_start", TODAY - timedelta(days=20))
    put_round(replace(running, state="scoring"))
    lead = As(client, "purchaser")
    [step] = lead.get("/rounds/round-1/gates").json
    assert ([one["subject"] for one in step["late"]], step["unmet"]) == (["official"], [])
    refused = refusal(lead.put("/rounds/round-1/state", {"state": "reported"}, version=2), 409, "gate_unmet")
    assert fields_named(refused) == {"in_time.official"}
    moved = lead.put("/rounds/round-1/state", {"state": "reported", "reason": "两次走访改期"}, version=2)
    assert moved.status_code == 200, moved.text
    assert moved.json["deadlines"]["official"]["late_reason"] == "两次走访改期"


def test_a_served_deadline_moves_only_with_a_notice_and_never_to_an_earlier_day(lead, authority):
    running = in_self_evaluation(lead)["deadlines"]["final-self-evaluation"]
    assert running["served"] == TODAY.isoformat()
    path, last = "/rounds/round-1/deadlines/final-self-evaluation", date.fromisoformat(running["on"])
    wanted = {"on": (last + timedelta(days=7)).isoformat(), "reason": "台风"}
    refused = refusal(lead.put(path, wanted, version=2), 422, "invalid")
    assert fields_named(refused) == {"served_on", "channel", "received_by"}
    earlier = wanted | SERVED | {"on": running["on"]}
    assert fields_named(refusal(lead.put(path, earlier, version=2), 422)) == {"on"}
    refusal(authority.put(path, wanted | SERVED, version=2), 403, "not_lead")
    refusal(lead.put(path, wanted | SERVED, version=1), 412, "stale")
    changed = lead.put(path, wanted | SERVED, version=2).json["deadlines"]["final-self-evaluation"]
    assert (changed["on"], changed["first_on"]) == (wanted["on"], running["on"])
    [entry] = [one for one in journal_entries(["project:project-1"]) if one.act == "round.deadline_postponed"]
    assert (entry.details["reason"], entry.details["received_by"]) == ("台风", "前台")
    [shown] = lead.get("/rounds/round-1/deadlines").json
    assert (shown["on"], shown["hard"], shown["whom"], shown["overdue"]) == (wanted["on"], True, "provider", False)


def test_a_list_of_rounds_is_filtered_and_each_organisation_sees_its_own(lead, client):
    in_self_evaluation(lead)
    opened(lead, id="round-2", kind="pre")
    assert [one["id"] for one in lead.get("/rounds").json] == ["round-2", "round-1"]
    for query, found in (
        ("state=opened", {"round-2"}),
        ("kind=final", {"round-1"}),
        ("lead=authority", set()),
        ("project=project-1&state=self_evaluation", {"round-1"}),
        (f"due={(TODAY + timedelta(days=60)).isoformat()}", {"round-1"}),
        (f"due={TODAY.isoformat()}", set()),
    ):
        assert {one["id"] for one in lead.get(f"/rounds?{query}").json} == found, query
    refusal(lead.get("/rounds?state=nonsense"), 422)
    assert As(client, "purchaser", "other-org").get("/rounds").json == []


def test_what_is_due_is_listed_for_each_organisation_and_in_its_calendar(lead, client):
    in_self_evaluation(lead)
    [one] = lead.get("/due").json
    assert (one["subject"], one["whom"], one["overdue"]) == ("final-self-evaluation", "provider", False)
    assert lead.get("/due?overdue=true").json == []
    assert As(client, "purchaser", "other-org").get("/due").json == []
    made = lead.post("/calendar-feeds", {"language": "zh-Hans"}).json
    address = made["url"].removeprefix("http://127.0.0.1:8000")
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event.decoded("dtstart").isoformat() == one["on"]
    assert str(event["summary"]) == "期末自评 · Street station"
    renewed = lead.post("/calendar-feeds", {"language": "en"}).json  # ends the former one
    assert client.get(address).status_code == 404
    assert [feed["id"] for feed in lead.get("/calendar-feeds").json] == [renewed["id"]]
    refusal(As(client, "provider").send("DELETE", f"/calendar-feeds/{renewed['id']}"), 404)
    assert lead.send("DELETE", f"/calendar-feeds/{renewed['id']}").json["revoked_at"]
    assert client.get(renewed["url"].removeprefix("http://127.0.0.1:8000")).status_code == 404


def test_of_two_moves_at_the_same_moment_exactly_one_happens(lead):
    opened(lead)
    facts = SERVED | {"served_on": TODAY}
    start, outcomes = Barrier(2), []

    def move() -> None:
        start.wait()
        try:
            moves.move(PURCHASER, datetime.now(UTC), "round-1", "self_evaluation", 1, facts)
            outcomes.append("moved")
        except Refused as refused:
            outcomes.append(refused.reason)

    both = [Thread(target=move) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(outcomes) == ["moved", "stale"]
    assert [entry.act for entry in journal_entries(["project:project-1"])].count("round.moved") == 1

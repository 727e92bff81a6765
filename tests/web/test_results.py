"""Results over the API and at the desk: findings, what is left out, corrected counters, both directions, users told."""

from decimal import Decimal
from typing import Any

import pytest
from accounts import As, refusal
from demo_round import AUTHORITY, make_people, scheme_text, sign_in
from factories import AUDITOR, EVALUATOR, NOW, make_project
from flask import Flask
from flask.testing import FlaskClient
from inspected import GOOD, LOST, draw_from, find, find_all, make_list

from service.domain.evaluate.rounds import Round, RoundQuantity
from service.domain.inspect.interviews import Interviewee, InterviewPlan
from service.domain.inspect.stratified_bounds import Stratum, upper_bound, upper_limit
from service.operations.evaluate import rounds, schemes
from service.operations.inspect import spot_check_reviews
from service.store import records

SERIALS = [f"R{number:03}" for number in range(200)]
HOURS = {serial: 4 + number % 7 for number, serial in enumerate(SERIALS)}


@pytest.fixture
def evaluator(client: FlaskClient) -> As:
    make_project()
    return As(client, "evaluator")


def counter_of(found: dict[str, Any], rule: str) -> dict[str, Any]:
    return next(one for one in found["counters"] if one["rule"] == rule)


def hours_checked() -> None:
    """G17: 20 of 200 sessions checked, one not found, one shorter than claimed, one recorded late."""
    make_list("hours", SERIALS, amounts=HOURS, kind="session", counter="G17", claimed=Decimal(1400))
    draw = draw_from("hours-draw", "hours", 20)
    for place, item in enumerate(draw.items):
        amount, attributes = HOURS[item.serial], GOOD | {"timely": place != 7}
        if place == 3:
            find(draw, place, LOST)
        else:
            find(draw, place, attributes, amount - (2 if place == 5 else 0))


def test_findings_by_attribute_with_limits_and_the_counter_of_the_list(evaluator: As) -> None:
    hours_checked()
    found = evaluator.get("/draws/hours-draw/findings").get_json()
    named = [found[name] for name in ("kind", "check_kind", "trigger", "counter")]
    assert named == ["session", "random", "plan", "G17"]
    table = {one["name"]: one for one in found["findings"]["attributes"]}
    assert (table["found"]["lost"], table["found"]["limit"]) == (1, upper_limit(1, 20, 200))
    assert (table["timely"]["failed"], table["timely"]["judged"], table["timely"]["rate"]) == (1, 19, 0.1)
    assert (table["timely"]["limit"], table["timely"]["feeds"]) == (upper_limit(2, 20, 200), ["G35", "G36"])
    correction = found["correction"]
    assert (correction["status"], correction["interval"], correction["wanting"]) == ("corrected", "ratio_t", 2)
    assert Decimal(correction["lower"]) < Decimal(correction["corrected"]) < 1400
    assert Decimal(correction["corrected"]) == pytest.approx(1400 * Decimal(correction["factor"]), abs=Decimal("1e-5"))
    whole = evaluator.get("/projects/project-1/findings").get_json()
    assert counter_of(whole, "G17") == correction
    # Late records are late records: nothing but a counter's own draw changes it, and the others stay claims.
    assert {one["rule"]: (one["status"], one["reason"]) for one in whole["counters"] if one["rule"] != "G17"} == {
        f"G{number}": ("claimed, unverified", "no_draw") for number in (14, 15, 16, 18, 19, 20, 21, 22, 23, 24)
    }


def test_only_accepted_first_looks_count_and_the_rest_is_listed(evaluator: As) -> None:
    make_list("groups", SERIALS[:40], kind="group", counter="G20", claimed=Decimal(40))
    draw = draw_from("groups-draw", "groups", 5)
    find(draw, 0)
    find(draw, 1, by=AUDITOR)  # waits for the evaluator
    rejected = find(draw, 2, LOST, by=AUDITOR)
    spot_check_reviews.review(EVALUATOR, NOW, rejected.id, "rejected", "looked up in another year", rejected.version)
    find(draw, 3)
    found = evaluator.get("/draws/groups-draw/findings").get_json()
    assert (found["findings"]["n"], found["findings"]["limit_reason"]) == (2, "unchecked")
    left_out = {one["serial"]: (one["state"], one["reason"]) for one in found["excluded"]}
    places = [item.serial for item in draw.items]
    assert left_out == {
        places[1]: ("received", ""),
        places[2]: ("rejected", "looked up in another year"),
        places[4]: ("missing", ""),
    }
    assert (found["correction"]["status"], found["correction"]["reason"]) == ("claimed, unverified", "unchecked")


def test_items_are_counted_by_what_was_found_and_true_in_strata(evaluator: As) -> None:
    strata = ["重点" if number < 50 else "一般" for number in range(200)]
    make_list("cases", SERIALS, strata, counter="G18", claimed=Decimal(200))
    draw = draw_from("cases-draw", "cases", {"重点": 20, "一般": 30})
    find_all(draw, {0: LOST, 1: GOOD | {"true": False}, 2: GOOD | {"complete": False}})
    found = evaluator.get("/draws/cases-draw/findings").get_json()
    assert Decimal(found["correction"]["corrected"]) == 200 - 150 * Decimal(2) / 30
    assert found["correction"]["interval"] == "exact"
    assert found["findings"]["limit_method"] == "wendell_schmee"
    assert [part["stratum"] for part in found["findings"]["strata"]] == ["一般", "重点"]


def test_lists_of_one_kind_are_put_together_as_strata(evaluator: As) -> None:
    make_list("east", SERIALS[:150], kind="group")
    make_list("west", SERIALS[:50], kind="group")  # the same serials, other groups
    find_all(draw_from("east-draw", "east", 20), {0: LOST})
    find_all(draw_from("west-draw", "west", 10))
    make_list("twice", SERIALS[:30], kind="case")
    for id in ("first", "second"):
        find_all(draw_from(id, "twice", 3))
    kinds = {one["kind"]: one for one in evaluator.get("/projects/project-1/findings").get_json()["kinds"]}
    groups = kinds["group"]["findings"]
    assert (groups["population"], groups["n"], groups["errors"]) == (200, 30, 1)
    assert groups["rate"] == pytest.approx(150 / 200 / 20)
    bound = upper_bound([Stratum(150, 20, 1), Stratum(50, 10, 0)])
    assert (groups["limit"], groups["limit_method"]) == (bound.limit, bound.method)
    assert [part["stratum"] for part in groups["strata"]] == ["east", "west"]
    assert (kinds["case"]["draws"], kinds["case"]["findings"]) == (["first", "second"], None)


@pytest.mark.rule("C15")
def test_what_a_complaint_caused_stands_apart_and_is_no_evidence_for_points(evaluator: As) -> None:
    make_list("groups", SERIALS, kind="group", counter="G20", claimed=Decimal(200))
    caused = draw_from("after-complaint", "groups", 10, trigger="complaint")
    find_all(caused, dict.fromkeys(range(10), LOST))
    found = evaluator.get("/projects/project-1/findings").get_json()
    assert (found["draws"], [one["draw"] for one in found["apart"]]) == ([], ["after-complaint"])
    apart = found["apart"][0]["findings"]
    assert (apart["errors"], apart["rate"], apart["limit"], apart["limit_reason"]) == (10, None, None, "not_random")
    assert found["apart"][0]["correction"]["reason"] == "not_random"
    assert counter_of(found, "G20")["reason"] == "no_draw"
    assert (found["claims"], found["evidence"]) == ([], [])
    opened = open_round()
    refused = refusal(
        evaluator.put(f"/rounds/{opened.id}/sources", {"checks": {"g35": "after-complaint"}}, version=1), 422
    )
    assert "no random sample" in str(refused["errors"])


def test_both_directions_are_told_and_never_set_off(evaluator: As) -> None:
    make_list(
        "claimed", SERIALS, kind="group", counter="G22", amounts=dict.fromkeys(SERIALS, 10), claimed=Decimal(2000)
    )
    claims = draw_from("claims-draw", "claimed", 20)
    for place in range(20):
        find(claims, place, GOOD | {"true": place > 1}, 10 if place > 1 else 0)
    sheets = [f"S{number:03}" for number in range(60)]
    make_list("sheets", sheets, kind="group", counter="G22", direction="evidence")
    evidence = draw_from("sheets-draw", "sheets", 15)
    find_all(evidence, {4: LOST})
    found = evaluator.get("/projects/project-1/findings").get_json()
    [claimed], [there] = found["claims"], found["evidence"]
    assert (claimed["draw"], claimed["wanting"]["wanting"], claimed["wanting"]["n"]) == ("claims-draw", 2, 20)
    assert (there["draw"], there["wanting"]["wanting"], there["population"]) == ("sheets-draw", 1, 60)
    assert counter_of(found, "G22")["draw"] == "claims-draw"
    assert Decimal(counter_of(found, "G22")["corrected"]) == 1800


def test_a_record_that_a_drawn_person_denies_is_lost(evaluator: As) -> None:
    make_list("users", SERIALS[:30], kind="recipient")
    draw = draw_from("users-draw", "users", 4)
    how = {
        "frame": "users",
        "batch": "b",
        "key_id": "k",
        "rules": {"record_failures": ["never_served"]},
        "opened_at": NOW,
        "opened_by": EVALUATOR.id,
    }
    records.insert(InterviewPlan("plan-1", "project-1", "campaign-1", draw.id, "east", **how))
    endings = [("complete", "yes"), ("never_served", "no"), ("refused", ""), ("complete", "yes")]
    for place, (ending, served) in enumerate(endings):
        said = {
            "verification": {"served": served},
            "disposition": ending,
            "opened_at": NOW,
            "closed_at": NOW,
            "closed_by": "i",
        }
        serial = draw.items[place].serial
        records.insert(Interviewee(f"i{place}", "plan-1", draw.id, serial, "", place + 1, "phone", **said))
    found = evaluator.get("/draws/users-draw/findings").get_json()["findings"]
    assert (found["n"], found["errors"], found["missing"]) == (3, 1, [draw.items[2].serial])
    assert [one["name"] for one in found["attributes"]] == ["found"]
    assert (found["limit"], found["limit_reason"]) == (None, "unchecked")  # who stays silent has confirmed nothing


def open_round() -> Round:
    for name in ("guangzhou-services", "guangzhou-housing-demo"):
        schemes.publish(AUTHORITY, NOW, scheme_text(name))
    opened = Round("round-1", "project-1", "final", "2026", "guangzhou-housing-demo@2", "", NOW)
    return rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)[0]


@pytest.mark.rule("G17", "G20", "G22")
def test_a_counter_takes_its_verified_value_from_its_own_draw(evaluator: As) -> None:
    hours_checked()
    make_list("groups", SERIALS, kind="group", counter="G20")
    draw_from("groups-draw", "groups", 5)
    round = open_round()
    node = next(one.id for one in schemes.parsed(round.scheme).nodes if "G17" in one.rules)
    wrong = evaluator.put(f"/rounds/{round.id}/sources", {"counters": {node: "groups-draw"}}, version=1)
    assert "taken from another list" in str(refusal(wrong, 422)["errors"])
    target = RoundQuantity("q", round.id, node, "contract", NOW, EVALUATOR.id, Decimal(50), workers=Decimal(5))
    rounds.enter_quantity(EVALUATOR, NOW, target)
    bound = evaluator.put(f"/rounds/{round.id}/sources", {"counters": {node: "hours-draw"}}, version=1)
    assert (bound.status_code, bound.get_json()["counters"]) == (200, {node: "hours-draw"})
    corrected = evaluator.get("/draws/hours-draw/findings").get_json()["correction"]["corrected"]
    score = evaluator.get(f"/rounds/{round.id}/score").get_json()
    found = node_of(score, node)
    assert found["missing"] == []
    assert f"{Decimal(corrected):f}".rstrip("0") in str(found["arithmetic"])
    assert "hours-draw" in str(found["notes"])


def node_of(value: Any, node: str) -> Any:
    """The part of a score tree that is about the node."""
    if isinstance(value, dict):
        if value.get("id") == node:
            return value
        value = list(value.values())
    if isinstance(value, list):
        return next((found for each in value if (found := node_of(each, node)) is not None), None)
    return None


@pytest.mark.rule("C13")
def test_at_least_three_drawn_users_are_told_and_attendance_is_apart(evaluator: As, client: FlaskClient) -> None:
    make_list("users", SERIALS, kind="recipient")
    draw = draw_from("users-draw", "users", 4)
    serials = [item.serial for item in draw.items]
    address, notice = "/draws/users-draw/user-notifications", {"channel": "phone", "evidence": "call log"}
    notice |= {"notified_at": NOW.isoformat()}
    for place in range(3):
        told = evaluator.post(address, notice | {"id": f"told-{place}", "serial": serials[place]})
        assert told.status_code == 201, told.text
        met = evaluator.get("/projects/project-1/user-notifications").get_json()
        assert (met["notified"], met["met"], met["attended"]) == (place + 1, place == 2, 0)
    again = evaluator.post(address, notice | {"id": "told-0", "serial": serials[0]})
    assert again.status_code == 200
    refusal(evaluator.post(address, notice | {"serial": serials[0]}), 422, "invalid")
    outside = next(serial for serial in SERIALS if serial not in serials)
    refusal(evaluator.post(address, notice | {"serial": outside}), 422, "invalid")
    refusal(evaluator.post(address, notice | {"serial": serials[3], "evidence": " "}), 422, "invalid")
    future = {"serial": serials[3], "notified_at": "2999-01-01T00:00:00+08:00"}
    refusal(evaluator.post(address, notice | future), 422, "invalid")
    came = {"attended": True, "evidence": "signed the attendance list"}
    refusal(evaluator.put("/user-notifications/told-1/attendance", came), 428)
    seen = evaluator.put("/user-notifications/told-1/attendance", came, version=1)
    assert (seen.status_code, seen.get_json()["attended"], seen.headers["ETag"]) == (200, True, '"2"')
    refusal(evaluator.put("/user-notifications/told-1/attendance", came, version=1), 412, "stale")
    met = As(client, "purchaser").get("/projects/project-1/user-notifications").get_json()
    assert (met["needed"], met["notified"], met["attended"], met["met"]) == (3, 3, 1, True)
    refusal(As(client, "provider").get("/projects/project-1/user-notifications"), 403)


def test_users_are_told_from_a_list_of_users_only(evaluator: As) -> None:
    make_list("groups", SERIALS, kind="group")
    serial = draw_from("groups-draw", "groups", 1).items[0].serial
    notice = {"channel": "letter", "evidence": "copy", "notified_at": NOW.isoformat(), "serial": serial}
    refusal(evaluator.post("/draws/groups-draw/user-notifications", notice), 422, "invalid")


def test_the_desk_shows_all_of_it(app: Flask, evaluator: As) -> None:
    hours_checked()
    make_list("sheets", SERIALS[:30], kind="group", direction="evidence")
    find_all(draw_from("sheets-draw", "sheets", 5))
    caused = draw_from("after-complaint", "sheets", 3, trigger="complaint")
    find(caused, 0, LOST)
    make_people()
    desk = sign_in(app)
    page = desk.get("/desk/projects/project-1/findings?lang=en").text
    for text in ("Hours of casework interviews", "hours-draw", "claimed, unverified", "at most", "sheets-draw"):
        assert text in page
    assert page.index("Checked because of complaints") < page.index('id="d-after-complaint"')
    assert "/desk/projects/project-1/findings" in desk.get("/desk/projects/project-1").text
    assert sign_in(app, "provider").get("/desk/projects/project-1/findings").status_code == 403

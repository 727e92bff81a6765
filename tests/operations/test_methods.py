"""What of each method is met: accepted records of finished visits, random draws, campaigns with answers."""

from dataclasses import replace
from typing import Any

import pytest
from accounts import As, refusal
from demo_round import make_people, sign_in
from factories import EVALUATOR, NOW, OTHER_EVALUATOR, TEMPLATES, make_project
from flask import Flask
from flask.testing import FlaskClient
from visiting import FIRST, SECOND, crew, drawn, planned, started

from service.domain.errors import Refused
from service.domain.evaluate import methods as rules
from service.domain.evaluate.rounds import Round
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.spot_checks import ACCEPTED, OBSERVATION, RECEIVED, SpotCheck
from service.operations.evaluate import methods, rounds, schemes
from service.operations.inspect import checklists, spot_checks, visits
from service.store import records

pytestmark = pytest.mark.usefixtures("database")
ADOPTION = {"document": "test", "number": "1", "date": "2026-01-01"}


def record(id: str, checklist: str, visit: str = "visit-1", state: str = ACCEPTED, **answers: Any) -> None:
    """A record of a whole visit, as the phone's would be kept."""
    spot = SpotCheck(id, "", "", {}, NOW, FIRST.id, project="project-1", visit=visit, part=OBSERVATION, slot=id)
    records.insert(replace(spot, checklist=checklist, answers=answers, state=state))


def open_round() -> None:
    text = (TEMPLATES / "schemes" / "guangzhou-services.yaml").read_text(encoding="utf-8")
    version = schemes.publish(replace(EVALUATOR, roles=("authority",)), NOW, text)[0]
    opened = Round("round-1", "project-1", "final", "2026", version.id, "", NOW, adoption=ADOPTION)
    rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=True)


def met() -> dict[str, tuple[int, int]]:
    found = methods.of_project(EVALUATOR, "project-1")
    return {one.evidence: (one.done, one.needed) for one in found if one.done}


@pytest.mark.rule("G41", "G42", "G43", "G44", "G45")
def test_visits_meet_the_minimum_of_each_method(client: FlaskClient) -> None:
    crew(FIRST, SECOND)
    open_round()
    checklists.publish_shipped(EVALUATOR, NOW)
    assert met() == {}
    wanted = methods.of_project(EVALUATOR, "project-1")
    assert (len(wanted), any(one.met for one in wanted)) == (11, False)
    drawn()
    planned()
    started()
    record("review", "document-review@1", policies="yes", procedures="no", standards="partly")
    record("head", "interview-head@1", mode="single")
    record("agency", "observation-visit@1", place="agency")
    record("waiting", "interview-worker@1", state=RECEIVED)
    record("reported", "supervisor-report@1")
    assert met() == {}  # the visit goes on
    visits.finish(FIRST, NOW, "visit-1", "the records come by API")
    once = (1, 1)
    assert met() == {
        "policies": once,
        "procedures": once,
        "quality_standards": once,
        "agency_head": once,
        "agency_visit": once,
        "supervisor_reports": (1, 0),  # not asked for, and no random sample
    }
    serial = records.find(Assignment, draw="draw-1")[0].serial
    attributes = {"found": True, "complete": True, "true": True, "timely": True}
    spot_checks.log(EVALUATOR, NOW, SpotCheck("spot-1", "draw-1", serial, attributes, NOW, EVALUATOR.id))
    assert met()["work_records"] == once
    assert "plans" not in met()
    told = As(client, "evaluator").get("/projects/project-1/methods").get_json()
    [head] = [one for one in told if one["evidence"] == "agency_head"]
    assert (head["met"], head["rules"], head["by"]) == (True, ["G41", "G43"], [{"kind": "spot_check", "id": "head"}])
    [workers] = [one for one in told if one["evidence"] == "workers"]
    assert (workers["met"], workers["done"], workers["needed"]) == (False, 0, 1)
    refusal(As(client, "evaluator").get("/projects/project-1/methods?round=none"), 404)
    refusal(As(client, "auditor").get("/projects/project-1/methods"), 403)
    with pytest.raises(Refused):
        methods.of_project(OTHER_EVALUATOR, "project-1")


def test_what_one_record_stands_for() -> None:
    assert rules.of_record("observation", {"place": "site"}) == [("observation", "site_visit")]
    assert rules.of_record("observation", {}) == []
    assert rules.of_record("document_review", {"policies": "no"}) == [("document_review", "policies")]
    assert rules.of_record("interview_worker", {}) == [("interview", "workers")]
    assert rules.of_record("case", {"found": "yes"}) == []
    assert rules.of_draw("plan") == ("spot_check", "plans")
    assert rules.of_draw("case") == ("spot_check", "work_records")


def test_the_desk_shows_what_is_missing(app: Flask) -> None:
    make_project()
    open_round()
    make_people()
    page = sign_in(app).get("/desk/projects/project-1/visits?lang=zh-Hans").text
    table = page.split('id="t-methods"')[1].split("</table>")[0]
    assert table.count('<span class="bad">0</span>') == 11
    assert "与机构负责人面谈" in table
    assert 't-methods"' not in sign_in(app, "auditor").get("/desk/projects/project-1/visits").text

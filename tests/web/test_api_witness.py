"""The third party of a contract (见证方) follows the whole run of its project and changes nothing."""

from dataclasses import replace

import pytest
from accounts import As, refusal
from demo_round import make_round
from factories import ADMIN, NOW

from service.domain.access import ACTIONS
from service.domain.organisations import Organisation
from service.operations import organisations, projects


@pytest.fixture
def witness(client) -> As:
    make_round()
    organisations.create_organisation(ADMIN, NOW, Organisation("witness-org", "witness", "District office"))
    there = projects.project(ADMIN, "project-1")
    projects.change_project(ADMIN, NOW, replace(there, witness="witness-org"), there.version)
    return As(client, "witness")


@pytest.mark.rule("S03")
def test_a_witness_follows_the_project_its_rounds_notices_and_cases(client, witness):
    assert [one["id"] for one in witness.get("/projects").json] == ["project-1"]
    followed = ("", "/sites", "/notices", "/follow-ups")
    assert [witness.get(f"/projects/project-1{path}").status_code for path in followed] == [200] * 4
    assert [one["id"] for one in witness.get("/rounds").json] == ["round-1"]
    shown = witness.get("/rounds/round-1").json
    assert (shown["state"], shown["scheme"].partition("@")[0]) == ("opened", "guangzhou-housing-demo")
    assert not set(shown) & {"panels", "checks", "surveys", "counters"}
    assert witness.get("/rounds/round-1/group").json == {"members": []}
    refusal(As(client, "witness", "other-org").get("/rounds/round-1"), 404, "not_found")


@pytest.mark.rule("S03")
def test_a_witness_sees_no_evidence_and_changes_nothing(witness):
    for path in ("/rounds/round-1/score", "/rounds/round-1/judgements", "/rounds/round-1/judging"):
        refusal(witness.get(path), 403, "forbidden")
    refusal(witness.post("/rounds/round-1/group", {}), 403, "forbidden")
    changing = {action for action, roles in ACTIONS.items() if "witness" in roles and not action.endswith(".read")}
    assert changing == {"projects.list"}

"""Figures over campaigns of several versions: summed for unchanged questions, refused by name for the others."""

import copy
from datetime import timedelta

import pytest
from accounts import As, fields_named, refusal
from factories import EVALUATOR, KEY, NOTICE, NOW, Opened, issue, make_project
from flask import Flask
from flask.testing import FlaskClient
from questionnaire_samples import sample, text

from service.domain.collect.campaigns import Campaign
from service.operations.collect import campaigns, questionnaires
from service.operations.collect.responses import Submission, submit

JOINED = "/projects/project-1/satisfaction"


def ask(number: int, definition: dict, levels: list[str], distribution: str = "all_present_evaluator") -> Opened:
    """A campaign of this version with one answer for each level."""
    version, _ = questionnaires.publish(EVALUATOR, NOW, definition)
    window = (NOW - timedelta(days=1), NOW + timedelta(days=36500))
    draft = Campaign(
        f"campaign-{number}", "", "project-1", "Survey", "sample", version.number, "recipient", ("east",), *window,
        languages=("en",), notice=NOTICE,
    )  # fmt: skip
    campaigns.create(EVALUATOR, NOW, draft)
    opened = Opened(campaigns.change_state(EVALUATOR, NOW, draft.id, "open", 1), KEY)
    opened.codes = issue(opened, len(levels), distribution=distribution)
    for place, (code, level) in enumerate(zip(opened.codes, levels, strict=True)):
        answers = {"q1": level, "m1": {"r1": level, "r2": level}, "age": "young", "helped": "no"}
        submit(code, Submission(f"submission-{number}-{place}", answers), NOW, (KEY,))
    return opened


@pytest.fixture
def evaluator(app: Flask, client: FlaskClient) -> As:
    """Version 2 asks one question more, in front; version 3 words a row differently."""
    make_project()
    second = sample(version=2)
    second["questions"].insert(0, {"id": "extra", "kind": "text", "label": text("extra")})
    third = copy.deepcopy(second) | {"version": 3}
    third["questions"][2]["rows"][1]["label"]["en"] = "another wording"
    for number, (definition, levels) in enumerate(((sample(), "553"), (second, "1"), (third, "5")), 1):
        ask(number, definition, list(levels))
    return As(client, "evaluator")


def test_campaigns_of_two_versions_are_summed_where_nothing_changed(evaluator: As) -> None:
    found = evaluator.get(JOINED, query_string={"campaigns": "campaign-1,campaign-2"}).get_json()
    assert found["versions"] == ["sample@1", "sample@2"]
    (group,) = found["groups"]
    estimate = group["estimate"]
    assert (estimate["n"], estimate["answered"], estimate["issued"]) == (4, 4, 4)
    assert estimate["counts"] == {"5": 2, "4": 0, "3": 1, "2": 0, "1": 1}
    assert (float(estimate["satisfied"]), float(estimate["index"])) == (0.5, 62.5)
    assert (estimate["interval"], estimate["reasons"]["interval"]) == (None, "census")
    by_age = evaluator.get(JOINED, query_string={"campaigns": "campaign-1,campaign-2", "by": "age"}).get_json()
    assert [(each["group"], each["estimate"]["n"]) for each in by_age["groups"]] == [({"age": "young"}, 4)]


def test_each_campaign_alone_is_what_its_own_page_says(evaluator: As) -> None:
    for id in ("campaign-1", "campaign-3"):
        own = evaluator.get(f"/campaigns/{id}/satisfaction", query_string={"by": "site"}).get_json()["groups"]
        alone = evaluator.get(JOINED, query_string={"campaigns": id, "by": "site"}).get_json()["groups"]
        assert alone == own


def test_the_refusal_names_the_question_that_changed(evaluator: As) -> None:
    response = evaluator.get(JOINED, query_string={"campaigns": "campaign-1,campaign-2,campaign-3"})
    body = refusal(response, 422, "not_joinable")
    assert fields_named(body) == {"m1/r2"}
    assert "m1/r2" in body["message"]
    assert body["errors"]["json"]["m1/r2"] == ["This differs between sample@1 and sample@3: Row worded differently."]


def test_answers_keep_their_version(evaluator: As) -> None:
    """A new version changes nothing of what was asked and answered under an older one."""
    first = evaluator.get("/campaigns/campaign-1").get_json()
    assert (first["questionnaire"], first["questionnaire_version"]) == ("sample", 1)
    figures = evaluator.get("/campaigns/campaign-1/satisfaction").get_json()["groups"][0]["estimate"]
    assert figures["n"] == 3
    assert evaluator.get("/questionnaires/sample@1").get_json()["definition"] == sample()


def test_answers_handed_out_differently_or_drawn_twice_claim_no_interval(app: Flask, client: FlaskClient) -> None:
    make_project()
    ask(1, sample(), ["5", "4"])
    ask(2, sample(), ["5", "1"], "free_choice")
    found = As(client, "evaluator").get(JOINED, query_string={"campaigns": "campaign-1,campaign-2"}).get_json()
    estimate = found["groups"][0]["estimate"]
    assert estimate["reasons"]["interval"] == estimate["reasons"]["rate"] == "mixed_distributions"
    assert estimate["n"] == 4


def test_what_cannot_be_asked_is_refused(evaluator: As, client: FlaskClient) -> None:
    asked = {"campaigns": "campaign-1,campaign-2"}
    refusal(evaluator.get(JOINED), 422, "invalid")
    refusal(evaluator.get(JOINED, query_string={"campaigns": "campaign-1,campaign-1"}), 422, "invalid")
    refusal(evaluator.get(JOINED, query_string={"campaigns": "campaign-1,none"}), 404, "not_found")
    refusal(evaluator.get(JOINED, query_string=asked | {"scale": "none"}), 422, "invalid")
    refusal(evaluator.get(JOINED, query_string=asked | {"by": "hour"}), 422, "filter_unavailable")
    refusal(evaluator.get("/projects/none/satisfaction", query_string=asked), 404, "not_found")
    refusal(As(client, "evaluator", "other-org").get(JOINED, query_string=asked), 404, "not_found")
    refusal(As(client, "provider").get(JOINED, query_string=asked), 403, "forbidden")

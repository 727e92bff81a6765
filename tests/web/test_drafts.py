"""Drafts over the API: written with faults, tried out apart, published as tried, changed by a new draft, compared."""

from typing import Any

import pytest
from accounts import As, fields_named, refusal
from factories import ADMIN, NOW, make_project
from flask.testing import FlaskClient
from questionnaire_samples import sample, text

from service.domain.collect.drafts import DRAFT_LIMIT, TrialAnswer
from service.domain.collect.questionnaires import parse
from service.domain.journal import JournalEntry
from service.operations import acts
from service.operations.collect import drafts as operations
from service.store import records

DRAFTS, ONE = "/questionnaire-drafts", "/questionnaire-drafts/sample"
ANSWERS = {"q1": "5", "m1": {"r1": "4"}, "t1": "fine", "helped": "no"}


@pytest.fixture
def evaluator(client: FlaskClient) -> As:
    make_project()
    return As(client, "evaluator")


def definition(**changes: Any) -> dict[str, Any]:
    plain = sample(**changes)
    del plain["version"]
    return plain


def begin(evaluator: As, **changes: Any) -> dict[str, Any]:
    response = evaluator.post(DRAFTS, {"id": "sample", "definition": definition(**changes)})
    assert response.status_code == 201, response.text
    assert response.headers["ETag"] == '"1"'
    made: dict[str, Any] = response.get_json()
    return made


def publish(evaluator: As, version: int) -> Any:
    return evaluator.send("POST", f"{ONE}/publication", {"If-Match": f'"{version}"'})


def try_out(evaluator: As, **more: Any) -> Any:
    return evaluator.post(f"{ONE}/answers", {"answers": ANSWERS, "lang": "en"} | more)


def journal() -> list[JournalEntry]:
    return list(acts.journal_entries(["questionnaire:sample"]))


# --- written


def test_a_draft_is_kept_as_typed_with_all_its_faults(evaluator: As) -> None:
    typed = "# not done yet\nid: sample\nlanguages: [en\n"
    made = evaluator.post(DRAFTS, {"id": "sample", "text": typed})
    assert made.status_code == 201
    body = made.get_json()
    assert (body["text"], body["digest"], body["number"], body["tried"]) == (typed, "", 1, False)
    assert [fault["reason"] for fault in body["faults"]] == ["yaml"]
    better = "id: sample\nlanguages: [en]\ntitle: {en: T}\n"
    saved = evaluator.put(ONE, {"text": better}, 1)
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"2"')
    places = {fault["path"]: fault["line"] for fault in saved.get_json()["faults"]}
    assert {"population", "purpose", "source", "questions"} == set(places)
    mended = evaluator.put(ONE, {"definition": definition()}, 2).get_json()
    assert (mended["faults"], mended["digest"]) == ([], parse(sample()).digest)
    assert [each["id"] for each in evaluator.get(DRAFTS).get_json()] == ["sample"]


def test_only_the_size_is_refused(evaluator: As) -> None:
    for body in ({"id": "sample", "text": "x" * (DRAFT_LIMIT + 1)}, {"id": "Bad Name", "text": ""}, {"id": "sample"}):
        refusal(evaluator.post(DRAFTS, body), 422, "invalid")
    begin(evaluator)
    refusal(evaluator.put(ONE, {"text": "x" * (DRAFT_LIMIT + 1)}, 1), 422, "invalid")
    refusal(evaluator.put(ONE, {"text": "x", "definition": {}}, 1), 422, "invalid")
    many = definition(questions=[{"id": f"q{n}", "kind": "text", "label": text("x")} for n in range(1001)])
    body = evaluator.put(ONE, {"definition": many}, 1).get_json()
    assert {fault["reason"] for fault in body["faults"]} >= {"too_many"}


def test_an_edit_that_came_too_late_is_refused_with_both_texts(evaluator: As) -> None:
    begin(evaluator)
    refusal(evaluator.put(ONE, {"text": "mine"}), 428, "unconditional")
    assert evaluator.put(ONE, {"text": "theirs"}, 1).status_code == 200
    body = refusal(evaluator.put(ONE, {"text": "mine"}, 1), 412, "stale")
    assert body["errors"]["sides"] == {
        "yours": {"version": 1, "text": "mine"},
        "theirs": {"version": 2, "text": "theirs"},
    }
    repeat = evaluator.put(ONE, {"text": "theirs"}, 1)  # its answer was lost on the way
    assert (repeat.status_code, repeat.headers["ETag"]) == (200, '"2"')


def test_a_repeat_finds_the_draft_and_other_content_does_not_replace_it(evaluator: As) -> None:
    begin(evaluator)
    assert evaluator.post(DRAFTS, {"id": "sample", "definition": definition()}).status_code == 200
    refusal(evaluator.post(DRAFTS, {"id": "sample", "text": "other"}), 409, "id_taken")


def test_a_draft_is_seen_by_its_own_organisation_only(evaluator: As, client: FlaskClient) -> None:
    begin(evaluator)
    other = As(client, "evaluator", "other-org")
    assert other.get(DRAFTS).get_json() == []
    refusal(other.get(ONE), 404, "not_found")
    refusal(other.put(ONE, {"text": "x"}, 1), 404, "not_found")
    refusal(other.send("DELETE", ONE, {"If-Match": '"1"'}), 404, "not_found")
    refusal(other.post(f"{ONE}/answers", {"answers": ANSWERS}), 404, "not_found")
    refusal(other.get(f"{ONE}/answers"), 404, "not_found")
    refusal(other.get("/questionnaires/sample/compare/sample"), 404, "not_found")
    refusal(As(client, "provider").get("/questionnaires/sample/compare/sample"), 404, "not_found")
    assert As(client, "admin").get(ONE).status_code == 200
    for role in ("provider", "purchaser", "authority", "auditor"):
        refusal(As(client, role).get(ONE), 403, "forbidden")


def test_templates_begin_drafts_with_their_comments(evaluator: As) -> None:
    listed = {each["id"]: each for each in evaluator.get("/questionnaire-templates").get_json()}
    assert {"recipients", "copenhagen-housing"} <= set(listed)
    assert all(each["purpose"] and each["source"] and each["questions"] for each in listed.values())
    whole = evaluator.get("/questionnaire-templates/recipients").get_json()["text"]
    made = evaluator.post(DRAFTS, {"id": "ours", "template": "recipients"}).get_json()
    assert (made["based_on"], made["faults"], made["number"]) == ("template:recipients", [], 1)
    assert [line for line in whole.splitlines() if line.startswith("#")] == [
        line for line in made["text"].splitlines() if line.startswith("#")
    ]
    assert evaluator.post(DRAFTS, {"template": "recipients"}).get_json()["id"] == "recipients"
    refusal(evaluator.post(DRAFTS, {"template": "none"}), 404, "not_found")
    refusal(evaluator.get("/questionnaire-templates/none"), 404, "not_found")


# --- tried out


def test_test_answers_are_counted_apart_and_belong_to_the_text_they_were_given_to(evaluator: As) -> None:
    made = begin(evaluator)
    given = try_out(evaluator, submission_id="submission-1")
    assert given.status_code == 201
    assert given.get_json()["digest"] == made["digest"]
    assert try_out(evaluator, submission_id="submission-1").status_code == 200
    refusal(try_out(evaluator, submission_id="submission-1", answers={"q1": "1"}), 409, "submission_differs")
    trial = evaluator.get(f"{ONE}/answers").get_json()
    assert (trial["tried"], len(trial["present"]), trial["older"]) == (True, 1, [])
    assert (trial["counts"]["n"], trial["counts"]["c|q1|5"], trial["counts"]["c|m1/r2|_skipped"]) == (1, 1, 1)
    assert evaluator.get(ONE).get_json()["tried"]

    changed = definition()
    changed["title"]["en"] = "New title"
    assert not evaluator.put(ONE, {"definition": changed}, 1).get_json()["tried"]
    trial = evaluator.get(f"{ONE}/answers").get_json()
    assert (trial["tried"], trial["present"], len(trial["older"]), trial["counts"]) == (False, [], 1, {})
    refusal(try_out(evaluator, digest=made["digest"]), 412, "stale")
    back = evaluator.put(ONE, {"definition": definition()}, 2).get_json()  # the same text again: tried again
    assert (back["digest"], back["tried"]) == (made["digest"], True)

    assert evaluator.send("DELETE", f"{ONE}/answers").status_code == 204
    assert not evaluator.get(f"{ONE}/answers").get_json()["tried"]
    assert evaluator.send("DELETE", f"{ONE}/answers").status_code == 204
    assert journal()[-1].act == "questionnaire.trials_deleted"


def test_test_answers_are_judged_as_those_of_respondents(evaluator: As) -> None:
    begin(evaluator)
    body = refusal(try_out(evaluator, answers={"q1": "9", "nosuch": "1"}), 422, "answers_invalid")
    assert fields_named(body) == {"answers.q1", "answers.nosuch"}
    refusal(try_out(evaluator, submission_id="no good"), 422, "answers_invalid")
    evaluator.put(ONE, {"text": "id: sample"}, 1)
    body = refusal(try_out(evaluator), 422, "draft_faulty")
    assert "questions" in fields_named(body)


def test_the_collection_of_test_answers_has_an_end(evaluator: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.domain.collect.drafts.TRIAL_LIMIT", 2)
    begin(evaluator)
    assert [try_out(evaluator).status_code for _ in range(2)] == [201, 201]
    refusal(try_out(evaluator), 409, "trials_full")


# --- published


def test_a_draft_is_published_only_as_it_was_tried_out(evaluator: As) -> None:
    made = begin(evaluator)
    refusal(evaluator.post(f"{ONE}/publication"), 428, "unconditional")
    refusal(publish(evaluator, 1), 409, "not_tried")
    try_out(evaluator)
    changed = definition(population="workers")
    evaluator.put(ONE, {"definition": changed}, 1)
    refusal(publish(evaluator, 1), 412, "stale")
    refusal(publish(evaluator, 2), 409, "not_tried")
    evaluator.put(ONE, {"definition": definition()}, 2)
    response = publish(evaluator, 3)
    assert response.status_code == 201
    version = response.get_json()
    assert (version["id"], version["number"], version["digest"]) == ("sample@1", 1, made["digest"])
    assert (version["origin"], version["trial_answers"]) == ("draft", 1)
    assert version["definition"] == sample()
    assert set(version["definition"]) >= {"scales", "pairs", "weights"}
    refusal(evaluator.get(ONE), 404, "not_found")
    assert evaluator.get("/questionnaires/sample@1").get_json() == version


def test_a_faulty_draft_is_not_published(evaluator: As) -> None:
    begin(evaluator)
    try_out(evaluator)
    evaluator.put(ONE, {"text": "id: sample"}, 1)
    body = refusal(publish(evaluator, 2), 422, "draft_faulty")
    assert "questions" in fields_named(body)


def test_a_change_is_a_new_draft_and_the_next_number(evaluator: As) -> None:
    begin(evaluator)
    try_out(evaluator)
    publish(evaluator, 1)
    draft = evaluator.post("/questionnaires/sample@1/draft")
    assert draft.status_code == 201
    body = draft.get_json()
    assert (body["based_on"], body["number"], body["faults"], body["tried"]) == ("sample@1", 2, [], False)
    assert evaluator.post("/questionnaires/sample@1/draft").status_code == 200
    assert evaluator.get("/questionnaires/sample@1/compare/sample").get_json()["changes"] == []
    refusal(evaluator.post("/questionnaires/sample@9/draft"), 404, "not_found")
    changed = definition()
    changed["questions"][0]["label"] = text("How satisfied are you?")
    evaluator.put(ONE, {"definition": changed}, 1)
    try_out(evaluator)
    assert publish(evaluator, 2).get_json()["id"] == "sample@2"
    assert evaluator.get("/questionnaires/sample@1").get_json()["definition"] == sample()
    told = evaluator.get("/questionnaires/sample@1/compare/sample@2").get_json()["changes"]
    assert [(each["what"], each["question"], each["language"]) for each in told] == [
        ("label", "q1", "zh-Hans"),
        ("label", "q1", "en"),
    ]
    assert (told[1]["text"], told[1]["before"], told[1]["after"]) == ("Wording changed", "q1", "How satisfied are you?")


def test_a_number_given_away_meanwhile_makes_the_draft_untried(evaluator: As) -> None:
    begin(evaluator)
    try_out(evaluator)
    assert evaluator.post("/questionnaires", {"definition": sample(population="workers")}).status_code == 201
    refusal(publish(evaluator, 1), 409, "not_tried")
    assert evaluator.get(ONE).get_json()["number"] == 2


def test_what_was_tried_elsewhere_is_published_directly_and_journalled_as_such(evaluator: As) -> None:
    response = evaluator.post("/questionnaires", {"definition": sample()})
    assert (response.status_code, response.get_json()["origin"]) == (201, "file")
    assert evaluator.post("/questionnaires", {"definition": sample()}).status_code == 200
    (entry,) = journal()
    assert (entry.act, entry.details["origin"]) == ("questionnaire.published", "file")


def test_the_journal_tells_of_drafting_publishing_and_deleting(evaluator: As) -> None:
    begin(evaluator)
    evaluator.put(ONE, {"definition": definition(population="workers")}, 1)
    try_out(evaluator)
    publish(evaluator, 2)
    begin(evaluator)
    try_out(evaluator)
    refusal(evaluator.send("DELETE", ONE, {"If-Match": '"5"'}), 412, "stale")
    assert evaluator.send("DELETE", ONE, {"If-Match": '"1"'}).status_code == 204
    acts_told = [entry.act for entry in journal()]
    assert acts_told == [
        "questionnaire.drafted",
        "questionnaire.draft_changed",
        "questionnaire.published",
        "questionnaire.drafted",
        "questionnaire.draft_deleted",
    ]
    published = journal()[2]
    assert (published.details["origin"], published.details["trial_answers"]) == ("draft", 1)
    assert published.details["digest"] == evaluator.get("/questionnaires/sample@1").get_json()["digest"]
    assert records.find(TrialAnswer) == []  # they went with their draft; the version says how many they were


def test_of_two_who_publish_at_once_one_does(evaluator: As, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(evaluator)
    try_out(evaluator)
    whole = operations.readable

    def meanwhile(draft: Any) -> Any:
        found = whole(draft)
        monkeypatch.setattr(operations, "readable", whole)
        operations.publish(ADMIN, NOW, "sample", 1)
        return found

    monkeypatch.setattr(operations, "readable", meanwhile)
    refusal(publish(evaluator, 1), 412, "stale")
    assert [each["id"] for each in evaluator.get("/questionnaires").get_json()] == ["sample@1"]


def test_a_comparison_needs_two_that_exist_and_hold_together(evaluator: As) -> None:
    begin(evaluator)
    evaluator.put(ONE, {"text": "id: sample"}, 1)
    refusal(evaluator.get("/questionnaires/sample/compare/sample"), 422, "draft_faulty")
    refusal(evaluator.get("/questionnaires/sample@1/compare/sample"), 404, "not_found")

"""Releases over HTTP: made by the evaluator, immutable, read whole or as totals, nothing below the minimum anywhere."""

import hashlib
import json

import pytest
from accounts import As, fields_named, refusal
from factories import EVALUATOR, KEY, NOW, Opened, issue, open_campaign
from flask import Flask
from flask.testing import FlaskClient

from service.domain.collect.quality import EXCLUDE, QualityDecision
from service.operations.acts import journal_entries
from service.operations.collect import campaigns, quality, responses
from service.operations.collect.responses import Submission, submit
from service.store.collect import releases as stored

LEVELS = ("1", "4", "5")


def answer(codes: list[str], helped: str = "no") -> list[str]:
    receipts = []
    for number, code in enumerate(codes):
        answers = {"overall": LEVELS[number % 3], "helped": helped}
        receipts.append(submit(code, Submission(f"submission-{code}", answers), NOW, (KEY,)).receipt)
    return receipts


@pytest.fixture
def opened(app: Flask) -> Opened:
    """12 answers of the site east, 13 of west."""
    opened = open_campaign(40, questionnaire="recipients")
    answer(opened.codes[:12])
    opened.west = issue(opened, 40, site="west")  # type: ignore[attr-defined]
    opened.receipts = answer(opened.west[:13])  # type: ignore[attr-defined]
    return opened


@pytest.fixture
def evaluator(client: FlaskClient, opened: Opened) -> As:
    return As(client, "evaluator")


def rows(content: dict, *by: str) -> dict[tuple[str, ...], int]:
    [table] = [table for table in content["tables"] if table["by"] == list(by)]
    return {tuple("/".join(value) for value in row["values"]): row["figures"]["with"]["n"] for row in table["rows"]}


def test_a_release_is_made_once_and_read_by_each_role_as_far_as_it_may(
    client: FlaskClient, evaluator: As, opened: Opened
) -> None:
    path = f"/campaigns/{opened.id}/releases"
    made = evaluator.post(path, {"id": "first"})
    assert (made.status_code, made.get_json()["number"]) == (201, 1)
    again = evaluator.post(path, {"id": "first"})
    assert (again.status_code, again.get_json()) == (200, made.get_json())
    refusal(evaluator.post(path, {"id": "first", "minimum": 12}), 409, "id_taken")
    for role in ("evaluator", "purchaser", "authority"):
        shown = As(client, role).get(f"{path}/1").get_json()
        assert rows(shown["content"]) == {("",): 25}
        assert rows(shown["content"], "site") == {("east",): 12, ("west",): 13}
        canonical = json.dumps(shown["content"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert shown["digest"] == hashlib.sha256(canonical.encode()).hexdigest() == made.get_json()["digest"]
    [table] = [table for table in shown["content"]["tables"] if table["by"] == ["site"]]
    east = table["rows"][0]["figures"]["with"]
    assert east["items"]["overall"] == {"1": 4, "4": 4, "5": 4}
    assert east["satisfied"] == "0.666666667"
    totals = As(client, "provider").get(f"{path}/1").get_json()["content"]
    assert totals["sites"] == [{"sites": ["east"], "n": 12}, {"sites": ["west"], "n": 13}]
    assert "tables" not in totals
    entries = [entry for entry in journal_entries(["project:project-1"]) if entry.act == "release.made"]
    assert [dict(entry.details)["sha256"] for entry in entries] == [made.get_json()["digest"]]


def test_who_is_no_party_reads_no_release_and_only_the_evaluator_makes_one(
    client: FlaskClient, evaluator: As, opened: Opened
) -> None:
    path = f"/campaigns/{opened.id}/releases"
    evaluator.post(path, {})
    for role in ("purchaser", "authority", "provider"):
        refusal(As(client, role).post(path, {}), 403, "forbidden")
        refusal(As(client, role, "other-org").get(f"{path}/1"), 404, "not_found")
        assert [one["number"] for one in As(client, role).get(path).get_json()] == [1]
    refusal(As(client, "admin").get(f"{path}/1"), 403, "forbidden")
    refusal(evaluator.get(f"{path}/2"), 404, "not_found")
    refusal(As(client, "purchaser").get(f"/campaigns/{opened.id}/satisfaction"), 403, "forbidden")


def test_while_answers_come_a_second_release_waits_for_ten_more_in_each_changed_cell(
    evaluator: As, opened: Opened
) -> None:
    path = f"/campaigns/{opened.id}/releases"
    evaluator.post(path, {})
    answer(opened.codes[12:21])
    told = refusal(evaluator.post(path, {}), 409, "release_too_soon")
    assert "1 cells" in told["message"]
    answer(opened.codes[21:22])
    assert evaluator.post(path, {}).status_code == 201
    assert rows(evaluator.get(f"{path}/2").get_json()["content"], "site") == {("east",): 22, ("west",): 13}


def test_a_withdrawal_between_two_releases_stays_hidden_and_the_frozen_tally_is_what_is_released_at_the_end(
    evaluator: As, opened: Opened
) -> None:
    path = f"/campaigns/{opened.id}/releases"
    responses.withdraw(opened.receipts[0])  # type: ignore[attr-defined]
    evaluator.post(path, {})
    responses.withdraw(opened.receipts[1])  # type: ignore[attr-defined]
    refusal(evaluator.post(path, {}), 409, "release_too_soon")
    version = campaigns.get(EVALUATOR, opened.id).version
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", version)
    refusal(evaluator.post(path, {}), 409, "release_unsafe")


def test_answers_helped_by_staff_and_later_withdrawals_do_not_change_a_final_release(
    evaluator: As, opened: Opened
) -> None:
    answer(opened.codes[12:25], "service_staff")
    version = campaigns.get(EVALUATOR, opened.id).version
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", version)
    responses.withdraw(opened.receipts[0])  # type: ignore[attr-defined]
    path = f"/campaigns/{opened.id}/releases"
    for number in (1, 2):
        assert evaluator.post(path, {}).status_code == 201
        content = evaluator.get(f"{path}/{number}").get_json()["content"]
        assert rows(content, "site") == {("east",): 12, ("west",): 13}
        assert content["final"] is True


def exclude_nights(opened: Opened, count: int) -> None:
    """So many answers of the site east come at night, and are excluded."""
    for number, code in enumerate(opened.codes[12 : 12 + count]):
        submission = Submission(f"submission-{code}", {"overall": LEVELS[number % 3]})
        submit(code, submission, NOW.replace(hour=18), (KEY,))
    scan = quality.scan(EVALUATOR, NOW, opened.id, {}, {})
    asked = QualityDecision("d1", opened.id, 0, 0, "night", EXCLUDE, "closed at night", "", NOW)
    quality.decide(EVALUATOR, NOW, asked, scan.version)


def test_three_excluded_answers_cannot_be_read_from_figures_with_and_without(evaluator: As, opened: Opened) -> None:
    exclude_nights(opened, 3)
    path = f"/campaigns/{opened.id}/releases"
    refusal(evaluator.post(path, {"marked": "both"}), 409, "release_unsafe")
    assert evaluator.post(path, {"marked": "with"}).status_code == 201
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", campaigns.get(EVALUATOR, opened.id).version)
    refusal(evaluator.post(path, {"marked": "without"}), 409, "release_unsafe")


def test_enough_excluded_answers_are_a_cell_of_their_own(evaluator: As, opened: Opened) -> None:
    exclude_nights(opened, 12)
    path = f"/campaigns/{opened.id}/releases"
    evaluator.post(path, {"marked": "both"})
    content = evaluator.get(f"{path}/1").get_json()["content"]
    assert rows(content, "site") == {("east",): 24, ("west",): 13}
    [table] = [table for table in content["tables"] if table["by"] == ["site"]]
    assert [row["figures"]["without"]["n"] for row in table["rows"]] == [12, 13]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"minimum": 4}, "minimum"),
        ({"minimum": 20, "everybody": 19}, "everybody"),
        ({"marked": "perhaps"}, "marked"),
        ({"tables": [["site", "site"]]}, "tables"),
        ({"scale": "taste"}, "scale"),
    ],
)
def test_what_is_wrong_is_named(evaluator: As, opened: Opened, body: dict, field: str) -> None:
    done = evaluator.post(f"/campaigns/{opened.id}/releases", body)
    assert fields_named(refusal(done, 422)) == {field}
    assert stored.of_campaign(opened.id) == []


def test_too_few_answers_give_no_release_and_other_dimensions_are_refused(evaluator: As, opened: Opened) -> None:
    path = f"/campaigns/{opened.id}/releases"
    refusal(evaluator.post(path, {"minimum": 30}), 409, "release_unsafe")
    refusal(evaluator.post(path, {"tables": [["weather"]]}), 422, "filter_unavailable")
    made = evaluator.post(path, {"tables": [["site"], ["mode"]], "minimum": 13, "everybody": 13})
    content = evaluator.get(f"{path}/{made.get_json()['number']}").get_json()["content"]
    assert content["omitted"] == [["site"]]  # 12 answers of east: one row would be left
    assert rows(content, "mode") == {("own_phone",): 25}

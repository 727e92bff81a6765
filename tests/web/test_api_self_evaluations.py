"""Self-evaluations over the API: kept as a draft, filed once with two receipts, late ones marked."""

from datetime import timedelta
from decimal import Decimal

import pytest
from accounts import As, fields_named, refusal
from demo_round import AUTHORITY
from factories import NOW
from pictures import with_position
from self_evaluated import AREAS, file_it, in_state, open_round, whole

from service.domain.days import day_of
from service.operations.procedure import self_evaluations

HERE = "/rounds/round-1/self-evaluation"


@pytest.fixture
def provider(client) -> As:
    open_round()
    return As(client, "provider")


@pytest.mark.rule("G49")
def test_it_is_kept_as_a_draft_and_filed_once_with_purchaser_and_authority(client, provider):
    assert provider.get(HERE).headers["ETag"] == '"0"'
    first = provider.put(HERE, {"entries": {"g14": {"claimed": "12"}}}, version=0)
    assert (first.status_code, first.json["version"]) == (200, 1)
    refusal(provider.put(HERE, whole(), version=0), 412, "stale")
    purchaser = As(client, "purchaser")
    assert purchaser.get(HERE).json["entries"] == {}
    assert provider.put(HERE, whole(), version=1).json["version"] == 2

    refusal(provider.put(f"{HERE}/state", {"state": "filed"}, version=1), 412, "stale")
    sent = provider.put(f"{HERE}/state", {"state": "filed"}, version=2).json
    assert (sent["state"], sent["late"]) == ("filed", False)
    assert [(one["to"], one["organisation"]) for one in sent["receipts"]] == [
        ("purchaser", "purchaser-org"),
        ("authority", "authority-org"),
    ]
    assert {one["digest"] for one in sent["receipts"]} == {sent["digest"]}
    assert len({one["number"] for one in sent["receipts"]}) == 2
    assert Decimal(purchaser.get(HERE).json["entries"]["g14"]["claimed"]) == 240
    refusal(provider.put(HERE, whole(), version=3), 409, "state_conflict")
    refusal(provider.put(f"{HERE}/state", {"state": "filed"}, version=3), 409, "state_conflict")


@pytest.mark.rule("G49")
def test_each_of_the_four_areas_must_be_spoken_of(provider):
    for version, area in enumerate(AREAS):
        sent = whole()
        del sent["entries"][area]
        provider.put(HERE, sent, version=version)
        refused = refusal(provider.put(f"{HERE}/state", {"state": "filed"}, version=version + 1), 422, "invalid")
        assert fields_named(refused) == {f"entries.{area}.statement"}


def test_what_does_not_fit_the_tree_is_named(provider):
    for node, said, field in (
        ("nowhere", {"claimed": "1"}, "entries.nowhere"),
        ("g25", {"claimed": "1"}, "entries.g25.claimed"),
        ("volume", {"score": "90"}, "entries.volume.score"),
        ("g25", {"score": "101"}, "entries.g25.score"),
        ("g14", {"claimed": "-1"}, "entries.g14.claimed"),
        ("g26", {"numerator": "3"}, "entries.g26.denominator"),
        ("g26", {"numerator": "3", "denominator": "2"}, "entries.g26.numerator"),
        ("g14", {"evidence": ["0" * 32]}, "entries.g14.evidence"),
    ):
        refused = refusal(provider.put(HERE, {"entries": {node: said}}, version=0), 422, "invalid")
        assert fields_named(refused) == {field}


@pytest.mark.rule("G49", "G66")
def test_a_claim_comes_with_a_file_that_is_told_by_its_content(client, provider):
    sent = whole()
    sent["entries"]["g14"] = {"claimed": "12"}
    provider.put(HERE, sent, version=0)
    refused = refusal(provider.put(f"{HERE}/state", {"state": "filed"}, version=1), 422, "invalid")
    assert fields_named(refused) == {"entries.g14.evidence"}
    refusal(provider.post(f"{HERE}/files", data=b"MZ no picture"), 422, "invalid")
    kept = provider.post(f"{HERE}/files?title=签到表", data=with_position((40, 30)))
    assert (kept.status_code, kept.json["title"]) == (201, "签到表")
    name = kept.json["name"]
    purchaser = As(client, "purchaser")
    refusal(purchaser.get(f"{HERE}/files/{name}"), 404, "not_found")
    sent["entries"]["g14"]["evidence"] = [name]
    manual = provider.post(f"{HERE}/files?title=内部考核评估工作手册", data=with_position((50, 30))).json
    sent["entries"]["management"]["evidence"] = [manual["name"]]
    provider.put(HERE, sent, version=1)
    assert provider.put(f"{HERE}/state", {"state": "filed"}, version=2).status_code == 200
    assert purchaser.get(f"{HERE}/files/{name}").data == with_position((40, 30))
    refusal(provider.post(f"{HERE}/files", data=with_position((41, 30))), 409, "state_conflict")


def test_only_the_provider_of_the_project_writes_and_others_see_nothing(client, provider):
    other = As(client, "provider", "other-org")
    refusal(other.get(HERE), 404, "not_found")
    refusal(other.put(HERE, whole(), version=0), 404, "not_found")
    refusal(As(client, "purchaser").put(HERE, whole(), version=0), 403, "forbidden")


def deadline(on) -> dict:
    return {"deadlines": {"final-self-evaluation": {"on": on.isoformat()}}}


@pytest.mark.rule("G48", "G50")
def test_before_its_last_day_the_lead_waits_and_after_it_may_go_on_with_a_reason(app):
    """The default path when the provider never files: the gate names the last day, and is waivable only after it."""
    round = open_round()
    assert [one.code for one in self_evaluations.unmet(round, NOW)] == ["self_evaluation_undated"]
    round = in_state(round, "self_evaluation", **deadline(day_of(NOW)))
    [waiting] = self_evaluations.unmet(round, NOW)
    assert (waiting.code, waiting.waivable) == ("self_evaluation_awaited", False)
    [over] = self_evaluations.unmet(round, NOW + timedelta(days=1))
    assert (over.code, over.waivable, over.params["last"]) == ("self_evaluation_overdue", True, "2026-03-02")
    file_it(round)
    assert self_evaluations.unmet(round, NOW + timedelta(days=1)) == []


@pytest.mark.rule("G46")
def test_nothing_is_asked_of_a_provider_before_its_project(app):
    assert self_evaluations.unmet(open_round(kind="pre"), NOW) == []


@pytest.mark.rule("G48")
def test_what_is_filed_after_its_last_day_is_taken_and_marked_late(app):
    """It stays open to a late provider while evidence is gathered, and is closed once the group scores."""
    round = in_state(open_round(), "evidence", **deadline(day_of(NOW)))
    filed = file_it(round, NOW + timedelta(days=1))
    assert (filed.late, filed.state) == (True, "filed")
    assert self_evaluations.get(AUTHORITY, round.id).late


def test_once_the_group_scores_nothing_is_filed_any_more(client):
    in_state(open_round(), "scoring")
    provider = As(client, "provider")
    refusal(provider.put(HERE, whole(), version=0), 409, "state_conflict")
    refusal(provider.put(f"{HERE}/state", {"state": "filed"}, version=0), 409, "state_conflict")

"""Self-evaluations over the API: kept as a draft, filed once with two receipts, late ones marked."""

from dataclasses import replace
from decimal import Decimal

import pytest
from accounts import As, fields_named, refusal
from demo_round import AUTHORITY, scheme_text
from factories import EVALUATOR, NOW, make_project
from pictures import with_position

from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Counter
from service.operations.acts import act
from service.operations.evaluate import rounds, schemes
from service.store import records

AREAS = ("professional", "volume", "quality", "management")
HERE = "/rounds/round-1/self-evaluation"


def open_round(state: str = "self_evaluation", **more) -> Round:
    """A round of the measures' own scheme in this state; nothing is bound."""
    make_project()
    schemes.publish(AUTHORITY, NOW, scheme_text("guangzhou-services"))
    opened = Round("round-1", "project-1", "final", "2026", "guangzhou-services@1", "", NOW, **more)
    made, _ = rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    return in_state(made, state)


def in_state(round: Round, state: str, **more) -> Round:
    """The round put into a state by hand: how it gets there is shown where its steps are."""
    moved = replace(round, state=state, version=round.version + 1, **more)
    scope = "project:project-1"
    act("round.moved", EVALUATOR, NOW, scope, round.id, {}, lambda tx: records.replace(moved, round.version, tx))
    return moved


def whole() -> dict:
    """A self-evaluation with nothing missing."""
    entries = {area: {"statement": f"{area}：已按合同开展。"} for area in AREAS}
    for node in schemes.parsed("guangzhou-services@1").leaves():
        if isinstance(node.spec, Counter):
            entries[node.id] = {"claimed": "240", "statement": "台账及签到表存于站点档案柜。"}
    return {"entries": entries, "facts": {"full_time_equivalent": "5"}}


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
@pytest.mark.parametrize("area", AREAS)
def test_each_of_the_four_areas_must_be_spoken_of(provider, area):
    sent = whole()
    del sent["entries"][area]
    provider.put(HERE, sent, version=0)
    refused = refusal(provider.put(f"{HERE}/state", {"state": "filed"}, version=1), 422, "invalid")
    assert fields_named(refused) == {f"entries.{area}.statement"}


@pytest.mark.parametrize(
    ("node", "said", "field"),
    [
        ("nowhere", {"claimed": "1"}, "entries.nowhere"),
        ("g25", {"claimed": "1"}, "entries.g25.claimed"),
        ("volume", {"score": "90"}, "entries.volume.score"),
        ("g25", {"score": "101"}, "entries.g25.score"),
        ("g14", {"claimed": "-1"}, "entries.g14.claimed"),
        ("g26", {"numerator": "3"}, "entries.g26.denominator"),
        ("g26", {"numerator": "3", "denominator": "2"}, "entries.g26.numerator"),
        ("g14", {"evidence": ["0" * 32]}, "entries.g14.evidence"),
    ],
)
def test_what_does_not_fit_the_tree_is_named(provider, node, said, field):
    refused = refusal(provider.put(HERE, {"entries": {node: said}}, version=0), 422, "invalid")
    assert fields_named(refused) == {field}


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
    provider.put(HERE, sent, version=1)
    assert provider.put(f"{HERE}/state", {"state": "filed"}, version=2).status_code == 200
    assert purchaser.get(f"{HERE}/files/{name}").data == with_position((40, 30))
    refusal(provider.post(f"{HERE}/files", data=with_position((41, 30))), 409, "state_conflict")


def test_only_the_provider_of_the_project_writes_and_others_see_nothing(client, provider):
    other = As(client, "provider", "other-org")
    refusal(other.get(HERE), 404, "not_found")
    refusal(other.put(HERE, whole(), version=0), 404, "not_found")
    refusal(As(client, "purchaser").put(HERE, whole(), version=0), 403, "forbidden")

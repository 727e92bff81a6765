"""Contract targets and agency assessments over the API."""

import pytest
from accounts import As, fields_named, refusal
from factories import make_project

WANTED = {"id": "t-g14", "counter": "G14", "target": "12", "unit": "次", "by": "2026-12-31", "standard": "每场30人以上"}
HERE = "/projects/project-1/targets"


@pytest.fixture
def purchaser(client) -> As:
    make_project()
    return As(client, "purchaser")


@pytest.mark.rule("S01")
def test_a_target_has_standard_quantity_and_day_and_keeps_what_it_was(client, purchaser):
    assert purchaser.post(HERE, WANTED).status_code == 201
    assert purchaser.post(HERE, WANTED).status_code == 200
    new = {name: value for name, value in WANTED.items() if name != "id"} | {"target": "10", "reason": "补充协议"}
    refusal(purchaser.put(f"{HERE}/t-g14", new), 428)
    refusal(purchaser.put(f"{HERE}/t-g14", new, version=2), 412, "stale")
    changed = purchaser.put(f"{HERE}/t-g14", new, version=1).json
    assert (changed["target"], changed["version"], changed["standard"]) == ("10", 2, "每场30人以上")
    assert [(one["version"], one["target"], one["by"]) for one in changed["changes"]] == [(1, "12", "2026-12-31")]
    refusal(purchaser.put(f"{HERE}/t-g14", new | {"counter": "G15"}, version=2), 422, "invalid")
    provider = As(client, "provider")
    assert [one["id"] for one in provider.get(HERE).json["targets"]] == ["t-g14"]
    refusal(provider.post(HERE, WANTED), 403, "forbidden")
    refusal(As(client, "purchaser", "other-org").get(HERE), 404, "not_found")


@pytest.mark.rule("C02", "G13")
def test_a_target_that_measures_nothing_is_refused(purchaser):
    for change, field in (
        ({"target": "0"}, "target"),
        ({"unit": " "}, "unit"),
        ({"counter": "两"}, "counter"),
        ({"level": "per_worker"}, "denominator"),
        ({"denominator": "headcount"}, "denominator"),
        ({"level": "per_worker", "denominator": "headcount", "workers": "0"}, "workers"),
    ):
        assert fields_named(refusal(purchaser.post(HERE, WANTED | change), 422)) == {field}

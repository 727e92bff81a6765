"""Scanning: what the quality marks of a campaign cost, by the number of sealed answers."""

import time

import pytest
from factories import EVALUATOR, NOW, make_campaign, make_project
from test_reading import SITES, fill

from service.operations.collect import campaigns, quality

pytestmark = pytest.mark.bench
SIZES = (1_000, 10_000)
ALL_MARKED = {"night": {"from_hour": 17}}  # the answers of `fill` come at half past five in the afternoon


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("database")
def test_a_scan_costs_as_much_an_answer_however_many_there_are(capsys) -> None:  # type: ignore[no-untyped-def]
    make_project(sites=SITES)
    rows = []
    for count in SIZES:
        campaign = make_campaign(f"campaign-{count}", sites=SITES)
        campaigns.change_state(EVALUATOR, NOW, campaign.id, "open", campaign.version)
        fill(campaign.id, count)
        start = time.perf_counter()
        made = quality.scan(EVALUATOR, NOW, campaign.id, ALL_MARKED, {})
        seconds = time.perf_counter() - start
        assert made.answers == count
        rows.append(f"| {count:,} | {seconds:.2f} | {seconds / count * 1000:.2f} | {dict(made.counts)} |")
    with capsys.disabled():
        print("\n| answers | s | ms an answer | marks |\n|---|---|---|---|")
        print("\n".join(rows))

"""Reading: what `GET …/satisfaction` costs at 1k, 10k and 100k sealed answers, beside the database's own grouping."""

import secrets
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

import mongoengine
import pytest
from factories import ADMIN, EVALUATOR, NOW, make_campaign, make_project

from service import store
from service.domain.collect import tallies
from service.domain.collect.responses import Response, hour_of
from service.domain.collect.seals import Seal
from service.domain.collect.tallies import Cell, Tally
from service.operations import organisations
from service.operations.collect import campaigns, seals
from service.operations.collect.questionnaires import of_campaign
from service.operations.inspect import frames
from service.store.collect import responses
from service.store.collect import seals as stored_seals

pytestmark = pytest.mark.bench
SIZES = (1_000, 10_000, 100_000)
DAYS, MODES = 60, ("own_phone", "shared_tablet", "staff_assisted", "paper")
SITES = tuple(f"site-{number:02}" for number in range(30))
ITEMS = ("satisfaction", "influence", "contact")
REPEATS = 15
ESTIMATES = {  # what is asked of the API below /campaigns/<id>/
    "share, top 2, top 3, index": "satisfaction",
    "exact": "satisfaction?interval=exact&figure=satisfied",
    "index by another formula": "satisfaction?figure=index&formula=100-60-0",
    "groups of alike answers": "satisfaction?cluster=site",
    "weighted to a frame": "satisfaction?weights=site@stations",
    "30 sites compared": "comparisons?figure=index",
}


def answers(campaign: str, count: int) -> Iterator[Response]:
    """Seeded answers spread evenly over days, sites and modes."""
    draw = Random(count)
    for number in range(count):
        cell = Cell(SITES[number % 30], "", "all_present_evaluator", MODES[number // 30 % 4], "none", "en", "", "", "")
        given = {
            "satisfaction": draw.choice(("Low", "Medium", "High")),
            "influence": draw.choice(("Low", "Medium", "High")),
            "contact": draw.choice(("Low", "High")),
        }
        hour = hour_of(NOW + timedelta(days=number * DAYS // count))
        yield Response(secrets.token_hex(16), campaign, f"{campaign}:{number * DAYS // count}", given, cell, hour, 4)


def fill(campaign: str, count: int) -> None:
    """The state that sealing leaves behind: a seal a day, then compaction. Sealing itself is measured elsewhere."""
    questionnaire = of_campaign(campaign)
    days: dict[str, list[Tally]] = {}
    chunk: list[Response] = []
    for response in answers(campaign, count):
        tally = tallies.tally_of(questionnaire, response.cell, response.answers, response.duration)
        days.setdefault(response.hour, []).append(tally)
        chunk.append(response)
        if len(chunk) == 2000:
            responses.insert_only(chunk)
            chunk = []
    if chunk:
        responses.insert_only(chunk)
    for day, (hour, parts) in enumerate(sorted(days.items())):
        stored_seals.insert_only(Seal(f"{campaign}:{day}", campaign, 0, hour, tallies.total(parts)))
    while seals.compact(campaign, NOW + timedelta(days=DAYS)):
        pass


def pipeline(campaign: str) -> list[dict[str, object]]:
    """What a system without tallies asks the database: counts of every option by site and mode."""
    return [
        {"$match": {"campaign": campaign}},
        {"$project": {"site": {"$arrayElemAt": ["$cell", 0]}, "answers": {"$objectToArray": "$answers"}}},
        {"$unwind": "$answers"},
        {"$group": {"_id": {"s": "$site", "k": "$answers.k", "v": "$answers.v"}, "n": {"$sum": 1}}},
    ]


def timed(act, repeats: int) -> float:  # type: ignore[no-untyped-def]
    """Median milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


@pytest.mark.timeout(1800)
def test_satisfaction_is_flat_in_the_number_of_answers(client, capsys) -> None:  # type: ignore[no-untyped-def]
    make_project(sites=SITES)
    persons = [f"P{number:05}" for number in range(10_000)]
    of_site = [SITES[number % 30] for number in range(10_000)]
    frames.freeze(EVALUATOR, NOW, "stations", "project-1", "Recipients", "register", persons, of_site)
    organisations.create_user(ADMIN, NOW, "reader", "reader", "a long enough one", "evaluator-org", ("evaluator",))
    token, _ = organisations.sign_in("reader", "a long enough one", datetime.now(UTC), "127.0.0.1")
    signed_in = {"Authorization": f"Bearer {token}"}
    rows, read, flat = [], {}, {name: {} for name in ESTIMATES}
    for count in SIZES:
        campaign = make_campaign(f"campaign-{count}", sites=SITES)
        campaigns.change_state(EVALUATOR, NOW, campaign.id, "open", campaign.version)
        fill(campaign.id, count)
        address = f"/api/v1/campaigns/{campaign.id}/satisfaction"
        found = client.get(address, headers=signed_in).json
        assert found["groups"][0]["estimate"]["answered"] == count
        whole = timed(lambda url=address: client.get(url, headers=signed_in), REPEATS)
        by_site = timed(lambda url=address: client.get(f"{url}?by=site", headers=signed_in), REPEATS)
        for name, query in ESTIMATES.items():
            told = client.get(f"/api/v1/campaigns/{campaign.id}/{query}", headers=signed_in)
            assert told.status_code == 200, told.json
            asked = f"/api/v1/campaigns/{campaign.id}/{query}"
            flat[name][count] = timed(lambda url=asked: client.get(url, headers=signed_in), REPEATS)
        roots = len(stored_seals.roots(campaign.id))
        asked = pipeline(campaign.id)
        raw = timed(lambda asked=asked: list(mongoengine.get_db()["responses"].aggregate(asked)), 1)
        read[count] = whole
        rows.append(f"| {count:,} | {whole:.1f} | {by_site:.1f} | {roots} | {raw:,.0f} |")
    with capsys.disabled():
        print("\n| answers | satisfaction ms | by site ms | seals read | $unwind + $group ms |\n|---|---|---|---|---|")
        print("\n".join(rows))
        print("\n| estimate | 1k ms | 10k ms | 100k ms |\n|---|---|---|---|")
        for name, times in flat.items():
            print(f"| {name} | " + " | ".join(f"{times[count]:.1f}" for count in SIZES) + " |")
        print(f"100k : 1k = {read[100_000] / read[1_000]:.2f}")
    assert store.ready()

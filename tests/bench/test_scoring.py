"""Scoring: what `GET …/score` of sixty indicators costs at 1k, 10k and 100k sealed answers a campaign, and frozen."""

import statistics
import time

import counting
import pytest
from accounts import As
from factories import EVALUATOR, NOW
from many_indicators import make_many, seal_answers

from service.domain.evaluate.rounds import Round
from service.operations.evaluate import results
from service.store import records

pytestmark = pytest.mark.bench
STEPS = ((1_000, 1_000), (10_000, 9_000), (100_000, 90_000))  # answers of each campaign, and how many come to it
REPEATS = 25


def timed(person: As, path: str) -> tuple[float, float, float]:
    """(fastest and median milliseconds from request to answer, median of those of this process's processors)."""
    whole, own = [], []
    for _ in range(REPEATS):
        began, busy = time.perf_counter(), time.process_time()
        assert person.get(path).status_code == 200
        whole.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - busy) * 1000)
    return min(whole), statistics.median(whole), statistics.median(own)


def floor(commands: int) -> float:
    """What so many look-ups of one document cost here, one after another: no score can be faster that asks as often."""
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        for _ in range(commands):
            records.get(Round, "round-60")
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


@pytest.mark.timeout(1800)
def test_a_score_of_sixty_indicators_is_flat_in_the_number_of_answers(client, capsys) -> None:  # type: ignore[no-untyped-def]
    made = make_many(STEPS[0][0])
    evaluator = As(client, "evaluator")
    rows, took = [], {}
    for count, more in STEPS:
        if count != more:
            for campaign in made.surveys.values():
                seal_answers(campaign, more, name=f"{count}-")
        evaluator.get("/rounds/round-60/score")
        with counting.counted() as asked:
            found = evaluator.get("/rounds/round-60/score").json
        assert found["provisional"] is False
        took[count], usual, own = timed(evaluator, "/rounds/round-60/score")
        commands = sum(asked.values())
        rows.append(f"| {count:,} | {took[count]:.1f} | {usual:.1f} | {own:.1f} | {commands} | {floor(commands):.1f} |")
    results.freeze(EVALUATOR, NOW, made)
    with counting.counted() as asked:
        assert evaluator.get("/rounds/round-60/score").json["total"]
    fastest, usual, own = timed(evaluator, "/rounds/round-60/score")
    commands = sum(asked.values())
    rows.append(f"| frozen | {fastest:.1f} | {usual:.1f} | {own:.1f} | {commands} | {floor(commands):.1f} |")
    with capsys.disabled():
        print("\n| answers a campaign | fastest ms | median | own processor | commands | floor ms |")
        print("|---|---|---|---|---|---|")
        print("\n".join(rows))
        print(f"100k : 1k = {took[100_000] / took[1_000]:.2f}")

"""Submissions a second against the floor, in pairs of one run: slips and posters, 1, 4 and 16 connections."""

import json
import statistics
import time
import uuid

import psutil
import pytest
from factories import issue, open_campaign
from rivals import Run, Server, database_process, floor, minyi, run_load

from service import store
from service.operations.collect import seals

pytestmark = pytest.mark.bench
ROUNDS = 5
MOST = 16
SIZES = {1: 400, 4: 800, MOST: 1600}
HEAD = (
    "| tickets | connections | floor /s | ours /s | ratio | p50, p95, p99 ms "
    "| CPU ms of workers (floor) | CPU ms of database (floor) |"
)
ANSWERS = {"satisfaction": "High", "influence": "Low", "contact": "High"}


def body() -> str:
    answers = {"submission_id": str(uuid.uuid4()), "duration_s": 42, "mode": "own_phone", "lang": "en"}
    return json.dumps(answers | {"answers": ANSWERS})


def requests(codes: list[str], count: int) -> list[tuple[str, str]]:
    taken = [codes.pop() if len(codes) > 1 else codes[0] for _ in range(count)]
    return [(f"/api/v1/public/forms/{code}/responses", body()) for code in taken]


@pytest.mark.timeout(1800)  # sealing what was accepted takes longer than accepting it
def test_submissions_against_the_floor(database, settings, capsys) -> None:  # type: ignore[no-untyped-def]
    url, secret, key = settings.database, settings.secret, settings.keys()[0]
    slips = open_campaign(1, key=key)
    each = ROUNDS * sum(SIZES.values()) + 200
    codes = {"slips": issue(slips, each) + issue(slips, ROUNDS * SIZES[MOST]), "posters": issue(slips, 1, "poster")}
    uri = store.connection._attachment.uri  # type: ignore[union-attr]
    engine = database_process(url.removeprefix("embedded:"))

    def told(line: str) -> None:  # each as it comes, so that a run that is ended early has told something
        with capsys.disabled():
            print(line, flush=True)

    told("\n" + HEAD + "\n|---|---|---|---|---|---|---|---|")
    with floor(uri) as bare, floor(uri, worker="gthread") as plain, minyi(url, secret, "--no-sealing") as ours:
        for low in (bare, plain):
            warm_up(low, ours, engine, codes["posters"], codes["slips"])
        for kind in ("slips", "posters"):
            pairs = [pair(plain, ours, engine, codes[kind], MOST, SIZES[MOST]) for _ in range(ROUNDS)]
            told(row(f"{kind}, floor under gunicorn's own worker", MOST, pairs))
            for connections, count in SIZES.items():
                pairs = [pair(bare, ours, engine, codes[kind], connections, count) for _ in range(ROUNDS)]
                told(row(kind, connections, pairs))
        sizes = [f"{worker.memory_full_info().pss / 2**20:.0f}" for worker in ours.workers()]
        told(f"PSS in MiB: workers {', '.join(sizes)}; database {engine.memory_full_info().pss / 2**20:.0f}")
    began, cpu = time.perf_counter(), time.process_time()
    sealed = seals.seal(slips.id)
    spent, own = time.perf_counter() - began, time.process_time() - cpu
    told(f"seal: {sealed} answers, {spent / sealed * 1000:.2f} ms each ({own / sealed * 1000:.2f} ms CPU of ours)")
    assert seals.recount(slips.id) == []


def warm_up(bare: Server, ours: Server, engine: psutil.Process, poster: list[str], slips: list[str]) -> None:
    run_load(bare, engine, [("/responses", body()) for _ in range(200)], 4)
    run_load(ours, engine, requests(poster, 200), 4)
    # Each process keeps the tickets of a batch in mind from about a second after its first use.
    run_load(ours, engine, requests(slips, 40), 8)
    time.sleep(3)


def pair(
    bare: Server, ours: Server, engine: psutil.Process, codes: list[str], connections: int, count: int
) -> tuple[Run, Run]:
    low = run_load(bare, engine, [("/responses", body()) for _ in range(count)], connections)
    high = run_load(ours, engine, requests(codes, count), connections)
    assert low.statuses == high.statuses == {"201": count}
    return low, high


def row(kind: str, connections: int, pairs: list[tuple[Run, Run]]) -> str:
    def middle(values: list[float]) -> float:
        return statistics.median(values)

    ratio = middle([ours.rate / bare.rate for bare, ours in pairs])
    low, high = (middle([pair[at].rate for pair in pairs]) for at in (0, 1))
    times = ", ".join(f"{middle([ours.percentile(share) for _, ours in pairs]):.1f}" for share in (0.5, 0.95, 0.99))
    cpu = [
        f"{middle(own):.2f} ({middle(bare):.2f})" for bare, own in (costs(pairs, "worker"), costs(pairs, "database"))
    ]
    return f"| {kind} | {connections} | {low:.0f} | {high:.0f} | **{ratio:.2f}** | {times} | {cpu[0]} | {cpu[1]} |"


def costs(pairs: list[tuple[Run, Run]], part: str) -> tuple[list[float], list[float]]:
    """CPU milliseconds a request of the floor and of ours."""
    bare, ours = ([getattr(pair[at], f"{part}_cpu") for pair in pairs] for at in (0, 1))
    return bare, ours

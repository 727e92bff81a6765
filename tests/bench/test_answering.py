"""The phone page under load beside the floor of the main job, and what the page of a long questionnaire costs."""

import time
import uuid
from collections.abc import Callable
from statistics import median
from urllib.parse import urlencode

import psutil
import pytest
from factories import issue, open_campaign
from flask import Flask
from phones import hidden, open_for_phones
from question_shapes import options, plain, question
from rivals import Run, Server, database_process, floor, minyi, run_load
from test_accepting import body

from service import store

pytestmark = pytest.mark.bench
ROUNDS = 3
SIZES = {1: 300, 4: 600, 16: 1200}
FORM = "application/x-www-form-urlencoded"
ANSWERS = {"overall": "5", "aspects/attitude": "4", "wish": "多搞活动", "helped": "no"}


def gets(codes: list[str], count: int) -> list[tuple[str, ...]]:
    return [(f"/s/{codes[at % len(codes)]}", "") for at in range(count)]


def posts(codes: list[str], count: int) -> list[tuple[str, ...]]:
    """Each takes a slip."""
    return [(f"/s/{codes.pop()}", urlencode(ANSWERS | {"_id": uuid.uuid4().hex}), FORM) for _ in range(count)]


@pytest.mark.timeout(900)
def test_the_page_beside_the_floor(database, settings, capsys) -> None:  # type: ignore[no-untyped-def]
    url, secret, key = settings.database, settings.secret, settings.keys()[0]
    opened = open_campaign(1, questionnaire="recipients", key=key)
    codes = issue(opened, ROUNDS * sum(SIZES.values()) + 100)
    kept = codes[:20]
    engine = database_process(url.removeprefix("embedded:"))
    rows = []
    with floor(store.connection._attachment.uri) as bare, minyi(url, secret, "--no-sealing") as ours:  # type: ignore[union-attr]
        run_load(ours, engine, posts(codes, 40), 8)
        time.sleep(3)  # each process keeps the tickets of a batch in mind from about a second after its first use
        for what, make, status in (("GET", gets, "200"), ("POST", posts, "201")):
            for connections, count in SIZES.items():
                source = kept if what == "GET" else codes
                pairs = [
                    (low(bare, engine, count, connections), run_load(ours, engine, make(source, count), connections))
                    for _ in range(ROUNDS)
                ]
                assert all(page.statuses == {status: count} for _, page in pairs)
                rows.append(row(what, connections, pairs))
    with capsys.disabled():
        print("\n| page | connections | floor /s | page /s | ratio | p50, p95, p99 ms | CPU ms of workers (floor) |")
        print("|---|---|---|---|---|---|---|\n" + "\n".join(rows))


def low(bare: Server, engine: psutil.Process, count: int, connections: int) -> Run:
    return run_load(bare, engine, [("/responses", body()) for _ in range(count)], connections)


def row(what: str, connections: int, pairs: list[tuple[Run, Run]]) -> str:
    under, over = median(run.rate for run, _ in pairs), median(run.rate for _, run in pairs)
    ratio = median(page.rate / base.rate for base, page in pairs)
    times = ", ".join(f"{median(page.percentile(share) for _, page in pairs):.1f}" for share in (0.5, 0.95, 0.99))
    cpu = f"{median(page.worker_cpu for _, page in pairs):.2f} ({median(base.worker_cpu for base, _ in pairs):.2f})"
    return f"| {what} | {connections} | {under:.0f} | {over:.0f} | {ratio:.2f} | {times} | {cpu} |"


def long_one(number: int, rules: int) -> dict[str, object]:
    """Single choices in sections of ten; the last `rules` of them hang on the first question."""
    given = options(*(f"c{code}" for code in range(5)))
    asked = [
        question("single", options=given)
        | {"id": f"q{place}"}
        | ({"when": "answered(q0)"} if place >= number - rules else {})
        for place in range(number)
    ]
    ids = [f"q{place}" for place in range(number)]
    sections = [{"id": f"s{at}", "questions": ids[at : at + 10]} for at in range(0, number, 10)]
    return plain(*asked, sections=sections)


@pytest.mark.parametrize(("number", "rules"), [(10, 0), (100, 30)])
def test_the_page_of_a_long_questionnaire(app: Flask, client, capsys, number: int, rules: int) -> None:  # type: ignore[no-untyped-def]
    """Compare the two lines: a page shows one section, whatever else there is."""
    opened = open_for_phones(app, definition=long_one(number, rules), languages=("en",))
    address = f"/s/{opened.codes[0]}"
    form = hidden(client.get(address).get_data(as_text=True)) | {"q0": "c1"}
    get = spent(lambda: client.get(address).status_code)
    post = spent(lambda: client.post(address, data=form | {"_go": "next"}).status_code)
    with capsys.disabled():
        print(f"\n| {number} questions, {rules} rules | GET {get:.2f} ms of CPU | next screen {post:.2f} ms |")


def spent(act: Callable[[], int], times: int = 200) -> float:
    """Milliseconds of CPU, the median."""
    assert act() in (200, 201)
    taken = []
    for _ in range(times):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return median(taken) * 1000

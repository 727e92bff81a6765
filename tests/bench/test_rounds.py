"""Lists of rounds: what filtering 1,000 of them costs, and what is due in them, over the API."""

import statistics
import time
from datetime import timedelta

import pytest
from accounts import As
from demo_round import AUTHORITY, scheme_text
from factories import NOW, make_project
from flask.testing import FlaskClient

from service.domain.evaluate.rounds import KINDS, STATES, Round
from service.operations.evaluate import schemes
from service.store import records

pytestmark = pytest.mark.bench
ROUNDS, PROJECTS, REPEATS = 1_000, 200, 5


@pytest.fixture
def purchaser(client: FlaskClient) -> As:
    """One who has a part in 200 projects of five rounds each, every round with sources for 60 indicators."""
    project = make_project("project-0", sites=())
    schemes.publish(AUTHORITY, NOW, scheme_text("guangzhou-services"))
    for number in range(1, PROJECTS):
        records.insert(type(project)(**vars(project) | {"id": f"project-{number}"}))
    panels = {f"node-{number}": tuple(f"member-{each}" for each in range(5)) for number in range(60)}
    running = {
        "event": "project_expiry",
        "event_on": "2026-09-18",
        "first_on": "2026-10-08",
        "provisional": False,
        "unit": "calendar",
        "days": 15,
        "roll": True,
        "basis": "",
        "hard": True,
        "served": None,
        "done_on": None,
        "late_reason": "",
    }
    for number in range(ROUNDS):
        on = (NOW + timedelta(days=number % 400)).date().isoformat()
        made = Round(
            id=f"round-{number:04}",
            project=f"project-{number % PROJECTS}",
            kind=KINDS[number % 4],
            name=f"第{number}轮",
            scheme="guangzhou-services@2",
            scheme_digest="d" * 64,
            opened_at=NOW + timedelta(minutes=number),
            state=STATES[number % 9],
            panels=panels,
            deadlines={"final-self-evaluation": {**running, "id": "final-self-evaluation", "on": on}},
        )
        records.insert(made)
    return As(client, "purchaser")


def milliseconds(purchaser: As, path: str) -> tuple[float, int]:
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        answer = purchaser.get(path)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, (path, answer.text)
    return statistics.median(took), len(answer.json)


def test_listing_and_filtering_a_thousand_rounds(purchaser: As, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        for path in (
            "/rounds?page_size=1000",
            "/rounds?page_size=100",
            "/rounds?state=scoring",
            "/rounds?kind=final&state=opened",
            "/rounds?project=project-7",
            "/rounds?due=2026-06-01",
            "/due?page_size=1000",
            "/due?overdue=true",
        ):
            took, rows = milliseconds(purchaser, path)
            print(f"\n{path}: {rows} rows, {took:.0f} ms", end="")
            assert rows > 0

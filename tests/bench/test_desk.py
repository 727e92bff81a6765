"""The desk: server time of the first page and of a campaign's pages, at 1k and 100k answers and with many projects.

CPU is that of the service and its database together: on a busy machine it tells more than the clock.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from counting import counted
from factories import ADMIN, EVALUATOR, NOW, make_campaign, make_project
from rivals import cpu_of, database_process
from test_reading import SITES, fill, timed

from service import store
from service.domain.days import day_of
from service.domain.inspect.follow_ups import FINDING, FollowUp
from service.domain.projects import Project, Site
from service.operations import organisations
from service.operations.collect import campaigns
from service.store import records
from service.web.auth import COOKIE

pytestmark = pytest.mark.bench
SIZES, PROJECTS = (1_000, 100_000), 200
REPEATS = 15
PARTIES = ("authority-org", "purchaser-org", "provider-org", "evaluator-org")


def city() -> Iterator[object]:
    """Many projects, each with a site and a case in which the provider has to act."""
    for number in range(PROJECTS):
        id, on = f"more-{number:03}", day_of(datetime.now(UTC)) + timedelta(days=number - PROJECTS // 2)
        yield Project(id, f"Station {number:03}", *PARTIES)
        yield Site(f"place-{number:03}", id, f"Place {number:03}")
        yield FollowUp(f"case-{number:03}", id, FINDING, "Ramp", "It is steep.", on, NOW, "evaluator-1")


@pytest.mark.timeout(1800)
def test_pages_of_the_desk_are_quick(client, database_url, capsys) -> None:  # type: ignore[no-untyped-def]
    make_project(sites=SITES)
    organisations.create_user(ADMIN, NOW, "reader", "reader", "a long enough one", "evaluator-org", ("evaluator",))
    token, _ = organisations.sign_in("reader", "a long enough one", datetime.now(UTC), "127.0.0.1")
    client.set_cookie(COOKIE, token, path="/desk")
    rows = []
    database = database_process(database_url.removeprefix("embedded:"))

    def measure(what: str, path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.text[:300])
        with counted() as asked:
            client.get(path)
        before = time.process_time() + cpu_of(database)
        took = timed(lambda: client.get(path), REPEATS)
        cpu = (time.process_time() + cpu_of(database) - before) * 1000 / REPEATS
        rows.append(f"| {what} | {took:.0f} | {cpu:.0f} | {sum(asked.values())} | {len(answer.data) / 1000:.0f} |")

    measure("home, 1 project", "/desk/")
    for count in SIZES:
        campaign = make_campaign(f"campaign-{count}", sites=SITES)
        campaigns.change_state(EVALUATOR, NOW, campaign.id, "open", campaign.version)
        fill(campaign.id, count)
        for name in ("", "/sites", "/questions", "/progress", "/releases"):
            measure(f"campaign{name}, {count:,} answers, 30 sites", f"/desk/campaigns/{campaign.id}{name}")
    store.retrying(lambda tx: [records.insert(one, tx) for one in city()])
    measure(f"home, {PROJECTS + 1} projects, 100k answers", "/desk/")
    for path in ("projects", "projects/project-1", "due", "search?q=station", "district"):
        measure(f"{path}, {PROJECTS + 1} projects", f"/desk/{path}")
    with capsys.disabled():
        print("\n| page | ms | CPU ms | database commands | kB |\n|---|---|---|---|---|")
        print("\n".join(rows))

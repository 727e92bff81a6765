"""Taking away 1k and 100k answers: time, and how much memory the service and its child take beyond what they had."""

import os
import threading
import time
from collections.abc import Iterator

import psutil
import pytest
from accounts import As
from factories import EVALUATOR, make_campaign, make_project
from flask.testing import FlaskClient
from test_reading import SITES, fill

from service.operations.collect import campaigns

pytestmark = pytest.mark.bench
SIZES = (1_000, 100_000)
FORMS = ("csv", "jsonl", "xlsx")
MIB = 2**20


class Watched:
    """The peak of this process above its beginning, and that of the workbook's child, sampled all the time."""

    def __enter__(self) -> "Watched":
        self.me = psutil.Process(os.getpid())
        self.before, self.own, self.child, self.over = self.me.memory_info().rss, 0, 0, False
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        self.began = time.perf_counter()
        return self

    def _look(self) -> None:
        while not self.over:
            self.own = max(self.own, self.me.memory_info().rss - self.before)
            for child in self.me.children():
                try:
                    if "service.web.exporting" in child.cmdline():
                        self.child = max(self.child, child.memory_info().rss)
                except psutil.Error:
                    continue
            time.sleep(0.05)

    def __exit__(self, *error: object) -> None:
        self.spent = time.perf_counter() - self.began
        self.over = True
        self.thread.join()


def read(answer: Iterator[bytes]) -> int:
    """How many bytes an answer has; nothing of it is kept."""
    return sum(len(piece) for piece in answer)


@pytest.mark.timeout(1800)
def test_answers_are_taken_away_in_bounded_memory(client: FlaskClient, capsys) -> None:  # type: ignore[no-untyped-def]
    make_project(sites=SITES)
    them, rows = As(client, "evaluator"), []
    for count in SIZES:
        campaign = make_campaign(f"campaign-{count}", sites=SITES)
        campaigns.change_state(EVALUATOR, campaign.opens_at, campaign.id, "open", campaign.version)
        fill(campaign.id, count)
        for form in FORMS:
            with Watched() as seen:
                answer = them.get(f"/exports/campaigns/{campaign.id}/responses?format={form}", buffered=False)
                assert answer.status_code == 200
                size = read(answer.iter_encoded())
                answer.close()
            child = f"{seen.child / MIB:.0f}" if seen.child else "–"
            rows.append(f"| {count} | {form} | {size / MIB:.1f} | {seen.spent:.1f} | {seen.own / MIB:.0f} | {child} |")
            assert seen.own < 150 * MIB
    with capsys.disabled():
        print("\n| answers | format | MiB | seconds | service: MiB more at its peak | child: MiB |")
        print("|---|---|---|---|---|---|")
        print("\n".join(rows))
        print(f"load {os.getloadavg()[0]:.1f}")

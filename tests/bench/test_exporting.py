"""Taking away 1k and 100k answers: time, and how much memory the service and its child take beyond what they had."""

import ctypes
import gc
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
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)  # what filling the database has left behind would hide what exporting takes
        self.before, self.own, self.child, self.over = self.me.memory_info().rss, 0, 0, False
        self.cpu, self.child_cpu = time.process_time(), 0.0
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
                        self.child_cpu = child.cpu_times().user
                except psutil.Error:
                    continue
            time.sleep(0.05)

    def __exit__(self, *error: object) -> None:
        self.spent, self.cpu = time.perf_counter() - self.began, time.process_time() - self.cpu
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
            child = f"{seen.child_cpu:.1f} | {seen.child / MIB:.0f}" if seen.child else "– | –"
            own = f"{seen.spent:.1f} | {seen.cpu:.1f} | {seen.own / MIB:.0f}"
            rows.append(f"| {count} | {form} | {size / MIB:.1f} | {own} | {child} |")
            assert seen.own < 150 * MIB
    with capsys.disabled():
        print("\n| answers | format | MiB | seconds | service: CPU s | MiB more at its peak | child: CPU s | MiB |")
        print("|---|---|---|---|---|---|---|---|")
        print("\n".join(rows))
        print(f"load {os.getloadavg()[0]:.1f}")

"""Verifying a published draw of 100,000 rows: in Chromium as the page does it, and on the command line."""

import json
import statistics
import time
from pathlib import Path

import pytest
from browsers import chromium
from draw_files import large

from service.domain.inspect import published_draws

pytestmark = pytest.mark.bench
ROWS, DRAWN, REPEATS = 100_000, 1000, 7
SCRIPT = Path(published_draws.__file__).parents[2] / "web" / "static" / "draw-verifier.js"
TIMED = """text => {
  const from = performance.now(), verdict = DrawVerifier.verifyText(text);
  return [performance.now() - from, verdict.failure === null && verdict.drawn];
}"""


def test_a_hundred_thousand_rows() -> None:
    text = json.dumps(large(ROWS, DRAWN))
    taken = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        assert published_draws.verify_text(text).drawn == DRAWN
        taken.append(time.perf_counter() - start)
    print(f"\nminyi verify-draw, {ROWS} rows, {len(text)} bytes: {statistics.median(taken):.2f} s")
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(path=SCRIPT)
        found = [page.evaluate(TIMED, text) for _ in range(REPEATS)]
    assert {drawn for _, drawn in found} == {DRAWN}
    times = [milliseconds / 1000 for milliseconds, _ in found]
    print(f"in Chromium: first {times[0]:.2f} s, median {statistics.median(times):.2f} s")
    assert statistics.median(times) < 2

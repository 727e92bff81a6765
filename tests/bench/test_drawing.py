"""A draw of 1,000 records from 100,000: the sampler alone, and planned, opened and stored."""

import time
from datetime import timedelta

import pytest
from factories import AUDITOR, EVALUATOR, KEY, NOW, make_project

from service.domain.inspect.ceremonies import DrawPlan
from service.domain.inspect.draws import draw, verify
from service.domain.inspect.frames import frame_sha256
from service.operations.inspect import draws, frames

RECORDS, TAKE = 100_000, 1_000
MOST = 2.0  # seconds


@pytest.mark.bench
def test_a_thousand_of_a_hundred_thousand_in_two_seconds(database: None) -> None:
    make_project()
    serials = [f"档案-{number:06d}" for number in range(RECORDS)]
    strata = [f"站{number % 20:02d}" for number in range(RECORDS)]
    frozen, _ = frames.freeze(EVALUATOR, NOW, "frame-1", "project-1", "Records", "archive", serials, strata)
    allocation = draws.proportional(EVALUATOR, "frame-1", TAKE)

    began = time.perf_counter()
    drawn = draw(frozen.frame, "seed", allocation)
    sampler = time.perf_counter() - began
    began = time.perf_counter()
    assert verify(frozen.frame, "seed", allocation, [item.serial for item in drawn], sha256=frozen.sha256) is None
    verifying = time.perf_counter() - began
    assert frozen.sha256 == frame_sha256(frozen.frame)

    began = time.perf_counter()
    asked = DrawPlan("draw-1", "frame-1", allocation, ("evaluator",))
    draws.plan(EVALUATOR, NOW, KEY, asked)
    planning = time.perf_counter() - began
    began = time.perf_counter()
    opened = draws.open(AUDITOR, NOW + timedelta(days=1), KEY, "draw-1")
    opening = time.perf_counter() - began
    print(
        f"\n{TAKE:,} of {RECORDS:,} in 20 strata: sampler {sampler:.2f} s, verified in {verifying:.2f} s; "
        f"planned in {planning:.2f} s, opened and stored in {opening:.2f} s"
    )
    assert len(opened.drawn) == TAKE
    assert max(sampler, verifying, planning, opening) < MOST

"""Reporting: the whole report of a round in three languages, from 10,000 sealed answers to the finished files.

Held to a limit is the time of a processor: on a machine with nothing else to do the clock shows little more.
"""

import resource
import time

import demo_round
import pytest
from factories import EVALUATOR, NOW
from test_reading import fill

from service.domain.procedure.reports import Report
from service.operations.evaluate import rounds
from service.operations.procedure import report_facts, reports
from service.web.printing.reports import making

pytestmark = pytest.mark.bench
ANSWERS = 10_000
MOST_SECONDS = 15


def test_a_report_of_ten_thousand_answers_takes_fifteen_seconds_at_most(app: object) -> None:
    made = demo_round.make_city()
    fill(made.campaign.id, ANSWERS)
    report, _ = reports.ask(EVALUATOR, NOW, Report("report-1", rounds.get(EVALUATOR, "round-1").id, NOW, EVALUATOR.id))
    began = time.perf_counter()
    facts = report_facts.gather(EVALUATOR, NOW, report)
    gathered = time.perf_counter() - began
    [survey] = facts["surveys"]
    done = making.make(EVALUATOR, report, lambda: NOW)
    whole = time.perf_counter() - began - gathered
    assert done is not None
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = used.ru_utime + used.ru_stime  # what it takes of a processor, whatever else the machine has to do
    print(
        f"\n{ANSWERS} answers: facts {1000 * gathered:.0f} ms, {len(done.files)} files {whole:.1f} s, CPU {spent:.1f} s"
    )
    assert survey["answered"] > ANSWERS * 0.7  # the others came in ways that the scheme does not admit
    assert spent < MOST_SECONDS

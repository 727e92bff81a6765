"""Two acts at once: what was allowed when it was asked is asked again where it is written."""

from contextlib import suppress

import pytest
from demo_round import PURCHASER
from factories import NOW
from outcomes import final_round
from pausing import PAUSER
from self_evaluated import file_it, in_state, open_round

from service.domain.errors import Refused
from service.domain.procedure.publications import LIVE, Publication
from service.operations.acts import journal_entries
from service.operations.procedure import publications, self_evaluations
from service.operations.procedure.publications import Draft
from service.store import records


@pytest.mark.rule("G58", "O05")
@pytest.mark.parametrize("stop", [18])
def test_two_drafts_at_once_make_one_publication(database, stop):
    final_round()

    def draft(id: str):
        return publications.draft(PURCHASER, NOW, "round-1", Draft(id, "active", "办法六（三）"))

    first = PAUSER.start(lambda: draft("pub-1"), stop_before=stop)
    with suppress(Refused):  # busy: the stopped one holds its transaction open
        draft("pub-2")
    first.go_on()
    assert first.reached
    assert len([one for one in records.find(Publication) if one.state in LIVE]) == 1


@pytest.mark.rule("G48")
@pytest.mark.parametrize("stop", [5, 12])
def test_a_round_that_moves_while_a_self_evaluation_is_filed_gets_none_afterwards(database, stop):
    there = open_round()
    first, moved = PAUSER.start(lambda: file_it(there), stop_before=stop), False
    with suppress(Refused):
        in_state(there, "scoring")
        moved = True
    first.go_on()
    assert first.reached
    acts = [entry.act for entry in journal_entries(["project:project-1"])]
    later = acts[len(acts) - acts[::-1].index("round.moved") :]
    assert not moved or not {"self_evaluation.saved", "self_evaluation.filed"} & set(later)
    assert self_evaluations.of_round(there).filed == ("self_evaluation.filed" in acts)

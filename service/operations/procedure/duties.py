"""Duties that follow from final results and that nobody has decided on yet (Guangzhou, 6(4))."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from service.domain.days import day_of
from service.domain.evaluate.results import ResultHead
from service.domain.evaluate.rounds import Round, RoundRow
from service.domain.evaluate.scheme_parts import Consequence
from service.domain.procedure import consequences as rules
from service.domain.procedure import round_deadlines
from service.domain.procedure.consequences import APPLIES, ConsequenceDecision, Standing
from service.domain.procedure.due import Due
from service.domain.procedure.round_deadlines import APPEAL_ACCEPTED, RESULT_SERVED
from service.operations.acts import load
from service.operations.evaluate import rounds, schemes
from service.operations.procedure import consequences
from service.store import records
from service.store.evaluate import results

MOST_KEPT = 20_000
_kept: dict[tuple[str, int], ResultHead] = {}  # (round, its version) -> what it came to
KIND, MUST = "consequence", "must"
_SAID: Mapping[str, str] = {"zh-Hans": "就结果的后果作出决定：", "zh-Hant": "就結果的後果作出決定：", "en": "Decide: "}


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """What the scheme makes a duty of the lead and nobody has decided. No source sets a term, so none is overdue."""
    open_ = list(_open(project_ids))
    heads = _heads([row for row, _ in open_])
    return [one for row, wanted in open_ if row.id in heads for one in _of_round(row, wanted, heads[row.id])]


def _heads(found: Sequence[RoundRow]) -> dict[str, ResultHead]:
    """What each round came to. A final result never changes, and reading a thousand for each list would take long."""
    if len(_kept) > MOST_KEPT:
        _kept.clear()
    fresh = [row for row in found if (row.id, row.version) not in _kept]
    read = results.heads([row.id for row in fresh]) if fresh else {}
    _kept.update({(row.id, row.version): read[row.id] for row in fresh if row.id in read})
    return {row.id: _kept[row.id, row.version] for row in found if (row.id, row.version) in _kept}


def forget() -> None:
    """Drop what is kept: another database was opened."""
    _kept.clear()


def _open(project_ids: Sequence[str]) -> Iterator[tuple[RoundRow, list[Consequence]]]:
    """Rounds whose result is final, with the duties that nobody has decided on."""
    if not project_ids:
        return
    found = [row for state in consequences.DONE for row in rounds.rows(project_ids, {"state": state})]
    decided = {(one.round, one.consequence) for one in records.find(ConsequenceDecision, project=tuple(project_ids))}
    for row in found:
        duties = [one for one in schemes.parsed(row.scheme).consequences if one.duty == MUST]
        if wanted := [one for one in duties if (row.id, one.id) not in decided]:
            yield row, wanted


def _of_round(row: RoundRow, wanted: Sequence[Consequence], head: ResultHead) -> list[Due]:
    last = Standing(head.grade, head.total)
    if not any(rules.possible(one, last) for one in wanted):
        return []
    there = load(Round, row.id, "round")
    facts, on = consequences.facts_of(there), final_on(row, head)
    return [
        Due(row.project, row.id, KIND, one.id, _label(one), on, False, row.lead)
        for one in wanted
        if rules.status(one, facts) == APPLIES
    ]


def final_on(row: RoundRow, head: ResultHead) -> date:
    """The day on which the result became final: when its window or its review ended, else when it was made."""
    ended = [
        one.done_on
        for one in round_deadlines.of(row).values()
        if one.event in (RESULT_SERVED, APPEAL_ACCEPTED) and one.done_on is not None
    ]
    return max(ended, default=day_of(head.made_at))


def _label(one: Consequence) -> dict[str, str]:
    return {language: _SAID.get(language, _SAID["en"]) + text for language, text in one.label.items()}

"""Whether a condition can ever be true: a search over all that could be answered to the questions it hangs on.

Choices are tried code by code, numbers and dates at the values they are compared with and beside them. Where that does
not show the truth (arithmetic, lengths, `today`), or where there are too many combinations, nothing is claimed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from service.domain.collect import expression_tree as tree
from service.domain.collect.expression_tree import Node, Type
from service.domain.collect.expressions import Expression
from service.domain.collect.question_parts import CANNOT_SAY, NUMBER_LIMIT, Question, canonical

COMBINATIONS = 20_000  # for one condition
BUDGET = 40_000  # for all of a questionnaire
VARIABLES = 40
SUBSETS = 10  # of a multiple choice with more options not every subset is tried
OWN = "."


class _NotJudged(Exception):
    pass


@dataclass
class _Uses:
    """How a name is used in the conditions: compared with what, asked for which codes, counted."""

    constants: set[Any] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    counted: bool = False
    free: bool = False  # compared with other names


@dataclass
class Reachability:
    """`owner` leads from a name to its question, `asked_if` from a question to what must hold for it to be asked."""

    owner: Mapping[str, Question]
    asked_if: Callable[[str], Sequence[Expression]]
    order: Mapping[str, int]
    left: int = BUDGET

    def never(self, conditions: Sequence[Expression], own: Question | None = None) -> bool:
        """True if these conditions can never hold together. `own` is the question that `.` stands for."""
        try:
            return not self._possible(conditions, own)
        except _NotJudged:
            return False

    def _possible(self, conditions: Sequence[Expression], own: Question | None) -> bool:
        names, read = self._closure(conditions)
        uses = _uses(read)
        keys = sorted(names, key=lambda name: self.order.get(name, len(self.order)))
        domains = [self._domain(key, uses[key], own) for key in keys]
        search = _Search(self, conditions, keys, domains, min(COMBINATIONS, self.left))
        try:
            return search.found(0, {})
        finally:
            self.left = max(self.left - search.tried, 0)

    def _closure(self, conditions: Sequence[Expression]) -> tuple[set[str], list[Expression]]:
        """All names that the conditions hang on, also through the conditions of the questions referred to."""
        names: set[str] = set()
        read, waiting = [], list(conditions)
        seen: set[str] = set()
        while waiting:
            condition = waiting.pop()
            read.append(condition)
            for name in condition.names:
                names.update(name.reference.rows if name.type is Type.MATRIX else (name.key,))
                if name.key == OWN or (question := self.owner[name.key].id) in seen:
                    continue
                seen.add(question)
                waiting.extend(self.asked_if(question))
            if len(names) > VARIABLES:
                raise _NotJudged
        return names, read

    def _domain(self, key: str, uses: _Uses, own: Question | None) -> list[str | None]:
        question = own if key == OWN and own else self.owner[key]
        values: list[str | None] = list(_values(question, uses))
        if question.cannot_say and key != OWN and CANNOT_SAY not in values:
            values.append(CANNOT_SAY)
        return values if question.required or key == OWN else [*values, None]


@dataclass
class _Search:
    reach: Reachability
    conditions: Sequence[Expression]
    keys: Sequence[str]
    domains: Sequence[Sequence[str | None]]
    most: int
    tried: int = 0

    def found(self, at: int, answers: dict[str, str]) -> bool:
        """Whether the rest of the names can be answered so that the conditions hold."""
        self.tried += 1
        if self.tried > self.most:
            raise _NotJudged
        if at == len(self.keys):
            return all(each.true_for(answers, answers.get(OWN)) for each in self.conditions)
        key = self.keys[at]
        if key != OWN and not all(each.true_for(answers) for each in self.reach.asked_if(self.reach.owner[key].id)):
            return self.found(at + 1, answers)
        return any(
            self.found(at + 1, answers if value is None else answers | {key: value}) for value in self.domains[at]
        )


def _uses(conditions: Sequence[Expression]) -> dict[str, _Uses]:
    uses: dict[str, _Uses] = {}
    for condition in conditions:
        for node in tree.walk(condition.root):
            if isinstance(node, tree.Today):
                raise _NotJudged
            if isinstance(node, tree.Name):
                for key in (node.key, *node.reference.rows):
                    uses.setdefault(key, _Uses())
        _note(condition.root, uses)
    return uses


def _note(node: Node, uses: dict[str, _Uses]) -> None:
    if isinstance(node, tree.Call):
        if node.function == "length":
            raise _NotJudged
        use = uses[node.name.key]
        use.counted |= node.function == "count"
        use.codes |= {node.code} if node.code else set()
        return
    if isinstance(node, tree.Compare):
        for side, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(side, tree.Name) and not list(_named(other)):
                uses[side.key].constants.add(other.value(tree.Given({})))
            else:
                for name in _named(side):
                    uses[name.key].free = True
    for part in node.parts:
        _note(part, uses)


def _named(node: Node) -> Iterator[tree.Name]:
    return (each for each in tree.walk(node) if isinstance(each, tree.Name))


def _values(question: Question, uses: _Uses) -> Iterator[str]:
    """Flat answers, one for each way in which the conditions may judge them."""
    if question.kind in ("multiple", "rank"):
        yield from _subsets(question, uses)
    elif question.codes:
        yield from question.codes
    elif question.kind == "photo":
        yield "0" * 32
    elif uses.free:
        raise _NotJudged
    elif question.kind == "text":
        yield from {*uses.constants, "\n".join(["other", *map(str, uses.constants)])}
    elif question.kind == "date":
        yield from (day.isoformat() for day in _days(question, uses.constants))
    else:
        yield from (canonical(number) for number in _numbers(question, uses.constants))


def _subsets(question: Question, uses: _Uses) -> Iterator[str]:
    mentioned = list(question.codes) if uses.counted else [code for code in question.codes if code in uses.codes]
    if len(mentioned) > SUBSETS:
        raise _NotJudged
    most = question.places if question.kind == "rank" else question.max or len(question.codes)
    alone = {option.code for option in question.options if option.exclusive}
    others = [code for code in question.codes if code not in mentioned]
    if others:
        yield others[0]
    for size in range(1, min(len(mentioned), int(most)) + 1):  # type: ignore[arg-type]  # a whole number here
        for chosen in combinations(mentioned, size):
            if size == 1 or alone.isdisjoint(chosen):
                yield " ".join(chosen)


def _numbers(question: Question, constants: set[Any]) -> list[Decimal]:
    """The numbers compared with, and their neighbours, as far as they can be answered."""
    step = Decimal(1).scaleb(-question.decimals)
    edges = {edge for edge in (*constants, *_ends(question, -NUMBER_LIMIT, NUMBER_LIMIT)) if edge is not None}
    floors = {(Decimal(edge) / step).to_integral_value(rounding="ROUND_FLOOR") * step for edge in edges}
    near = {floor + step * shift for floor in floors for shift in (-1, 0, 1)}
    return sorted(number for number in near if _fits(question, number, -NUMBER_LIMIT, NUMBER_LIMIT))


def _days(question: Question, constants: set[Any]) -> list[date]:
    edges = {edge for edge in (*constants, *_ends(question, date.min, date.max)) if edge is not None}
    near = set()
    for edge in edges:
        for shift in (-1, 0, 1):
            try:
                near.add(edge + timedelta(days=shift))
            except OverflowError:
                continue
    return sorted(day for day in near if _fits(question, day, date.min, date.max))


def _ends(question: Question, least: Any, most: Any) -> tuple[Any, Any]:
    low, high = question.min, question.max
    return (least if low is None else low), (most if high is None else high)


def _fits(question: Question, value: Any, least: Any, most: Any) -> bool:
    low, high = _ends(question, least, most)
    return bool(low <= value <= high)

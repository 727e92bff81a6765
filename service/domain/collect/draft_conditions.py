"""Conditions that can be put together by choosing: simple comparisons with earlier answers, joined by and or by or."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.domain.collect import expression_tree as tree
from service.domain.collect.expression_tree import Reference, Type, references
from service.domain.collect.expressions import parse_expression
from service.domain.collect.question_parts import CANNOT_SAY, Option, Question, Row
from service.domain.errors import Refused

OFFER_LIMIT = 600  # choices in one list; what is further away can still be written


@dataclass(frozen=True)
class Offer:
    """One condition to choose: `relation` is "is", "is_not", "at_most", "at_least", "answered" or "not_answered"."""

    question: Question
    relation: str
    text: str
    option: Option | None = None
    row: Row | None = None
    code: str = ""


def offered(earlier: Sequence[Question]) -> list[Offer]:
    """What can be chosen after these questions, the nearest questions first if there are too many."""
    kept: list[list[Offer]] = []
    room = OFFER_LIMIT
    for question in reversed(earlier):
        found = list(_of(question))
        room -= len(found)
        if room < 0:
            break
        kept.append(found)
    return [offer for found in reversed(kept) for offer in found]


def _of(question: Question) -> Iterator[Offer]:
    rows = {f"{question.id}/{row.id}": row for row in question.rows}
    labels = {option.code: option for option in question.options}
    for name, reference in references(question):
        row = rows.get(name)
        if reference.type in (Type.CHOICE, Type.MULTIPLE):
            codes = [code for code in reference.codes if code != CANNOT_SAY]
            for code in codes:
                for relation, text in _compared(name, reference, code, len(codes)):
                    yield Offer(question, relation, text, labels.get(code), row, code)
        if row is None:
            yield Offer(question, "answered", f"answered({name})")
            yield Offer(question, "not_answered", f"not answered({name})")


def _compared(name: str, reference: Reference, code: str, codes: int) -> Iterator[tuple[str, str]]:
    if reference.type is Type.MULTIPLE:
        yield "is", f"selected({name}, '{code}')"
        yield "is_not", f"not selected({name}, '{code}')"
        return
    yield "is", f"{name} = '{code}'"
    yield "is_not", f"{name} != '{code}'"
    if reference.numeric and codes > 2:
        yield "at_most", f"{name} <= {code}"
        yield "at_least", f"{name} >= {code}"


def taken_apart(text: str, names: Mapping[str, Reference]) -> tuple[str, list[str]] | None:
    """("and" or "or", the texts of what is joined by it); None for a condition that is not readable."""
    try:
        root = parse_expression(text, names).root
    except Refused:
        return None
    if isinstance(root, tree.And | tree.Or):
        return "or" if isinstance(root, tree.Or) else "and", [part.text() for part in root.parts]
    return "and", [root.text()]


def joined(parts: Sequence[str], word: str) -> str:
    """The condition that all parts ("and"), or one of them ("or"), hold; what hangs together stays so."""
    found = [part for part in dict.fromkeys(parts) if part]
    return f" {'or' if word == 'or' else 'and'} ".join(found)

"""Questions: read from and written to their JSON shape; answers are checked and counted through their kind."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from service.domain.collect.question_kinds import DECIMALS_LIMIT, EXTRAS, KINDS, as_date, as_decimal
from service.domain.collect.question_parts import (
    ANSWERED,
    CANNOT_SAY,
    CODE,
    CODE_ALLOWED,
    EDGES_LIMIT,
    ID,
    ID_ALLOWED,
    NOT_ASKED,
    ORDER,
    PHOTO_LIMIT,
    RESERVED,
    SEED,
    SHAPES,
    SKIPPED,
    TEXT_DEFAULT,
    TEXT_LIMIT,
    WRITTEN,
    Answers,
    Bound,
    Constraint,
    Item,
    Option,
    Question,
    Row,
    canonical,
)
from service.domain.errors import Fault
from service.domain.modes import Text
from service.domain.shapes import Shape, shown

EXPRESSION_LIMIT = 2000  # characters
RATING_LEVELS = (3, 7)


def check(question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
    """The flat answers to one question; what is wrong is added to `faults` under `path`."""
    return KINDS[question.kind].check(question, value, path, faults)


def count(question: Question, answers: Mapping[str, str], missing: str = SKIPPED) -> Iterator[str]:
    """The keys of the tally in which one person's answer to `question` counts one (see tallies).

    `missing` stands for what was not answered: SKIPPED, or NOT_ASKED where the question was not shown.
    """
    return KINDS[question.kind].count(question, answers, missing)


def fresh_id(shape: Shape, taken: set[str]) -> str:
    """The id of a question or row: well-formed and not in `taken`, to which it is added."""
    name = shape.name("id", ID, ID_ALLOWED)
    if name in taken:
        shape.fault("id", "duplicate", value=name)
    elif name:
        taken.add(name)
    return name


def _code(shape: Shape, taken: set[str]) -> str:
    code = shape.name("code", CODE, CODE_ALLOWED)
    if code.startswith("_"):
        shape.fault("code", "reserved", value=code)
    elif code and code in taken:
        shape.fault("code", "duplicate", value=code)
    taken.add(code)
    return code


def _options(shape: Shape, languages: tuple[str, ...], kind: str) -> tuple[Option, ...]:
    taken: set[str] = set()
    options = []
    for path, data in shape.each("options"):
        inner = Shape(data, path, shape.faults)
        option = Option(
            _code(inner, taken),
            inner.text("label", languages),
            kind == "multiple" and inner.flag("exclusive"),
            kind in ("single", "multiple", "rank") and inner.flag("fixed"),
        )
        options.append(option)
        inner.close()
    if kind == "rating" and options and not RATING_LEVELS[0] <= len(options) <= RATING_LEVELS[1]:
        shape.fault("options", "levels_out_of_range", lower=RATING_LEVELS[0], upper=RATING_LEVELS[1])
    return tuple(options)


def _rows(shape: Shape, languages: tuple[str, ...]) -> tuple[Row, ...]:
    taken: set[str] = set()
    rows = []
    for path, data in shape.each("rows"):
        inner = Shape(data, path, shape.faults)
        rows.append(Row(fresh_id(inner, taken), inner.text("label", languages), inner.flag("fixed")))
        inner.close()
    return tuple(rows)


def _constraint(shape: Shape, languages: tuple[str, ...]) -> Constraint | None:
    data = shape.take("constraint", needed=False)
    if data is None:
        return None
    inner = Shape(data, shape.at("constraint"), shape.faults)
    constraint = Constraint(read_expression(inner, "expr", needed=True), inner.text("message", languages))
    inner.close()
    return constraint


def read_expression(shape: Shape, key: str, *, needed: bool = False) -> str:
    """The text of a condition; what it says is judged once all questions are known (see logic)."""
    text = (shape.typed(key, str, "text (in quotes)", needed=needed) or "").strip()
    if len(text) > EXPRESSION_LIMIT:
        shape.fault(key, "too_long", limit=EXPRESSION_LIMIT)
        return ""
    return text


def _bound(shape: Shape, key: str, kind: str, options: int) -> Bound | None:
    """`min` or `max` of a kind that has them."""
    if kind == "multiple":
        return _some(shape, key, options)
    value = shape.take(key, needed=False)
    if value is None:
        return None
    bound: Bound | None = as_date(value) if kind == "date" else as_decimal(value)
    if bound is None:
        shape.fault(key, "not_a_date" if kind == "date" else "not_a_number")
    return bound


def _some(shape: Shape, key: str, options: int) -> int | None:
    """How many options, if it is said."""
    return shape.whole(key, None, 1, max(options, 1)) if shape.has(key) else shape.take(key, needed=False)


def _edges(shape: Shape) -> tuple[Decimal, ...]:
    edges: list[Decimal] = []
    for path, value in shape.each("edges", needed=False):
        edge = as_decimal(value)
        if edge is None:
            shape.faults.append(Fault(path, "not_a_number"))
        elif edges and edge <= edges[-1]:
            shape.faults.append(Fault(path, "not_ascending"))
        else:
            edges.append(edge)
        if len(edges) > EDGES_LIMIT:
            shape.fault("edges", "too_many", limit=EDGES_LIMIT)
            break
    return tuple(edges)


def _shape(shape: Shape) -> str:
    name = shape.typed("shape", str, "text", needed=False) or SHAPES[0]
    if name not in SHAPES:
        shape.fault("shape", "not_an_option", value=shown(name), options=", ".join(SHAPES))
    return name


def _own(shape: Shape, kind: str, languages: tuple[str, ...]) -> dict[str, Any]:
    """The fields that the kind adds to those of every question."""
    extras = KINDS[kind].extras
    options = _options(shape, languages, kind) if "options" in extras else ()
    readers: dict[str, Any] = {
        "required": lambda: shape.flag("required"),
        "cannot_say": lambda: shape.flag("cannot_say"),
        "constraint": lambda: _constraint(shape, languages),
        "options": lambda: options,
        "rows": lambda: _rows(shape, languages),
        "random_order": lambda: shape.flag("random_order"),
        "max_length": lambda: shape.whole("max_length", TEXT_DEFAULT, 1, TEXT_LIMIT),
        "short": lambda: shape.flag("short"),
        "min": lambda: _bound(shape, "min", kind, len(options)),
        "max": lambda: _bound(shape, "max", kind, len(options)),
        "shape": lambda: _shape(shape),
        "low": lambda: shape.text("low", languages),
        "high": lambda: shape.text("high", languages),
        "unit": lambda: shape.text("unit", languages, needed=False),
        "decimals": lambda: shape.whole("decimals", 0, 0, DECIMALS_LIMIT),
        "edges": lambda: _edges(shape),
        "most": lambda: _some(shape, "most", len(options)),
        "max_bytes": lambda: shape.whole("max_bytes", PHOTO_LIMIT, 1000, PHOTO_LIMIT),
    }
    own = {name: readers[name]() for name in readers if name in extras}
    low, high = own.get("min"), own.get("max")
    if low is not None and high is not None and low > high:
        shape.fault("max", "below", lower=str(low))
    return own


def read_question(shape: Shape, languages: tuple[str, ...], taken: set[str]) -> Question:
    """A question from its JSON shape; faults go to the shape. Fields that its kind does not have are unknown fields."""
    kind = shape.typed("kind", str, "text") or ""
    if kind and kind not in KINDS:
        shape.fault("kind", "unknown_kind", value=shown(kind), kinds=", ".join(KINDS))
    question = Question(
        id=fresh_id(shape, taken),
        kind=kind,
        label=shape.text("label", languages),
        hint=shape.text("hint", languages, needed=False),
        when=read_expression(shape, "when"),
        **(_own(shape, kind, languages) if kind in KINDS else {}),
    )
    if kind in KINDS:
        shape.close()
    return question


def plain_question(question: Question) -> dict[str, Any]:
    """The JSON shape of a question: what is empty or default is left out."""
    plain: dict[str, Any] = {"id": question.id, "kind": question.kind, "label": dict(question.label)}
    plain |= {name: dict(text) for name in ("hint", "low", "high", "unit") if (text := getattr(question, name))}
    plain |= {name: True for name in ("required", "cannot_say", "random_order", "short") if getattr(question, name)}
    if question.when:
        plain["when"] = question.when
    if question.constraint:
        plain["constraint"] = {"expr": question.constraint.expr, "message": dict(question.constraint.message)}
    if question.options:
        plain["options"] = [_plain_part("code", option) for option in question.options]
    if question.rows:
        plain["rows"] = [_plain_part("id", row) for row in question.rows]
    return plain | _plain_numbers(question)


def _plain_part(name: str, part: Option | Row) -> dict[str, Any]:
    flags = {flag: True for flag in ("exclusive", "fixed") if getattr(part, flag, False)}
    return {name: getattr(part, name), "label": dict(part.label), **flags}


def _plain_numbers(question: Question) -> dict[str, Any]:
    defaults = {"max_length": TEXT_DEFAULT, "decimals": 0, "most": None, "max_bytes": PHOTO_LIMIT}
    plain = {name: getattr(question, name) for name in defaults if getattr(question, name) != defaults[name]}
    plain |= {name: _plain_bound(bound) for name in ("min", "max") if (bound := getattr(question, name)) is not None}
    plain |= {"shape": question.shape} if question.shape not in ("", SHAPES[0]) else {}
    plain |= {"edges": [_plain_bound(edge) for edge in question.edges]} if question.edges else {}
    return plain


def _plain_bound(bound: Bound) -> int | str:
    if isinstance(bound, date):
        return bound.isoformat()
    return int(bound) if bound == int(bound) else canonical(Decimal(bound))


def faces(question: Question) -> Iterator[tuple[str, Text]]:
    """(path, text) of every text that a person is shown of it."""
    for name in ("label", "hint", "low", "high", "unit"):
        if text := getattr(question, name):
            yield name, text
    yield from ((f"options.{place}.label", option.label) for place, option in enumerate(question.options))
    yield from ((f"rows.{place}.label", row.label) for place, row in enumerate(question.rows))


__all__ = [
    "ANSWERED",
    "CANNOT_SAY",
    "EXTRAS",
    "KINDS",
    "NOT_ASKED",
    "ORDER",
    "RESERVED",
    "SEED",
    "SKIPPED",
    "WRITTEN",
    "Answers",
    "Constraint",
    "Item",
    "Option",
    "Question",
    "Row",
    "canonical",
    "check",
    "count",
    "faces",
    "plain_question",
    "read_question",
]

"""Questions by kind: what each kind is made of, how its answers are checked, flattened and counted.

A kind is one entry of KINDS; callers go through `read_question`, `Question.items`, `check` and `count`, never through
the kind itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from service.domain.errors import Fault
from service.domain.modes import Text
from service.domain.shapes import Shape, has_forbidden, shown, tidy

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
ID_ALLOWED = "a lower-case letter, then up to 39 lower-case letters, digits or underscores"
CODE = re.compile(r"[A-Za-z0-9_-]{1,32}")
CODE_ALLOWED = "1 to 32 letters, digits, hyphens or underscores"

CANNOT_SAY = "_cannot_say"
SKIPPED = "_skipped"
WRITTEN = "_written"  # what a text answer counts as
RESERVED = frozenset({CANNOT_SAY, SKIPPED, WRITTEN})

TEXT_DEFAULT = 1000
TEXT_LIMIT = 4000

Answers = dict[str, str]
"""Flat accepted answers: item id -> option code, CANNOT_SAY or text. What was skipped is absent."""


@dataclass(frozen=True)
class Option:
    code: str
    label: Text


@dataclass(frozen=True)
class Row:
    id: str
    label: Text


@dataclass(frozen=True)
class Item:
    """What is answered by one option code: a single choice `q`, or a row of a matrix `q/row`."""

    id: str
    question: str
    codes: tuple[str, ...]
    cannot_say: bool


@dataclass(frozen=True)
class Question:
    """One question. A kind uses the fields that it needs and leaves the others empty."""

    id: str
    kind: str
    label: Text
    hint: Text = field(default_factory=dict)
    required: bool = False
    cannot_say: bool = False
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    max_length: int = TEXT_DEFAULT

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What of it is answered by one option code, in order."""
        return tuple(KINDS[self.kind].items(self))


class Kind(Protocol):
    """The codec of a kind of question."""

    extras: frozenset[str]  # the fields that this kind adds to id, kind, label, hint, required

    def items(self, question: Question) -> Iterator[Item]:
        """The items answered by one option code."""

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        """The flat answers in `value` (its JSON shape); adds to `faults`. A skipped question gives none."""

    def count(self, question: Question, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """One (item, code) for each item, SKIPPED where there is no answer."""


def _choice(item: Item, value: Any, path: str, required: bool, faults: list[Fault]) -> Answers:
    if value is None or value == "":
        if required:
            faults.append(Fault(path, "required"))
        return {}
    if not isinstance(value, str):
        faults.append(Fault(path, "wrong_type", {"expected": "the code of one option, as text"}))
    elif value == CANNOT_SAY and not item.cannot_say:
        faults.append(Fault(path, "cannot_say_not_offered"))
    elif value != CANNOT_SAY and value not in item.codes:
        options = ", ".join(item.codes[:12]) + ("…" if len(item.codes) > 12 else "")
        faults.append(Fault(path, "not_an_option", {"value": shown(value), "options": options}))
    else:
        return {item.id: value}
    return {}


class _Choice:
    """What single choice and matrix share: each item is counted by its code."""

    def count(self, question: Question, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for item in question.items:
            yield item.id, answers.get(item.id, SKIPPED)


class _Single(_Choice):
    """One of several options. JSON: "code"."""

    extras = frozenset({"cannot_say", "options"})

    def items(self, question: Question) -> Iterator[Item]:
        yield Item(question.id, question.id, tuple(option.code for option in question.options), question.cannot_say)

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        return _choice(question.items[0], value, path, question.required, faults)


class _Matrix(_Choice):
    """Several rows over one list of options. JSON: {"row": "code"}; if required, every row is."""

    extras = frozenset({"cannot_say", "options", "rows"})

    def items(self, question: Question) -> Iterator[Item]:
        codes = tuple(option.code for option in question.options)
        for row in question.rows:
            yield Item(f"{question.id}/{row.id}", question.id, codes, question.cannot_say)

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        if value is None or value == "":
            value = {}
        if not isinstance(value, Mapping):
            faults.append(Fault(path, "wrong_type", {"expected": "one code a row"}))
            return {}
        rows = {row.id for row in question.rows}
        faults.extend(Fault(f"{path}.{shown(row)}", "unknown_question") for row in value if row not in rows)
        answers: Answers = {}
        for row, item in zip(question.rows, question.items, strict=True):
            answers |= _choice(item, value.get(row.id), f"{path}.{row.id}", question.required, faults)
        return answers


class _FreeText:
    """Free text, kept tidied. JSON: "text". Tallies see only that something was written."""

    extras = frozenset({"max_length"})

    def items(self, question: Question) -> Iterator[Item]:
        return iter(())

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        if value is not None and not isinstance(value, str):
            faults.append(Fault(path, "wrong_type", {"expected": "text"}))
            return {}
        text = tidy(value or "", question.max_length)
        before = len(faults)
        if not text and question.required:
            faults.append(Fault(path, "required"))
        if len(text) > question.max_length:
            faults.append(Fault(path, "too_long", {"limit": question.max_length}))
        elif has_forbidden(text):
            faults.append(Fault(path, "control_characters"))
        return {question.id: text} if text and len(faults) == before else {}

    def count(self, question: Question, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        yield question.id, WRITTEN if question.id in answers else SKIPPED


KINDS: dict[str, Kind] = {"single": _Single(), "matrix": _Matrix(), "text": _FreeText()}


def check(question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
    """The flat answers to one question; what is wrong is added to `faults` under `path`."""
    return KINDS[question.kind].check(question, value, path, faults)


def count(question: Question, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(item, code) pairs by which one person's answer to `question` is counted."""
    return KINDS[question.kind].count(question, answers)


def _code(shape: Shape, taken: set[str]) -> str:
    code = shape.name("code", CODE, CODE_ALLOWED)
    if code.startswith("_"):
        shape.fault("code", "reserved", value=code)
    elif code and code in taken:
        shape.fault("code", "duplicate", value=code)
    taken.add(code)
    return code


def _options(shape: Shape, languages: tuple[str, ...]) -> tuple[Option, ...]:
    taken: set[str] = set()
    options = []
    for path, data in shape.each("options"):
        inner = Shape(data, path, shape.faults)
        options.append(Option(_code(inner, taken), inner.text("label", languages)))
        inner.close()
    return tuple(options)


def fresh_id(shape: Shape, taken: set[str]) -> str:
    """The id of a question or row: well-formed and not in `taken`, to which it is added."""
    name = shape.name("id", ID, ID_ALLOWED)
    if name in taken:
        shape.fault("id", "duplicate", value=name)
    elif name:
        taken.add(name)
    return name


def _rows(shape: Shape, languages: tuple[str, ...]) -> tuple[Row, ...]:
    taken: set[str] = set()
    rows = []
    for path, data in shape.each("rows"):
        inner = Shape(data, path, shape.faults)
        rows.append(Row(fresh_id(inner, taken), inner.text("label", languages)))
        inner.close()
    return tuple(rows)


def read_question(shape: Shape, languages: tuple[str, ...], taken: set[str]) -> Question:
    """A question from its JSON shape; faults go to the shape. Fields that its kind does not have are unknown fields."""
    kind = shape.typed("kind", str, "text") or ""
    if kind and kind not in KINDS:
        shape.fault("kind", "unknown_kind", value=shown(kind), kinds=", ".join(KINDS))
    extras = KINDS[kind].extras if kind in KINDS else frozenset({"cannot_say", "options", "rows", "max_length"})
    question = Question(
        id=fresh_id(shape, taken),
        kind=kind,
        label=shape.text("label", languages),
        hint=shape.text("hint", languages, needed=False),
        required=shape.flag("required"),
        cannot_say="cannot_say" in extras and shape.flag("cannot_say"),
        options=_options(shape, languages) if "options" in extras and kind else (),
        rows=_rows(shape, languages) if "rows" in extras and kind else (),
        max_length=shape.whole("max_length", TEXT_DEFAULT, 1, TEXT_LIMIT) if "max_length" in extras else TEXT_DEFAULT,
    )
    if kind in KINDS:
        shape.close()
    return question


def plain_question(question: Question) -> dict[str, Any]:
    """The JSON shape of a question: what is empty or default is left out."""
    plain: dict[str, Any] = {"id": question.id, "kind": question.kind, "label": dict(question.label)}
    plain |= {"hint": dict(question.hint)} if question.hint else {}
    plain |= {name: True for name in ("required", "cannot_say") if getattr(question, name)}
    if question.options:
        plain["options"] = [{"code": option.code, "label": dict(option.label)} for option in question.options]
    if question.rows:
        plain["rows"] = [{"id": row.id, "label": dict(row.label)} for row in question.rows]
    if question.max_length != TEXT_DEFAULT:
        plain["max_length"] = question.max_length
    return plain

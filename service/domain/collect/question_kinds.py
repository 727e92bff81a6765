"""The kinds of questions: which fields each has, how its answers are checked, flattened and counted.

A kind is one entry of KINDS; callers go through `questions`, never through the kind itself.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from service.domain.collect.question_parts import (
    ANSWERED,
    CANNOT_SAY,
    DECIMALS_LIMIT,
    NUMBER_LIMIT,
    WRITTEN,
    Answers,
    Bound,
    Item,
    Question,
    canonical,
)
from service.domain.errors import Fault
from service.domain.shapes import has_forbidden, shown, tidy

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,12})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MEDIA = re.compile(r"[0-9a-f]{32}")


class Kind(Protocol):
    """The codec of a kind of question."""

    extras: frozenset[str]  # the fields that this kind adds to id, kind, label, hint and when

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        """The flat answers in `value` (its JSON shape); adds to `faults`. A skipped question gives none."""

    def count(self, question: Question, answers: Mapping[str, str], missing: str) -> Iterator[str]:
        """The keys of the tally in which this person counts one; `missing` stands where there is no answer."""


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
        faults.append(_no_option(value, path, item.codes))
    else:
        return {item.id: value}
    return {}


def _no_option(value: str, path: str, codes: Sequence[str]) -> Fault:
    options = ", ".join(codes[:12]) + ("…" if len(codes) > 12 else "")
    return Fault(path, "not_an_option", {"value": shown(value), "options": options})


class _Choice:
    """What all kinds answered by one code share: each item is counted by its code."""

    def count(self, question: Question, answers: Mapping[str, str], missing: str) -> Iterator[str]:
        for item in question.items:
            yield f"c|{item.id}|{answers.get(item.id, missing)}"


class _Single(_Choice):
    """One of several options. JSON: "code"."""

    extras = frozenset({"required", "constraint", "cannot_say", "options", "random_order"})

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        return _choice(question.items[0], value, path, question.required, faults)


class _Rating(_Single):
    """Levels from the worst to the best, shown as stars or smileys with words. JSON: "code"."""

    extras = frozenset({"required", "constraint", "cannot_say", "options", "shape"})


class _ZeroToTen(_Single):
    """From 0 to 10 with words at both ends. JSON: "7" or 7."""

    extras = frozenset({"required", "constraint", "cannot_say", "low", "high"})

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return super().check(question, value, path, faults)


class _Matrix(_Choice):
    """Several rows over one list of options. JSON: {"row": "code"}; if required, every row is."""

    extras = frozenset({"required", "cannot_say", "options", "rows", "random_order"})

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


class _OneText:
    """What is kept as one text under the question's id, or CANNOT_SAY; counted as written."""

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        if value is None or value == "" or value == []:
            if question.required:
                faults.append(Fault(path, "required"))
            return {}
        if value in (CANNOT_SAY, [CANNOT_SAY]):
            if not question.cannot_say:
                faults.append(Fault(path, "cannot_say_not_offered"))
                return {}
            return {question.id: CANNOT_SAY}
        text = self.read(question, value, path, faults)
        return {} if text is None else {question.id: text}

    def read(self, question: Question, value: Any, path: str, faults: list[Fault]) -> str | None:
        """The text that is kept; None after adding to `faults`."""
        raise NotImplementedError

    def count(self, question: Question, answers: Mapping[str, str], missing: str) -> Iterator[str]:
        given = answers.get(question.id)
        yield f"c|{question.id}|{missing if given is None else CANNOT_SAY if given == CANNOT_SAY else WRITTEN}"


def _codes(question: Question, value: Any, path: str, faults: list[Fault]) -> list[str] | None:
    """The codes in a list, or in their flat form "a b"."""
    given = value.split() if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(code, str) for code in given):
        faults.append(Fault(path, "wrong_type", {"expected": "a list of option codes"}))
        return None
    known, before = set(question.codes), len(faults)
    faults.extend(_no_option(code, path, question.codes) for code in given[:20] if code not in known)
    if len(faults) == before and len(set(given)) < len(given):
        twice = next(code for place, code in enumerate(given) if code in given[:place])
        faults.append(Fault(path, "duplicate", {"value": twice}))
    return given if len(faults) == before and known.issuperset(given) else None


class _Multiple(_OneText):
    """Some of several options. JSON: ["a", "b"]; kept in the order of the options, joined by spaces."""

    extras = frozenset({"required", "constraint", "cannot_say", "options", "random_order", "min", "max"})

    def read(self, question: Question, value: Any, path: str, faults: list[Fault]) -> str | None:
        chosen = _codes(question, value, path, faults)
        if chosen is None:
            return None
        alone = [option.code for option in question.options if option.exclusive and option.code in chosen]
        if alone and len(chosen) > 1:
            faults.append(Fault(path, "exclusive", {"value": alone[0]}))
        elif isinstance(question.max, int) and len(chosen) > question.max:
            faults.append(Fault(path, "too_many_chosen", {"limit": question.max}))
        elif isinstance(question.min, int) and len(chosen) < question.min and not alone:
            faults.append(Fault(path, "too_few_chosen", {"limit": question.min}))
        else:
            among = set(chosen)
            return " ".join(code for code in question.codes if code in among)
        return None

    def count(self, question: Question, answers: Mapping[str, str], missing: str) -> Iterator[str]:
        given = answers.get(question.id, missing)
        if given in (missing, CANNOT_SAY):
            yield f"c|{question.id}|{given}"
            return
        yield f"c|{question.id}|{ANSWERED}"
        for code in given.split():
            yield f"c|{question.id}|{code}"


class _Rank(_OneText):
    """Options in order, the best first. JSON: ["best", "second"]; who stops early has ranked those."""

    extras = frozenset({"required", "constraint", "cannot_say", "options", "random_order", "most"})

    def read(self, question: Question, value: Any, path: str, faults: list[Fault]) -> str | None:
        ranked = _codes(question, value, path, faults)
        if ranked is not None and len(ranked) > question.places:
            faults.append(Fault(path, "too_many_chosen", {"limit": question.places}))
            return None
        return None if ranked is None else " ".join(ranked)

    def count(self, question: Question, answers: Mapping[str, str], missing: str) -> Iterator[str]:
        given = answers.get(question.id, missing)
        if given in (missing, CANNOT_SAY):
            yield f"c|{question.id}|{given}"
            return
        yield f"c|{question.id}|{ANSWERED}"
        for place, code in enumerate(given.split(), 1):
            yield f"r|{question.id}|{code}|{place}"


def _within(question: Question, value: Bound, path: str, faults: list[Fault]) -> bool:
    """Whether a number or date lies between `min` and `max`; else a fault that names them."""
    low, high = question.min, question.max
    if (low is None or low <= value) and (high is None or value <= high):  # type: ignore[operator]  # of one type
        return True
    limits = {name: str(bound) for name, bound in (("lower", low), ("upper", high)) if bound is not None}
    faults.append(
        Fault(path, "out_of_range" if len(limits) == 2 else "below" if "lower" in limits else "above", limits)
    )
    return False


def as_decimal(value: Any) -> Decimal | None:
    """A number from JSON or from a form; also in full-width digits, as Chinese keyboards write them. Else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)[:41]) > 40:
        return None
    text = unicodedata.normalize("NFKC", str(value)).strip().replace("\u2212", "-")
    if not _NUMBER.fullmatch(text) or abs(number := Decimal(text)) > NUMBER_LIMIT:
        return None
    return Decimal(canonical(number))


def as_date(value: Any) -> date | None:
    """A day written as year-month-day, as in 2026-05-01. Else None."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and _DATE.fullmatch(value) else None
    except ValueError:
        return None


class _Number(_OneText):
    """A number, perhaps with a unit. JSON: 12 or "12.5"; kept as canonical decimal text."""

    extras = frozenset({"required", "constraint", "cannot_say", "unit", "min", "max", "decimals", "edges"})

    def read(self, question: Question, value: Any, path: str, faults: list[Fault]) -> str | None:
        number = as_decimal(value)
        if number is None:
            faults.append(Fault(path, "not_a_number"))
        elif -int(number.as_tuple().exponent) > question.decimals:
            faults.append(Fault(path, "too_many_decimals", {"limit": question.decimals}))
        elif _within(question, number, path, faults):
            return canonical(number)
        return None

    def count(self, question: Question, answers: Mapping[str, str], missing: str) -> Iterator[str]:
        yield from super().count(question, answers, missing)
        given = answers.get(question.id, CANNOT_SAY)
        if question.edges and given != CANNOT_SAY:
            yield f"u|{question.id}|{bisect_right(question.edges, Decimal(given))}"


class _Date(_OneText):
    """A day. JSON: "2026-05-01"."""

    extras = frozenset({"required", "constraint", "cannot_say", "min", "max"})

    def read(self, question: Question, value: Any, path: str, faults: list[Fault]) -> str | None:
        day = as_date(value)
        if day is None:
            faults.append(Fault(path, "not_a_date"))
            return None
        return day.isoformat() if _within(question, day, path, faults) else None


class _FreeText(_OneText):
    """Free text, kept tidied; `short` is one line. JSON: "text". Tallies see only that something was written."""

    extras = frozenset({"required", "constraint", "max_length", "short"})

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        if value is not None and not isinstance(value, str):
            faults.append(Fault(path, "wrong_type", {"expected": "text"}))
            return {}
        text = tidy(value or "", question.max_length)
        text = text.replace("\n", " ") if question.short else text
        before = len(faults)
        if not text and question.required:
            faults.append(Fault(path, "required"))
        if len(text) > question.max_length:
            faults.append(Fault(path, "too_long", {"limit": question.max_length}))
        elif has_forbidden(text):
            faults.append(Fault(path, "control_characters"))
        return {question.id: text} if text and len(faults) == before else {}

    def count(self, question: Question, answers: Mapping[str, str], missing: str) -> Iterator[str]:
        yield f"c|{question.id}|{WRITTEN if question.id in answers else missing}"


class _Photo(_OneText):
    """A picture that was uploaded and checked before. JSON: its id, 32 hex digits."""

    extras = frozenset({"required", "max_bytes"})

    def read(self, question: Question, value: Any, path: str, faults: list[Fault]) -> str | None:
        if isinstance(value, str) and _MEDIA.fullmatch(value):
            return value
        faults.append(Fault(path, "not_a_picture"))
        return None


class _Note:
    """Something to read, without an answer."""

    extras: frozenset[str] = frozenset()

    def check(self, question: Question, value: Any, path: str, faults: list[Fault]) -> Answers:
        if value is not None and value != "":
            faults.append(Fault(path, "unknown_question"))
        return {}

    def count(self, question: Question, answers: Mapping[str, str], missing: str) -> Iterator[str]:
        return iter(())


KINDS: dict[str, Kind] = {
    "single": _Single(),
    "multiple": _Multiple(),
    "matrix": _Matrix(),
    "rating": _Rating(),
    "zero_to_ten": _ZeroToTen(),
    "number": _Number(),
    "text": _FreeText(),
    "date": _Date(),
    "rank": _Rank(),
    "photo": _Photo(),
    "note": _Note(),
}
EXTRAS = frozenset().union(*(kind.extras for kind in KINDS.values()))

__all__ = ["DECIMALS_LIMIT", "EXTRAS", "KINDS", "as_date", "as_decimal"]

"""`$filter`: comparisons of properties with literals, and, or, not, brackets, contains, startswith, endswith."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NoReturn

from service.domain.errors import Refused
from service.web.odata.model import BOOLEAN, DECIMAL, MOMENT, STRING, WHOLE, EntitySet, Row

LONGEST: Final = 2000  # characters
DEEPEST: Final = 40
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<moment>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<number>-?\d{1,15}(?:\.\d{1,15})?)(?![\w.])|(?P<word>[A-Za-z_]\w*)|(?P<sign>[(),]))"
)
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}
_FUNCTIONS: Final[dict[str, Callable[[str, str], bool]]] = {
    "contains": lambda text, part: part in text,
    "startswith": lambda text, part: text.startswith(part),
    "endswith": lambda text, part: text.endswith(part),
}
_LITERALS: Final = {"text": STRING, "number": DECIMAL, "moment": MOMENT}
Test = Callable[[Row], bool]


def parse(text: str, entity_set: EntitySet) -> Test:
    """Whether a row is wanted. Raises Refused("query_invalid") with what cannot be read."""
    if len(text) > LONGEST:
        _refuse(f"it is longer than {LONGEST} characters")
    return _Reader(text, entity_set).whole()


def _refuse(detail: str) -> NoReturn:
    raise Refused("query_invalid", option="$filter", detail=detail)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            _refuse(f"unknown sign at {at + 1}")
        yield found.lastgroup, found[found.lastgroup]
        at = found.end()
    yield "end", ""


class _Reader:
    """Reads from left to right; `or` binds weakest, `not` strongest."""

    def __init__(self, text: str, entity_set: EntitySet) -> None:
        self.tokens = list(_tokens(text))
        self.at, self.depth, self.set = 0, 0, entity_set

    def whole(self) -> Test:
        test = self.any_of()
        if self.tokens[self.at][0] != "end":
            _refuse(f"unexpected {self.tokens[self.at][1]}")
        return test

    def any_of(self) -> Test:
        tests = [self.all_of()]
        while self.took("word", "or"):
            tests.append(self.all_of())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def all_of(self) -> Test:
        tests = [self.one()]
        while self.took("word", "and"):
            tests.append(self.one())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def one(self) -> Test:
        self.depth += 1
        if self.depth > DEEPEST:
            _refuse("it is nested too deeply")
        try:
            if self.took("word", "not"):
                test = self.one()
                return lambda row: not test(row)
            if self.took("sign", "("):
                inner = self.any_of()
                self.need("sign", ")")
                return inner
            return self.function() if self.tokens[self.at][1] in _FUNCTIONS else self.comparison()
        finally:
            self.depth -= 1

    def function(self) -> Test:
        apply = _FUNCTIONS[self.next()[1]]
        self.need("sign", "(")
        name, _ = self.property(STRING)
        self.need("sign", ",")
        kind, part = self.literal()
        self.need("sign", ")")
        if kind != STRING:
            _refuse(f"{name} is compared with something else than a text")
        return lambda row: row[name] is not None and apply(str(row[name]), part)

    def comparison(self) -> Test:
        name, kind = self.property()
        _, operator = self.next()
        if operator not in _COMPARE:
            _refuse(f"{operator or 'the end'} is no comparison")
        given, value = self.literal()
        if value is None:
            if operator not in ("eq", "ne"):
                _refuse("null is only compared by eq and ne")
            return lambda row: (row[name] is None) == (operator == "eq")
        if given != (DECIMAL if kind == WHOLE else kind):
            _refuse(f"{name} is compared with a value of another type")
        compare = _COMPARE[operator]
        return lambda row: _compared(compare, _value(kind, row[name]), value, operator)

    def property(self, wanted: str = "") -> tuple[str, str]:
        kind, name = self.next()
        found = self.set.property(name) if kind == "word" else None
        if found is None or (wanted and found.type != wanted):
            _refuse(f"{name or 'the end'} is no property that can stand here")
        return found.name, found.type

    def literal(self) -> tuple[str, Any]:
        kind, text = self.next()
        if kind == "word" and text in ("true", "false"):
            return BOOLEAN, text == "true"
        if kind == "word" and text == "null":
            return "", None
        if kind not in _LITERALS:
            _refuse(f"{text or 'the end'} is no value")
        return _LITERALS[kind], _read(kind, text)

    def next(self) -> tuple[str, str]:
        token = self.tokens[self.at]
        self.at += token[0] != "end"
        return token

    def took(self, kind: str, text: str) -> bool:
        found = self.tokens[self.at] == (kind, text)
        self.at += found
        return found

    def need(self, kind: str, text: str) -> None:
        if not self.took(kind, text):
            _refuse(f"{text} is missing")


def _read(kind: str, text: str) -> Any:
    if kind == "text":
        return text[1:-1].replace("''", "'")
    if kind == "number":
        return Decimal(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        _refuse(f"{text} is no time")


def _value(kind: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if kind == MOMENT and value is not None else value


def _compared(compare: Callable[[Any, Any], bool], value: Any, wanted: Any, operator: str) -> bool:
    """What has no value is different from everything, and neither greater nor less."""
    return operator == "ne" if value is None else compare(value, wanted)

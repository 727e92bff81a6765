"""Conditions from XPath into the questionnaire's own expressions (service.domain.collect.expressions), as text.

The two differ in what is unanswered: XPath compares an empty text, so that `${q} != 'a'` holds for who skipped `q`; in
our expressions every comparison with it is false. The translation keeps XPath's meaning by writing `not (q = 'a')`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn

from service.domain.collect.question_parts import CANNOT_SAY
from service.domain.collect.xlsforms.xpaths import Binary, Call, Here, Literal, Negative, Node, Number, Reference

CHOICE, MULTIPLE, NUMBER, DATE, TEXT, OTHER = "choice", "multiple", "number", "date", "text", "other"
TYPES: Final = {
    "single": CHOICE,
    "rating": CHOICE,
    "zero_to_ten": CHOICE,
    "multiple": MULTIPLE,
    "rank": MULTIPLE,
    "number": NUMBER,
    "date": DATE,
    "text": TEXT,
}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_HOLDS: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")
_PLAIN_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Known:
    """What a name in a workbook stands for: its name in our expressions, its type, our codes by the workbook's."""

    name: str
    type: str
    codes: Mapping[str, str] = field(default_factory=dict)

    @property
    def numeric(self) -> bool:
        """Whether its choices can be compared as numbers: all codes are whole ones."""
        said = [code for code in self.codes.values() if code != CANNOT_SAY]
        return self.type == CHOICE and bool(said) and all(_WHOLE_NUMBER.fullmatch(code) for code in said)


class Untranslatable(Exception):
    """The expression is XPath, but our expressions cannot say it; `part` is what they lack."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class WrongName(Exception):
    """It names what is not in the form: a question (`code` is empty), or a choice of the question `name`."""

    def __init__(self, name: str, code: str = "") -> None:
        super().__init__(name)
        self.name = name
        self.code = code


def to_expression(node: Node, names: Mapping[str, Known | None], own: Known | None = None) -> str:
    """The condition `node` as an expression. `names`: None stands for what was left out; `own` is what `.` means.

    Raises Untranslatable and WrongName.
    """
    return _Translator(names, own).condition(node)


class _Translator:
    def __init__(self, names: Mapping[str, Known | None], own: Known | None) -> None:
        self.names = names
        self.own = own

    def known(self, node: Node) -> Known | None:
        """What is referred to, or None if `node` is no reference."""
        match node:
            case Here():
                if self.own is None:
                    _cannot(".")
                return self.own
            case Reference(name):
                if name not in self.names:
                    raise WrongName(name)
                found = self.names[name]
                return _cannot(f"${{{name}}}") if found is None else found
            case Call("number" | "string" | "int" | "boolean-from-string", (inner,)):
                return self.known(inner)
        return None

    def condition(self, node: Node) -> str:
        match node:
            case Binary("and" | "or" as operator, left, right):
                return f"{self.part(left, operator)} {operator} {self.part(right, operator)}"
            case Binary("=" | "!=" | "<" | "<=" | ">" | ">=" as operator, left, right):
                return self.comparison(operator, left, right)
            case Call("not", (inner,)):
                return f"not ({self.condition(inner)})"
            case Call("true" | "false" as word, ()):
                return word
            case Call("selected", (which, Literal(code))):
                return self.selected(which, code)
            case Call("boolean", (inner,)):
                return self.condition(inner)
        _cannot(_shape(node))

    def part(self, node: Node, around: str) -> str:
        text = self.condition(node)
        mixed = isinstance(node, Binary) and node.operator in ("and", "or") and node.operator != around
        return f"({text})" if mixed else text

    def selected(self, which: Node, code: str) -> str:
        known = self.known(which)
        if known is None or known.type not in (CHOICE, MULTIPLE):
            _cannot("selected()")
        ours = _code(known, code)
        return f"selected({known.name}, '{ours}')" if known.type == MULTIPLE else f"{known.name} = '{ours}'"

    def comparison(self, operator: str, left: Node, right: Node) -> str:
        known, other, turned = self.known(left), right, operator
        if known is None or known.type == NUMBER:
            if (flipped := self.known(right)) is not None and (known is None or flipped.type != NUMBER):
                known, other, turned = flipped, left, _TURNED[operator]
        if known is not None and isinstance(other, Literal) and other.text == "" and turned in ("=", "!="):
            return f"answered({known.name})" if turned == "!=" else f"not answered({known.name})"
        if known is not None and known.type == CHOICE and isinstance(other, Literal | Number | Negative):
            return self.choice(known, turned, other)
        if known is not None and known.type == MULTIPLE:
            return self.multiple(known, turned, other)
        if known is not None and known.type == TEXT:
            return self.text(known, turned, other)
        return self.values(operator, left, right)

    def choice(self, known: Known, operator: str, other: Node) -> str:
        number = _number(other)
        if operator in ("<", "<=", ">", ">="):
            if number is None:
                _cannot(operator)
            if known.numeric:
                return f"{known.name} {operator} {number}"
            holding = [ours for code, ours in known.codes.items() if _orders(operator, code, number)]
            if not holding:
                _cannot(f"{operator} {number}")
            return _any([f"{known.name} = '{code}'" for code in holding])
        text = other.text if isinstance(other, Literal | Number) else _cannot("=")
        return _negated(operator, f"{known.name} = '{_code(known, text)}'")

    def multiple(self, known: Known, operator: str, other: Node) -> str:
        if operator not in ("=", "!=") or not isinstance(other, Literal | Number):
            _cannot(operator)
        code = _code(known, other.text)
        return _negated(operator, f"(selected({known.name}, '{code}') and count({known.name}) = 1)")

    def text(self, known: Known, operator: str, other: Node) -> str:
        if operator not in ("=", "!=") or not isinstance(other, Literal):
            _cannot(operator)
        return _negated(operator, f"{known.name} = {_quoted(other.text)}")

    def values(self, operator: str, left: Node, right: Node) -> str:
        length = self.long_enough(operator, left, right)
        if length:
            return length
        dated = any(self.is_date(side) for side in (left, right))
        read = self.day if dated else self.number
        plain = "=" if operator == "!=" else operator
        return _negated(operator, f"{read(left)} {plain} {read(right)}")

    def long_enough(self, operator: str, left: Node, right: Node) -> str:
        """`string-length(${q}) > 0` is how many forms ask whether there is an answer."""
        if not (isinstance(left, Call) and left.name == "string-length" and len(left.arguments) == 1):
            return ""
        known = self.known(left.arguments[0])
        if known is None or isinstance(left.arguments[0], Here):
            return ""
        match operator, _number(right):
            case (">", Decimal() as zero) | ("!=", Decimal() as zero) if zero == 0:
                return f"answered({known.name})"
            case "=", Decimal() as zero if zero == 0:
                return f"not answered({known.name})"
        return ""

    def is_date(self, node: Node) -> bool:
        if isinstance(node, Call) and node.name in ("today", "date"):
            return True
        known = self.known(node) if isinstance(node, Reference | Here) else None
        return known is not None and known.type == DATE

    def day(self, node: Node) -> str:
        match node:
            case Call("today", ()):
                return "today" if self.own is not None else _cannot("today()")  # what is asked must not depend on it
            case Call("date", (Literal(text),)) | Literal(text):
                return f"'{_iso(text)}'"
            case Reference() | Here():
                known = self.known(node)
                if known is not None and known.type == DATE:
                    return known.name
            case Call("date", (inner,)):
                return self.day(inner)
        _cannot(_shape(node))

    def number(self, node: Node) -> str:
        match node:
            case Number(text):
                return text if text[0] != "." else f"0{text}"
            case Literal(text) if _PLAIN_NUMBER.fullmatch(text.strip()):
                return text.strip()
            case Negative(Number(text)):
                return f"-{text}"
            case Binary("+" | "-" | "*" as operator, left, right):
                return f"{self.term(left)} {operator} {self.term(right)}"
        return self.numeric(node)

    def numeric(self, node: Node) -> str:
        match node:
            case Call("count-selected", (which,)):
                known = self.known(which)
                return f"count({known.name})" if known and known.type == MULTIPLE else _cannot("count-selected()")
            case Call("string-length", (Here(),)) if self.own is not None and self.own.type == TEXT:
                return "length(.)"
        known = self.known(node)
        is_number = known is not None and (known.type == NUMBER or known.numeric)
        return known.name if known is not None and is_number else _cannot(_shape(node))

    def term(self, node: Node) -> str:
        text = self.number(node)
        return f"({text})" if isinstance(node, Binary) else text


def _cannot(part: str) -> NoReturn:
    raise Untranslatable(part)


def _shape(node: Node) -> str:
    match node:
        case Call(name, _):
            return f"{name}()"
        case Binary(operator, _, _):
            return operator
        case Reference(name):
            return f"${{{name}}}"
        case Negative():
            return "-"
        case Here():
            return "."
    return node.text


def _number(node: Node) -> Decimal | None:
    try:
        match node:
            case Number(text) | Literal(text):
                return Decimal(text.strip())
            case Negative(Number(text)):
                return -Decimal(text)
    except InvalidOperation:
        pass
    return None


def _orders(operator: str, code: str, number: Decimal) -> bool:
    return bool(_PLAIN_NUMBER.fullmatch(code)) and _HOLDS[operator](Decimal(code), number)


def _code(known: Known, code: str) -> str:
    if code not in known.codes:
        raise WrongName(known.name, code)
    return known.codes[code]


def _quoted(text: str) -> str:
    """A text of our expressions. XPath knows no escape either, so that one of the two marks is free."""
    return f'"{text}"' if "'" in text else f"'{text}'"


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()[:10]).isoformat()
    except ValueError:
        _cannot(f"'{text}'")


def _negated(operator: str, text: str) -> str:
    return f"not ({text})" if operator == "!=" else text


def _any(texts: list[str]) -> str:
    return texts[0] if len(texts) == 1 else f"({' or '.join(texts)})"


def conjuncts(node: Node) -> list[Node]:
    """The parts that all must hold."""
    match node:
        case Binary("and", left, right):
            return [*conjuncts(left), *conjuncts(right)]
    return [node]

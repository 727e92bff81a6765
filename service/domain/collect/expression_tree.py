"""The tree of a condition: typed nodes that know their value for given answers and their text."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from service.domain.collect.question_parts import CANNOT_SAY, Question, canonical

_DAYS = Decimal(4_000_000)  # more than there are between the first day and the last
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBER_CODE = re.compile(r"-?[0-9]{1,9}")


class Type(StrEnum):
    CHOICE = "choice"
    MULTIPLE = "multiple"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    BOOLEAN = "boolean"
    PICTURE = "picture"
    MATRIX = "matrix"


@dataclass(frozen=True)
class Reference:
    """What a name stands for. `rows`: of a matrix as a whole, which can only be asked whether it was answered."""

    type: Type
    codes: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()

    @cached_property
    def numeric(self) -> bool:
        """Whether its codes can be read as numbers."""
        said = [code for code in self.codes if code != CANNOT_SAY]
        return self.type is Type.CHOICE and all(_NUMBER_CODE.fullmatch(code) for code in said)


_TYPES = {
    **dict.fromkeys(("single", "rating", "zero_to_ten"), Type.CHOICE),
    **dict.fromkeys(("multiple", "rank"), Type.MULTIPLE),
    **{"number": Type.NUMBER, "date": Type.DATE, "text": Type.TEXT, "photo": Type.PICTURE, "matrix": Type.MATRIX},
}


def references(question: Question) -> Iterator[tuple[str, Reference]]:
    """The names by which conditions refer to a question; none for a note."""
    type = _TYPES.get(question.kind)
    if type is None:
        return
    codes = question.codes + ((CANNOT_SAY,) if question.cannot_say and type is not Type.MULTIPLE else ())
    yield question.id, Reference(type, codes if type is not Type.MATRIX else (), question.keys)
    if type is Type.MATRIX:
        for key in question.keys:
            yield key, Reference(Type.CHOICE, codes)


class Given(NamedTuple):
    """What a condition is judged by: flat answers, the own flat answer, and the day."""

    answers: Mapping[str, str]
    own: str | None = None
    today: date | None = None


class Node:
    """One part of a condition. `strength`: how tightly it binds, for parentheses."""

    strength: ClassVar[int] = 8

    @property
    def type(self) -> Type:
        return Type.BOOLEAN

    @property
    def parts(self) -> tuple["Node", ...]:
        return ()

    def value(self, given: Given) -> Any:
        """None where it hangs on something unanswered."""
        raise NotImplementedError

    def text(self) -> str:
        raise NotImplementedError

    def within(self, strength: int) -> str:
        """Its text, in parentheses where something binds as tightly as `strength` around it."""
        return f"({self.text()})" if self.strength < strength else self.text()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the left."""
    yield node
    for part in node.parts:
        yield from walk(part)


@dataclass(frozen=True)
class Literal(Node):
    of: Type
    known: Any

    @property
    def type(self) -> Type:
        return self.of

    def value(self, given: Given) -> Any:
        return self.known

    def text(self) -> str:
        match self.known:
            case bool():
                return str(self.known).lower()
            case Decimal():
                return canonical(self.known)
        word = str(self.known)
        return f'"{word}"' if "'" in word else f"'{word}'"


@dataclass(frozen=True)
class Name(Node):
    """A question, a row of a matrix, or the own value."""

    key: str
    reference: Reference
    number: bool = False  # a choice that is read as a number
    column: int = field(default=0, compare=False)

    @property
    def type(self) -> Type:
        return Type.NUMBER if self.number else self.reference.type

    def as_number(self) -> "Name":
        return replace(self, number=True)

    def raw(self, given: Given) -> str | None:
        """The flat answer."""
        return given.own if self.key == "." else given.answers.get(self.key)

    def value(self, given: Given) -> Any:
        raw = self.raw(given)
        kind = self.reference.type
        if raw is None or kind is Type.TEXT or (kind is Type.CHOICE and not self.number):
            return raw
        if raw == CANNOT_SAY:
            return None
        if kind is Type.DATE:
            return date.fromisoformat(raw)
        return raw.split() if kind is Type.MULTIPLE else Decimal(raw)

    def text(self) -> str:
        return self.key


@dataclass(frozen=True)
class Today(Node):
    column: int = field(default=0, compare=False)

    @property
    def type(self) -> Type:
        return Type.DATE

    def value(self, given: Given) -> date | None:
        return given.today

    def text(self) -> str:
        return "today"


@dataclass(frozen=True)
class Call(Node):
    function: str
    name: Name
    code: str = ""

    @property
    def type(self) -> Type:
        return Type.NUMBER if self.function in ("count", "length") else Type.BOOLEAN

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.name,)

    def value(self, given: Given) -> Any:
        if self.function == "answered":
            rows = self.name.reference.rows if self.name.key != "." else ()
            return self.name.raw(given) is not None or any(row in given.answers for row in rows)
        found = self.name.value(given)
        if self.function == "selected":
            return found is not None and self.code in (found if isinstance(found, list) else (found,))
        return None if found is None else Decimal(len(found))

    def text(self) -> str:
        return f"{self.function}({self.name.text()}{f', {self.code!r}' if self.code else ''})"


@dataclass(frozen=True)
class Compare(Node):
    sign: str
    left: Node
    right: Node
    strength: ClassVar[int] = 4

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)

    def value(self, given: Given) -> bool:
        left, right = self.left.value(given), self.right.value(given)
        return left is not None and right is not None and _COMPARE[self.sign](left, right)

    def text(self) -> str:
        return f"{self.left.within(5)} {self.sign} {self.right.within(5)}"


@dataclass(frozen=True)
class Sum(Node):
    """first ± part ± part …, from the left."""

    of: Type
    first: Node
    rest: tuple[tuple[str, Node], ...]
    strength: ClassVar[int] = 5

    @property
    def type(self) -> Type:
        return self.of

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.first, *(part for _, part in self.rest))

    def value(self, given: Given) -> Any:
        total = self.first.value(given)
        for sign, part in self.rest:
            term = part.value(given)
            if total is None or term is None:
                return None
            total = _added(total, sign, term)
        return total

    def text(self) -> str:
        return self.first.within(6) + "".join(f" {sign} {part.within(6)}" for sign, part in self.rest)


def _added(total: Any, sign: str, term: Any) -> Any:
    if not isinstance(total, date):
        return total + term if sign == "+" else total - term
    if isinstance(term, date):
        return Decimal((total - term).days)
    if abs(term) > _DAYS:
        return None
    try:
        return total + timedelta(days=int(term if sign == "+" else -term))
    except OverflowError:
        return None  # there is no such day


@dataclass(frozen=True)
class Product(Node):
    factors: tuple[Node, ...]
    strength: ClassVar[int] = 6

    @property
    def type(self) -> Type:
        return Type.NUMBER

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.factors

    def value(self, given: Given) -> Any:
        product = Decimal(1)
        for factor in self.factors:
            number = factor.value(given)
            if number is None:
                return None
            product *= number
        return product

    def text(self) -> str:
        return " * ".join(factor.within(7) for factor in self.factors)


@dataclass(frozen=True)
class Minus(Node):
    number: Node
    strength: ClassVar[int] = 7

    @property
    def type(self) -> Type:
        return Type.NUMBER

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.number,)

    def value(self, given: Given) -> Any:
        number = self.number.value(given)
        return None if number is None else -number

    def text(self) -> str:
        return f"-{self.number.within(7)}"


@dataclass(frozen=True)
class Not(Node):
    condition: Node
    strength: ClassVar[int] = 3

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.condition,)

    def value(self, given: Given) -> bool:
        return not self.condition.value(given)

    def text(self) -> str:
        return f"not {self.condition.within(3)}"


@dataclass(frozen=True)
class And(Node):
    conditions: tuple[Node, ...]
    strength: ClassVar[int] = 2

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.conditions

    def value(self, given: Given) -> bool:
        return all(part.value(given) for part in self.conditions)

    def text(self) -> str:
        return " and ".join(part.within(3) for part in self.conditions)


@dataclass(frozen=True)
class Or(Node):
    conditions: tuple[Node, ...]
    strength: ClassVar[int] = 1

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.conditions

    def value(self, given: Given) -> bool:
        return any(part.value(given) for part in self.conditions)

    def text(self) -> str:
        return " or ".join(part.within(2) for part in self.conditions)

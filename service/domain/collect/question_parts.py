"""What questions are made of: the dataclasses, the reserved codes and the limits that all kinds share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from service.domain.modes import Text

ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
ID_ALLOWED = "a lower-case letter, then up to 39 lower-case letters, digits or underscores"
CODE = re.compile(r"[A-Za-z0-9_-]{1,32}")
CODE_ALLOWED = "1 to 32 letters, digits, hyphens or underscores"

CANNOT_SAY = "_cannot_say"
SKIPPED = "_skipped"
NOT_ASKED = "_not_asked"  # its condition was false: it was shown to nobody, so nobody left it out
WRITTEN = "_written"  # what a text, a number, a date or a photo counts as
ANSWERED = "_answered"  # persons who chose something where several can be chosen
RESERVED = frozenset({CANNOT_SAY, SKIPPED, NOT_ASKED, WRITTEN, ANSWERED})
ORDER = "_order"  # among the answers: the seed of the order in which they were asked
SEED = re.compile(r"[0-9a-f]{4}")

TEXT_DEFAULT: Final = 1000
TEXT_LIMIT: Final = 4000
PHOTO_LIMIT: Final = 6_000_000  # bytes
NUMBER_LIMIT: Final = Decimal(10**12)
DECIMALS_LIMIT: Final = 6
EDGES_LIMIT: Final = 30
ZERO_TO_TEN: Final = tuple(str(value) for value in range(11))
SHAPES: Final = ("stars", "smileys")

Answers = dict[str, str]
"""Flat accepted answers: item id -> option code, CANNOT_SAY or text. What was skipped is absent."""

Bound = int | Decimal | date
"""The least or greatest answer: how many options (multiple), a number, or a date."""


@dataclass(frozen=True)
class Option:
    """`exclusive`: chosen alone or not at all. `fixed`: keeps its place when the others are shuffled."""

    code: str
    label: Text
    exclusive: bool = False
    fixed: bool = False


@dataclass(frozen=True)
class Row:
    id: str
    label: Text
    fixed: bool = False


@dataclass(frozen=True)
class Item:
    """What is answered by one option code: a single choice `q`, or a row of a matrix `q/row`."""

    id: str
    question: str
    codes: tuple[str, ...]
    cannot_say: bool


@dataclass(frozen=True)
class Constraint:
    """What must hold of an answer (`expr`, see expressions), and what a person is told if it does not."""

    expr: str
    message: Text


@dataclass(frozen=True)
class Question:
    """One question. A kind uses the fields that it needs and leaves the others empty.

    `low` and `high` are the words at 0 and 10; `decimals` how many places a number may have; `edges` split numbers into
    classes for counting; `most` is how many places a ranking has, None for all options.
    """

    id: str
    kind: str
    label: Text
    hint: Text = field(default_factory=dict)
    required: bool = False
    cannot_say: bool = False
    when: str = ""
    constraint: Constraint | None = None
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    random_order: bool = False
    max_length: int = TEXT_DEFAULT
    short: bool = False
    min: Bound | None = None
    max: Bound | None = None
    shape: str = ""
    low: Text = field(default_factory=dict)
    high: Text = field(default_factory=dict)
    unit: Text = field(default_factory=dict)
    decimals: int = 0
    edges: tuple[Decimal, ...] = ()
    most: int | None = None
    max_bytes: int = PHOTO_LIMIT

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What of it is answered by one option code, in order."""
        return tuple(self._items())

    def _items(self) -> Iterator[Item]:
        if self.kind in ("single", "rating", "zero_to_ten"):
            yield Item(self.id, self.id, self.codes, self.cannot_say)
        elif self.kind == "matrix":
            for row in self.rows:
                yield Item(f"{self.id}/{row.id}", self.id, self.codes, self.cannot_say)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The codes that can be chosen, in the order of the definition."""
        return ZERO_TO_TEN if self.kind == "zero_to_ten" else tuple(option.code for option in self.options)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of its flat answers: each row of a matrix, none of a note, else the question's id."""
        if self.kind == "note":
            return ()
        return tuple(item.id for item in self.items) if self.kind == "matrix" else (self.id,)

    @cached_property
    def places(self) -> int:
        """How many places a ranking has."""
        return min(self.most or len(self.options), len(self.options))


def canonical(value: Decimal) -> str:
    """A number as it is kept: no exponent, no zeros at the end, one zero."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text

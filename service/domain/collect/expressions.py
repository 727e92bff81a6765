"""Conditions over answers: an own tokenizer, parser and typed tree. Nothing is ever handed to an interpreter.

    a or b   a and b   not a   = != < <= > >=   + - *   ( )   12   'text'   true   false
    names: a question `q`, a row of a matrix `m/r`, `.` (the own value, in constraints), `today` (in constraints)
    functions: selected(q, 'code')   answered(q)   count(q) (options chosen)   length(q) (of a text)

Whatever is compared with an unanswered question is false, also with `!=`; `answered` tells. A choice whose codes are
numbers can be compared as a number. Days can be added to dates.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from service.domain.collect import expression_tree as tree
from service.domain.collect.expression_tree import Node, Reference, Type
from service.domain.collect.question_kinds import as_date
from service.domain.collect.question_parts import CANNOT_SAY
from service.domain.errors import Fault, Refused
from service.domain.shapes import shown

DEPTH_LIMIT = 30
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?(?![0-9A-Za-z_.]))
      | (?P<string>'[^']*'|"[^"]*")
      | (?P<name>[a-z][a-z0-9_]*(?:/[a-z][a-z0-9_]*)?)
      | (?P<sign>!=|<=|>=|[=<>+\-*(),.])
    )""",
    re.VERBOSE,
)
_WORDS = frozenset({"and", "or", "not", "true", "false", "today"})
_FUNCTIONS = ("selected", "answered", "count", "length")
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
NAMES: dict[Type, str] = {
    Type.CHOICE: "a choice",
    Type.MULTIPLE: "a multiple choice",
    Type.NUMBER: "a number",
    Type.DATE: "a date",
    Type.TEXT: "a text",
    Type.BOOLEAN: "true or false",
    Type.PICTURE: "a picture",
    Type.MATRIX: "a matrix",
}


@dataclass(frozen=True)
class Expression:
    """A condition that was read and whose types fit. Equal if it says the same, however it was written."""

    root: Node

    def true_for(self, answers: Mapping[str, str], own: str | None = None, today: date | None = None) -> bool:
        """Whether it holds for flat answers; `own` is the flat answer that `.` stands for."""
        return bool(self.root.value(tree.Given(answers, own, today)))

    @property
    def text(self) -> str:
        """Its canonical text: parse_expression(e.text, names) == e."""
        return self.root.text()

    @property
    def names(self) -> Iterator[tree.Name]:
        """Every mention of a question, a row or the own value, from the left; with its column."""
        return (node for node in tree.walk(self.root) if isinstance(node, tree.Name))

    @property
    def uses_today(self) -> bool:
        return any(isinstance(node, tree.Today) for node in tree.walk(self.root))


def parse_expression(text: str, names: Mapping[str, Reference]) -> Expression:
    """The condition in `text`. `names`: what can be referred to; "." among them if there is an own value.

    Raises Refused("questionnaire_invalid") with one fault that names the column, counted from 1.
    """
    root = _Parser(text, names).whole()
    return Expression(root)


@dataclass(frozen=True)
class Token:
    kind: str  # number, string, name, sign, word or end
    text: str
    column: int


def tokens(text: str) -> Iterator[Token]:
    """The words and signs of a condition, "end" as the last. Raises Refused where something is none of them."""
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            _wrong("expr_unreadable", at + 1, value=shown(text[at : at + 12]))
        kind = found.lastgroup or ""
        word = found[kind]
        yield Token("word" if kind == "name" and word in _WORDS else kind, word, found.start(kind) + 1)
        at = found.end()
    yield Token("end", "", len(text) + 1)


def _wrong(reason: str, column: int, **params: Any) -> NoReturn:
    raise Refused("questionnaire_invalid", [Fault("", reason, {"column": column, **params})])


def _not(node: Node, expected: str, column: int) -> NoReturn:
    _wrong("expr_type", column, found=NAMES[node.type], expected=expected)


class _Parser:
    """Recursive descent, one method a strength of binding, weakest first."""

    def __init__(self, text: str, names: Mapping[str, Reference]) -> None:
        self.names = names
        self.tokens = list(tokens(text))
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> Token | None:
        """The next token if it is one of these signs or words."""
        token = self.next
        if token.kind not in ("sign", "word") or token.text not in texts:
            return None
        self.at += 1
        return token

    def need(self, text: str) -> None:
        if self.take(text) is None:
            self.unexpected()

    def unexpected(self) -> NoReturn:
        token = self.next
        if token.kind == "end":
            _wrong("expr_ends", token.column)
        _wrong("expr_unreadable", token.column, value=shown(token.text))

    def whole(self) -> Node:
        root = self.either()
        if self.next.kind != "end":
            self.unexpected()
        if root.type is not Type.BOOLEAN:
            _not(root, NAMES[Type.BOOLEAN], 1)
        return root

    def boolean(self, read: Callable[[], Node]) -> Node:
        column = self.next.column
        node: Node = read()
        if node.type is not Type.BOOLEAN:
            _not(node, NAMES[Type.BOOLEAN], column)
        return node

    def either(self) -> Node:
        return self.joined("or", self.both, tree.Or)

    def both(self) -> Node:
        return self.joined("and", self.negated, tree.And)

    def joined(self, word: str, read: Callable[[], Node], kind: type[tree.And | tree.Or]) -> Node:
        column = self.next.column
        parts = [read()]
        while self.take(word):
            if len(parts) == 1 and parts[0].type is not Type.BOOLEAN:
                _not(parts[0], NAMES[Type.BOOLEAN], column)
            parts.append(self.boolean(read))
        if len(parts) == 1:
            return parts[0]
        flat = [part for each in parts for part in (each.parts if isinstance(each, kind) else (each,))]
        return kind(tuple(flat))

    def deeper(self, read: Callable[[], Node]) -> Node:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            _wrong("expr_too_deep", self.next.column, limit=DEPTH_LIMIT)
        node: Node = read()
        self.depth -= 1
        return node

    def negated(self) -> Node:
        if self.take("not"):
            return tree.Not(self.deeper(lambda: self.boolean(self.negated)))
        return self.compared()

    def compared(self) -> Node:
        column = self.next.column
        left = self.summed()
        if self.next.text not in _COMPARISONS or self.next.kind != "sign":
            return left
        sign = self.next
        self.at += 1
        at = self.next.column
        right = self.summed()
        return _comparison(sign, left, column, right, at)

    def summed(self) -> Node:
        column = self.next.column
        first = self.multiplied()
        rest: list[tuple[str, Node]] = []
        type = first.type
        while sign := self.take("+", "-"):
            first = first if rest else _countable(first, column)
            at = self.next.column
            part = _countable(self.multiplied(), at)
            rest.append((sign.text, part))
            type = _sum_type(type if len(rest) > 1 else first.type, sign, part, at)
        if not rest:
            return first
        if isinstance(first, tree.Sum):
            return tree.Sum(type, first.first, (*first.rest, *rest))
        return tree.Sum(type, first, tuple(rest))

    def multiplied(self) -> Node:
        column = self.next.column
        factors = [self.signed()]
        while self.take("*"):
            factors[:1] = [_number(factors[0], column)] if len(factors) == 1 else factors[:1]
            at = self.next.column
            factors.append(_number(self.signed(), at))
        if len(factors) == 1:
            return factors[0]
        head = factors[0].factors if isinstance(factors[0], tree.Product) else factors[:1]
        return tree.Product((*head, *factors[1:]))

    def signed(self) -> Node:
        if not self.take("-"):
            return self.primary()
        column = self.next.column
        node = _number(self.deeper(self.signed), column)
        return tree.Literal(Type.NUMBER, -node.known) if isinstance(node, tree.Literal) else tree.Minus(node)

    def primary(self) -> Node:
        token = self.next
        if self.take("("):
            node = self.deeper(self.either)
            self.need(")")
            return node
        if token.kind in ("end", "sign") and token.text != ".":
            self.unexpected()
        self.at += 1
        match token.kind:
            case "number":
                return tree.Literal(Type.NUMBER, Decimal(token.text))
            case "string":
                return tree.Literal(Type.TEXT, token.text[1:-1])
            case "word":
                return self.word(token)
        if token.text in _FUNCTIONS and self.take("("):
            return self.call(token)
        return self.name(token)

    def word(self, token: Token) -> Node:
        if token.text in ("true", "false"):
            return tree.Literal(Type.BOOLEAN, token.text == "true")
        if token.text == "today":
            if "." not in self.names:
                _wrong("expr_today", token.column)
            return tree.Today(token.column)
        self.at -= 1
        self.unexpected()

    def name(self, token: Token) -> tree.Name:
        reference = self.names.get(token.text)
        if reference is None:
            _wrong("expr_own" if token.text == "." else "expr_no_question", token.column, value=shown(token.text))
        return tree.Name(token.text, reference, column=token.column)

    def call(self, function: Token) -> Node:
        token = self.next
        if token.kind != "name" and token.text != ".":
            self.unexpected()
        self.at += 1
        name = self.name(token)
        code = ""
        if function.text == "selected":
            self.need(",")
            code = self.code(name)
        self.need(")")
        expected = {
            "selected": (Type.CHOICE, Type.MULTIPLE),
            "count": (Type.MULTIPLE,),
            "length": (Type.TEXT,),
        }.get(function.text)
        if expected is not None and name.type not in expected:
            _not(name, NAMES[expected[-1]], token.column)
        return tree.Call(function.text, name, code)

    def code(self, name: tree.Name) -> str:
        token = self.next
        if token.kind not in ("string", "number"):
            self.unexpected()
        self.at += 1
        return _code_of(name, token.text[1:-1] if token.kind == "string" else token.text, token.column)


def _code_of(name: tree.Name, code: str, column: int) -> str:
    codes = name.reference.codes
    if code not in codes:
        options = ", ".join(codes[:12]) + ("…" if len(codes) > 12 else "")
        _wrong("expr_no_code", column, value=shown(code), question=name.key, options=options)
    return code


def _is_number(node: Node) -> bool:
    return node.type is Type.NUMBER or (isinstance(node, tree.Name) and node.reference.numeric)


def _number(node: Node, column: int) -> Node:
    """The node read as a number. Refused if it is none."""
    if node.type is Type.NUMBER:
        return node
    if isinstance(node, tree.Name) and node.reference.numeric:
        return node.as_number()
    _not(node, NAMES[Type.NUMBER], column)


def _countable(node: Node, column: int) -> Node:
    """A number or a date; a text that names a day is one."""
    if isinstance(node, tree.Literal) and node.type is Type.TEXT and (day := as_date(node.known)):
        return tree.Literal(Type.DATE, day)
    return node if node.type is Type.DATE else _number(node, column)


def _sum_type(type: Type, sign: Token, part: Node, column: int) -> Type:
    """number ± number, date ± days, date - date (days)."""
    if part.type is not Type.DATE:
        return type
    if type is Type.DATE and sign.text == "-":
        return Type.NUMBER
    _not(part, NAMES[Type.NUMBER], column)


def _comparison(sign: Token, left: Node, column: int, right: Node, at: int) -> Node:
    """Both sides of one type; a text beside a choice is a code, beside a date a day."""
    for node, place in ((left, column), (right, at)):
        if node.type in (Type.MULTIPLE, Type.PICTURE, Type.MATRIX):
            _wrong("expr_not_compared", place, found=NAMES[node.type])
    if isinstance(left, tree.Literal) and not isinstance(right, tree.Literal):
        left, right = _meet(left, column, right)
    else:
        right, left = _meet(right, at, left)
    if sign.text not in ("=", "!=") and _is_number(left) and _is_number(right):
        left, right = _number(left, column), _number(right, at)
    _has_code(sign, left, column, right)
    _has_code(sign, right, at, left)
    if left.type is not right.type:
        _not(right, NAMES[left.type], at)
    if sign.text not in ("=", "!=") and left.type not in (Type.NUMBER, Type.DATE):
        _wrong("expr_no_order", sign.column, found=NAMES[left.type])
    return tree.Compare(sign.text, left, right)


def _meet(node: Node, column: int, other: Node) -> tuple[Node, Node]:
    """`node`, often a literal, as far as it can be read as what `other` is; and `other` as what `node` is."""
    if isinstance(node, tree.Literal) and node.type is Type.TEXT:
        if isinstance(other, tree.Name) and other.type is Type.CHOICE:
            return tree.Literal(Type.CHOICE, _code_of(other, node.known, column)), other
        if other.type is Type.DATE:
            day = as_date(node.known)
            if day is None:
                _wrong("expr_no_date", column, value=shown(node.known))
            return tree.Literal(Type.DATE, day), other
    if Type.CHOICE in (node.type, other.type) and _is_number(node) and _is_number(other):
        if node.type is not other.type:
            return _number(node, column), _number(other, column)
    return node, other


def _has_code(sign: Token, literal: Node, column: int, other: Node) -> None:
    """A choice read as a number is equal to a number only if that is one of its codes."""
    if sign.text in ("=", "!=") and isinstance(other, tree.Name) and other.number and isinstance(literal, tree.Literal):
        codes = {Decimal(code) for code in other.reference.codes if code != CANNOT_SAY}
        if literal.known not in codes:
            _code_of(other, literal.text(), column)

"""XPath as XLSForm uses it (XPath 1.0, and `${name}`): text to tree, every error with its place.

Only what can stand in a condition or a constraint is told apart; a location path other than `.` is kept as its text.
"""

import re
from dataclasses import dataclass
from typing import Final, NoReturn

DEPTH_LIMIT = 60
LENGTH_LIMIT = 20_000


@dataclass(frozen=True)
class Number:
    text: str


@dataclass(frozen=True)
class Literal:
    text: str


@dataclass(frozen=True)
class Reference:
    """`${name}`."""

    name: str


@dataclass(frozen=True)
class Here:
    """`.`, the question's own value."""


@dataclass(frozen=True)
class Path:
    """Any other location path, such as `../name` or `instance('x')/root`."""

    text: str


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Negative:
    operand: "Node"


@dataclass(frozen=True)
class Binary:
    operator: str
    left: "Node"
    right: "Node"


Node = Number | Literal | Reference | Here | Path | Call | Negative | Binary


class XPathInvalid(ValueError):
    """`problem` at character `column`, counted from 1."""

    def __init__(self, problem: str, column: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.column = column


# Functions of the ODK XForms specification. A form that calls another one opens on no phone.
FUNCTIONS: Final = frozenset(
    """
    abs acos area asin atan atan2 base64-decode boolean boolean-from-string ceiling checklist checksum coalesce concat
    contains cos count count-non-empty count-selected current date date-time decimal-date decimal-date-time
    decimal-time digest distance ends-with enclosed-area exp exp10 extract-signed false floor format-date
    format-date-time generate geofence id if indexed-repeat instance int intersects is-null-island
    join jr:choice-name jr:itext last local-name log log10 max min name namespace-uri node-set normalize-space not now
    null number once pi position pow pulldata random randomize regex round selected selected-at sin some-selected
    sqrt starts-with string string-length substr substring substring-after substring-before sum tan thousands-sep
    today translate true uuid version weighted-checklist
    """.split()
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<reference>\$\{[^}]*\})
    | (?P<sign><=|>=|!=|//|::|[=<>+*|\[\](),/@-])
    | (?P<dots>\.\.?)
    | (?P<name>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?)
    )""",
    re.VERBOSE,
)
_WORD_OPERATORS = frozenset({"and", "or", "div", "mod"})
_AFTER_THESE_AN_OPERAND = frozenset("= != < <= > >= + - * | [ ( , / // :: @ and or div mod".split())
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


def parse_xpath(text: str) -> Node:
    """The tree of an XPath expression. Raises XPathInvalid with the place of the first error."""
    if len(text) > LENGTH_LIMIT:
        raise XPathInvalid(f"it is longer than {LENGTH_LIMIT} characters", LENGTH_LIMIT)
    return _Parser(text).whole()


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            rest = text[place:].lstrip()
            column = len(text) - len(rest) + 1
            problem = "a quotation mark is not closed" if rest[0] in "\"'" else f"{rest[0]!r} is not expected"
            raise XPathInvalid(problem, column)
        kind = str(match.lastgroup)
        tokens.append(_Token(_operator_or(kind, match[kind], tokens), match[kind], match.start(kind), match.end()))
        place = match.end()
    return tokens


def _operator_or(kind: str, text: str, before: list[_Token]) -> str:
    """`and`, `div` … and `*` are operators only where an operand stands before them (XPath 1.0, 3.7)."""
    if text not in _WORD_OPERATORS and text != "*":
        return kind
    last = before[-1] if before else None
    operand = last is not None and not (last.kind in ("sign", "operator") and last.text in _AFTER_THESE_AN_OPERAND)
    return "operator" if operand else "name"


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0

    def whole(self) -> Node:
        node = self.binary(0)
        if (token := self.peek()) is not None:
            self.fail(f"{token.text!r} is not expected here")
        return node

    def peek(self, ahead: int = 0) -> _Token | None:
        place = self.place + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def at(self, *texts: str) -> bool:
        token = self.peek()
        return token is not None and token.kind in ("sign", "operator") and token.text in texts

    def take(self) -> _Token:
        token = self.peek()
        if token is None:
            self.fail("something is missing at the end")
        self.place += 1
        return token

    def expect(self, text: str) -> None:
        if not self.at(text):
            self.fail(f"{text!r} is missing")
        self.place += 1

    def fail(self, problem: str) -> NoReturn:
        token = self.peek()
        raise XPathInvalid(problem, (token.start if token else len(self.text)) + 1)

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.unary()
        node = self.binary(level + 1)
        while self.at(*_LEVELS[level]):
            operator = self.take().text
            node = Binary(operator, node, self.binary(level + 1))
        return node

    def unary(self) -> Node:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            self.fail(f"it is nested more than {DEPTH_LIMIT} levels deep")
        if self.at("-"):
            self.take()
            node: Node = Negative(self.unary())
        else:
            node = self.union()
        self.depth -= 1
        return node

    def union(self) -> Node:
        start = self.place
        node = self.path()
        while self.at("|"):
            self.take()
            self.path()
            node = self.as_path(start)
        return node

    def path(self) -> Node:
        """A primary expression or a location path, with predicates and further steps."""
        start = self.place
        if self.at("/", "//"):
            self.steps(first=True)
            return self.as_path(start)
        node = self.primary()
        if self.at("[", "/", "//"):
            self.predicates()
            self.steps(first=False)
            return self.as_path(start)
        return node

    def steps(self, *, first: bool) -> None:
        while first or self.at("/", "//"):
            first = False
            self.take()
            self.step()
            self.predicates()

    def step(self) -> None:
        if self.at("@"):
            self.take()
        if self.take().kind not in ("name", "dots"):
            self.place -= 1
            self.fail("the name of a step is missing")
        if self.at("::"):
            self.take()
            self.step()

    def predicates(self) -> None:
        while self.at("["):
            self.take()
            self.binary(0)
            self.expect("]")

    def as_path(self, start: int) -> Path:
        return Path(self.text[self.tokens[start].start : self.tokens[self.place - 1].end])

    def primary(self) -> Node:
        token = self.take()
        match token.kind:
            case "number":
                return Number(token.text)
            case "text":
                return Literal(token.text[1:-1])
            case "reference":
                return self.reference(token.text[2:-1].strip())
            case "dots":
                return Here() if token.text == "." else Path("..")
            case "name":
                return self.named(token)
        if token.text == "(":
            node = self.binary(0)
            self.expect(")")
            return node
        self.place -= 1
        if token.text == "@":
            start = self.place
            self.step()
            return self.as_path(start)
        self.fail(f"{token.text!r} is not expected here")

    def reference(self, name: str) -> Node:
        if name.startswith("last-saved#"):
            return Path(f"${{{name}}}")
        if not name:
            self.place -= 1
            self.fail("${} names no question")
        return Reference(name)

    def named(self, token: _Token) -> Node:
        if self.at("::"):
            start = self.place - 1
            self.take()
            self.step()
            return self.as_path(start)
        if not self.at("("):
            return Path(token.text)
        if token.text not in FUNCTIONS:
            self.place -= 1
            self.fail(f"there is no function {token.text}()")
        self.take()
        arguments: list[Node] = []
        while not self.at(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.binary(0))
        self.take()
        return Call(token.text, tuple(arguments))


def references(node: Node) -> set[str]:
    """The names that `${…}` stands for in it (those inside kept paths not included)."""
    match node:
        case Reference(name):
            return {name}
        case Call(_, arguments):
            return {name for argument in arguments for name in references(argument)}
        case Negative(operand):
            return references(operand)
        case Binary(_, left, right):
            return references(left) | references(right)
    return set()

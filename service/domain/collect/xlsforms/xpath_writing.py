"""Conditions of a questionnaire as XPath that means the same on a phone.

XPath takes what is unanswered for an empty text; our comparisons with it are false. So a comparison that an empty text
could satisfy also asks for the answer.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from service.domain.collect import expression_tree as tree
from service.domain.collect.expression_tree import Node, Type
from service.domain.collect.expressions import Expression
from service.domain.collect.question_parts import CANNOT_SAY, canonical

_FUNCTIONS = {"count": "count-selected", "length": "string-length", "selected": "selected"}


def to_xpath(expression: Expression, names: Mapping[str, str]) -> str:
    """The XPath of a condition. `names` gives the workbook's name of each question and row (`m/r`)."""
    return _Writer(names).condition(expression.root)


class _Writer:
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def name(self, key: str) -> str:
        return "." if key == "." else f"${{{self.names[key]}}}"

    def condition(self, node: Node) -> str:
        match node:
            case tree.Or():
                return " or ".join(self.part(part) for part in node.parts)
            case tree.And():
                return " and ".join(self.part(part) for part in node.parts)
            case tree.Not():
                return f"not({self.condition(node.condition)})"
            case tree.Compare():
                return self.comparison(node)
            case tree.Call("answered"):
                return self.answered(node.name)
        return self.value(node)

    def part(self, node: Node) -> str:
        text = self.condition(node)
        compound = not isinstance(node, tree.Not) and (" and " in text or " or " in text)
        return f"({text})" if compound else text

    def answered(self, name: tree.Name) -> str:
        rows = name.reference.rows if name.reference.type is Type.MATRIX else ()
        return " or ".join(f"{self.name(key)} != ''" for key in rows or (name.key,))

    def comparison(self, node: tree.Compare) -> str:
        sides = [side for side in (node.left, node.right) if not isinstance(side, tree.Literal)]
        compared = f"{self.operand(node.left)} {node.sign} {self.operand(node.right)}"
        names = [name for name in tree.walk(node) if isinstance(name, tree.Name)]
        needed = node.sign == "!=" or (node.sign == "=" and len(sides) == 2 and node.left.type is not Type.NUMBER)
        guards = [guard for name in names for guard in self.guards(name)] if needed else []
        return " and ".join([*dict.fromkeys(guards), compared])

    def guards(self, name: tree.Name) -> list[str]:
        own = self.name(name.key)
        guards = [f"{own} != ''"]
        return [*guards, f"{own} != '{CANNOT_SAY}'"] if name.number and CANNOT_SAY in name.reference.codes else guards

    def operand(self, node: Node) -> str:
        text = self.value(node)
        return f"({text})" if isinstance(node, tree.Sum | tree.Product) else text

    def value(self, node: Node) -> str:
        match node:
            case tree.Literal():
                return _literal(node.known)
            case tree.Name():
                return self.name(node.key)
            case tree.Today():
                return "today()"
            case tree.Call():
                code = f", {_literal(node.code)}" if node.code else ""
                return f"{_FUNCTIONS[node.function]}({self.name(node.name.key)}{code})"
            case tree.Sum():
                return self.operand(node.first) + "".join(f" {sign} {self.operand(part)}" for sign, part in node.rest)
            case tree.Product():
                return " * ".join(self.operand(part) for part in node.factors)
            case tree.Minus():
                return f"-{self.operand(node.number)}"
        return f"({self.condition(node)})"


def _literal(known: Any) -> str:
    match known:
        case bool():
            return "true()" if known else "false()"
        case Decimal():
            return canonical(known)
        case date():
            return f"date('{known.isoformat()}')"
    return f'"{known}"' if "'" in str(known) else f"'{known}'"

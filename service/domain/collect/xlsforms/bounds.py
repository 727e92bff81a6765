"""Limits that a question has as fields of its own (at least, at most, an exclusive option), found in a constraint."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from service.domain.collect.question_parts import CANNOT_SAY
from service.domain.collect.xlsforms.xpaths import Binary, Call, Here, Literal, Negative, Node, Number

_LIMITS: Final = {">=": "min", "<=": "max"}
_LONGEST_TEXT: Final = 4000


def own_limit(kind: str, node: Node, codes: Mapping[str, str]) -> tuple[str, Any] | None:
    """(field, value) if `node` says no more than one field of a question of this kind; for an
    exclusive option `exclusive <code>`, so that there may be several."""
    if kind == "multiple" and (code := _exclusive(node)) is not None:
        known = codes[code] if code in codes else code if code == CANNOT_SAY else ""
        return (f"exclusive {known}", known) if known else None
    if not isinstance(node, Binary) or node.operator not in _LIMITS:
        return None
    field = _LIMITS[node.operator]
    match kind, node.left, node.right:
        case "number", Here(), Number() | Negative(Number()):
            return field, _number(node.right)
        case "multiple", Call("count-selected", (Here(),)), Number(text) if text.isdigit():
            return (field, int(text)) if 1 <= int(text) <= len(codes) else None
        case "text", Call("string-length", (Here(),)), Number(text) if text.isdigit():
            return ("max_length", int(text)) if field == "max" and 1 <= int(text) <= _LONGEST_TEXT else None
        case "date", Here(), Call("date", (Literal(text),)):
            return field, text
    return None


def _exclusive(node: Node) -> str | None:
    """The code in `not(selected(., 'none') and count-selected(.) > 1)`."""
    match node:
        case Call(
            "not",
            (
                Binary(
                    "and",
                    Call("selected", (Here(), Literal(code))),
                    Binary(">", Call("count-selected", (Here(),)), Number("1")),
                ),
            ),
        ):
            return code
    return None


def _number(node: Node) -> int | str:
    """A number as the questionnaire writes it: an integer, or its decimal digits as text."""
    text = f"-{node.operand.text}" if isinstance(node, Negative) else node.text  # type: ignore[union-attr]
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else text

"""Corrections: edits of frozen evidence, each with its reason. The evidence before them is never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from service.domain.errors import Fault, Refused, invalid
from service.domain.evaluate.canonical import as_data, sha256
from service.domain.evaluate.evidence import Evidence, from_plain, to_plain

# A field that says what the evidence is, not what it amounts to: replaced by nobody.
FIXED = ("node", "id", "campaign", "draw", "digest")
MOST_DEPTH = 20  # of lists and objects in a value; evidence has a handful


@dataclass(frozen=True)
class Edit:
    """One change of one piece of evidence: `kind` is a field of Evidence, `id` the piece's id, "" for the node's only
    one.

    `value` is the field's new value as plain data. With no `field`, `value` is a whole new piece, or None to take the
    piece out.
    """

    kind: str
    node: str
    field: str
    value: Any
    reason: str
    id: str = ""


def corrected(evidence: Evidence, edits: Sequence[Edit]) -> Evidence:
    """The evidence after these edits, in their order. Raises Refused("invalid") naming the edit and what is wrong.

    A piece that was edited carries a new digest made of the old one and the edit, and no standard error any more: the
    one it had belonged to the old numbers (C20: the old result is kept, so nothing is lost).
    """
    data: dict[str, Any] = to_plain(evidence)
    kinds = {field.name for field in fields(Evidence)}
    for at, edit in enumerate(edits):
        place = f"edits.{at}"
        if edit.kind not in kinds:
            options = ", ".join(sorted(kinds))
            raise Refused(
                "invalid", [Fault(f"{place}.kind", "not_an_option", {"value": edit.kind, "options": options})]
            )
        if not edit.reason.strip():
            raise Refused("invalid", [Fault(f"{place}.reason", "empty")])
        if _deeper(edit.value, MOST_DEPTH):
            raise Refused("invalid", [Fault(f"{place}.value", "wrong_type", {"expected": "a piece of evidence"})])
        data[edit.kind] = _applied(data.get(edit.kind, []), edit, place)
    try:
        return from_plain(data)
    except Refused as refused:
        raise Refused("invalid", [replace(fault, field=f"edits: {fault.field}") for fault in refused.faults]) from None


def _deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects stand in one another more than so many times."""
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return any(levels == 0 or _deeper(part, levels - 1) for part in parts)


def _applied(pieces: Sequence[Mapping[str, Any]], edit: Edit, place: str) -> list[Mapping[str, Any]]:
    if not edit.field and edit.value is not None:
        return [*pieces, _new(edit, place)]
    mine = [piece for piece in pieces if _meant(piece, edit)]
    if len(mine) != 1:
        raise invalid(f"{place}.id", "{count} pieces of evidence fit; name one by node and id", count=len(mine))
    [piece] = mine
    others = [other for other in pieces if other is not piece]
    return others if not edit.field else [*others, _changed(piece, edit, place)]


def _new(edit: Edit, place: str) -> Mapping[str, Any]:
    if not isinstance(edit.value, Mapping) or edit.value.get("node") != edit.node:
        raise Refused("invalid", [Fault(f"{place}.value", "wrong_type", {"expected": "a piece of this node"})])
    return edit.value


def id_of_piece(piece: Mapping[str, Any]) -> str:
    """What a piece of evidence is named by: a survey by its campaign, a check by its draw, others by their own id."""
    return str(piece.get("id") or piece.get("campaign") or piece.get("draw") or piece["node"])


def value_like(there: Any, text: str) -> Any:
    """What a person typed, in the shape of the value that stands there. Raises Refused("invalid") where it has none."""
    typed = text.strip()
    if isinstance(there, bool):
        if typed.lower() in ("true", "false"):
            return typed.lower() == "true"
        raise Refused("invalid", [Fault("value", "wrong_type", {"expected": "true, false"})])
    if isinstance(there, int):
        try:
            return int(typed)
        except ValueError:
            raise Refused("invalid", [Fault("value", "wrong_type", {"expected": "1, 2, 3 …"})]) from None
    return typed


def _meant(piece: Mapping[str, Any], edit: Edit) -> bool:
    return bool(piece["node"] == edit.node and edit.id in ("", id_of_piece(piece)))


def _changed(piece: Mapping[str, Any], edit: Edit, place: str) -> Mapping[str, Any]:
    if edit.field in FIXED:
        raise invalid(f"{place}.field", "this says which evidence it is and cannot be corrected")
    made = {**piece, edit.field: as_data(edit.value)}
    if "digest" in piece:
        made["digest"] = sha256({"of": piece["digest"], "field": edit.field, "value": edit.value})
    made.pop("se", None)
    return made

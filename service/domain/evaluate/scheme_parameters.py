"""What the measures leave open, as named parameters of a scheme with their defaults: never hidden constants."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.domain.evaluate.marked import Fields


@dataclass(frozen=True)
class Parameter:
    """One parameter: its kind, what holds while a scheme is silent, its limits or options, and the rules it is of."""

    kind: str  # text | whole | number | flag | choice | years
    default: Any
    rules: tuple[str, ...]
    lower: int = 0
    upper: int = 1000
    options: tuple[str, ...] = ()


PARAMETERS: Mapping[str, Parameter] = {
    "publication_basis": Parameter("text", "", ("G58",)),
    "publish_unappealed": Parameter("flag", False, ("G58",)),
    "quorum": Parameter("whole", 1, ("G27",), 1, 1000),
    "provider_may_score": Parameter("flag", False, ("G05",)),
    "extreme_share": Parameter("number", Decimal(10), ("G27",), 0, 50),
    "extreme_reason_length": Parameter("whole", 20, ("G27",), 1, 4000),
    "objection_days": Parameter("whole", 5, ("C20",), 1, 365),
    "objection_clock": Parameter("choice", "receipt", ("C20",), options=("receipt", "filing")),
    "review_members": Parameter("whole", 2, ("G57",), 1, 30),
    "ban_start": Parameter("choice", "result_final", ("G61",), options=("result_final", "decision")),
    "rectification_chances": Parameter("whole", 0, ("O13",), 0, 5),
    "contract_years": Parameter("whole", 3, ("C11",), 1, 10),
    "retention": Parameter("years", {}, ("C27",), 1, 100),
}


def read_parameters(doc: Fields) -> dict[str, Any]:
    """What the scheme sets of PARAMETERS. An unknown name, a wrong kind or an impossible value is a fault."""
    entry = doc.inner("parameters", optional=True)
    if entry is None:
        return {}
    found: dict[str, Any] = {}
    for name, item in entry.values.items():
        if name not in PARAMETERS:
            entry.seen.add(name)
            entry.fault("scheme_choice", name, item, value=name, options=", ".join(PARAMETERS))
        elif (value := _value(entry, name, PARAMETERS[name])) is not None:
            found[name] = value
    entry.close()
    return found


def _value(entry: Fields, name: str, one: Parameter) -> Any:
    if one.kind == "flag":
        return entry.flag(name)
    if one.kind == "whole":
        return entry.whole(name, one.lower, one.upper)
    if one.kind == "number":
        return entry.number(name, str(one.lower), str(one.upper))
    if one.kind == "choice":
        return entry.choice(name, one.options) or None
    if one.kind == "years":
        return _years(entry, name, one)
    return entry.text(name) or None


def _years(entry: Fields, name: str, one: Parameter) -> Any:
    """Kind of data -> {years, basis}: how long it is kept, and by which rule."""
    inner = entry.inner(name)
    if inner is None:
        return None
    found = {}
    for kind in inner.values:
        row = inner.inner(kind)
        if row is not None:
            found[kind] = {"years": row.whole("years", one.lower, one.upper), "basis": row.text("basis")}
            row.close()
    return found

"""Evidence and score trees as plain JSON data and back, byte for byte: what is frozen, exported and recomputed."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from service.domain.errors import Fault, Refused
from service.domain.evaluate.evidence import Evidence
from service.domain.evaluate.schemes import as_data, canonical

T = TypeVar("T")


def to_plain(evidence: Evidence) -> dict[str, Any]:
    """Each kind of evidence by its name, the pieces in one order whatever the order they were read in.

    Kinds of which there is nothing are left out, so that evidence frozen before a kind existed keeps its text.
    """
    return {
        kind.name: sorted((as_data(item) for item in getattr(evidence, kind.name)), key=canonical)
        for kind in fields(evidence)
        if getattr(evidence, kind.name)
    }


def from_plain(data: Mapping[str, Any]) -> Evidence:
    """The evidence of `to_plain`. Raises Refused("invalid") naming the place that is none."""
    return rebuilt(Evidence, data, "evidence")


def ordered(evidence: Evidence) -> Evidence:
    """The same evidence in the order of `to_plain`."""
    return from_plain(to_plain(evidence))


def rebuilt(kind: type[T], data: Any, place: str = "") -> T:
    """An instance of a dataclass from its plain data, by the types of its fields.

    Fields with a default may be missing, unknown ones may not be there. Raises Refused("invalid") with the place.
    """
    if not isinstance(data, Mapping):
        raise _wrong(place, "an object")
    hints = _hints(kind)  # type: ignore[arg-type]
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    for name in data:
        if name not in known:
            raise _wrong(f"{place}.{name}" if place else str(name), "no field of this name")
    values = {name: _value(hints[name], value, f"{place}.{name}" if place else name) for name, value in data.items()}
    try:
        return kind(**values)
    except TypeError as error:  # a field without default is missing
        raise _wrong(place, str(error).partition(": ")[2] or "all its fields") from error


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(hint: Any, data: Any, place: str) -> Any:
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return data
    if origin in (Union, UnionType):
        return _one_of(parts, data, place)
    if origin is tuple:
        return _tuple(parts, data, place)
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(data, Mapping):
            raise _wrong(place, "an object")
        return {key: _value(parts[1], value, f"{place}.{key}") for key, value in data.items()}
    if is_dataclass(hint):
        return rebuilt(hint, data, place)  # type: ignore[arg-type]
    return _simple(hint, data, place)


def _one_of(parts: tuple[Any, ...], data: Any, place: str) -> Any:
    """A value that may be null: the other forms are told apart by nobody, so there is one."""
    if data is None and type(None) in parts:
        return None
    [hint] = [part for part in parts if part is not type(None)]
    return _value(hint, data, place)


def _tuple(parts: tuple[Any, ...], data: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        raise _wrong(place, "a list")
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_value(parts[0], item, f"{place}.{at}") for at, item in enumerate(data))
    if len(parts) != len(data):
        raise _wrong(place, f"a list of {len(parts)}")
    return tuple(_value(part, item, f"{place}.{at}") for at, (part, item) in enumerate(zip(parts, data, strict=True)))


def _simple(hint: Any, data: Any, place: str) -> Any:
    """Numbers of points are texts, so that no float comes near them; times are texts too."""
    try:
        if hint is Decimal and isinstance(data, str):
            return Decimal(data)
        if hint is datetime and isinstance(data, str):
            return datetime.fromisoformat(data)
        if hint is date and isinstance(data, str):
            return date.fromisoformat(data)
    except (InvalidOperation, ValueError) as error:
        raise _wrong(place, f"a {hint.__name__}") from error
    if hint in (str, int, bool) and type(data) is hint:
        return data
    raise _wrong(place, f"a {getattr(hint, '__name__', 'value')}")


def _wrong(place: str, expected: str) -> Refused:
    return Refused("invalid", [Fault(place or "file", "wrong_type", {"expected": expected})])

"""Plain data back into the frozen dataclasses they were made of (canonical.as_data), by their declared types."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from service.domain.errors import Fault, Refused

R = TypeVar("R")
MOST_DIGITS = 200  # before the point, and places after it: a few characters can stand for a number of millions of them


def record(kind: type[R], data: Any, path: str) -> R:
    """One dataclass of `kind`; fields that have a default may be absent. Raises Refused("invalid") with the place."""
    if not isinstance(data, Mapping):
        raise _wrong(path, "an object")
    hints = _hints(kind)  # type: ignore[arg-type]
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(data) - set(known)):
        raise Refused("invalid", [Fault(_at(path, name), "unknown_field") for name in unknown])
    values = {}
    for name, each in known.items():
        if name in data:
            values[name] = _value(hints[name], data[name], _at(path, name))
        elif each.default is MISSING and each.default_factory is MISSING:
            raise Refused("invalid", [Fault(_at(path, name), "missing")])
    return kind(**values)


@lru_cache(maxsize=128)
def _hints(kind: type) -> Mapping[str, Any]:
    """Read once a class: a tree of a thousand nodes asks thousands of times."""
    return get_type_hints(kind)


def _value(kind: Any, data: Any, path: str) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (UnionType, Union):
        if data is None and NoneType in parts:
            return None
        [one] = [part for part in parts if part is not NoneType]
        return _value(one, data, path)
    if origin is tuple:
        return _tuple(parts, data, path)
    if origin is not None:
        return _mapping(parts, data, path)
    if hasattr(kind, "__dataclass_fields__"):
        return record(kind, data, path)
    return _scalar(kind, data, path)


def _tuple(parts: tuple[Any, ...], data: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        raise _wrong(path, "a list")
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_value(parts[0], one, _at(path, at)) for at, one in enumerate(data))
    if len(data) != len(parts):
        raise _wrong(path, f"a list of {len(parts)}")
    return tuple(_value(part, one, _at(path, at)) for at, (part, one) in enumerate(zip(parts, data, strict=True)))


def _mapping(parts: tuple[Any, ...], data: Any, path: str) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise _wrong(path, "an object")
    return {str(key): _value(parts[1], one, _at(path, key)) for key, one in data.items()}


def _scalar(kind: Any, data: Any, path: str) -> Any:
    try:
        if kind is Decimal and isinstance(data, str):
            return _number(Decimal(data))
        if kind in (date, datetime) and isinstance(data, str):
            return kind.fromisoformat(data)
    except (InvalidOperation, ValueError):
        raise _wrong(path, f"a {kind.__name__}") from None
    if kind is Any or (type(data) is kind and not (kind is int and abs(data) >= 10**MOST_DIGITS)):
        return data
    raise _wrong(path, f"a {kind.__name__}")


def _number(value: Decimal) -> Decimal:
    """Raises ValueError for what is no number, or could not be written out."""
    if not value.is_finite() or value.adjusted() >= MOST_DIGITS or int(value.as_tuple().exponent) < -MOST_DIGITS:
        raise ValueError(value)
    return value


def _at(path: str, name: Any) -> str:
    return f"{path}.{name}".lstrip(".")


def _wrong(path: str, expected: str) -> Refused:
    return Refused("invalid", [Fault(path, "wrong_type", {"expected": expected})])

"""One text for one value: plain JSON data, canonical bytes and the digests that schemes, scores and evidence go by."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any


class Variant:
    """One of several forms that may stand in the same place: canonical data name it (`is`)."""


def later(default: Any) -> Any:
    """A field that did not exist from the beginning. While it holds its default, canonical data are without it.

    So what was published or frozen before keeps its digest. `default` may be a type that makes one (dict).
    """
    if isinstance(default, type):
        return field(default_factory=default, metadata={"later": True})
    return field(default=default, metadata={"later": True})


def absent(each: Field[Any], value: Any) -> bool:
    """Whether canonical data leave this field out."""
    if not each.metadata.get("later"):
        return False
    default = each.default_factory() if each.default_factory is not MISSING else each.default
    return bool(value == default)


def plain(value: Decimal) -> str:
    """One text for one number: 20, 20.0 and 2E+1 are all "20"."""
    if value.is_zero():
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_data(value: Any) -> Any:
    """Plain JSON data of a scheme, a score or evidence: numbers of points as text, so that no float comes near them."""
    if isinstance(value, Decimal):
        return plain(value)
    if is_dataclass(value) and not isinstance(value, type):
        named = {
            each.name: as_data(given) for each in fields(value) if not absent(each, given := getattr(value, each.name))
        }
        return {"is": type(value).__name__, **named} if isinstance(value, Variant) else named
    if isinstance(value, Mapping):
        return {str(key): as_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def canonical(value: Any) -> bytes:
    """Canonical JSON in UTF-8: keys in order, no spaces, numbers of points as text."""
    return json.dumps(
        as_data(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256(value: Any) -> str:
    """Lower-case hex SHA-256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical(value)).hexdigest()

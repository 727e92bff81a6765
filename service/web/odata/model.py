"""What a feed consists of: entity sets with typed properties, and where their rows come from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from service.domain.errors import Refused

STRING, WHOLE, DECIMAL, MOMENT, BOOLEAN = "Edm.String", "Edm.Int32", "Edm.Decimal", "Edm.DateTimeOffset", "Edm.Boolean"
Row = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """`name` is a simple identifier; `nullable` properties may be null."""

    name: str
    type: str = STRING
    nullable: bool = True


class Source(Protocol):
    """The rows of a set in the order of their keys, a page at a time."""

    def after(self, key: str, size: int) -> list[tuple[str, Row]]:
        """At most `size` rows, each under its key, that come after `key`; "" is before the first."""

    def count(self) -> int:
        """How many rows there are without a filter."""


@dataclass(frozen=True)
class EntitySet:
    """A table of the feed; `key` is the property that tells its rows apart. `source` is asked for when rows are."""

    name: str
    properties: tuple[Property, ...]
    key: str
    source: Callable[[], Source]

    def property(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)


class Listed:
    """A list that is in memory: of administration size. Its key is the number of the row."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = list(rows)

    def after(self, key: str, size: int) -> list[tuple[str, Row]]:
        if not (key or "0").isdigit():
            raise Refused("query_invalid", option="$skiptoken", detail=f"{key} is no number of a row")
        first = int(key or 0)
        part = self._rows[first : first + size]
        return [(str(number), {"Row": number, **row}) for number, row in enumerate(part, first + 1)]

    def count(self) -> int:
        return len(self._rows)


def listed(name: str, properties: Sequence[Property], rows: Callable[[], Iterable[Row]]) -> EntitySet:
    """A set of numbered rows."""
    return EntitySet(name, (Property("Row", WHOLE, nullable=False), *properties), "Row", lambda: Listed(rows()))

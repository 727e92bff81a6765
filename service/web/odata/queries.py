"""System query options, and one page of a set: rows, how many there are, and where the next page is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn

from service.domain.errors import Refused
from service.web.odata import filters
from service.web.odata.filters import Test
from service.web.odata.model import EntitySet, Row, Source

PAGE: Final = 500  # rows of a page
SCANNED: Final = 4000  # rows that are looked at for one page, if most are filtered out
LONGEST_SKIP: Final = 1_000_000_000
KNOWN: Final = ("$select", "$filter", "$top", "$skip", "$count", "$skiptoken", "$format")
_TOKEN: Final = re.compile(r"([A-Za-z0-9]{0,64})\.(\d{0,10})\.(\d{1,10})")


@dataclass(frozen=True)
class Query:
    """`top` None: all. After a key come `skip` more rows that are passed over. `first`: not a following page."""

    select: tuple[str, ...]
    test: Test | None
    top: int | None
    skip: int
    count: bool
    after: str
    first: bool


@dataclass(frozen=True)
class Found:
    """`next` is the token of the next page, None on the last one; `count` only where it was asked for."""

    rows: tuple[Row, ...]
    next: str | None
    count: int | None


def read(options: Mapping[str, str], entity_set: EntitySet) -> Query:
    """The query options of an address. Raises Refused: query_unsupported, query_invalid."""
    for name in options:
        if name.startswith("$") and name not in KNOWN:
            raise Refused("query_unsupported", option=name[:40], known=", ".join(KNOWN))
    if options.get("$format", "json").partition(";")[0] not in ("json", "application/json"):
        _refuse("$format", "it is json")
    if options.get("$count", "false") not in ("true", "false"):
        _refuse("$count", "it is true or false")
    top = _number("$top", options["$top"]) if "$top" in options else None
    after, skip, token = "", _number("$skip", options.get("$skip", "0")), options.get("$skiptoken", "")
    if token:
        after, top, skip = _read_token(token)
    return Query(
        select=_selected(options.get("$select", ""), entity_set),
        test=filters.parse(options["$filter"], entity_set) if options.get("$filter", "").strip() else None,
        top=top,
        skip=skip,
        count=options.get("$count") == "true",
        after=after,
        first=not token,
    )


def _selected(text: str, entity_set: EntitySet) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if names == ["*"]:
        names = []
    for name in names:
        if entity_set.property(name) is None:
            _refuse("$select", f"{name[:80]} is no property")
    return tuple(dict.fromkeys(names)) or tuple(one.name for one in entity_set.properties)


def _number(option: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= LONGEST_SKIP):
        _refuse(option, "it is a whole number")
    return int(text)


def _read_token(text: str) -> tuple[str, int | None, int]:
    found = _TOKEN.fullmatch(text)
    if found is None:
        _refuse("$skiptoken", "take the address of the next page as it was given")
    return found[1], int(found[2]) if found[2] else None, int(found[3])


def _refuse(option: str, detail: str) -> NoReturn:
    raise Refused("query_invalid", option=option, detail=detail)


def page(query: Query, source: Source) -> Found:
    """One page; with a filter it may be short, or empty, although more follow: only `next` tells the end."""
    taken: list[Row] = []
    after, skip, seen = query.after, query.skip, 0
    room = PAGE if query.top is None else min(PAGE, query.top)
    more = room > 0
    while more and len(taken) < room and seen < SCANNED:
        part = source.after(after, PAGE)
        more = len(part) == PAGE
        for place, (key, row) in enumerate(part):
            after, seen = key, seen + 1
            if query.test is not None and not query.test(row):
                continue
            if skip:
                skip -= 1
                continue
            taken.append({name: row[name] for name in query.select})
            if len(taken) == room:
                more = more or place + 1 < len(part)
                break
    left = None if query.top is None else query.top - len(taken)
    following = f"{after}.{'' if left is None else left}.{skip}" if more and left != 0 else None
    return Found(tuple(taken), following, _count(query, source) if query.count and query.first else None)


def _count(query: Query, source: Source) -> int:
    return source.count() if query.test is None else counted(query.test, source)


def counted(test: Test, source: Source) -> int:
    """How many rows are wanted, a page at a time."""
    number, after = 0, ""
    while part := source.after(after, PAGE):
        number += sum(test(row) for _, row in part)
        after = part[-1][0]
        if len(part) < PAGE:
            break
    return number

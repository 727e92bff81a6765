"""The feed of a campaign: single answers, figures and codebook for its evaluator, releases for whoever reads them."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.collect import exports as rules
from service.domain.collect.exports import NUMBERS, Column
from service.domain.errors import Refused
from service.domain.table_cells import Cell
from service.operations import projects
from service.operations.collect import campaigns, exports, releases
from service.operations.collect.exports import Exported
from service.web.exporting import campaigns as tables
from service.web.exporting import releases as release_tables
from service.web.exporting.tables import Table
from service.web.odata.model import DECIMAL, MOMENT, STRING, WHOLE, EntitySet, Property, Row, listed

_ID = re.compile(r"[0-9a-f]{32}")
OWN = {
    rules.ID: "Id",
    rules.SITE: "Site",
    rules.SESSION: "Session",
    rules.DISTRIBUTION: "Distribution",
    rules.MODE: "Mode",
    rules.ASSISTED: "Assistance",
    rules.LANGUAGE: "Language",
    rules.HOUR: "Hour",
    rules.DURATION: "DurationClass",
    rules.SEED: "Order",
}
COUNTS = "answered n issued population helped count asked cannot_say skipped not_asked"
FRACTIONS = "satisfied interval_lower interval_upper bounds_lower bounds_upper rate top2 top3 index share"
COLUMN_TYPES = dict.fromkeys(COUNTS.split(), WHOLE) | dict.fromkeys(FRACTIONS.split(), DECIMAL)


def sets(actor: Actor, id: str) -> dict[str, EntitySet | None]:
    """Every set that a campaign's feed may have; None for those that this reader may not read."""
    campaign = campaigns.get(actor, id, "releases.read")
    parties = projects.project(actor, campaign.project).parties
    found: dict[str, EntitySet | None] = dict.fromkeys(("Responses", "Codebook", "Figures", "Questions"))
    if access.may(actor, "responses.read", parties):
        found["Responses"] = _responses(exports.exported(actor, id))
    if access.may(actor, "campaigns.read", parties):
        found["Codebook"] = _table("Codebook", tables.CODEBOOK, lambda: tables.codebook(actor, id))
    if access.may(actor, "satisfaction.read", parties):
        found["Figures"] = _table("Figures", tables.FIGURES, lambda: tables.figures(actor, id)[0])
        found["Questions"] = _table("Questions", tables.QUESTIONS, lambda: tables.questions(actor, id))
    found["Releases"] = listed("Releases", RELEASES, lambda: _releases(actor, id))
    return found


def names_of(columns: Sequence[Column]) -> tuple[str, ...]:
    """Simple identifiers, each once: a row of a matrix `q/row` is `q__row`."""
    names: list[str] = []
    for column in columns:
        name = wanted = OWN.get(column.name) or re.sub(r"\W", "__", column.name)
        while name in names:
            name = f"{wanted}_{len(names)}"
        names.append(name)
    return tuple(names)


def _type(column: Column) -> str:
    """Numbers where every value is one: who cannot say gives a word."""
    if column.kind == "class":
        return WHOLE
    return DECIMAL if column.kind in NUMBERS and not column.cannot_say else STRING


class _Responses:
    """Sealed answers in the order of their random ids."""

    def __init__(self, found: Exported, names: Sequence[str], types: Sequence[str]) -> None:
        self._found, self._names, self._types = found, names, types

    def after(self, key: str, size: int) -> list[tuple[str, Row]]:
        if key and not _ID.fullmatch(key):
            raise Refused(
                "query_invalid", option="$skiptoken", detail="take the address of the next page as it was given"
            )
        return [(response.final_id, self._row(response)) for response in exports.after(self._found, key, size)]

    def _row(self, response: Any) -> Row:
        cells = rules.cells(self._found.columns, response)
        pairs = zip(self._names, self._types, cells, strict=True)
        return {name: cell if kind != STRING or cell is None else str(cell) for name, kind, cell in pairs}

    def count(self) -> int:
        return self._found.number


def _responses(found: Exported) -> EntitySet:
    names, types = names_of(found.columns), [_type(column) for column in found.columns]
    properties = tuple(Property(name, kind, name != "Id") for name, kind in zip(names, types, strict=True))
    return EntitySet("Responses", properties, "Id", lambda: _Responses(found, names, types))


def _table(name: str, header: Sequence[str], made: Callable[[], Table]) -> EntitySet:
    """A table that is taken away, made when its rows are asked for; its column `site_name` is SiteName."""
    names = ["".join(part.capitalize() for part in column.split("_")) for column in header]
    properties = [Property(own, COLUMN_TYPES.get(column, STRING)) for own, column in zip(names, header, strict=True)]
    return listed(name, properties, lambda: (dict(zip(names, row, strict=True)) for row in made().rows))


RELEASES = (
    Property("Release", WHOLE, nullable=False),
    Property("At", MOMENT, nullable=False),
    Property("Table"),
    Property("Group"),
    Property("Layer"),
    Property("N", WHOLE),
    Property("Satisfied", DECIMAL),
    Property("Item"),
    Property("Code"),
    Property("Count", WHOLE),
)


def _releases(actor: Actor, id: str) -> Iterator[Row]:
    """Every release as far as this reader may see it; the provider's totals are a table by site."""
    names = tables.site_names(actor, id)
    for release in releases.listing(actor, id):
        _, content = releases.one(actor, id, release.number)
        head = {"Release": release.number, "At": release.at.isoformat()}
        if "sites" in content:
            rows: Iterator[tuple[Cell, ...]] = (
                ("site", ", ".join(names.get(site, site) for site in one["sites"]), None, one["n"], *(None,) * 4)
                for one in content["sites"]
            )
        else:
            rows = release_tables.rows_of(content, names)
        columns = [one.name for one in RELEASES[2:]]
        yield from (head | dict(zip(columns, row, strict=True)) for row in rows)

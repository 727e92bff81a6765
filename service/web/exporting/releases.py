"""What is taken away of a release: its tables as rows, exactly what this reader may see of it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from service.domain.access import Actor
from service.domain.table_cells import Cell
from service.operations.collect import releases
from service.web.exporting.campaigns import site_names
from service.web.exporting.tables import Table

HEADER = ("table", "group", "layer", "n", "satisfied", "item", "code", "count")


def release(actor: Actor, campaign: str, number: int) -> list[Table]:
    """One row a count for whoever reads the whole release; the provider one row a site, or merged sites."""
    made, content = releases.one(actor, campaign, number)
    names = site_names(actor, campaign)
    told = Table("About", ("what", "value"), list(_about(made.digest, content)))
    if "sites" in content:
        return [_totals(content, names), told]
    titles = (
        gettext("Table"),
        gettext("Group"),
        gettext("Layer"),
        gettext("Persons"),
        gettext("Satisfied"),
        gettext("Item"),
        gettext("Code"),
        gettext("Count"),
    )
    return [Table(f"Release {number}", HEADER, rows_of(content, names), shares=(4,), titles=titles), told]


def _totals(content: Mapping[str, Any], names: Mapping[str, str]) -> Table:
    rows = [(", ".join(row["sites"]), _named(row["sites"], names), row["n"]) for row in content["sites"]]
    titles = (gettext("Sites"), gettext("Names"), gettext("Persons"))
    return Table("Release", ("sites", "names", "n"), rows, titles=titles)


def rows_of(content: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[tuple[Cell, ...]]:
    """One row a count; a group in which nothing was counted has one row without item and code."""
    for table in content["tables"]:
        by = " × ".join(table["by"])
        for row in table["rows"]:
            for layer, figure in row["figures"].items():
                head = (by or None, _group(row["values"], names) or None, layer, figure["n"], _share(figure))
                counts = [(item, *count) for item, part in figure["items"].items() for count in part.items()]
                yield from ((*head, *count) for count in counts or [(None, None, None)])


def _share(figure: Mapping[str, Any]) -> Cell:
    return None if figure["satisfied"] is None else Decimal(figure["satisfied"])


def _group(values: list[list[str]], names: Mapping[str, str]) -> str:
    """The values that were merged into one group."""
    return "; ".join(" / ".join(names.get(value, value) for value in one) for one in values)


def _named(sites: list[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(site, site) for site in sites)


def _about(digest: str, content: Mapping[str, Any]) -> Iterator[tuple[Cell, ...]]:
    yield gettext("Campaign"), content["campaign"]
    yield gettext("Release"), content["number"]
    yield gettext("Made at"), content["at"]
    yield "SHA-256", digest
    yield gettext("Rule"), content["rule"]

"""Rows of rounds: only the fields that a list shows leave the database."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from service.domain.evaluate.rounds import PURCHASER, RoundRow
from service.store.documents.evaluate.rounds import RoundDocument
from service.store.records import collection

_FIELDS = ("project", "kind", "name", "state", "lead", "scheme", "opened_at", "deadlines", "version")
_FEW = 20  # projects that are cheaper to look up by the index than by going through all rounds


def rows(projects: Collection[str], wanted: Mapping[str, str]) -> list[RoundRow]:
    """The rounds of these projects whose fields equal those of `wanted`."""
    mine = frozenset(projects)
    few = {"project": {"$in": sorted(mine)}} if len(mine) <= _FEW else {}
    return [_row(one) for one in _found({**wanted, **few}) if one["project"] in mine]


def _found(asked: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    found: Iterator[Mapping[str, Any]] = collection(RoundDocument).find(dict(asked), dict.fromkeys(_FIELDS, 1))
    return found


def _row(one: Mapping[str, Any]) -> RoundRow:
    return RoundRow(
        id=one["_id"],
        project=one["project"],
        kind=one["kind"],
        name=one["name"],
        state=one["state"],
        lead=one.get("lead") or PURCHASER,
        scheme=one["scheme"],
        opened_at=one["opened_at"],
        deadlines=one.get("deadlines") or {},
        version=one["version"],
    )

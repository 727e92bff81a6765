"""Rows of rounds: only the fields that a list shows leave the database."""

from collections.abc import Mapping
from datetime import date

from service.domain.evaluate.rounds import PURCHASER, RoundRow
from service.store.documents.evaluate.rounds import RoundDocument
from service.store.records import collection

_FIELDS = ("project", "kind", "name", "state", "lead", "scheme", "opened_at", "deadlines", "version")


def rows(wanted: Mapping[str, str]) -> list[RoundRow]:
    """All rounds whose fields equal those of `wanted`."""
    found = collection(RoundDocument).find(dict(wanted), dict.fromkeys(_FIELDS, 1))
    return [
        RoundRow(
            id=one["_id"],
            project=one["project"],
            kind=one["kind"],
            name=one["name"],
            state=one["state"],
            lead=one.get("lead") or PURCHASER,
            scheme=one["scheme"],
            opened_at=one["opened_at"],
            due=_due(one.get("deadlines") or {}),
            version=one["version"],
        )
        for one in found
    ]


def _due(deadlines: Mapping[str, Mapping[str, str | None]]) -> date | None:
    running = [str(one["on"]) for one in deadlines.values() if not one.get("done_on")]
    return date.fromisoformat(min(running)) if running else None

"""Heads of results: what a result came to, without its tree and its evidence, which are large."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from service.domain.evaluate.results import ResultHead
from service.store.documents.evaluate.results import ResultVersionDocument
from service.store.records import collection

_FIELDS = ("round", "number", "scheme", "total", "grade", "made_at")


def heads(rounds: Collection[str]) -> dict[str, ResultHead]:
    """Round -> the head of the version that stands, for those of these rounds that have a result."""
    found: dict[str, ResultHead] = {}
    asked = {"round": {"$in": list(rounds)}}
    for one in collection(ResultVersionDocument).find(asked, dict.fromkeys(_FIELDS, 1)):
        there = found.get(one["round"])
        if there is None or there.number < one["number"]:
            found[one["round"]] = _head(one)
    return found


def _head(one: Mapping[str, Any]) -> ResultHead:
    return ResultHead(
        one["round"], one["number"], one["scheme"], Decimal(one["total"]), one.get("grade") or "", one["made_at"]
    )

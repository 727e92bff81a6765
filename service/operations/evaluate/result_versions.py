"""The frozen versions of a round's result, as they lie in the store; who may read them is decided in results.py."""

from service.domain.evaluate.results import ResultVersion
from service.store import records


def versions(round_id: str) -> list[ResultVersion]:
    """All versions, the first one first."""
    return sorted(records.find(ResultVersion, round=round_id), key=lambda version: version.number)


def latest(round_id: str) -> ResultVersion | None:
    """The version that stands; None before the round is reported."""
    found = versions(round_id)
    return found[-1] if found else None

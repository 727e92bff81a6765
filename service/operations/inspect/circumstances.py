"""Circumstances: a record is held against its site, the opening of its list and the thresholds of its checklist."""

from collections.abc import Iterable
from typing import Any

from service.domain.inspect import circumstances as rules
from service.domain.inspect.circumstances import Surroundings
from service.domain.inspect.evidence_files import EvidenceFile
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.inspect.visits import Visit
from service.domain.projects import Site
from service.operations.inspect import checklists
from service.store import records


def of(spot: SpotCheck, files: Iterable[EvidenceFile] = ()) -> tuple[tuple[str, ...], dict[str, dict[str, Any]]]:
    """(facts, what was measured) of a record; without a visit it is not known where and since when."""
    visit = records.get(Visit, spot.visit) if spot.visit else None
    site = records.get(Site, visit.site) if visit else None
    known = site is not None and site.latitude is not None and site.longitude is not None
    around = Surroundings(
        site=(site.latitude, site.longitude) if known else None,  # type: ignore[union-attr,arg-type]
        opened_at=visit.started_at if visit else None,
        limits=checklists.parsed(spot.checklist).limits if spot.checklist else {},
    )
    return rules.of(spot, around, files)

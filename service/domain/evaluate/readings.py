"""The first look at a round's evidence: from then on nobody can fit the scheme to what it shows (G53)."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.evaluate.evidence import Evidence


@dataclass(frozen=True)
class EvidenceReading:
    """Who first looked at a round's evidence, and when. The id is the round's."""

    id: str
    at: datetime
    by: str


def says_something(evidence: Evidence) -> bool:
    """Whether there is anything to see yet: an answer, a look-up, a volume, a judgement or another entry."""
    counted = any(one.n for one in evidence.surveys) or any(one.n for one in evidence.checks)
    volumes = any(one.verified is not None or one.claimed is not None for one in evidence.quantities)
    entered = (evidence.judgements, evidence.ratios, evidence.measures, evidence.events, evidence.gates)
    return counted or volumes or any(entered)

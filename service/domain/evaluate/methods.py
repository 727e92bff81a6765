"""Methods of assessment: what of each method's minimum has been gathered, and by which records (G41-G45)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.domain.evaluate.schemes import RequiredMethod

# What is looked at once a visit: kind of checklist -> (method, evidence). O07: what appointed supervisors report is
# observed, and never a random sample.
_OF_VISIT = {
    "interview_worker": ("interview", "workers"),
    "interview_head": ("interview", "agency_head"),
    "supervisor": ("observation", "supervisor_reports"),
}
# G42: question of a document review -> what was examined, whichever the answer was.
_DOCUMENTS = {"policies": "policies", "procedures": "procedures", "standards": "quality_standards"}
_PLACES = {"agency": "agency_visit", "site": "site_visit"}  # G44: both are to be visited
RECIPIENTS, QUESTIONNAIRE = ("interview", "recipients"), ("spot_check", "questionnaire")


@dataclass(frozen=True)
class Gathered:
    """One piece of evidence by one method: a record, an interview, a draw or a campaign (`kind`, `id`)."""

    method: str
    evidence: str
    kind: str
    id: str


@dataclass(frozen=True)
class MethodProgress:
    """`needed` is 0 for what the scheme does not ask for but was done."""

    method: str
    evidence: str
    label: Mapping[str, str]
    rules: tuple[str, ...]
    needed: int
    by: tuple[Gathered, ...] = field(default=())

    @property
    def done(self) -> int:
        return len(self.by)

    @property
    def met(self) -> bool:
        return self.done >= self.needed


def of_record(record_kind: str, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The (method, evidence) that one record of a visit stands for; none for what is drawn."""
    if record_kind == "document_review":
        return [("document_review", _DOCUMENTS[name]) for name in _DOCUMENTS if answers.get(name)]
    if record_kind == "observation":
        place = _PLACES.get(str(answers.get("place", "")))
        return [("observation", place)] if place else []
    return [_OF_VISIT[record_kind]] if record_kind in _OF_VISIT else []


def of_draw(frame_kind: str) -> tuple[str, str]:
    """G45: plans and work records are retrieved at random."""
    return "spot_check", "plans" if frame_kind == "plan" else "work_records"


def progress(required: Sequence[RequiredMethod], gathered: Iterable[Gathered]) -> list[MethodProgress]:
    """Each required minimum in the scheme's order, then what was done besides."""
    by: dict[tuple[str, str], list[Gathered]] = {}
    for one in sorted(set(gathered), key=lambda one: (one.kind, one.id)):
        by.setdefault((one.method, one.evidence), []).append(one)
    found = []
    for wanted in required:
        own = tuple(by.pop((wanted.method, wanted.evidence), ()))
        found.append(MethodProgress(wanted.method, wanted.evidence, wanted.label, wanted.rules, wanted.minimum, own))
    return found + [MethodProgress(*key, {}, (), 0, tuple(own)) for key, own in sorted(by.items())]

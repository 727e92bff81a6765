"""Reports of a round (考核评估报告): what is kept of each, how its making goes on, and who may read it when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BUILDING, BUILT, FAILED = "building", "built", "failed"
STATES = (BUILDING, BUILT, FAILED)
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
FORMS = ("docx", "html")
STEPS = ("asked", "gathered", "drawn", "written", "kept")  # of the making, in their order
# Whoever makes it says so at least this often. After a longer silence the making has ended, whatever the state says.
SILENCE = timedelta(seconds=60)
INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Report:
    """One report. `result` is the frozen result that it tells of, "" for a draft from the score as it stood.

    `number` is the document's number (发文字号), `files` maps `zh-Hans.docx` and so on to {place, sha256, size}.
    `digest` is the SHA-256 of the facts that all files tell. `done` counts the steps of the making out of `steps`.
    """

    id: str
    round: str
    asked_at: datetime
    asked_by: str
    number: str = ""
    languages: tuple[str, ...] = LANGUAGES
    result: str = ""
    state: str = BUILDING
    step: str = STEPS[0]
    done: int = 0
    steps: int = 0
    alive_at: datetime | None = None
    attempt: int = 1
    failure: str = ""
    built_at: datetime | None = None
    digest: str = ""
    files: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    version: int = 1


@dataclass(frozen=True)
class PurchaserOpinion:
    """What the purchaser thinks of the provider's work in this round (S06); `id` is the round's."""

    id: str
    text: str
    at: datetime
    by: str
    version: int = 1


def interrupted(report: Report, now: datetime) -> bool:
    """Whether its making has stopped without saying so: the process is gone."""
    heard = report.alive_at or report.asked_at
    return report.state == BUILDING and now - heard > SILENCE


def state_at(report: Report, now: datetime) -> tuple[str, str]:
    """(the state, why it failed): a making that has fallen silent has failed, and may be begun again."""
    return (FAILED, INTERRUPTED) if interrupted(report, now) else (report.state, report.failure)

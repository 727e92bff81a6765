"""What is kept of photos, papers and the journal's details: counted, deleted when due, and what stays instead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.collect.campaigns import Campaign
from service.domain.collect.scans import Scan
from service.domain.days import day_of
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import FINAL, PUBLISHED, Round
from service.domain.inspect.evidence import Evidence
from service.domain.inspect.evidence_files import EvidenceFile
from service.domain.inspect.follow_ups import FollowUp
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.procedure import retention as rules
from service.domain.procedure.appeals import Appeal
from service.domain.procedure.cases import CaseFile
from service.domain.procedure.objections import Objection
from service.domain.procedure.papers import Paper
from service.domain.procedure.retention import Held, RetentionRule
from service.domain.projects import Project
from service.operations import projects
from service.operations.evaluate import schemes
from service.store import journal, records
from service.store.collect.scans import Whole
from service.store.procedure import retention as stored


@dataclass(frozen=True)
class Terms:
    """The operator's rule, and the years that the schemes of a project set for the kind (0 for none)."""

    rule: RetentionRule
    scheme_years: int = 0

    def due_on(self, start: date) -> date:
        [held] = rules.of_scheme({self.rule.kind: self.rule}, {self.rule.kind: self.scheme_years}).values()
        return rules.due_on(held, start)


def scheme_years(owner: Project, kind: str) -> int:
    """The longest term that a scheme of the project's rounds sets for the kind."""
    years = [0]
    for scheme in {round.scheme for round in records.find(Round, project=owner.id)}:
        years.append(int(schemes.parsed(scheme).parameter("retention").get(kind, {}).get("years", 0)))
    return max(years)


def final_since(rounds: Sequence[Round]) -> date | None:
    """Since when all these rounds have their last result; None while one is open, or none of them has any."""
    if any(round.state not in (FINAL, PUBLISHED) for round in rounds):
        return None
    made = [version.made_at for round in rounds for version in records.find(ResultVersion, round=round.id)]
    return day_of(max(made)) if made else None


def held(owner: Project, kind: str, subject: str, lines: Iterator[str], start: date | None, kept: str) -> Held:
    """Counted and hashed; `kept` "" only if a start is known."""
    count, digest = rules.total(lines)
    return Held(kind, owner.id, subject, start, None, count, digest, kept)


def with_term(one: Held, terms: Terms) -> Held:
    """The same with the day on which its term is over."""
    if one.starts_on is None:
        return one
    values = vars(one) | {"due_on": terms.due_on(one.starts_on)}
    return Held(**values)


def _project_start(owner: Project) -> tuple[date | None, str]:
    """(since when what rests on the project's rounds runs, why it does not run)."""
    rounds = records.find(Round, project=owner.id)
    if not rounds:
        return owner.ends_on, "" if owner.ends_on else "no_start"
    since = final_since(rounds)
    return since, "" if since else "round_open"


# --- Photos of spot checks and visits


def photos(owner: Project, terms: Terms, now: datetime) -> Iterator[Held]:
    """Files of all records of the project of which the bytes are still there."""
    start, kept = _project_start(owner)
    lines = (f"{one.id} {one.size}" for one in _photos(owner.id))
    yield with_term(held(owner, rules.PHOTOS, owner.id, lines, start, kept), terms)


def _photos(project: str, gone: bool = False) -> list[EvidenceFile]:
    origins = tuple({spot.origin for spot in records.find(SpotCheck, project=project) if spot.origin})
    found = records.find(EvidenceFile, origin=origins) if origins else []
    return [one for one in found if gone or one.file]


def delete_photos(one: Held, now: datetime) -> None:
    for file in _photos(one.project):
        stored.delete_photo(file.id, file.file)


def photo_list(one: Held) -> str:
    """The digest of the list that stays: which files there were, by their SHA-256."""
    return rules.total(f"{file.id} {file.size}" for file in _photos(one.project, gone=True))[1]


# --- Papers: of self-evaluations and cases, of answers to follow-ups, scans of signed forms


def papers(owner: Project, terms: Terms, now: datetime) -> Iterator[Held]:
    """The files of the procurement file; the law wants them kept for fifteen years at least."""
    lines = (f"{one.id} {one.size}" for one in _papers(owner.id) if stored.has_pieces(one))
    kept = "" if owner.ends_on else "no_start"
    yield with_term(held(owner, rules.PROCUREMENT_FILE, owner.id, lines, owner.ends_on, kept), terms)


def _papers(project: str) -> list[Whole]:
    cases = tuple(case.id for case in records.find(FollowUp, project=project))
    campaigns = tuple(campaign.id for campaign in records.find(Campaign, project=project))
    objections = [one.id for one in records.find(Objection, project=project)]
    named = (*objections, *(one.id for one in records.find(Appeal, project=project)))
    found: list[Whole] = list(records.find(Paper, project=project))
    found += records.find(CaseFile, case=named) if named else []
    found += records.find(Evidence, follow_up=cases) if cases else []
    found += records.find(Scan, campaign=campaigns) if campaigns else []
    return found


def delete_papers(one: Held, now: datetime) -> None:
    for paper in _papers(one.project):
        stored.delete_pieces(paper)


def paper_list(one: Held) -> str:
    """The digest of the list that stays: which papers there were; their names hold their content's SHA-256."""
    return rules.total(f"{paper.id} {paper.size}" for paper in _papers(one.project))[1]


# --- Details of the journal


def details(owner: Project, terms: Terms, now: datetime) -> Iterator[Held]:
    """What the old entries of the project's chain say; the chain covers only its digests and holds without it."""
    scope, today = projects.scope(owner.id), day_of(now)
    old = [
        entry
        for entry in journal.entries(scope)
        if entry.details is not None and terms.due_on(day_of(entry.at)) <= today
    ]
    start = day_of(max((entry.at for entry in old), default=now))
    lines = (f"{entry.id} {entry.digest}" for entry in old)
    yield with_term(held(owner, rules.JOURNAL_DETAILS, scope, lines, start, ""), terms)


def delete_details(one: Held, now: datetime) -> None:
    """Of all entries up to the last one that was due, that day included."""
    assert one.starts_on is not None  # noqa: S101 - entries have their day
    last = max(entry.at for entry in journal.entries(one.subject) if day_of(entry.at) <= one.starts_on)
    stored.delete_details(one.subject, last + timedelta(milliseconds=1))


def chain_head(one: Held) -> str:
    """The chain's last hash: it verifies as before."""
    return journal.entries(one.subject)[-1].hash

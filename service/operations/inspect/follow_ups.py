"""Follow-ups: opened by the evaluator, answered by the provider with evidence, verified, looked at again."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.collect import scans
from service.domain.days import day_of
from service.domain.deadlines import WORKING, Term
from service.domain.errors import Fault, Refused, invalid
from service.domain.inspect import follow_ups as rules
from service.domain.inspect.evidence import Evidence
from service.domain.inspect.follow_ups import DEVIATION, FINDING, FollowUp, Month
from service.domain.inspect.notices import DRAFT, Notice
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.projects import Project
from service.operations import calendars, projects
from service.operations.acts import act, create_once, load, plain
from service.operations.inspect import frames
from service.store import records
from service.store.collect import scans as pieces

_FILLED_IN = ("due_on", "provisional", "opened_at", "opened_by", "version")
MOST_LOOSE = 20  # files of one case that no answer names yet


def open_case(
    actor: Actor,
    now: datetime,
    id: str,
    project: str,
    title: str,
    text: str,
    working_days: int,
    source: str = DEVIATION,
    subject: str = "",
    basis: str = "",
    of: str = "",
) -> tuple[FollowUp, bool]:
    """Open a case on a finding or another deviation (C30). -> (the case, whether it is new). Raises Refused("invalid").

    The deadline counts working days from today. Ratings do not come this way: see themes.
    """
    owner = projects.project(actor, project, "follow_ups.write")
    if source not in (FINDING, DEVIATION):
        raise Refused("invalid", [Fault("source", "not_an_option", {"value": source, "options": "finding, deviation"})])
    _check_subject(owner, source, subject)
    if of and load(FollowUp, of, "follow-up").project != owner.id:
        raise Refused("not_found", noun="follow-up")
    return enter(actor, now, working_days, _new(id, owner, source, subject, title, text, now, basis, of))


def _new(
    id: str, owner: Project, source: str, subject: str, title: str, text: str, now: datetime, basis: str, of: str
) -> FollowUp:
    title, text = title.strip(), text.strip()
    return FollowUp(id, owner.id, source, title, text, day_of(now), now, "", subject=subject, basis=basis, of=of)


def enter(actor: Actor, now: datetime, working_days: int, case: FollowUp) -> tuple[FollowUp, bool]:
    """Store a new case with its deadline; the caller has asked whether it may be opened."""
    rules.check_opening(case.title, case.text, case.source, working_days)
    last = calendars.deadline(day_of(now), Term(working_days, WORKING, basis=case.basis))
    dated = replace(case, due_on=last.on, provisional=last.provisional, opened_at=now, opened_by=actor.id)
    return create_once("follow_up.opened", actor, now, projects.scope(case.project), dated, _FILLED_IN)


def _check_subject(owner: Project, source: str, subject: str) -> None:
    """A finding is that of a spot check or of an issued notice of this project."""
    if source != FINDING:
        return
    spot, notice = records.get(SpotCheck, subject), records.get(Notice, subject)
    if spot is not None and spot.project == owner.id and spot.errs:
        return
    if notice is not None and notice.project == owner.id and notice.state != DRAFT:
        return
    raise invalid(
        "subject", "name a spot check of this project that found an error, or one of its notices that was issued"
    )


def answer(actor: Actor, now: datetime, id: str, version: int, text: str, evidence: tuple[str, ...]) -> FollowUp:
    """The provider says what was done. Raises Refused: stale, state_conflict, invalid."""
    case = get(actor, id, "follow_ups.answer")
    sent = {one.name for one in records.find(Evidence, follow_up=case.id)}
    if lost := [name for name in evidence if name not in sent]:
        raise invalid("evidence", "there is no file {name!r}", name=lost[0])
    return _put(actor, now, "follow_up.answered", rules.answered(case, text, evidence, now, actor.id), version)


def verify(
    actor: Actor, now: datetime, id: str, version: int, comment: str, look_back_on: date | None, call_back: str = ""
) -> FollowUp:
    """The answer stands up; `look_back_on` is when somebody looks again. Raises Refused as `answer`."""
    case = get(actor, id, "follow_ups.write")
    stored = rules.verified(case, comment, look_back_on, now, actor.id, call_back)
    return _put(actor, now, "follow_up.verified", stored, version)


def give_back(actor: Actor, now: datetime, id: str, version: int, comment: str, working_days: int) -> FollowUp:
    """The answer does not stand up: a new turn with a new deadline. Raises Refused: stale, state_conflict, invalid."""
    case = get(actor, id, "follow_ups.write")
    rules.check_opening(case.title, case.text, case.source, working_days)
    last = calendars.deadline(day_of(now), Term(working_days, WORKING))
    stored = rules.returned(case, comment, last.on, last.provisional, now, actor.id)
    return _put(actor, now, "follow_up.returned", stored, version)


def look_back(actor: Actor, now: datetime, id: str, version: int, result: str, comment: str) -> FollowUp:
    """Whether the measure lasted; one that did not is opened again as a case of its own by the evaluator."""
    case = get(actor, id, "follow_ups.write")
    return _put(actor, now, "follow_up.looked_back", rules.looked_back(case, result, comment, now, actor.id), version)


def add_evidence(actor: Actor, now: datetime, id: str, data: bytes) -> Evidence:
    """Keep a file for the provider's answer: PDF, JPEG or PNG by content. Raises Refused: invalid, too_large, busy."""
    case = get(actor, id, "follow_ups.answer")
    if case.state not in rules.WAITING_FOR_PROVIDER:
        raise Refused("state_conflict", noun="follow-up", state=case.state)
    kind, digest = scans.kind_of(data), hashlib.sha256(data).hexdigest()
    name = digest[:32]
    made = Evidence(f"{case.id}/{name}", case.id, name, kind, len(data), digest, now, actor.id)
    named = {name for one in case.answers for name in one["evidence"]}
    loose = [one for one in records.find(Evidence, follow_up=case.id) if one.name not in named and one.name != name]
    if len(loose) >= MOST_LOOSE:
        raise Refused("invalid", [Fault("evidence", "too_many", {"limit": MOST_LOOSE})])
    pieces.write(made, data)
    return made


def evidence(actor: Actor, id: str, name: str) -> tuple[Evidence, bytes]:
    """A file that was sent with an answer; for whoever may read the case."""
    case = get(actor, id)
    found = records.get(Evidence, f"{case.id}/{name}")
    if found is None:
        raise Refused("not_found", noun="file")
    return found, pieces.read(found)


def get(actor: Actor, id: str, action: str = "follow_ups.read") -> FollowUp:
    """One case; to a party that it is not meant for it does not exist."""
    found = load(FollowUp, id, "follow-up")
    owner = frames.owner_of(actor, found.project, action, "follow-up")
    if not _meant_for(actor, owner, found):
        raise Refused("not_found", noun="follow-up")
    return found


def of_project(actor: Actor, project: str) -> list[FollowUp]:
    """The cases of a project that the actor may read, those that wait longest first."""
    owner = projects.project(actor, project, "follow_ups.read")
    found = [case for case in records.find(FollowUp, project=project) if _meant_for(actor, owner, case)]
    return sorted(found, key=lambda case: (case.due_on, case.id))


def of_projects(actor: Actor, among: Sequence[Project]) -> list[FollowUp]:
    """The cases of these projects that the actor may read, by id."""
    found = projects.held(actor, among, FollowUp, "follow_ups.read")
    return [case for owner, case in found if _meant_for(actor, owner, case)]


def overdue(actor: Actor, now: datetime) -> list[FollowUp]:
    """Of all projects of the actor: answers and look-backs that are late today."""
    today = day_of(now)
    mine = [one for one in projects.projects(actor) if access.may(actor, "follow_ups.read", one.parties)]
    return [case for owner in mine for case in of_project(actor, owner.id) if case.overdue(today)]


def month(actor: Actor, now: datetime, project: str, month: str) -> Month:
    """The project's statistics of one month (N01). Raises Refused("invalid")."""
    return rules.month_of(of_project(actor, project), month, day_of(now))


def _meant_for(actor: Actor, owner: Project, case: FollowUp) -> bool:
    """What a person allowed to be passed on goes to those named, and to the evaluator, to nobody else."""
    if access.may(actor, "follow_ups.write", owner.parties) or case.passed is None:
        return True
    return any(owner.parties.get(part) == actor.organisation for part in case.whom)


def _put(actor: Actor, now: datetime, name: str, stored: FollowUp, version: int) -> FollowUp:
    # The journal is read by more people than the case: what a person said stays in the case.
    details = plain({key: value for key, value in asdict(stored).items() if key not in ("passed", "text", "answers")})
    scope = projects.scope(stored.project)
    act(name, actor, now, scope, stored.id, details, lambda tx: records.replace(stored, version, tx))
    return stored

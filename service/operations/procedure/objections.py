"""Objections to notices of checks: filed with evidence in time, answered with reasons, corrected where upheld."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from service.domain import access
from service.domain.access import PARTY_OF_ROLE, Actor
from service.domain.days import day_of
from service.domain.errors import Refused, invalid
from service.domain.evaluate.rounds import Round
from service.domain.inspect.notices import Notice
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.procedure import cases
from service.domain.procedure import objections as rules
from service.domain.procedure.appeals import Appeal
from service.domain.procedure.cases import ONLINE, CaseFile
from service.domain.procedure.due import Due
from service.domain.procedure.objections import DRAFT, FILED, Objection, Reply
from service.domain.projects import Project
from service.operations import calendars, projects
from service.operations.acts import act, create_once, load, plain
from service.operations.evaluate import schemes
from service.operations.inspect import notices
from service.operations.procedure import case_files
from service.store import records

PROVIDER = "provider"
_FILLED_IN = ("project", "by", "made_at", "state", "version")
# What the journal must not hold: it is read by more people than the case, and kept for ever.
UNTOLD = ("text", "reasons", "attachments", "withdrawn_reason")


@dataclass(frozen=True)
class Paper:
    """How an objection came that was not filed here: by post or handed over, and on which days."""

    channel: str
    filed_on: date
    received_on: date


def begin(
    actor: Actor, now: datetime, id: str, notice: str, text: str, paper: Paper | None = None
) -> tuple[Objection, bool]:
    """A draft of the provider, or of who enters what came on paper. -> (the draft, whether it is new).

    Raises Refused: not_found, forbidden, notice_not_served, objection_late, invalid, id_taken.
    """
    there = notices.get(actor, notice)
    owner = projects.project(actor, there.project, "objections.write")
    if (paper is None) != is_part(actor, owner, PROVIDER):
        raise Refused("forbidden")
    rules.require_open(there, paper.filed_on if paper else day_of(now))
    made = Objection(id, there.id, owner.id, text.strip(), actor.id, now)
    if paper is not None:
        days = cases.check_days(paper.filed_on, paper.received_on, there.served_on or paper.filed_on, day_of(now))
        cases.refuse(days)
        made = replace(made, channel=paper.channel, filed_on=paper.filed_on, received_on=paper.received_on)
    cases.refuse(rules.check_text("text", text, cases.MOST_TEXT))
    case_files.require_own(id, Appeal)
    return create_once("objection.begun", actor, now, projects.scope(owner.id), made, _FILLED_IN, UNTOLD)


def change(actor: Actor, now: datetime, id: str, version: int, text: str) -> Objection:
    """Edit a draft. Raises Refused: stale, state_conflict, invalid."""
    there = _own(actor, id)
    rules.require_state(there, DRAFT)
    cases.refuse(rules.check_text("text", text, cases.MOST_TEXT))
    stored = replace(there, text=text.strip(), version=there.version + 1)
    return _put(actor, now, "objection.changed", stored, version)


def add_file(actor: Actor, now: datetime, id: str, data: bytes) -> CaseFile:
    """Keep a file for a draft. Raises Refused: state_conflict, invalid, too_large."""
    there = _own(actor, id)
    rules.require_state(there, DRAFT)
    return case_files.add(actor, now, there.id, data)


def file(actor: Actor, now: datetime, id: str, version: int, attachments: Sequence[str] | None = None) -> Objection:
    """File the draft with the files named, or all that were sent; the time to answer runs (C20).

    Raises Refused: stale, state_conflict, objection_late, invalid.
    """
    there, today = _own(actor, id), day_of(now)
    notice = load(Notice, there.notice, "notice")
    days = (there.filed_on or today, there.received_on or today)
    made = rules.filed(there, notice, days, case_files.chosen(there.id, attachments), now, today)
    reply = reply_to(notice)
    last = calendars.deadline(rules.clock_start(made, reply), reply.term)
    timed = replace(made, clock=reply.clock, reply_days=reply.days, basis=reply.basis)
    return _put(actor, now, "objection.filed", replace(timed, reply_by=last.on, provisional=last.provisional), version)


def answer(
    actor: Actor, now: datetime, id: str, version: int, outcome: str, reasons: str, wrong: Sequence[str]
) -> Objection:
    """What the lead's side found when it verified: upheld, partly or dismissed. Raises Refused: stale, invalid.

    `wrong` are the records of the notice's checks that must be reviewed again.
    """
    there = get(actor, id, "objections.answer")
    notice = load(Notice, there.notice, "notice")
    named = records.find(SpotCheck, _id=tuple(wrong)) if wrong else []
    known = {spot.id for spot in named if spot.draw in notice.draws}
    if unknown := [id for id in wrong if id not in known]:
        raise invalid("spot_checks", "the checks of this notice have no record {name!r}", name=unknown[0])
    stored = rules.answered(there, outcome, reasons, wrong, now, day_of(now), actor.id)
    return _put(actor, now, "objection.answered", stored, version)


def withdraw(actor: Actor, now: datetime, id: str, version: int, reason: str) -> Objection:
    """Take an objection back before it is answered: its answer is due no more. By the provider alone, also where its
    paper was entered: who owes the answer (C20) does not end it. Raises Refused: forbidden, stale, state_conflict,
    invalid.
    """
    there = _own(actor, id)
    owner = load(Project, there.project, "project")
    if not is_part(actor, owner, PROVIDER):
        raise Refused("forbidden")
    return _put(actor, now, "objection.withdrawn", rules.withdrawn(there, reason, day_of(now)), version)


def reply_to(notice: Notice) -> Reply:
    """The time to answer an objection to this notice: as the scheme of a round says whose evidence it is, or 5 days."""
    found = [one for one in records.find(Round, project=notice.project) if rounds_draws(one) & set(notice.draws)]
    if not found:
        return Reply()
    scheme = schemes.parsed(max(found, key=lambda one: one.opened_at).scheme)
    return Reply(int(scheme.parameter("objection_days")), str(scheme.parameter("objection_clock")))


def rounds_draws(round: Round) -> set[str]:
    """The draws that a round takes as evidence."""
    return {*round.checks.values(), *round.counters.values()}


def get(actor: Actor, id: str, action: str = "objections.read") -> Objection:
    """One objection; a draft exists only for the organisation that writes it."""
    found = load(Objection, id, "objection")
    owner = load(Project, found.project, "project")
    if not access.may(actor, "projects.read", owner.parties):
        raise Refused("not_found", noun="objection")
    access.require(actor, action, owner.parties)
    if not _visible(actor, owner, found):
        raise Refused("not_found", noun="objection")
    return found


def of_project(actor: Actor, project: str) -> list[Objection]:
    """The project's objections that the actor may read, the latest first."""
    owner = projects.project(actor, project, "objections.read")
    found = [one for one in records.find(Objection, project=project) if _visible(actor, owner, one)]
    return sorted(found, key=lambda one: (one.made_at, one.id), reverse=True)


def of_projects(actor: Actor, among: Sequence[Project]) -> list[Objection]:
    """The objections in these projects that the actor may read, by id."""
    found = projects.held(actor, among, Objection, "objections.read")
    return [one for owner, one in found if _visible(actor, owner, one)]


def attachment(actor: Actor, id: str, name: str) -> tuple[CaseFile, bytes]:
    """A file of an objection, for whoever may read it; what was sent and not filed is no part of it."""
    there = get(actor, id)
    if there.state != DRAFT and name not in {each["name"] for each in there.attachments}:
        raise Refused("not_found", noun="file")
    return case_files.read(there.id, name)


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """Answers that are awaited, and corrections after an objection was upheld."""
    found: list[Due] = []
    for one in records.find(Objection, project=tuple(project_ids)):
        if one.state == FILED and one.reply_by is not None:
            whom, on, kind = "purchaser", one.reply_by, "objection_answer"
        elif one.to_correct and one.answered_on is not None:
            whom, on, kind = "evaluator", one.answered_on, "objection_correction"
        else:
            continue
        found.append(
            Due(one.project, "", kind, one.id, DUE_LABELS[kind], on, one.provisional, whom, overdue=today > on)
        )
    return found


DUE_LABELS: Mapping[str, dict[str, str]] = {
    "objection_answer": {"zh-Hans": "答复异议", "zh-Hant": "答覆異議", "en": "Answer an objection"},
    "objection_correction": {
        "zh-Hans": "异议成立，更正检查结果",
        "zh-Hant": "異議成立，更正檢查結果",
        "en": "Correct what an objection found wrong",
    },
}


def is_part(actor: Actor, owner: Project, part: str) -> bool:
    """Whether the actor acts for this part of the project."""
    return owner.parties[part] == actor.organisation and part in {PARTY_OF_ROLE.get(role) for role in actor.roles}


def untold(record: Any) -> dict[str, Any]:
    """What the journal says of a case."""
    return {key: value for key, value in plain(asdict(record)).items() if key not in UNTOLD}


def _own(actor: Actor, id: str) -> Objection:
    return get(actor, id, "objections.write")


def _visible(actor: Actor, owner: Project, objection: Objection) -> bool:
    """A draft on paper is that of the lead's side, one filed here the provider's."""
    if objection.state != DRAFT:
        return True
    return is_part(actor, owner, PROVIDER) == (objection.channel == ONLINE) and access.may(
        actor, "objections.write", owner.parties
    )


def _put(actor: Actor, now: datetime, name: str, stored: Objection, version: int) -> Objection:
    scope = projects.scope(stored.project)
    act(name, actor, now, scope, stored.id, untold(stored), lambda tx: records.replace(stored, version, tx))
    return stored

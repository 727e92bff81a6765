"""Notices: written from accepted checks, fixed when issued, served with date and channel (C14, C18)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.deadlines import WORKING, Term
from service.domain.errors import Refused, invalid, problem
from service.domain.inspect import notices as rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.notices import DRAFT, ISSUED, SERVED, Checked, Notice
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.projects import Project
from service.operations import calendars, organisations, projects
from service.operations.acts import act, create_once, load, plain
from service.operations.inspect import frames, results, spot_checks
from service.store import records

_FILLED_IN = ("number", "written_by", "written_at", "kind", "version", "checked_from", "checked_to")


def write(actor: Actor, now: datetime, notice: Notice) -> tuple[Notice, bool]:
    """Begin a notice of some draws of one kind. -> (the draft, whether it is new). Raises Refused("invalid")."""
    owner = projects.project(actor, notice.project, "notices.write")
    drawn = _draws(owner, notice.draws)
    made = replace(notice, number=_next_number(owner.id), kind=_kind(drawn), written_by=actor.id, written_at=now)
    return create_once("notice.written", actor, now, projects.scope(owner.id), rules.check(made), _FILLED_IN)


def change(actor: Actor, now: datetime, changed: Notice, version: int) -> Notice:
    """Edit a draft. Raises Refused: stale, state_conflict, invalid."""
    there = get(actor, changed.id, "notices.write")
    rules.require_state(there, DRAFT)
    drawn = _draws(load(Project, there.project, "project"), changed.draws)
    edited = {name: getattr(changed, name) for name in ("draws", "visits", "summary", "objection")}
    stored = rules.check(replace(there, **edited, kind=_kind(drawn), version=version + 1))
    return _put(actor, now, "notice.changed", stored, version)


def issue(actor: Actor, now: datetime, id: str, version: int) -> Notice:
    """Fix the findings as they stand: what the provider gets is this, whatever is corrected later."""
    there = get(actor, id, "notices.write")
    rules.require_state(there, DRAFT)
    return _put(actor, now, "notice.issued", replace(_fixed(actor, now, there), version=version + 1), version)


def _fixed(actor: Actor, now: datetime, notice: Notice) -> Notice:
    """The notice issued with the findings as they stand now."""
    checked = _checked(notice)
    facts, digest = rules.fixed(checked)
    days = sorted(day_of(spot.at) for one in checked for spot in one.accepted)
    return replace(
        notice,
        state=ISSUED,
        findings=facts,
        digest=digest,
        checked_from=days[0],
        checked_to=days[-1],
        issued_at=now,
        issued_by=actor.id,
    )


def correction(actor: Actor, now: datetime, id: str, of: Notice, summary: str, because: str) -> Notice:
    """The issued notice that puts `of` right after an objection, not stored yet; `of` stays as it was served (C20).

    Raises Refused: invalid, correction_empty where neither findings nor words differ.
    """
    written = Notice(
        id=id,
        project=of.project,
        number=_next_number(of.project),
        kind=of.kind,
        draws=of.draws,
        visits=of.visits,
        summary=summary.strip(),
        objection=of.objection,
        written_by=actor.id,
        written_at=now,
        corrects=of.id,
        because=because,
    )
    made = _fixed(actor, now, rules.check(written))
    if (made.digest, made.summary) == (of.digest, of.summary):
        raise Refused("correction_empty")
    return made


def _next_number(project: str) -> int:
    return max((one.number for one in records.find(Notice, project=project)), default=0) + 1


def serve(
    actor: Actor, now: datetime, id: str, version: int, served_on: date, channel: str, received_by: str
) -> Notice:
    """Record that the provider has it, since when and how; the time to object runs from that day (C19)."""
    there = get(actor, id, "notices.write")
    rules.require_state(there, ISSUED)
    rules.check_service(served_on, channel, received_by, day_of(there.issued_at or now), day_of(now))
    term = Term(int(there.objection["working_days"]), WORKING)
    last = calendars.deadline(served_on, term)
    stored = replace(
        there,
        state=SERVED,
        served_on=served_on,
        channel=channel,
        received_by=received_by.strip(),
        object_by=last.on,
        provisional=last.provisional,
        version=version + 1,
    )
    return _put(actor, now, "notice.served", stored, version)


def get(actor: Actor, id: str, action: str = "notices.read") -> Notice:
    """One notice. Drafts are the evaluator's; to others they do not exist."""
    found = load(Notice, id, "notice")
    owner = frames.owner_of(actor, found.project, action, "notice")
    if not _visible(actor, owner, found):
        raise Refused("not_found", noun="notice")
    return found


def of_project(actor: Actor, project: str) -> list[Notice]:
    """The project's notices that the actor may read, the latest first."""
    owner = projects.project(actor, project, "notices.read")
    found = [one for one in records.find(Notice, project=project) if _visible(actor, owner, one)]
    return sorted(found, key=lambda one: -one.number)


def of_projects(actor: Actor, among: Sequence[Project]) -> list[Notice]:
    """The notices of these projects that the actor may read, by id."""
    return [one for owner, one in projects.held(actor, among, Notice, "notices.read") if _visible(actor, owner, one)]


def preview(actor: Actor, id: str) -> Notice:
    """A draft with the findings that it would fix now; any other notice as it is."""
    there = get(actor, id)
    if there.state != DRAFT:
        return there
    try:
        facts, _ = rules.fixed(_checked(there))
    except Refused:
        return there
    return replace(there, findings=facts)


@dataclass(frozen=True)
class Told:
    """A notice with the names that stand on it."""

    notice: Notice
    project: Project
    evaluator: str
    provider: str
    corrects: int = 0  # the number of the notice that this one puts right


def told(actor: Actor, notice: Notice) -> Told:
    """The notice with the names of the project's parties."""
    owner = load(Project, notice.project, "project")
    names = {one.id: one.name for one in organisations.organisations(actor)}
    wrong = records.get(Notice, notice.corrects) if notice.corrects else None
    named = names.get(owner.evaluator, ""), names.get(owner.provider, "")
    return Told(notice, owner, *named, wrong.number if wrong else 0)


def _visible(actor: Actor, owner: Project, notice: Notice) -> bool:
    return notice.state != DRAFT or access.may(actor, "notices.write", owner.parties)


def _draws(owner: Project, ids: Sequence[str]) -> list[RecordedDraw]:
    found = {draw.id: draw for draw in records.find(RecordedDraw, project=owner.id)}
    if unknown := [id for id in ids if id not in found]:
        raise Refused("invalid", [problem("draws", "this project has no draw {id!r}", id=id) for id in unknown])
    return [found[id] for id in ids]


def _kind(drawn: Sequence[RecordedDraw]) -> str:
    kinds = {draw.kind for draw in drawn}
    if len(kinds) > 1:
        raise invalid(
            "draws", "one notice tells of one kind of check, these draws are {values}", values=", ".join(sorted(kinds))
        )
    return kinds.pop() if kinds else ""


def _checked(notice: Notice) -> list[Checked]:
    found = []
    for id in notice.draws:
        draw = load(RecordedDraw, id, "draw")
        frame = load(FrozenFrame, draw.frame, "frame")
        counted: list[SpotCheck] = list(spot_checks.counted(draw)) if draw.seed else []
        findings = results.findings(draw)
        found.append(Checked(draw.id, frame.name, draw.kind, draw.trigger, findings, counted))
    return found


def _put(actor: Actor, now: datetime, name: str, stored: Notice, version: int) -> Notice:
    details = plain({key: value for key, value in asdict(stored).items() if key != "findings"})
    scope = projects.scope(stored.project)
    act(name, actor, now, scope, stored.id, details, lambda tx: records.replace(stored, version, tx))
    return stored

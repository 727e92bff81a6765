"""Appeals to results: filed within the window that the notice named, then taken up or refused by the reviewing body."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from service.domain import access
from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.evaluate.rounds import APPEAL, AUTHORITY, FINAL, NOTIFIED, PUBLISHED, Round
from service.domain.inspect.follow_ups import check_text
from service.domain.procedure import appeals as rules
from service.domain.procedure import cases, reviews, round_deadlines
from service.domain.procedure.appeals import (
    ACCEPTED,
    DECIDED,
    DRAFT,
    FILED,
    INITIATORS,
    PROVIDER,
    PURCHASER,
    WITHDRAWN,
    Appeal,
)
from service.domain.procedure.cases import MOST_TEXT, ONLINE, CaseFile
from service.domain.procedure.due import Due
from service.domain.procedure.objections import Objection
from service.domain.procedure.reviews import Review
from service.domain.procedure.round_deadlines import APPEAL_ACCEPTED
from service.domain.projects import Project
from service.operations import calendars, projects
from service.operations.acts import act, create_once, load, replacing
from service.operations.evaluate import results, rounds
from service.operations.procedure import case_files, deadlines, moves
from service.operations.procedure.objections import UNTOLD, Paper, is_part, untold
from service.store import Tx, journal, records

_FILLED_IN = ("project", "by", "made_at", "state", "result", "last_day", "version")
MOST_DOCUMENT = 200


@dataclass(frozen=True)
class OnPaper(Paper):
    """A paper that the reviewing body received, and the party that it is of."""

    initiator: str


def begin(
    actor: Actor, now: datetime, id: str, round: str, text: str, paper: OnPaper | None = None
) -> tuple[Appeal, bool]:
    """A draft of the provider or the purchaser (G07), or of the authority for what came on paper. -> (it, whether new).

    Raises Refused: not_found, forbidden, result_not_notified, result_final, appeal_late, appeal_exists, appeal_decided,
    invalid, id_taken.
    """
    there = load(Round, round, "round")
    owner = projects.project(actor, there.project, "appeals.write")
    known = records.get(Appeal, id)
    initiator = _initiator(actor, owner, paper)
    first, last = _window(there)
    on = paper.filed_on if paper else day_of(now)
    if known is None:
        rules.require_first(initiator, records.find(Appeal, round=there.id))
    if on > last:
        raise Refused("appeal_late", last=last.isoformat(), on=on.isoformat())
    cases.refuse(check_text("text", text, MOST_TEXT))
    made = Appeal(id, there.id, owner.id, initiator, text.strip(), actor.id, now, last_day=last)
    if paper is not None:
        cases.refuse(cases.check_days(paper.filed_on, paper.received_on, first, day_of(now)))
        made = replace(made, channel=paper.channel, filed_on=paper.filed_on, received_on=paper.received_on)
    case_files.require_own(id, Objection)
    return create_once("appeal.begun", actor, now, projects.scope(owner.id), made, _FILLED_IN, UNTOLD)


def _initiator(actor: Actor, owner: Project, paper: OnPaper | None) -> str:
    """Whose appeal it is: the actor's own, or that of the paper which the authority enters."""
    if paper is not None:
        if not is_part(actor, owner, AUTHORITY):
            raise Refused("forbidden")
        if paper.initiator not in INITIATORS:
            options = {"value": paper.initiator or "-", "options": ", ".join(INITIATORS)}
            raise Refused("invalid", [Fault("initiator", "not_an_option", options)])
        return paper.initiator
    for part in INITIATORS:
        if is_part(actor, owner, part):
            return part
    raise Refused("forbidden")


def _window(round: Round) -> tuple[date, date]:
    """(served on, last day). Raises Refused: result_not_notified, result_final."""
    if round.state in (FINAL, PUBLISHED):
        reviewed = records.find(Appeal, round=round.id, state=DECIDED)
        raise Refused("appeal_decided" if reviewed else "result_final")
    window = round_deadlines.appeal_window(round)
    if round.state not in (NOTIFIED, APPEAL) or window is None:
        raise Refused("result_not_notified")
    return window


def change(actor: Actor, now: datetime, id: str, version: int, text: str) -> Appeal:
    """Edit a draft. Raises Refused: stale, state_conflict, invalid."""
    there = get(actor, id, "appeals.write")
    rules.require_state(there, DRAFT)
    cases.refuse(check_text("text", text, MOST_TEXT))
    stored = replace(there, text=text.strip(), version=there.version + 1)
    return put(actor, now, "appeal.changed", stored, version)


def add_file(actor: Actor, now: datetime, id: str, data: bytes) -> CaseFile:
    """Keep a file for a draft. Raises Refused: state_conflict, invalid, too_large."""
    there = get(actor, id, "appeals.write")
    rules.require_state(there, DRAFT)
    return case_files.add(actor, now, there.id, data)


def file(actor: Actor, now: datetime, id: str, version: int, attachments: Sequence[str] | None = None) -> Appeal:
    """File the draft against the result that stands (G56). Raises Refused as `begin`, stale."""
    there, today = get(actor, id, "appeals.write"), day_of(now)
    rules.require_state(there, DRAFT)
    round = load(Round, there.round, "round")
    window = _window(round)
    rules.require_first(there.initiator, [one for one in records.find(Appeal, round=round.id) if one.id != id])
    days = (there.filed_on or today, there.received_on or today)
    made = rules.filed(there, window, days, case_files.chosen(there.id, attachments), now, today)
    latest = results.latest(round.id)
    stored, still = replace(made, result=latest.id if latest else ""), rounds.still(round.id, NOTIFIED, APPEAL)
    return put(actor, now, "appeal.filed", stored, version, still)


def accept(actor: Actor, now: datetime, id: str, version: int, on: date | None = None, document: str = "") -> Appeal:
    """Take an appeal up: the round stands in appeal, and the 30 days of the review run from this day (G57).

    `on` is the day of acceptance, if it was not today. Raises Refused: stale, state_conflict, invalid.
    """
    there, today = get(actor, id, "appeals.decide"), day_of(now)
    rules.require_state(there, FILED)
    round = load(Round, there.round, "round")
    rounds.require_state(round, NOTIFIED, APPEAL)  # a corrected result is notified anew first
    check_document(round, document)
    day, first = on or today, there.received_on or today
    if not first <= day <= today:
        bounds = {"lower": first.isoformat(), "upper": today.isoformat()}
        raise Refused("invalid", [Fault("on", "out_of_range", bounds)])
    last, provisional = _review_by(round, day)
    stored = replace(rules.accepted(there, day, last, provisional, actor.id), document=document.strip())
    if round.state != NOTIFIED:
        return put(actor, now, "appeal.accepted", stored, version)
    facts = {"on": day, "reason": f"appeal {id}"}

    def also(tx: Tx) -> None:
        write(tx, actor, now, "appeal.accepted", stored, version)

    moves.move(actor, now, round.id, APPEAL, round.version, facts, by="appeals", also=also)
    return stored


def refuse(actor: Actor, now: datetime, id: str, version: int, reason: str, document: str = "") -> Appeal:
    """Do not take an appeal up, and say why. Raises Refused: stale, state_conflict, invalid."""
    there = get(actor, id, "appeals.decide")
    check_document(load(Round, there.round, "round"), document)
    stored = replace(rules.refused(there, reason, actor.id), document=document.strip())
    return put(actor, now, "appeal.refused", stored, version)


def withdraw(actor: Actor, now: datetime, id: str, version: int, reason: str) -> Appeal:
    """Take an appeal back before the decision. By the party itself, also where its paper was entered: whoever must take
    an appeal up and have it reviewed (G56, G57) does not end it for the party, but refuses it with a reason.

    One that had been taken up was what held the round: with no other one open, the round is notified again, and who may
    appeal until which day is as the notice said; where a review has been decided, the result is final. A round that a
    crash left in appeal is led on by a repeat. Raises Refused: forbidden, stale, state_conflict, invalid.
    """
    there = get(actor, id, "appeals.write")
    if not is_part(actor, load(Project, there.project, "project"), there.initiator):
        raise Refused("forbidden")
    if there.state != WITHDRAWN:
        there = put(actor, now, "appeal.withdrawn", rules.withdrawn(there, reason, day_of(now)), version)
    round, others = load(Round, there.round, "round"), records.find(Appeal, round=there.round)
    if round.state == APPEAL and not any(one.pending for one in others):
        to = FINAL if any(one.state == DECIDED for one in others) else NOTIFIED
        moves.move(actor, now, round.id, to, round.version, {"reason": f"appeal {id}"}, by="appeals")
    return there


def check_document(round: Round, document: str) -> None:
    """The authority does not review what it led: another body does, by its own paper. Raises Refused("invalid")."""
    if document.strip():
        cases.refuse(check_text("document", document, MOST_DOCUMENT))
    elif round.lead == AUTHORITY:
        body = (round.review_body or {}).get("name", "")
        raise Refused("invalid", [Fault("document", "review_document_missing", {"body": body})])


def _review_by(round: Round, on: date) -> tuple[date, bool]:
    """(last day of a review accepted on a day, whether it is provisional): by the scheme, else 30 days (G57)."""
    begun = deadlines.start(replace(round, deadlines={}), APPEAL_ACCEPTED, on)
    found = list(round_deadlines.of(begun).values())
    if found:
        last = max(found, key=lambda one: one.on)
        return last.on, last.provisional
    counted = calendars.deadline(on, reviews.term())
    return counted.on, counted.provisional


def get(actor: Actor, id: str, action: str = "appeals.read") -> Appeal:
    """One appeal, as far as the actor may see it; a draft exists for its writer only. Who reviews it sees it whole."""
    found = load(Appeal, id, "appeal")
    owner = load(Project, found.project, "project")
    if action == "appeals.read" and sits(actor, id):
        return found
    if not access.may(actor, "projects.read", owner.parties):
        raise Refused("not_found", noun="appeal")
    access.require(actor, action, owner.parties)
    if not _visible(actor, owner, found):
        raise Refused("not_found", noun="appeal")
    return _shown(actor, owner, found)


def of_project(actor: Actor, project: str) -> list[Appeal]:
    """The project's appeals that the actor may read, the latest first."""
    owner = projects.project(actor, project, "appeals.read")
    found = [_shown(actor, owner, one) for one in records.find(Appeal, project=project) if _visible(actor, owner, one)]
    return sorted(found, key=lambda one: (one.made_at, one.id), reverse=True)


def of_projects(actor: Actor, among: Sequence[Project]) -> list[Appeal]:
    """The appeals in these projects that the actor may read, by id."""
    found = projects.held(actor, among, Appeal, "appeals.read")
    return [_shown(actor, owner, one) for owner, one in found if _visible(actor, owner, one)]


def attachment(actor: Actor, id: str, name: str) -> tuple[CaseFile, bytes]:
    """A file of an appeal, for whoever may read the appeal whole."""
    there = get(actor, id)
    if there.state != DRAFT and name not in {each["name"] for each in there.attachments}:
        raise Refused("not_found", noun="file")
    return case_files.read(there.id, name)


def sits(actor: Actor, id: str) -> bool:
    """Whether the actor is of the group that reviews this appeal."""
    review = records.get(Review, id)
    return review is not None and review.sits(actor.id)


def _visible(actor: Actor, owner: Project, appeal: Appeal) -> bool:
    """A draft is its writer's: of the party itself, or of the authority that enters a paper."""
    return appeal.state != DRAFT or is_writer(actor, owner, appeal)


def is_writer(actor: Actor, owner: Project, appeal: Appeal) -> bool:
    """Whether it is the actor's: the party itself, or the authority that entered the paper."""
    return is_part(actor, owner, appeal.initiator if appeal.channel == ONLINE else AUTHORITY)


def _shown(actor: Actor, owner: Project, appeal: Appeal) -> Appeal:
    """The provider learns that the purchaser applied and what came of it, not what was written."""
    if appeal.initiator == PURCHASER and is_part(actor, owner, PROVIDER):
        return replace(appeal, text="", attachments=(), withdrawn_reason="")
    return appeal


def due(project_ids: Sequence[str], today: date) -> list[Due]:
    """Appeals that wait to be taken up, at once since no term is set; reviews; and what a changed scheme still owes."""
    found = []
    for one in records.find(Appeal, project=tuple(project_ids)):
        days = {FILED: one.received_on, ACCEPTED: one.due_on, DECIDED: one.decided_on if one.to_conclude else None}
        if (on := days.get(one.state)) is not None:
            kind, late = DUE_KINDS[one.state], today > on
            label = dict(DUE_LABELS[kind])
            found.append(Due(one.project, one.round, kind, one.id, label, on, one.provisional, AUTHORITY, overdue=late))
    return found


DUE_KINDS = {FILED: "appeal_acceptance", ACCEPTED: "appeal_review", DECIDED: "appeal_conclusion"}
DUE_LABELS: Mapping[str, Mapping[str, str]] = {
    "appeal_acceptance": {"zh-Hans": "决定是否受理申诉", "zh-Hant": "決定是否受理申訴", "en": "Take up an appeal"},
    "appeal_review": {"zh-Hans": "复核申诉", "zh-Hant": "覆核申訴", "en": "Review an appeal"},
    "appeal_conclusion": {"zh-Hans": "完成复核", "zh-Hant": "完成覆核", "en": "Conclude a review"},
}


def put(
    actor: Actor,
    now: datetime,
    name: str,
    stored: Appeal,
    version: int,
    check: Callable[[Tx], object] | None = None,
) -> Appeal:
    """Write a changed appeal where version `version` was read, with its journal entry. Raises Refused("stale")."""
    write = replacing(stored, version, check)
    act(name, actor, now, projects.scope(stored.project), stored.id, untold(stored), write)
    return stored


def write(tx: Tx, actor: Actor, now: datetime, name: str, stored: Appeal, version: int) -> None:
    """The same within the act of another noun."""
    records.replace(stored, version, tx)
    journal.append(tx, projects.scope(stored.project), name, actor.id, now, stored.id, untold(stored))

"""Reviews of appeals: a group appointed by the reviewing body, its notes, its decision, which is final (G57, G58)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Fault, Refused, invalid
from service.domain.evaluate import disclosures
from service.domain.evaluate.corrections import Edit, id_of_piece, value_like
from service.domain.evaluate.results import Difference, ResultVersion
from service.domain.evaluate.rounds import APPEAL, FINAL, PUBLISHED, Round
from service.domain.organisations import Organisation, User
from service.domain.procedure import appeals as appeal_rules
from service.domain.procedure import cases
from service.domain.procedure import reviews as rules
from service.domain.procedure.appeals import ACCEPTED, DECIDED, Appeal
from service.domain.procedure.groups import CATEGORIES, Candidate
from service.domain.procedure.reviews import Review
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, load, plain
from service.operations.evaluate import results, rounds, schemes
from service.operations.procedure import appeals, groups, moves
from service.store import Tx, records

_OF_ANSWERS = ("left_out", "digest")  # how many answers do not count, and the tally they are of


def appoint(
    actor: Actor, now: datetime, id: str, members: Sequence[Mapping[str, str]], version: int | None = None
) -> Review:
    """Appoint the group of an accepted appeal, or another one before it has decided; `version` is that of the former.

    Raises Refused: state_conflict, panel_not_disjoint, invalid, stale.
    """
    there = appeals.get(actor, id, "appeals.decide")
    appeal_rules.require_state(there, ACCEPTED)
    round = load(Round, there.round, "round")
    named = tuple(dict(member) for member in members)
    _check(round, named)
    before = records.get(Review, id)
    if before is None:
        made = Review(id, there.round, there.project, named, now, actor.id)
    else:
        made = replace(before, members=named, appointed_at=now, appointed_by=actor.id, version=before.version + 1)

    def write(tx: Tx) -> Review:
        if before is None:
            records.insert(made, tx)
        else:
            records.replace(made, version or 0, tx)
        return made

    details = {"members": [{key: member[key] for key in ("category", "organisation")} for member in named]}
    try:
        return act("review.appointed", actor, now, projects.scope(there.project), id, plain(details), write)
    except records.Duplicate:
        raise Refused("stale", version=1) from None


def _check(round: Round, members: Sequence[Mapping[str, str]]) -> None:
    users = [member["user"] for member in members if member["user"]]
    known = {user.id for user in records.find(User, _id=tuple(users)) if user.active} if users else set()
    unknown = [
        Fault(f"members.{place}.user", "no_such_account", {"value": member["user"]})
        for place, member in enumerate(members)
        if member["user"] and member["user"] not in known
    ]
    if unknown:
        raise Refused("invalid", unknown)
    candidates = [Candidate(**member) for member in members]
    barred = [one.fault for one in groups.may_not_sit(round, candidates)]
    least = int(schemes.parsed(round.scheme).parameter("review_members"))
    rules.check_members(members, CATEGORIES, barred, least)


def note(actor: Actor, now: datetime, id: str, version: int, text: str) -> Review:
    """What the group writes down for itself, until it has decided. Raises Refused: state_conflict, stale, invalid."""
    there = get(actor, id)
    appeal_rules.require_state(load(Appeal, id, "appeal"), ACCEPTED)
    stored = rules.noted(there, text, now, actor.id)
    scope = projects.scope(stored.project)
    act("review.noted", actor, now, scope, id, {}, lambda tx: records.replace(stored, version, tx))
    return stored


def get(actor: Actor, id: str) -> Review:
    """The group and its notes: for the reviewing body and the group itself; to others it does not exist."""
    found = load(Review, id, "review")
    owner = load(Project, found.project, "project")
    if not found.sits(actor.id) and not access.may(actor, "appeals.decide", owner.parties):
        raise Refused("not_found", noun="review")
    return found


def mine(actor: Actor) -> list[tuple[Appeal, Round]]:
    """The appeals whose review the actor sits in, the latest first: of whatever organisation he is."""
    seats = [one for one in records.find(Review) if one.sits(actor.id)]
    found = [(load(Appeal, one.id, "appeal"), load(Round, one.round, "round")) for one in seats]
    return sorted(found, key=lambda one: (one[0].made_at, one[0].id), reverse=True)


def accounts(actor: Actor, id: str) -> list[User]:
    """Whom the reviewing body can appoint by account: its own people, and those of evaluators without a part in this.

    Raises Refused("not_found").
    """
    there = appeals.get(actor, id, "appeals.decide")
    owner = load(Project, there.project, "project")
    others = [one.id for one in records.find(Organisation, kind="evaluator") if one.id not in owner.parties.values()]
    found = [user for one in (actor.organisation, *others) for user in records.find(User, organisation=one)]
    return sorted((user for user in found if user.active), key=lambda one: one.username)


@dataclass(frozen=True)
class Reviewed:
    """The result that stands, as its review may see it: `tree` and `evidence` are plain data."""

    id: str
    number: int
    total: Decimal
    grade: str
    tree: Mapping[str, Any]
    evidence: Mapping[str, Any]


def reviewed(actor: Actor, id: str) -> Reviewed:
    """What a review works on. Answers stay the evaluator's: figures of too few are withheld here as everywhere else.

    Raises Refused("not_found").
    """
    found = _latest(actor, id)
    tree = disclosures.for_reader(json.loads(found.tree), found.withheld, names=True)
    evidence = {kind: [*pieces] for kind, pieces in json.loads(found.evidence).items()}
    surveys = [piece for piece in evidence.get("surveys", []) if piece["node"] not in found.withheld]
    evidence["surveys"] = [{key: piece[key] for key in piece if key not in _OF_ANSWERS} for piece in surveys]
    return Reviewed(found.id, found.number, found.total, found.grade, tree, evidence)


@dataclass(frozen=True)
class Picked:
    """A field of a piece of evidence that somebody wants to correct, with the new value as it was typed."""

    kind: str
    node: str
    id: str
    field: str
    text: str
    reason: str


def edits(actor: Actor, id: str, picked: Sequence[Picked]) -> list[Edit]:
    """The corrections that were picked, each value in the shape of the one that stands. Raises Refused("invalid")."""
    evidence = reviewed(actor, id).evidence
    found = []
    for place, one in enumerate(picked):
        named = (one.node, one.id)
        pieces = [each for each in evidence.get(one.kind, ()) if (each["node"], id_of_piece(each)) == named]
        if len(pieces) != 1 or one.field not in pieces[0]:
            raise invalid(f"edits.{place}.target", "there is no such evidence")
        try:
            value = value_like(pieces[0][one.field], one.text)
        except Refused as refused:
            raise Refused("invalid", [replace(refused.faults[0], field=f"edits.{place}.value")]) from None
        found.append(Edit(one.kind, one.node, one.field, value, one.reason, one.id))
    return found


def appointed(actor: Actor, id: str) -> Review | None:
    """The group that stands now, for the body that appoints it; None before there is one."""
    appeals.get(actor, id, "appeals.decide")
    return records.get(Review, id)


def may_decide(actor: Actor, review: Review) -> bool:
    """Whether the actor acts for the body, not only for the group."""
    return access.may(actor, "appeals.decide", load(Project, review.project, "project").parties)


def preview(actor: Actor, id: str, edits: Sequence[Edit]) -> list[Difference]:
    """What these corrections would change; nothing is kept. Raises Refused("invalid")."""
    latest = _latest(actor, id)
    _check_edits(latest, edits)
    rows = results.preview(load(Round, latest.round, "round"), edits)
    return [row for row in rows if row.node not in latest.withheld]


def _latest(actor: Actor, id: str) -> ResultVersion:
    latest = results.latest(get(actor, id).round)
    if latest is None:
        raise Refused("not_found", noun="result")
    return latest


def _check_edits(latest: ResultVersion, edits: Sequence[Edit]) -> None:
    """A figure of too few cannot be edited: the totals would give it back. Raises Refused("invalid")."""
    faults = [
        Fault(f"edits.{place}.node", "figure_withheld", {"node": edit.node})
        for place, edit in enumerate(edits)
        if edit.kind == "surveys" and edit.node in latest.withheld
    ]
    cases.refuse(faults)


def decide(
    actor: Actor,
    now: datetime,
    id: str,
    version: int,
    outcome: str,
    reasons: str,
    edits: Sequence[Edit],
    document: str = "",
    scheme_change: bool = False,
) -> Appeal:
    """What the group decided: the corrections make the next version of the result, and it is final (G58).

    With `scheme_change` the scheme itself was wrong: `conclude` follows once the changed one is served (G53). A round
    that a crash left in appeal is finished by a repeat. Raises Refused: stale, state_conflict, panel_missing,
    panel_not_disjoint, result_final, invalid.
    """
    there = appeals.get(actor, id, "appeals.decide")
    if there.state == DECIDED:
        return _finished(actor, now, there)
    if there.version != version:
        raise Refused("stale", version=there.version)
    round = _decidable(actor, there, document)
    rules.check_decision(outcome, reasons, edits, scheme_change)
    if latest := results.latest(round.id):
        _check_edits(latest, edits)
    plain_edits = [plain(vars(edit)) for edit in edits]
    after = "" if scheme_change else there.result
    decided = appeal_rules.decided(there, outcome, reasons, plain_edits, after, day_of(now), actor.id, scheme_change)
    stored = replace(decided, document=document.strip() or there.document)
    if edits:
        stored = _corrected(actor, now, round, stored, edits, version)
    else:
        stored = appeals.put(actor, now, "appeal.decided", stored, version)
    return _finished(actor, now, stored)


def conclude(actor: Actor, now: datetime, id: str, version: int) -> Appeal:
    """The changed scheme was served and the result scored under it: this is what the review came to, and final.

    Raises Refused: stale, state_conflict, scheme_change_open.
    """
    there = appeals.get(actor, id, "appeals.decide")
    made = [one for one in results.versions(there.round) if one.case == id]
    if there.to_conclude and not made:
        raise Refused("scheme_change_open")
    stored = appeal_rules.concluded(there, made[-1].id if made else "")
    return _finished(actor, now, appeals.put(actor, now, "appeal.concluded", stored, version))


def _decidable(actor: Actor, appeal: Appeal, document: str) -> Round:
    """The round of an appeal that its group may decide now, recorded by somebody who had no part in the result."""
    appeal_rules.require_state(appeal, ACCEPTED)
    round = load(Round, appeal.round, "round")
    if round.state in (FINAL, PUBLISHED):
        raise Refused("result_final")
    rounds.require_state(round, APPEAL)
    if records.get(Review, appeal.id) is None:
        raise Refused("panel_missing")
    appeals.check_document(round, document)
    if barred := groups.may_not_sit(round, [Candidate(actor.username, actor.id)]):
        raise Refused("panel_not_disjoint", [replace(barred[0].fault, field="by")])
    return round


def _corrected(
    actor: Actor, now: datetime, round: Round, decided: Appeal, edits: Sequence[Edit], version: int
) -> Appeal:
    """The result's next version and the decision that makes it, in one transaction. -> the appeal as it is stored."""

    def also(tx: Tx) -> None:
        [made] = records.find(ResultVersion, tx, round=round.id, case=decided.id)
        appeals.write(tx, actor, now, "appeal.decided", replace(decided, result_after=made.id), version)

    made = results.correct(actor, now, round, edits, case=decided.id, also=also)
    return replace(decided, result_after=made.id)


def _finished(actor: Actor, now: datetime, appeal: Appeal) -> Appeal:
    """The last of the round's appeals that is decided makes the result final."""
    round = load(Round, appeal.round, "round")
    others = records.find(Appeal, round=round.id)
    if round.state == APPEAL and not any(one.pending for one in others):
        facts: dict[str, Any] = {"reason": f"appeal {appeal.id}"}
        moves.move(actor, now, round.id, FINAL, round.version, facts, by="appeals")
    return appeal

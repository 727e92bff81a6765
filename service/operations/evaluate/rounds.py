"""Rounds are opened under a frozen scheme, and the group's judgements and quantities entered."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from service.domain import access
from service.domain.access import PARTY_OF_ROLE, Actor
from service.domain.collect.campaigns import Campaign
from service.domain.days import day_of
from service.domain.errors import Fault, Refused, problem
from service.domain.evaluate import round_opening as opening
from service.domain.evaluate import rounds as rules
from service.domain.evaluate.judgements import RoundJudgement
from service.domain.evaluate.rounds import ENTERING, OPENED, Round, RoundDecision, RoundQuantity, RoundRow
from service.domain.evaluate.schemes import Scheme
from service.domain.inspect.draws import PLANNED_TRIGGER, RecordedDraw
from service.domain.inspect.frames import CLAIMS, FrozenFrame
from service.domain.organisations import Organisation
from service.domain.procedure.groups import GroupMember
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, create_once, load, plain
from service.operations.evaluate import schemes
from service.store import Tx, records
from service.store.evaluate import rounds as stored_rounds

E = TypeVar("E", RoundQuantity, RoundDecision)


def open_round(actor: Actor, now: datetime, opened: Round, adoption_needed: bool) -> tuple[Round, bool]:
    """Freeze scheme, weights and figures for this evaluation. The evaluator may prepare it, the lead opens it too.

    Raises Refused: invalid, not_lead.
    """
    owner = projects.project(actor, opened.project, "rounds.open")
    if not access.may(actor, "rounds.write", owner.parties):
        require_lead(actor, opened)
    version = schemes.for_project(opened.scheme, owner.id)
    scheme = schemes.parsed(version.id)
    rules.check_opening(opened.kind, opened.adoption, adoption_needed and bool(scheme.examples()))
    looked_at = records.get(Round, opened.of) if opened.of else None
    opening.check(opened, scheme, owner, looked_at, day_of(now))
    _check_sources(owner, opened)
    body = opening.body_of(opened.review_body, _names(owner), opened.lead)
    frozen = replace(opened, scheme_digest=version.digest, review_body=body)
    return create_once("round.opened", actor, now, projects.scope(owner.id), frozen, ("opened_at", "version"))


def set_terms(actor: Actor, now: datetime, id: str, values: Mapping[str, Any], version: int) -> Round:
    """Terms, mid-term day and reviewing body, until the scheme is served: `values` holds what changes.

    Raises Refused: not_lead, state_conflict, invalid, stale.
    """
    there = get(actor, id, "rounds.lead")
    owner = require_lead(actor, there)
    require_state(there, OPENED)
    changed = replace(there, **values)
    opening.check_terms(changed, schemes.parsed(there.scheme), owner)
    body = opening.body_of(changed.review_body, _names(owner), there.lead)
    if body is None:  # the authority leads, and cannot review itself
        raise Refused("invalid", [Fault("review_body.name", "review_body_missing")])
    changed = replace(changed, review_body=body)
    return put("round.terms_set", actor, now, changed, version, values)


def _names(owner: Project) -> dict[str, str]:
    """Part -> name of the project's organisation."""
    return {part: found.name if (found := records.get(Organisation, id)) else "" for part, id in owner.parties.items()}


def _check_sources(owner: Project, round: Round) -> None:
    """Bound nodes fit the scheme; campaigns and draws are this project's: evidence of another is refused."""
    scheme = schemes.parsed(round.scheme)
    rules.check_bindings(scheme, round.surveys, round.checks, round.panels, round.counters)
    faults = []
    campaigns = {campaign.id for campaign in records.find(Campaign, project=owner.id)}
    draws = {draw.id: draw for draw in records.find(RecordedDraw, project=owner.id)}
    for name, bound, known in (
        ("surveys", round.surveys, campaigns),
        ("checks", round.checks, set(draws)),
        ("counters", round.counters, set(draws)),
    ):
        for node, id in bound.items():
            if id not in known:
                faults.append(problem(f"{name}.{node}", "this project has no {id!r}", id=id))
            elif name != "surveys" and (reason := _unfit(scheme, name, node, draws[id])):
                faults.append(Fault(f"{name}.{node}", reason, {"draw": id}))
    if faults:
        raise Refused("invalid", faults)


def _unfit(scheme: Scheme, name: str, node: str, draw: RecordedDraw) -> str:
    """Why a draw is no evidence for the node: caused by a complaint (C15), or taken from a list of another counter."""
    if draw.trigger != PLANNED_TRIGGER:
        return "draw_no_sample"
    frame = load(FrozenFrame, draw.frame, "frame")
    if name == "counters" and (frame.counter not in scheme.node(node).rules or frame.direction != CLAIMS):
        return "draw_of_other_list"
    return ""


def get(actor: Actor, id: str, action: str = "rounds.read") -> Round:
    found = load(Round, id, "round")
    owner = load(Project, found.project, "project")
    if not access.may(actor, "projects.read", owner.parties):
        raise Refused("not_found", noun="round")
    access.require(actor, action, owner.parties)
    return found


def require_lead(actor: Actor, round: Round) -> Project:
    """The round's project, if the actor acts for the organisation that leads. Raises Refused("not_lead")."""
    owner = load(Project, round.project, "project")
    parts = {PARTY_OF_ROLE.get(role) for role in actor.roles}
    if round.lead not in parts or owner.parties[round.lead] != actor.organisation:
        raise Refused("not_lead")
    return owner


def require_state(round: Round, *states: str) -> None:
    """Raises Refused("state_conflict") unless the round is in one of these states."""
    if round.state not in states:
        raise Refused("state_conflict", noun="round", state=round.state)


def still(id: str, *states: str) -> Callable[[Tx], None]:
    """`require_state` to be asked again inside a transaction.

    All that is written of a project is entered into one journal, so that a round which moves at the same time is seen.
    """

    def check(tx: Tx) -> None:
        if (found := records.get(Round, id, tx)) is not None:
            require_state(found, *states)

    return check


def put(
    name: str,
    actor: Actor,
    now: datetime,
    changed: Round,
    version: int,
    details: Mapping[str, Any],
    also: Callable[[Tx], object] | None = None,
    check: Callable[[Tx], object] | None = None,
) -> Round:
    """Write a changed round where version `version` was read, with its journal entry; -> as it is stored.

    `check` refuses what else has become otherwise, `also` writes what belongs to the same act, both in the same
    transaction. Raises Refused("stale").
    """
    stored = replace(changed, version=version + 1)

    def write(tx: Tx) -> None:
        records.replace(stored, version, tx)
        if check is not None:
            check(tx)
        if also is not None:
            also(tx)

    act(name, actor, now, projects.scope(stored.project), stored.id, plain(details), write)
    return stored


# What a provider reads of a round: what was served on it and when it must do what. No sources, no panels.
_SHOWN = (
    "id",
    "project",
    "kind",
    "name",
    "scheme",
    "scheme_digest",
    "adoption",
    "state",
    "lead",
    "direct_reason",
    "of",
    "terms",
    "review_body",
    "self_evaluation_on",
    "self_evaluation_set",
    "served",
    "notice",
    "deadlines",
    "references",
    "opened_at",
    "version",
)


def shown(actor: Actor, round: Round) -> Mapping[str, Any]:
    """The fields of a round that the actor may read."""
    owner = load(Project, round.project, "project")
    whole = access.may(actor, "gates.read", owner.parties)
    return {name: value for name, value in vars(round).items() if whole or name in _SHOWN}


def rows(projects: Collection[str], wanted: Mapping[str, str] | None = None) -> list[RoundRow]:
    """Rows of these projects' rounds, for rules and lists of administration: whoever asks has been checked."""
    return stored_rounds.rows(projects, wanted or {})


def listed(
    actor: Actor,
    state: str | None = None,
    kind: str | None = None,
    project: str | None = None,
    lead: str | None = None,
    due: date | None = None,
) -> list[RoundRow]:
    """Rows of the rounds that the actor may read, the latest first; `due`: something is due on this day or before."""
    asked = {"state": state, "kind": kind, "lead": lead}
    wanted = {name: value for name, value in asked.items() if value is not None}
    mine = {one.id for one in projects.projects(actor) if access.may(actor, "rounds.read", one.parties)}
    if project is not None:
        mine &= {project}
    found = [row for row in rows(mine, wanted) if due is None or (row.due is not None and row.due <= due)]
    return sorted(found, key=lambda row: (row.opened_at, row.id), reverse=True)


def all_of(actor: Actor) -> list[Round]:
    """The rounds of all projects whose rounds the actor may read."""
    mine = [p.id for p in projects.projects(actor) if access.may(actor, "rounds.read", p.parties)]
    return records.find(Round, project=tuple(mine)) if mine else []


def thresholds(campaign: str) -> dict[str, dict[str, float]]:
    """The thresholds of quality marks that a campaign is held to: those of the scheme of the round it is evidence of.

    Of several rounds, the one that was opened last; none, or a scheme that sets none: empty.
    """
    asked = load(Campaign, campaign, "campaign")
    bound = [round for round in records.find(Round, project=asked.project) if campaign in round.surveys.values()]
    if not bound:
        return {}
    scheme = schemes.parsed(max(bound, key=lambda round: round.opened_at).scheme)
    return {kind: {name: float(value) for name, value in values.items()} for kind, values in scheme.quality.items()}


def bind(
    actor: Actor,
    now: datetime,
    id: str,
    surveys: Mapping[str, str],
    checks: Mapping[str, str],
    panels: Mapping[str, Sequence[str]],
    version: int,
    counters: Mapping[str, str] | None = None,
) -> Round:
    """Say which campaign and which draw are the evidence of which node. Raises Refused("stale")."""
    there = get(actor, id, "rounds.write")
    require_state(there, *ENTERING)
    raters = {node: tuple(names) for node, names in panels.items()}
    _check_panels(there, raters)
    verified = there.counters if counters is None else counters
    bound = replace(there, surveys=surveys, checks=checks, panels=raters, counters=verified)
    _check_sources(load(Project, there.project, "project"), bound)
    named = {node: list(names) for node, names in raters.items()}
    details = {"surveys": dict(surveys), "checks": dict(checks), "panels": named, "counters": dict(verified)}
    return put("round.bound", actor, now, bound, version, details)


def _check_panels(round: Round, panels: Mapping[str, tuple[str, ...]]) -> None:
    """Who is asked for a node stays as it is once the group scores it: nobody is asked who could have seen scores."""
    changed = [node for node in {*round.panels, *panels} if tuple(round.panels.get(node, ())) != panels.get(node, ())]
    if not changed:
        return
    members = {one.id for one in records.find(GroupMember, round=round.id)}
    scored = {one.node for one in records.find(RoundJudgement, round=round.id) if one.rater in members}
    if fixed := sorted(scored.intersection(changed)):
        raise Refused("invalid", [Fault(f"panels.{node}", "panel_fixed", {"node": node}) for node in fixed])


def enter_quantity(actor: Actor, now: datetime, quantity: RoundQuantity) -> tuple[RoundQuantity, bool]:
    there = get(actor, quantity.round, "rounds.write")
    require_state(there, *ENTERING)
    rules.check_quantity(schemes.parsed(there.scheme), quantity)
    return _enter("quantity.entered", actor, now, there, quantity)


def decide(actor: Actor, now: datetime, decision: RoundDecision) -> tuple[RoundDecision, bool]:
    there = get(actor, decision.round, "rounds.write")
    require_state(there, *ENTERING)
    rules.check_decision(schemes.parsed(there.scheme), decision)
    return _enter("decision.taken", actor, now, there, decision)


def _enter(name: str, actor: Actor, now: datetime, round: Round, entry: E) -> tuple[E, bool]:
    """Entries are not changed, only repeated: a second one of the same node is refused as such."""
    try:
        scope, check = projects.scope(round.project), still(round.id, *ENTERING)
        return create_once(name, actor, now, scope, entry, ("at", "by"), check=check)
    except Refused as refused:
        if refused.reason == "id_taken" and records.get(type(entry), entry.id) is None:
            raise Refused("invalid", [Fault("node", "entered_already")]) from None
        raise


def quantities(round: Round) -> list[RoundQuantity]:
    return records.find(RoundQuantity, round=round.id)


def decisions(round: Round) -> list[RoundDecision]:
    return records.find(RoundDecision, round=round.id)

"""Third-party evaluators: proposed by the purchaser, their papers filed, approved or refused by the authority (G06)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.unmet import Unmet
from service.domain.organisations import Organisation
from service.domain.procedure import approvals as rules
from service.domain.procedure.approvals import APPROVED, FILED, PROPOSED, REFUSED, EvaluatorApproval
from service.domain.procedure.papers import Paper
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, create_once, load, plain
from service.operations.procedure import papers
from service.store import records

GATE = "third_party_approved"
_FILLED_IN = tuple(set(EvaluatorApproval.__dataclass_fields__) - {"id", "project", "organisation"})


def propose(actor: Actor, now: datetime, id: str, project: str, organisation: str) -> tuple[EvaluatorApproval, bool]:
    """Begin the approval of an organisation as this project's evaluator. Raises Refused: invalid, state_conflict.

    Any evaluating organisation may be proposed, also one that has no part in the project yet: it is approved before it
    gets one (G06), and being proposed lets its people reach nothing. Its papers are filed by the project's parties.
    """
    owner = projects.project(actor, project, "approvals.write")
    found = records.get(Organisation, organisation)
    if found is None or found.kind != "evaluator":
        raise Refused("invalid", [Fault("organisation", "no_such_evaluator", {"value": organisation})])
    made = EvaluatorApproval(id, owner.id, organisation, now, actor.id)
    last = rules.standing(of(owner.id), organisation)
    if last is not None and last.id != id and last.state != REFUSED:
        raise Refused("state_conflict", noun="approval", state=last.state)
    return create_once("evaluator.proposed", actor, now, projects.scope(owner.id), made, _FILLED_IN)


def add_paper(actor: Actor, now: datetime, id: str, data: bytes) -> Paper:
    """Keep a paper for the filing: PDF, JPEG or PNG by content. Raises Refused: invalid, too_large, state_conflict."""
    there = get(actor, id, "approvals.write")
    rules.require_state(there, PROPOSED, FILED)
    return papers.add(actor, now, owner(there), there.project, data)


def paper(actor: Actor, id: str, name: str) -> tuple[Paper, bytes]:
    return papers.read(owner(get(actor, id)), name)


def file(
    actor: Actor, now: datetime, id: str, version: int, qualification: Sequence[str], capability: Sequence[str]
) -> EvaluatorApproval:
    """Name the papers that prove qualification and capability. Raises Refused: invalid, state_conflict, stale."""
    there = get(actor, id, "approvals.write")
    named = {"qualification": tuple(qualification), "capability": tuple(capability)}
    sent = {one.name for one in papers.of(owner(there))}
    lost = [
        Fault(kind, "no_such_file", {"value": name})
        for kind, names in named.items()
        for name in names
        if name not in sent
    ]
    if lost:
        raise Refused("invalid", lost)
    return _put(actor, now, "evaluator.papers_filed", rules.filed(there, named, now, actor.id), version)


def decide(actor: Actor, now: datetime, id: str, version: int, state: str, reason: str) -> EvaluatorApproval:
    """The authority approves or refuses. Raises Refused: invalid, state_conflict, stale."""
    there = get(actor, id, "approvals.decide")
    return _put(actor, now, f"evaluator.{state}", rules.decided(there, state, reason, now, actor.id), version)


def get(actor: Actor, id: str, action: str = "approvals.read") -> EvaluatorApproval:
    found = load(EvaluatorApproval, id, "approval")
    projects.project(actor, found.project, action)
    return found


def of_project(actor: Actor, project: str) -> list[EvaluatorApproval]:
    """All of a project, refused ones too."""
    return of(projects.project(actor, project, "approvals.read").id)


def of(project: str) -> list[EvaluatorApproval]:
    return records.find(EvaluatorApproval, project=project)


def approved(project_id: str) -> bool:
    """Whether the authority has approved the organisation that is this project's evaluator."""
    return _state(load(Project, project_id, "project")) == APPROVED


def unmet(round: Round) -> list[Unmet]:
    """For the gate `third_party_approved`: the evaluator is not approved yet, or was refused."""
    owner = load(Project, round.project, "project")
    state = _state(owner)
    if state == APPROVED:
        return []
    codes: dict[str, str] = {"": "evaluator_not_proposed", REFUSED: "evaluator_refused"}
    name = load(Organisation, owner.evaluator, "organisation").name
    return [Unmet(GATE, owner.evaluator, codes.get(state, "evaluator_not_approved"), {"value": name})]


def _state(owner: Project) -> str:
    last = rules.standing(of(owner.id), owner.evaluator)
    return "" if last is None else last.state


def owner(approval: EvaluatorApproval) -> str:
    """Under which name its papers are kept."""
    return f"approval:{approval.id}"


def _put(actor: Actor, now: datetime, name: str, stored: EvaluatorApproval, version: int) -> EvaluatorApproval:
    details: dict[str, Any] = plain(vars(stored))
    scope = projects.scope(stored.project)
    act(name, actor, now, scope, stored.id, details, lambda tx: records.replace(stored, version, tx))
    return stored

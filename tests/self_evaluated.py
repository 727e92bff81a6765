"""A round of the measures' own scheme whose provider evaluates itself, for tests."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from demo_round import AUTHORITY, scheme_text
from factories import ADMIN, EVALUATOR, NOW, PROVIDER, make_project
from stages import staged

from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Counter
from service.domain.procedure.self_evaluations import Entry, SelfEvaluation
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act
from service.operations.evaluate import rounds, schemes
from service.operations.procedure import self_evaluations
from service.store import records

AREAS = ("professional", "volume", "quality", "management")
SCHEME = "guangzhou-services@2"


@staged
def open_round(state: str = "self_evaluation", **more: Any) -> Round:
    """A project and a round of it in this state; nothing is bound."""
    make_project()
    schemes.publish(AUTHORITY, NOW, scheme_text("guangzhou-services"))
    return another_round("round-1", "project-1", state, **more)


def another_round(id: str, project: str, state: str = "evidence", **more: Any) -> Round:
    values = {"kind": "final", "opened_at": NOW, "scheme": SCHEME, **more}
    opened = Round(**values, id=id, project=project, name=id, scheme_digest="")
    made, _ = rounds.open_round(EVALUATOR, NOW, opened, adoption_needed=False)
    return in_state(made, state)


def another_project(id: str, **parties: str) -> Project:
    """A project of the same city's organisations, or of those named."""
    usual = {part: f"{part}-org" for part in ("authority", "purchaser", "provider", "evaluator")}
    return projects.create_project(ADMIN, NOW, Project(id, id, **{**usual, **parties}))[0]


def in_state(round: Round, state: str, **more: Any) -> Round:
    """The round put into a state by hand: how it gets there is shown where its steps are."""
    moved = replace(round, state=state, version=round.version + 1, **more)
    scope = projects.scope(round.project)
    act("round.moved", EVALUATOR, NOW, scope, round.id, {}, lambda tx: records.replace(moved, round.version, tx))
    return moved


def whole() -> dict[str, Any]:
    """What a provider sends when nothing is missing: each counter claims 240."""
    entries: dict[str, Any] = {area: {"statement": f"{area}：已按合同开展。"} for area in AREAS}
    for node in schemes.parsed(SCHEME).leaves():
        if isinstance(node.spec, Counter):
            entries[node.id] = {"claimed": "240", "statement": "台账及签到表存于站点档案柜。"}
    return {"entries": entries, "facts": {"full_time_equivalent": "5", "cases_carried_over": "0"}}


def file_it(round: Round, now: datetime = NOW) -> SelfEvaluation:
    """The provider's whole self-evaluation, kept and filed."""
    sent = whole()
    entries = {
        node: Entry(claimed=Decimal(one["claimed"]) if "claimed" in one else None, statement=one["statement"])
        for node, one in sent["entries"].items()
    }
    facts = {name: Decimal(value) for name, value in sent["facts"].items()}
    kept = self_evaluations.save(PROVIDER, now, round.id, entries, facts, 0)
    return self_evaluations.file(PROVIDER, now, round.id, kept.version)

"""The facts of a report, gathered once as plain data: all its forms and languages tell these and nothing else."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import Composite, Node, Scheme, as_data, plain, shown
from service.domain.evaluate.scores import NodeScore, ScoreTree
from service.domain.organisations import Organisation
from service.domain.procedure import report_parts as parts
from service.domain.procedure.report_parts import Share
from service.domain.procedure.reports import PurchaserOpinion, Report
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import load
from service.operations.procedure import report_annex, report_evidence
from service.operations.procedure.report_sources import Source, of_round
from service.store import journal, records

FORMAT = "minyi-report/1"
_OF_SCHEME = (
    *("id", "version", "title", "legal_basis", "source", "boundary", "bands", "rounding", "changes", "deadlines"),
    *("valid_from", "valid_to", "extends", "mappings"),
)


def gather(actor: Actor, now: datetime, report: Report) -> dict[str, Any]:
    """Everything that a report tells, without names of persons and without what rests on too few of them."""
    round = load(Round, report.round, "round")
    owner = load(Project, round.project, "project")
    source = of_round(actor, now, round)
    surveys = report_evidence.surveys(source)
    hidden = source.hidden
    hide = report_evidence.names(source)
    return {
        "format": FORMAT,
        "report": {"id": report.id, "number": report.number, "day": day_of(report.asked_at).isoformat()},
        "result": source.told,
        "round": _round(round),
        "project": _project(owner),
        "parties": {part: _name(id) for part, id in owner.parties.items()},
        "scheme": _scheme(source.scheme),
        "score": _score(source, hide),
        "nodes": [_node(source, node, depth, hidden, hide) for node, depth in _walk(source.tree)],
        "objects": [_share(one) for one in parts.by_object(source.scheme, source.tree, hidden)],
        "kinds": [_share(one) for one in parts.by_kind(source.scheme, source.tree, hidden)],
        "missing": [report_evidence.remark(one, hide) for one in source.tree.missing],
        "excluded": [report_evidence.remark(one, hide) for one in source.tree.excluded],
        "surveys": [_without_figures(one) if one["node"] in hidden else one for one in surveys],
        "draws": report_evidence.draws(source, hidden),
        "interviews": report_evidence.interviews(source),
        "judgements": report_evidence.judgements(source, hidden),
        "volumes": report_evidence.volumes(source, hidden),
        "entered": report_evidence.entered(source, hidden),
        **report_annex.of_round(source),
        "opinion": _opinion(round, hide),
        "journal": _journal(owner),
        "inputs": {
            "scheme": source.tree.scheme_digest,
            "evidence": source.evidence_digest,
            "score": source.tree.inputs_digest,
        },
    }


def digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical JSON of the facts."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _round(round: Round) -> dict[str, Any]:
    return {
        "id": round.id,
        "kind": round.kind,
        "name": round.name,
        "state": round.state,
        "opened_on": day_of(round.opened_at).isoformat(),
        "lead": round.lead,
        "direct_reason": round.direct_reason,
        "of": round.of,
        "adoption": dict(round.adoption) if round.adoption else None,
        "served": as_data(dict(round.served)),
        "review_body": dict(round.review_body) if round.review_body else None,
        "deadlines": [{"id": id, **as_data(dict(one))} for id, one in sorted(round.deadlines.items())],
    }


def _project(owner: Project) -> dict[str, Any]:
    return {
        "id": owner.id,
        "name": owner.name,
        "starts_on": owner.starts_on and owner.starts_on.isoformat(),
        "ends_on": owner.ends_on and owner.ends_on.isoformat(),
    }


def _name(id: str) -> str:
    found = records.get(Organisation, id)
    return found.name if found else id


def _scheme(scheme: Scheme) -> dict[str, Any]:
    told: dict[str, Any] = {name: as_data(getattr(scheme, name)) for name in _OF_SCHEME}
    return told | {"examples": [node.id for node in scheme.examples()]}


def _score(source: Source, hide: Collection[str]) -> dict[str, Any]:
    scheme, tree = source.scheme, source.tree
    own = ("total", "max_scorable", "highest_possible", "grade", "shown", "shown_in_other_band", "provisional")
    told: dict[str, Any] = {name: as_data(getattr(tree, name)) for name in own}
    told["failed_gates"] = [report_evidence.remark(one, hide) for one in tree.failed_gates]
    told["standards"] = [
        {"id": one.id, "shown": shown(scheme, one.points), "weight": plain(one.weight)} for one in tree.standards
    ]
    return told


def _walk(tree: ScoreTree) -> Iterable[tuple[NodeScore, int]]:
    def below(node: NodeScore, depth: int) -> Iterable[tuple[NodeScore, int]]:
        yield node, depth
        for child in node.children:
            yield from below(child, depth + 1)

    for standard in tree.standards:
        yield from below(standard, 0)


def _node(
    source: Source, node: NodeScore, depth: int, hidden: Collection[str], hide: Collection[str]
) -> dict[str, Any]:
    rule = source.scheme.node(node.id)
    kept = node.id not in hidden
    return {
        "id": node.id,
        "parent": node.parent,
        "depth": depth,
        "type": node.type,
        "label": dict(node.label),
        "description": dict(rule.description or {}),
        "rules": list(node.rules),
        "methods": list(rule.methods),
        "tags": as_data(rule.tags),
        "example": node.example,
        "weight": plain(node.weight),
        "max_points": plain(node.max_points),
        "hidden": not kept,
        "scored": node.score is not None,
        "score": None if node.score is None or not kept else plain(node.score),
        "points": plain(node.points) if kept else None,
        "arithmetic": {"formula": node.arithmetic.formula, "text": node.arithmetic.text}
        if node.arithmetic and kept
        else None,
        "inputs": [as_data(one) for one in node.inputs],
        "missing": [report_evidence.remark(one, hide) for one in node.missing],
        "notes": [report_evidence.remark(one, hide) for one in node.notes] if kept else [],
        "how": _how(rule),
    }


def _how(rule: Node) -> dict[str, Any]:
    """The scoring rule of an indicator, as data."""
    return {} if isinstance(rule.spec, Composite) else dict(as_data(rule.spec))


def _share(one: Share) -> dict[str, Any]:
    return {
        "key": list(one.key),
        "points": None if one.points is None else plain(one.points),
        "max_points": plain(one.max_points),
        "nodes": len(one.nodes),
    }


def _without_figures(survey: dict[str, Any]) -> dict[str, Any]:
    """Of a survey whose figure may not be known: who was asked and how many answered, no more."""
    nothing = dict.fromkeys(("figure_value", "interval", "bounds", "levels", "cannot_say"))
    return {**survey, **nothing, "hidden": True}


def _opinion(round: Round, hide: Collection[str]) -> dict[str, Any] | None:
    found = records.get(PurchaserOpinion, round.id)
    return {"text": parts.without_names(found.text, hide), "day": day_of(found.at).isoformat()} if found else None


def _journal(owner: Project) -> dict[str, Any]:
    scope = projects.scope(owner.id)
    return {"scope": scope, "hash": journal.head(scope)}

"""Retention: what is due by its kind, shown by a dry run first, then deleted with a proof that is journalled."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Fault, Refused
from service.domain.procedure import retention as rules
from service.domain.procedure.retention import DONE, Held, Purge, RetentionRule
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, plain
from service.operations.procedure import retained, retained_answers
from service.operations.procedure.retained import Terms
from service.store import records

SYSTEM = Actor("system", "system", "", ())


@dataclass(frozen=True)
class Handler:
    """One kind of data: `held` lists it, `begin` writes in the first transaction, `delete` may be repeated, `after` is
    the digest of what is kept instead."""

    held: Callable[[Project, Terms, datetime], Iterator[Held]]
    delete: Callable[[Held, datetime], None]
    after: Callable[[Held], str]
    begin: Callable[[store.Tx, Held, datetime], Mapping[str, Any]] = lambda tx, one, now: {}


HANDLERS: Mapping[str, Handler] = {
    rules.RAW_ANSWERS: Handler(
        retained_answers.held, retained_answers.delete, retained_answers.after, retained_answers.begin
    ),
    rules.PHOTOS: Handler(retained.photos, retained.delete_photos, retained.photo_list),
    rules.PROCUREMENT_FILE: Handler(retained.papers, retained.delete_papers, retained.paper_list),
    rules.JOURNAL_DETAILS: Handler(retained.details, retained.delete_details, retained.chain_head),
}


@dataclass(frozen=True)
class Plan:
    """What a dry run shows: `due` would be deleted, all else is kept with the reason. `digest` names this very plan."""

    kind: str
    due: tuple[Held, ...]
    kept: tuple[Held, ...]
    digest: str


def plan(now: datetime, kind: str, terms: Mapping[str, RetentionRule], project: str = "") -> Plan:
    """Everything of a kind, in one project or in all. Raises Refused("invalid") for an unknown kind."""
    if kind not in HANDLERS:
        raise Refused("invalid", [Fault("kind", "not_an_option", {"value": kind, "options": ", ".join(HANDLERS)})])
    asked = records.find(Project, _id=project) if project else records.find(Project)
    held: list[Held] = []
    for owner in asked:
        held += HANDLERS[kind].held(owner, Terms(terms[kind], retained.scheme_years(owner, kind)), now)
    due = rules.due(held, day_of(now))
    kept = [replace(one, kept=one.kept or "not_due") for one in held if one not in due and one.count]
    return Plan(kind, tuple(due), tuple(kept), rules.plan_digest(due))


def dry_run(actor: Actor, now: datetime, kind: str, project: str) -> Plan:
    """The plan of one project by our own terms, for who may read its proofs.

    How many answers there are is the evaluator's alone as long as they are kept. Raises Refused("invalid").
    """
    owner = projects.project(actor, project, "purges.read")
    found = plan(now, kind, rules.RULES, project)
    if access.may(actor, "responses.read", owner.parties):
        return found
    return replace(found, kept=tuple(replace(one, count=0, digest="") for one in found.kept))


def purge(
    now: datetime, kind: str, terms: Mapping[str, RetentionRule], digest: str, project: str = ""
) -> Sequence[Purge]:
    """Delete exactly what a dry run showed. -> a proof for each subject. Raises Refused("purge_unplanned").

    Each deletion is journalled before it begins and again when it is done: a crash in between leaves a beginning, and
    the next run, after its own dry run, deletes the rest.
    """
    planned = plan(now, kind, terms, project)
    if planned.digest != digest or not planned.due:
        raise Refused("purge_unplanned")
    return [_purge(now, one, terms[kind], digest) for one in planned.due]


def _purge(now: datetime, one: Held, rule: RetentionRule, digest: str) -> Purge:
    handler = HANDLERS[one.kind]
    begun = Purge(
        id=secrets.token_hex(8),
        kind=one.kind,
        project=one.project,
        subject=one.subject,
        rule=plain(asdict(rule) | {"due_on": one.due_on}),
        plan=digest,
        count=one.count,
        before=one.digest,
        at=now,
        by=SYSTEM.id,
    )
    scope = projects.scope(one.project)

    def begin(tx: store.Tx) -> Purge:
        made = replace(begun, facts=handler.begin(tx, one, now))
        records.insert(made, tx)
        return made

    details = {"kind": one.kind, "count": one.count, "before": one.digest, "rule": begun.rule, "plan": digest}
    made = act("purge.begun", SYSTEM, now, scope, one.subject, details, begin)
    handler.delete(one, now)
    done = replace(made, state=DONE, after=handler.after(one), version=2)
    details = {"kind": one.kind, "count": one.count, "before": one.digest, "after": done.after, "purge": done.id}
    act("purge.done", SYSTEM, now, scope, one.subject, details, lambda tx: records.replace(done, 1, tx))
    return done


def of_project(actor: Actor, project: str) -> list[Purge]:
    """The proofs of what was deleted in a project, the oldest first."""
    projects.project(actor, project, "purges.read")
    return sorted(records.find(Purge, project=project), key=lambda one: (one.at, one.id))

"""Reports: asked for, made in the background by whoever holds the attempt, kept with their files, read by state."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused, problem
from service.domain.evaluate import results as result_rules
from service.domain.evaluate.rounds import FINAL, PUBLISHED, Round
from service.domain.evaluate.unmet import Unmet
from service.domain.procedure import reports as rules
from service.domain.procedure.reports import BUILT, FAILED, FORMS, STEPS, PurchaserOpinion, Report
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, create_once, load
from service.operations.evaluate import results, rounds
from service.store import records
from service.store.inspect import evidence_files

_ASKED = ("round", "number", "languages")
_FILLED_IN = tuple(each.name for each in fields(Report) if each.name not in ("id", *_ASKED))


def ask(actor: Actor, now: datetime, asked: Report) -> tuple[Report, bool]:
    """-> (the report, whether the caller has to make it now).

    A repeat finds the one that it asked for; one that failed, or whose making fell silent, is begun again by the
    repeat. Raises Refused: invalid, id_taken, forbidden.
    """
    round, owner = _round(actor, asked.round, "reports.write")
    _check_languages(asked.languages)
    part = _part_of(actor, owner, "reports.write")
    if part not in ("evaluator", round.lead):
        raise Refused("forbidden")
    if part != "evaluator" and results.latest(round.id) is None:  # a draft tells of figures that are not released
        raise Refused("state_conflict", noun="round", state=round.state)
    fresh = replace(asked, alive_at=now, steps=1 + len(asked.languages) * len(FORMS))
    there, new = create_once("report.asked", actor, now, projects.scope(owner.id), fresh, _FILLED_IN)
    if new or rules.state_at(there, now)[0] != FAILED:
        return there, new
    again = replace(fresh, attempt=there.attempt + 1, version=there.version + 1)
    details = {"attempt": again.attempt, "after": rules.state_at(there, now)[1]}
    try:
        act(
            "report.asked_again",
            actor,
            now,
            projects.scope(owner.id),
            again.id,
            details,
            lambda tx: records.replace(again, there.version, tx),
        )
    except Refused:  # somebody else has begun it again meanwhile
        return load(Report, asked.id, "report"), False
    return again, True


def _check_languages(languages: tuple[str, ...]) -> None:
    options = ", ".join(rules.LANGUAGES)
    faults = [
        Fault("languages", "not_an_option", {"value": name, "options": options})
        for name in languages
        if name not in rules.LANGUAGES
    ]
    if not languages or len(set(languages)) < len(languages):
        faults.append(problem("languages", "each language once, at least one"))
    if faults:
        raise Refused("invalid", faults)


def advance(report: Report, now: datetime, step: str, **found: Any) -> Report:
    """Say that the making goes on. Raises Refused("stale") when another attempt has taken it over."""
    ahead = replace(report, step=step, alive_at=now, version=report.version + 1, **found)
    store.retrying(lambda tx: records.replace(ahead, report.version, tx))
    return ahead


def keep(report: Report, now: datetime, form: str, language: str, content: bytes) -> Report:
    """Keep one finished file."""
    kept = {"place": evidence_files.put(content), "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    files = {**report.files, _name(form, language): kept}
    return advance(report, now, STEPS[-2], files=files, done=report.done + 1)


def finish(actor: Actor, now: datetime, report: Report) -> Report:
    """All files are kept: from now on they are the report."""
    built = replace(report, state=BUILT, step=STEPS[-1], alive_at=now, built_at=now, version=report.version + 1)
    owner = load(Round, report.round, "round").project
    digests = {name: file["sha256"] for name, file in sorted(built.files.items())}
    details = {"round": built.round, "result": built.result, "digest": built.digest, "files": digests}
    act(
        "report.built",
        actor,
        now,
        projects.scope(owner),
        built.id,
        details,
        lambda tx: records.replace(built, report.version, tx),
    )
    return built


def fail(report: Report, now: datetime, why: str) -> None:
    """The making has failed; it may be asked for again. Files that were kept of it go."""
    try:
        advance(report, now, report.step, state=FAILED, failure=why[:500], files={})
    except Refused:  # another attempt has taken it over
        return
    for file in report.files.values():
        evidence_files.drop(str(file["place"]))


def one(actor: Actor, now: datetime, round_id: str, id: str) -> Report:
    """A report with the state it has now. Raises Refused("not_found")."""
    part = _readable(actor, round_id)
    found = records.get(Report, id)
    if found is None or found.round != round_id or not _shown(part, found):
        raise Refused("not_found", noun="report")
    return _now(found, now)


def of_round(actor: Actor, now: datetime, round_id: str) -> list[Report]:
    """All of a round, the last one first."""
    part = _readable(actor, round_id)
    found = [_now(each, now) for each in records.find(Report, round=round_id) if _shown(part, each)]
    return sorted(found, key=lambda each: (each.asked_at, each.id), reverse=True)


def _shown(part: str, report: Report) -> bool:
    """A draft is the evaluator's alone: it tells of answers that nobody else may read yet (design §7)."""
    return part == "evaluator" or bool(report.result)


def _now(report: Report, now: datetime) -> Report:
    state, failure = rules.state_at(report, now)
    return replace(report, state=state, failure=failure)


def file(actor: Actor, now: datetime, round_id: str, id: str, form: str, language: str) -> bytes:
    """The bytes of a finished file. Raises Refused: not_found, state_conflict."""
    found = one(actor, now, round_id, id)
    if found.state != BUILT:
        raise Refused("state_conflict", noun="report", state=found.state)
    kept: Mapping[str, Any] | None = found.files.get(_name(form, language))
    content = evidence_files.read(str(kept["place"])) if kept else b""
    if not content:
        raise Refused("not_found", noun="report")
    return content


def built(round: Round) -> bool:
    """Whether there is a finished report of the round's result as it stands."""
    frozen = results.latest(round.id)
    made = records.find(Report, round=round.id, state=BUILT)
    return frozen is not None and any(report.result == frozen.id for report in made)


def unmet(round: Round, now: datetime) -> list[Unmet]:
    """What the notification waits for: the report of the result that the provider is told (G52, G55)."""
    return [] if built(round) else [Unmet("report_built", "", "report_wanting")]


def comment(actor: Actor, now: datetime, said: PurchaserOpinion, version: int) -> PurchaserOpinion:
    """The purchaser's own opinion (S06), in place of the one read as `version` (0: none yet)."""
    round, owner = _round(actor, said.id, "reports.comment")
    if round.state in (FINAL, PUBLISHED):
        raise Refused("state_conflict", noun="round", state=round.state)
    if not said.text.strip():
        raise Refused("invalid", [Fault("text", "empty")])
    stored = replace(said, text=said.text.strip(), version=version + 1)

    def write(tx: store.Tx) -> None:
        if version:
            records.replace(stored, version, tx)
        else:
            records.insert(stored, tx)

    try:
        act("opinion.given", actor, now, projects.scope(owner.id), said.id, {"text": stored.text}, write)
    except records.Duplicate:
        there = load(PurchaserOpinion, said.id, "opinion")
        raise Refused("stale", version=there.version) from None
    return stored


def opinion(actor: Actor, round_id: str) -> PurchaserOpinion:
    """The purchaser's opinion as it stands; its own people always read it. Raises Refused: not_found, forbidden."""
    _, owner = _round(actor, round_id, "reports.read")
    if not access.may(actor, "reports.comment", owner.parties):
        _readable(actor, round_id)
    return load(PurchaserOpinion, round_id, "opinion")


def _readable(actor: Actor, round_id: str) -> str:
    """The part in which the actor may read the round's reports now. Raises Refused: not_found, forbidden."""
    round, owner = _round(actor, round_id, "reports.read")
    part = _part_of(actor, owner, "reports.read")
    if not result_rules.visible(part, round.state):
        raise Refused("forbidden")
    return part


def _round(actor: Actor, id: str, action: str) -> tuple[Round, Project]:
    found = rounds.get(actor, id, action)
    return found, load(Project, found.project, "project")


def _part_of(actor: Actor, owner: Project, action: str) -> str:
    """The part in which the actor's organisation may do this; where it has several, the one that may read most."""
    order = ("evaluator", "purchaser", "authority", "provider")
    mine = [
        part
        for part in order
        if owner.parties[part] == actor.organisation
        and any(access.PARTY_OF_ROLE.get(role) == part for role in actor.roles if role in access.ACTIONS[action])
    ]
    return mine[0] if mine else ""


def _name(form: str, language: str) -> str:
    return f"{form}:{language}"

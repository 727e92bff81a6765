"""After an objection was upheld: records reviewed again, the corrected notice issued, results mended unless final."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.evaluate.corrections import FIXED, Edit
from service.domain.evaluate.evidence import to_plain
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import APPEAL, NOTIFIED, REPORTED, Round
from service.domain.inspect.notices import Notice
from service.domain.inspect.spot_checks import SpotCheck
from service.domain.procedure import objections as rules
from service.domain.procedure.objections import Objection
from service.operations import projects
from service.operations.acts import act, load
from service.operations.evaluate import results, schemes, scores
from service.operations.inspect import notices
from service.operations.procedure import moves, objections
from service.store import Tx, records

MENDED = (REPORTED, NOTIFIED, APPEAL)  # the result is frozen and not final yet
KINDS = ("checks", "quantities")  # the evidence that rests on spot checks
UNEDITED = (*FIXED, "se")  # an edited piece has no standard error any more


def correct(actor: Actor, now: datetime, id: str, version: int, notice: str, summary: str) -> Objection:
    """Issue the corrected notice under the id `notice`, and the next version of every result that rests on its draws.

    A final result stays as it is; the objection tells whose. What a crash left half done is finished by a repeat.
    Raises Refused: stale, state_conflict, correction_open, correction_empty, invalid, id_taken.
    """
    there = objections.get(actor, id, "objections.correct")
    if there.version != version:
        raise Refused("stale", version=there.version)
    rules.corrected(there, {})
    _require_reviewed(there)
    wrong = load(Notice, there.notice, "notice")
    made = notices.correction(actor, now, notice, wrong, summary, there.id)
    bound = [one for one in records.find(Round, project=there.project) if _frozen_of(one, wrong)]
    mended = [_mended(actor, now, one, there, wrong) for one in bound if one.state in MENDED]
    told = {
        "notice": made.id,
        "results": [one.id for one in mended if one is not None],
        "locked": [one.id for one in bound if one.state not in MENDED],
        "at": now,
        "by": actor.id,
    }
    stored = rules.corrected(there, told)

    def write(tx: Tx) -> Objection:
        records.insert(made, tx)
        records.replace(stored, version, tx)
        return stored

    details = objections.untold(stored) | {"digest": made.digest, "number": made.number}
    try:
        return act("objection.corrected", actor, now, projects.scope(there.project), id, details, write)
    except records.Duplicate:
        raise Refused("id_taken", id=notice) from None


def _require_reviewed(objection: Objection) -> None:
    """Raises Refused("correction_open") naming each record that nobody has looked at since the answer."""
    faults = []
    for place, id in enumerate(objection.spot_checks):
        spot = load(SpotCheck, id, "spot check")
        since = objection.answered_at
        if not any(since is None or review["at"] > since for review in spot.reviews):
            faults.append(Fault(f"spot_checks.{place}", "not_reviewed_again", {"value": id}))
    if faults:
        raise Refused("correction_open", faults)


def _frozen_of(round: Round, notice: Notice) -> bool:
    """Whether a result of the round stands that rests on a draw of this notice."""
    return bool(objections.rounds_draws(round) & set(notice.draws)) and results.latest(round.id) is not None


def _mended(actor: Actor, now: datetime, round: Round, objection: Objection, notice: Notice) -> ResultVersion | None:
    """The result's next version; None where the points rest on what did not change. It must be notified again."""
    if earlier := [one for one in results.versions(round.id) if one.case == objection.id]:
        return earlier[-1]
    edits = edits_of(round, set(notice.draws), objection.reasons)
    if not edits:
        return None
    if round.state == NOTIFIED:
        facts = {"reason": f"objection {objection.id}"}
        round = moves.move(actor, now, round.id, REPORTED, round.version, facts, by="objections")

    def once(tx: Tx) -> None:
        """Two corrections at once would each make a version: the second finds the first one's, or the answer gone."""
        there = records.get(Objection, objection.id, tx)
        if there is None or there.version != objection.version:
            raise Refused("stale", version=there.version if there else 0)
        if len(records.find(ResultVersion, tx, round=round.id, case=objection.id)) > 1:
            raise Refused("busy")

    return results.correct(actor, now, round, edits, case=objection.id, also=once)


def edits_of(round: Round, draws: Collection[str], reason: str) -> list[Edit]:
    """What the spot checks of these draws say now and did not when the result was frozen, as edits of the evidence."""
    latest = results.latest(round.id)
    frozen = json.loads(latest.evidence) if latest else {}
    fresh = to_plain(scores.gather(round, schemes.parsed(round.scheme)))
    nodes = {node for bound in (round.checks, round.counters) for node, draw in bound.items() if draw in draws}
    found = []
    for kind in KINDS:
        before = {piece["node"]: piece for piece in frozen.get(kind, [])}
        for piece in fresh.get(kind, []):
            if piece["node"] in nodes:
                found += _edits(kind, before.get(piece["node"]), piece, reason)
    return found


def _edits(kind: str, before: Mapping[str, Any] | None, piece: Mapping[str, Any], reason: str) -> list[Edit]:
    node = str(piece["node"])
    if before is None:
        return [Edit(kind, node, "", piece, reason)]
    changed = [name for name in piece if name not in UNEDITED and before.get(name) != piece[name]]
    return [Edit(kind, node, name, piece[name], reason) for name in changed]

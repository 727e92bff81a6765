"""Top-ups: the next tickets of an opened draw. As a test only in stages that were planned before."""

from collections.abc import Mapping
from datetime import datetime

from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import ceremonies, draw_planning
from service.domain.inspect.draws import DESCRIPTIVE, PURPOSES, REPLACEMENT, STAGE, RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.operations import projects
from service.operations.acts import act, load
from service.operations.inspect import draws
from service.store import records

PERSONS = ("recipient", "worker", "partner")


def top_up(
    actor: Actor, now: datetime, id: str, of: str, allocation: Mapping[str, int], purpose: str, reason: str
) -> tuple[RecordedDraw, bool]:
    """Take the next tickets of draw `of`: the seed is the same, those drawn before are passed over.

    Refused("top_up_unplanned") for a further stage that was not planned with the draw, ("top_up_late") once the parties
    know the seed, ("draw_order") before the draw is opened. What is DESCRIPTIVE supports no test.
    """
    family = draws.stages(load(RecordedDraw, of, "draw"))
    root = family[0]
    projects.project(actor, root.project, "draws.write")
    frozen = load(FrozenFrame, root.frame, "frame")
    asked = draws.of_strata(frozen, allocation)
    there = records.get(RecordedDraw, id)
    if there is not None:
        kept = (there.of, dict(there.allocation), there.purpose, there.reason)
        if kept != (root.id, asked, purpose, reason.strip()):
            raise Refused("id_taken", id=id)
        return there, False
    _check(family, frozen, asked, purpose, reason)
    made = _next(family, id, asked, purpose, reason.strip(), now, actor.id)
    made = ceremonies.taken(made, frozen.frame, now, actor.id)
    try:
        scope = projects.scope(root.project)
        act("draw.topped_up", actor, now, scope, id, draws.told(made), lambda tx: records.insert(made, tx))
    except records.Duplicate:
        raise Refused("busy") from None
    return made, True


def _check(
    family: list[RecordedDraw], frozen: FrozenFrame, asked: Mapping[str, int], purpose: str, reason: str
) -> None:
    root = family[0]
    if purpose not in PURPOSES:
        raise Refused(
            "invalid", [Fault("purpose", "not_an_option", {"value": purpose, "options": ", ".join(PURPOSES)})]
        )
    if not reason.strip():
        raise Refused("invalid", [Fault("reason", "missing")])
    if root.state != ceremonies.OPENED:
        raise Refused("draw_order", state=root.state)
    if draws.finished(root):
        raise Refused("top_up_late")
    if purpose == STAGE and not _planned(family, sum(asked.values())):
        raise Refused("top_up_unplanned")
    # In an interview sample a person who cannot be reached is replaced; a record that is not found is an error itself.
    if purpose == REPLACEMENT and frozen.kind not in PERSONS:
        raise Refused("top_up_unplanned")


def _planned(family: list[RecordedDraw], n: int) -> bool:
    done = [each.size for each in family if each.purpose in ("", STAGE)]
    return all(each.purpose != DESCRIPTIVE for each in family) and draw_planning.continues(family[0].plan, done, n)


def _next(
    family: list[RecordedDraw],
    id: str,
    asked: Mapping[str, int],
    purpose: str,
    reason: str,
    now: datetime,
    by: str,
) -> RecordedDraw:
    root = family[0]
    skip = {name: sum(each.allocation.get(name, 0) for each in family) for name in asked}
    return RecordedDraw(
        id=id,
        project=root.project,
        frame=root.frame,
        frame_sha256=root.frame_sha256,
        number=root.number,
        allocation=asked,
        at=now,
        by=by,
        stage=family[-1].stage + 1,
        skip=skip,
        of=root.id,
        purpose=purpose,
        reason=reason,
        kind=root.kind,
        trigger=root.trigger,
        parties=root.parties,
        sealer=root.sealer,
        commitments=root.commitments,
        secrets=root.secrets,
        public_source=root.public_source,
        public=root.public,
        seed=root.seed,
    )

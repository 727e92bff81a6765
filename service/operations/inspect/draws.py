"""Draws are taken from frozen frames, and everything needed to compute one again is kept.

A draw by several parties is planned here, goes through the ceremony of `ceremonies`, and is opened at the visit.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect import allocations
from service.domain.inspect import ceremonies as ceremony
from service.domain.inspect import draws as rules
from service.domain.inspect.ceremonies import DrawPlan
from service.domain.inspect.draw_planning import check_plan
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.frames import FrozenFrame
from service.domain.inspect.visits import CANCELLED, FINISHED, Visit
from service.domain.keys import Key
from service.operations import projects
from service.operations.acts import act, load, plain
from service.operations.inspect import frames, sealed_secrets, visit_ends
from service.store import records

EVALUATOR = "evaluator"
TRIES = 5


def draw(
    actor: Actor, now: datetime, id: str, frame_id: str, take: int | Mapping[str, int], public: str = ""
) -> tuple[RecordedDraw, bool]:
    """Draw at once by a secret made at this moment; the frame was frozen before it existed.

    `take` is for each stratum, or by stratum. Refused("redraw_needed") once several parties have drawn from the frame.
    """
    frozen = frames.get(actor, frame_id)
    projects.project(actor, frozen.project, "draws.write")
    allocation = of_strata(frozen, take)
    there = records.get(RecordedDraw, id)
    if there is not None:
        if (there.frame, dict(there.allocation), there.public) != (frame_id, allocation, public) or there.parties:
            raise Refused("id_taken", id=id)
        return there, False
    if any(each.parties for each in records.find(RecordedDraw, frame=frame_id)):
        raise Refused("redraw_needed")
    secret = secrets.token_bytes(32)

    def numbered(number: int) -> RecordedDraw:
        seed = rules.seed_of(frozen.sha256, number, {EVALUATOR: secret}, public)
        recorded = RecordedDraw(
            id=id,
            project=frozen.project,
            frame=frame_id,
            frame_sha256=frozen.sha256,
            number=number,
            allocation=allocation,
            at=now,
            by=actor.id,
            commitments={EVALUATOR: rules.commitment(secret)},
            secrets={EVALUATOR: secret.hex()},
            public=public,
            seed=seed,
        )
        return ceremony.taken(recorded, frozen.frame, now, actor.id)

    return _create("draw.made", actor, now, frame_id, numbered)


def of_strata(frozen: FrozenFrame, take: int | Mapping[str, int]) -> dict[str, int]:
    """`take` for each stratum of the frame, all of them named."""
    names = [name or "" for name in frozen.frame.sizes()]
    if isinstance(take, int):
        return dict.fromkeys(names, take)
    return dict.fromkeys(names, 0) | dict(take)


def proportional(actor: Actor, frame_id: str, n: int, minimum: int = 0) -> dict[str, int]:
    """`n` items spread over the strata of a frame in proportion to their sizes, at least `minimum` in each."""
    sizes = frames.get(actor, frame_id).frame.sizes()
    return allocations.proportional({name or "": size for name, size in sizes.items()}, n, minimum)


def equal(actor: Actor, frame_id: str, take: int) -> dict[str, int]:
    """`take` items of each stratum of a frame."""
    return of_strata(frames.get(actor, frame_id), take)


def plan(actor: Actor, now: datetime, keys: Key | Sequence[Key], asked: DrawPlan) -> tuple[RecordedDraw, bool]:
    """Plan a draw that several parties make: the frame is frozen, the sealer's secret is made, sealed and committed to.

    Refused("redraw_needed") when several parties have drawn from this frame before and `asked.of` names no draw.
    """
    frozen = frames.get(actor, asked.frame)
    owner = projects.project(actor, frozen.project, "draws.write")
    there = records.get(RecordedDraw, asked.id)
    if there is not None:
        return _same(there, asked), False
    ceremony.check(asked, now)
    sizes = {name or "": size for name, size in frozen.frame.sizes().items()}
    allocation = allocations.fixed(sizes, asked.allocation)
    asked = replace(asked, plan=check_plan(asked.plan, sum(allocation.values()), sizes))
    _check_redraw(asked, frozen)
    secret, commitment = sealed_secrets.make(keys if isinstance(keys, Key) else keys[0], now, asked.id)
    agreements = {EVALUATOR: owner.evaluator} if asked.of else {}

    def numbered(number: int) -> RecordedDraw:
        copied = {name: value for name, value in vars(asked).items() if name not in ("id", "frame", "allocation")}
        recorded = RecordedDraw(
            id=asked.id,
            project=frozen.project,
            frame=frozen.id,
            frame_sha256=frozen.sha256,
            number=number,
            allocation=allocation,
            at=now,
            by=actor.id,
            agreements=agreements,
            commitments={asked.sealer: commitment},
            state=ceremony.PLANNED,
            **copied,
        )
        return recorded if asked.of else ceremony.as_of(recorded, now)

    return _create("draw.planned", actor, now, frozen.id, numbered, secret)


def _same(there: RecordedDraw, asked: DrawPlan) -> RecordedDraw:
    """The draw that an earlier request planned. Raises Refused("id_taken") if that asked for something else."""
    for name, value in vars(asked).items():
        kept = plain(getattr(there, name))
        if name == "allocation":
            kept, value = {k: n for k, n in there.allocation.items() if n}, {k: n for k, n in value.items() if n}
        if name == "plan":
            kept.pop("total_risk", None)
        if kept != plain(value):
            raise Refused("id_taken", id=asked.id)
    return there


def _check_redraw(asked: DrawPlan, frozen: FrozenFrame) -> None:
    before = records.find(RecordedDraw, frame=frozen.id)
    if asked.of:
        if asked.of not in {each.id for each in before}:
            raise Refused("not_found", noun="draw")
    elif any(each.parties for each in before):
        raise Refused("redraw_needed")


def _create(
    name: str, actor: Actor, now: datetime, frame: str, numbered: Any, secret: object = None
) -> tuple[RecordedDraw, bool]:
    """Store a draw under the next number of its frame; a number taken meanwhile is tried again."""
    for _ in range(TRIES):
        number = max((each.number for each in records.find(RecordedDraw, frame=frame)), default=0) + 1
        made: RecordedDraw = numbered(number)
        try:
            act(name, actor, now, projects.scope(made.project), made.id, told(made), _inserting(made, secret))
        except records.Duplicate:
            if records.get(RecordedDraw, made.id) is not None:
                raise Refused("id_taken", id=made.id) from None
            continue
        return made, True
    raise Refused("busy")


def _inserting(made: RecordedDraw, secret: object) -> Any:
    def write(tx: store.Tx) -> None:
        records.insert(made, tx)
        if secret is not None:
            records.insert(secret, tx)

    return write


def told(found: RecordedDraw) -> dict[str, Any]:
    """What the journal keeps of a draw: never what would let anybody compute the list, or its next tickets."""
    kept = ("frame", "frame_sha256", "number", "stage", "of", "purpose", "reason", "kind", "trigger", "state")
    details = {name: plain(getattr(found, name)) for name in (*kept, "parties", "sealer", "commitments", "plan")}
    return details | {"allocation": [[name, number] for name, number in found.allocation.items()]}


def open(actor: Actor, now: datetime, keys: Key | Sequence[Key], id: str) -> RecordedDraw:
    """Open the sealed secret and draw; what was opened before stays as it is. Called when the visit starts.

    The caller has checked that the actor may start that visit. Refused("draw_not_ready") or ("draw_void") otherwise.
    """
    found = load(RecordedDraw, id, "draw")
    if found.state == ceremony.OPENED:
        return found
    present = ceremony.as_of(found, now)
    if present.state == ceremony.VOID:
        raise Refused("draw_void", why=present.why_void)
    if present.state != ceremony.REVEALED:
        raise Refused("draw_not_ready", parties=", ".join(ceremony.missing(present)) or present.public_source)
    frozen = load(FrozenFrame, found.frame, "frame")
    opened = ceremony.opened(present, frozen.frame, sealed_secrets.read(keys, id), now, actor.id)
    try:
        return keep("draw.opened", actor, now, found, opened, {"drawn": len(opened.drawn)})
    except Refused as refused:
        if refused.reason != "stale":
            raise
    return load(RecordedDraw, id, "draw")  # opened at the same moment by the other auditor's phone


def keep(
    name: str, actor: Actor, now: datetime, found: RecordedDraw, changed: RecordedDraw, details: Mapping[str, Any]
) -> RecordedDraw:
    """Store a changed draw, with its journal entry. Raises Refused("stale") when somebody else changed it meanwhile."""
    stored = replace(changed, version=found.version + 1)

    def write(tx: store.Tx) -> None:
        records.replace(stored, found.version, tx)
        if stored.state == ceremony.VOID:
            sealed_secrets.forget(stored.id, tx)

    shown = {"number": stored.number, "state": stored.state, **details}
    act(name, actor, now, projects.scope(stored.project), stored.id, shown, write)
    return stored


def get(actor: Actor, id: str, now: datetime | None = None) -> RecordedDraw:
    """The draw as this reader may see it: parties learn seed and list when all visits are finished.

    With `now` its state is the one that follows from the deadlines.
    """
    found = load(RecordedDraw, id, "draw")
    owner = frames.owner_of(actor, found.project, "draws.follow", "draw")
    present = found if now is None else ceremony.as_of(found, now)
    return present if access.may(actor, "draws.read", owner.parties) or finished(found) else ceremony.withheld(present)


def frame_told(found: RecordedDraw) -> dict[str, Any]:
    """What every party may know of the list: its name, source and length, and whether it adds up to the claim."""
    frozen = load(FrozenFrame, found.frame, "frame")
    told = {name: getattr(frozen, name) for name in ("name", "source", "marked", "frozen_at")}
    return told | {"size": len(frozen.serials), "strata": bool(frozen.strata)}


def numbered(id: str) -> tuple[int, datetime] | None:
    """The number of a draw in its list, and when it was planned or made: no secret to whoever was given its id."""
    found = records.get(RecordedDraw, id)
    return None if found is None else (found.number, found.at)


def of_project(actor: Actor, project: str, now: datetime | None = None) -> list[RecordedDraw]:
    projects.project(actor, project, "draws.follow")
    return [get(actor, each.id, now) for each in records.find(RecordedDraw, project=project)]


def finished(found: RecordedDraw) -> bool:
    """Whether nothing will be looked up any more, so that seed and list can be shown to the parties.

    A known seed tells the next tickets too, so all stages count: each of them has been visited, or the draw is closed.
    """
    family = stages(found)
    if any(each.state != ceremony.OPENED for each in family):
        return False
    states = [[visit.state for visit in records.find(Visit, draws=each.id)] for each in family]
    if any(state not in (FINISHED, CANCELLED) for each in states for state in each):
        return False
    if family[0].closed:
        return True
    if len(family) < planned_stages(family[0]) or not all(FINISHED in each for each in states):
        return False
    return not any(visit_ends.left_over(each) for each in family)  # some sites may not have been visited yet


def stages(found: RecordedDraw) -> list[RecordedDraw]:
    """The draw and its top-ups, in the order drawn."""
    same = records.find(RecordedDraw, frame=found.frame, number=found.number)
    return sorted(same, key=_stage)


def families(asked: Sequence[RecordedDraw]) -> dict[str, list[RecordedDraw]]:
    """Draw -> itself and its top-ups in the order drawn, of several draws in one read."""
    same = records.find(RecordedDraw, frame=tuple({draw.frame for draw in asked})) if asked else []
    return {
        draw.id: sorted((one for one in same if one.number == draw.number and one.frame == draw.frame), key=_stage)
        for draw in asked
    }


def _stage(draw: RecordedDraw) -> int:
    return draw.stage


def planned_stages(found: RecordedDraw) -> int:
    return len(found.plan.get("stages", ())) or 1

"""Draws are taken from frozen frames, and everything needed to compute one again is kept."""

import secrets
from datetime import datetime

from service.domain.access import Actor
from service.domain.errors import Refused
from service.domain.inspect import draws as rules
from service.domain.inspect.draws import RecordedDraw
from service.operations import projects
from service.operations.acts import create_once, load
from service.operations.inspect import frames
from service.store import records

EVALUATOR = "evaluator"


def draw(actor: Actor, now: datetime, id: str, frame_id: str, take: int, public: str = "") -> tuple[RecordedDraw, bool]:
    """Draw `take` items of each stratum by a secret made at this moment; the frame was frozen before it existed.

    The ceremony in which several parties make the seed comes with inspecting; the stored form is the same.
    """
    frozen = frames.get(actor, frame_id)
    projects.project(actor, frozen.project, "draws.write")
    there = records.get(RecordedDraw, id)
    if there is not None:
        if (there.frame, there.take, there.public) != (frame_id, take, public):
            raise Refused("id_taken", id=id)
        return there, False
    number = len(records.find(RecordedDraw, frame=frame_id)) + 1
    secret = secrets.token_bytes(32)
    seed = rules.seed_of(frozen.sha256, number, {EVALUATOR: secret}, public)
    drawn = rules.draw(frozen.frame, seed, take)
    recorded = RecordedDraw(
        id=id,
        project=frozen.project,
        frame=frame_id,
        frame_sha256=frozen.sha256,
        number=number,
        take=take,
        seed=seed,
        secrets={EVALUATOR: secret.hex()},
        public=public,
        drawn=tuple((item.serial, item.stratum or "", item.ticket) for item in drawn),
        at=now,
        by=actor.id,
    )
    return create_once("draw.made", actor, now, projects.scope(frozen.project), recorded)


def get(actor: Actor, id: str) -> RecordedDraw:
    found = load(RecordedDraw, id, "draw")
    frames.owner_of(actor, found.project, "draws.read", "draw")
    return found


def of_project(actor: Actor, project: str) -> list[RecordedDraw]:
    projects.project(actor, project, "draws.read")
    return records.find(RecordedDraw, project=project)

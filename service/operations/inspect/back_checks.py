"""Back-checks are drawn from what is finished, by a secret made at that moment, and handed to others than the first."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from service import store
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import back_checks as rules
from service.domain.inspect.assignments import BACK_CHECK, DONE, FIRST, OPEN, WITHDRAWN, Assignment, assignment_id
from service.domain.inspect.back_checks import BackCheckDraw, Comparison
from service.domain.inspect.draws import RecordedDraw, seed_of
from service.domain.inspect.frames import frame_sha256
from service.domain.inspect.spot_checks import ACCEPTED, RECEIVED, SpotCheck
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, load, plain
from service.operations.inspect import assignments, conflicts
from service.store import records
from service.store.inspect.assignments import insert_all

EVALUATOR = "evaluator"


def draw_back_checks(
    actor: Actor,
    now: datetime,
    id: str,
    draw_id: str,
    share: Decimal = rules.LEAST_SHARE,
    auditors: Sequence[str] = (),
) -> tuple[BackCheckDraw, bool]:
    """Draw `share` of what is finished and was not drawn before, of each auditor, and hand it to others.

    `auditors` limits who may get some; without it all who work in the field for this evaluator, have declared and have
    no conflict. A repeat under the same id finds what it made.
    """
    draw, project = _of_evaluator(actor, draw_id)
    there = records.get(BackCheckDraw, id)
    if there is not None:
        if (there.draw, there.share) != (draw_id, share):
            raise Refused("id_taken", id=id)
        return there, False
    rules.check_share(share)
    finished = _finished(draw.id)
    if not finished:
        raise Refused("nothing_to_check_again")
    made = _drawn(actor, now, id, draw, share, finished)
    willing = _willing(project, auditors)
    allowed = {
        item.serial: [person for person in willing if person not in assignments.first_hands(draw.id, item.serial)]
        for item in made.items
    }
    holders = rules.hand_out(made.items, allowed)
    _keep(actor, now, made, [_again(made, finished[serial], holder) for serial, holder in holders.items()])
    return made, True


def _drawn(
    actor: Actor, now: datetime, id: str, draw: RecordedDraw, share: Decimal, finished: Mapping[str, Assignment]
) -> BackCheckDraw:
    """Drawn by a secret that did not exist before: nobody could know which items would be looked up again."""
    frame = rules.finished_frame({serial: one.auditor for serial, one in finished.items()})
    number = len(records.find(BackCheckDraw, draw=draw.id)) + 1
    sha256, secret = frame_sha256(frame), secrets.token_bytes(32)
    seed = seed_of(sha256, number, {EVALUATOR: secret})
    chosen = rules.choose(frame, seed, share)
    return BackCheckDraw(
        id=id,
        project=draw.project,
        draw=draw.id,
        number=number,
        share=share,
        serials=frame.serials,
        auditors=frame.strata or (),
        sha256=sha256,
        secret=secret.hex(),
        seed=seed,
        drawn=tuple((item.serial, item.stratum or "", item.ticket) for item in chosen),
        at=now,
        by=actor.id,
    )


def of_draw(actor: Actor, draw_id: str) -> list[BackCheckDraw]:
    """In the order drawn."""
    _of_evaluator(actor, draw_id)
    return sorted(records.find(BackCheckDraw, draw=draw_id), key=lambda one: one.number)


def handed_of(actor: Actor, draw_id: str) -> list[Assignment]:
    """Who looks up what again."""
    _of_evaluator(actor, draw_id)
    found = records.find(Assignment, draw=draw_id, part=BACK_CHECK)
    return sorted((one for one in found if one.state != WITHDRAWN), key=lambda one: one.serial)


def agreement(actor: Actor, draw_id: str) -> Comparison:
    """How far the second looks agree with the first: of records that were received and not sent back."""
    _of_evaluator(actor, draw_id)
    valid = records.find(SpotCheck, draw=draw_id, state=(RECEIVED, ACCEPTED))
    first = {spot.serial: spot for spot in valid if spot.part == FIRST}
    second = {spot.serial: spot for spot in valid if spot.part == BACK_CHECK}
    waiting = len(records.find(Assignment, draw=draw_id, part=BACK_CHECK, state=OPEN))
    return rules.compare([(first[serial], second[serial]) for serial in first.keys() & second.keys()], waiting)


def _of_evaluator(actor: Actor, draw_id: str) -> tuple[RecordedDraw, Project]:
    draw = load(RecordedDraw, draw_id, "draw")
    return draw, projects.project(actor, draw.project, "assignments.write")


def _finished(draw_id: str) -> dict[str, Assignment]:
    """Serial -> who has checked it, of all that are done and were not drawn to be checked again."""
    again = {one.serial for one in records.find(Assignment, draw=draw_id, part=BACK_CHECK)}
    done = records.find(Assignment, draw=draw_id, part=FIRST, state=DONE)
    return {one.serial: one for one in done if one.serial not in again}


def _willing(project: Project, auditors: Sequence[str]) -> list[str]:
    if auditors:
        conflicts.require_free(project, auditors, "auditors")
        conflicts.require_declared(project, auditors, "auditors")
        return sorted(set(auditors))
    found = [user.id for user in conflicts.field_workers(project) if "auditor" in user.roles]
    return [person for person in found if _fit(project, person)]


def _fit(project: Project, person: str) -> bool:
    try:
        conflicts.require_free(project, (person,))
        conflicts.require_declared(project, (person,))
    except Refused:
        return False
    return True


def _again(made: BackCheckDraw, first: Assignment, auditor: str) -> Assignment:
    """It waits, without a visit, until one of its site starts to which its auditor belongs."""
    return Assignment(
        id=assignment_id(made.draw, first.serial, BACK_CHECK),
        project=made.project,
        draw=made.draw,
        serial=first.serial,
        visit="",
        auditor=auditor,
        part=BACK_CHECK,
        site=first.site,
        stratum=first.stratum,
        assigned_at=made.at,
    )


def _keep(actor: Actor, now: datetime, made: BackCheckDraw, handed: Sequence[Assignment]) -> None:
    def write(tx: store.Tx) -> None:
        records.insert(made, tx)
        insert_all(handed, tx)

    kept = ("draw", "number", "share", "sha256", "seed", "drawn")
    details = plain({name: getattr(made, name) for name in kept})
    try:
        act("back_checks.drawn", actor, now, projects.scope(made.project), made.id, details, write)
    except records.Duplicate:  # drawn at the same moment by somebody else
        raise Refused("invalid", [Fault("draw", "duplicate", {"value": made.draw})]) from None

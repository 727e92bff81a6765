"""A project whose records are drawn and visited: people who have declared, a frame, a draw, a planned visit."""

from datetime import date, timedelta

from factories import EVALUATOR, KEY, NOW, make_project
from stages import staged

from service.domain.access import Actor
from service.domain.inspect.conflicts import Declaration
from service.domain.inspect.visits import Visit
from service.domain.organisations import User
from service.operations.inspect import conflicts, draws, frames, visits
from service.store import records

TODAY = date(2026, 3, 2)  # of NOW, where the project is
FIRST, SECOND, THIRD, FOURTH = (
    Actor(f"field-{number}", f"field-{number}", "evaluator-org", ("auditor",)) for number in (1, 2, 3, 4)
)
LATER = NOW + timedelta(hours=2)


def employ(person: Actor) -> None:
    records.insert(User(person.id, person.username, person.organisation, person.roles, "no password fits this"))


def declare(person: Actor, conflict: bool = False, **about: str) -> Declaration:
    subject = about or {"project": "project-1"}
    id = f"{person.id}-{len(records.find(Declaration, user=person.id))}"
    text = "my sister works there" if conflict else ""
    return conflicts.declare(person, NOW, Declaration(id, person.id, conflict, text=text, **subject))[0]


@staged
def crew(*declared: Actor) -> None:
    """The project, its four auditors and the evaluator; those named have said that nothing is in the way."""
    make_project()
    for person in (EVALUATOR, FIRST, SECOND, THIRD, FOURTH):
        employ(person)
    for person in declared:
        declare(person)


@staged
def drawn(id: str = "draw-1", take: int = 6, size: int = 40, strata: list[str] | None = None) -> str:
    """A draw from a list of records."""
    serials = [f"R{number:03}" for number in range(1, size + 1)]
    frame = frames.freeze(EVALUATOR, NOW, f"{id}-frame", "project-1", "Records", "case register", serials, strata)[0]
    return draws.draw(EVALUATOR, NOW, id, frame.id, take)[0].id


@staged
def planned(id: str = "visit-1", *persons: Actor, draw: tuple[str, ...] = ("draw-1",), **more: object) -> Visit:
    people = tuple(person.id for person in persons or (FIRST, SECOND))
    given = {"site": "east", "on": TODAY, "draws": draw} | more
    return visits.plan(EVALUATOR, NOW, Visit(id, "project-1", persons=people, **given))[0]  # type: ignore[arg-type]


def started(id: str = "visit-1", by: Actor = FIRST) -> Visit:
    return visits.start(by, NOW, KEY, id)

"""Interviews: a plan for one station, the persons whose tickets were drawn, who is called next, who replaces whom."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from service.domain.collect.tickets import ALPHABET, LENGTHS, SLIP, checksum
from service.domain.errors import Fault, Refused
from service.domain.inspect import interview_rules
from service.domain.inspect.dispositions import DISPOSITIONS, EFFECTIVE, NOT_TRIED
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.interview_rules import MODES, InterviewRules, may_try
from service.domain.keys import Key

OPEN, CLOSED = "open", "closed"
LEASE = timedelta(minutes=60)  # how long nobody else gets a person who was handed out
EARLY = timedelta(minutes=10)  # before an appointment
LONGEST_WAIT = timedelta(days=60)  # for a call-back
Order = Mapping[str, Sequence[tuple[str, str]]]  # stratum -> (draw, serial) of each ticket, the smallest first


@dataclass(frozen=True)
class InterviewPlan:
    """The interviews of one station: persons of `draw`, asked with the questionnaire of `campaign`.

    `quotas`: (stratum, mode, wanted effective). `rules` are InterviewRules as data, fixed when the plan was opened, and
    `scheme` says who set them. `linked`: people were told that their answers stay linked to the earlier ones of the
    campaign `earlier`. `batch` holds the one-time rights, hashed with the key `key_id`.
    """

    id: str
    project: str
    campaign: str
    draw: str
    site: str
    frame: str = ""
    batch: str = ""
    key_id: str = ""
    quotas: tuple[Mapping[str, Any], ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)
    scheme: str = ""
    earlier: str = ""
    linked: bool = False
    state: str = OPEN
    opened_at: datetime | None = None
    opened_by: str = ""
    version: int = 1

    @property
    def settings(self) -> InterviewRules:
        return interview_rules.from_plain(self.rules)

    def wanted(self, stratum: str, mode: str) -> int:
        return sum(quota["effective"] for quota in self.quotas if (quota["stratum"], quota["mode"]) == (stratum, mode))


@dataclass(frozen=True)
class Interviewee:
    """One drawn person of a plan, known by the serial alone. `place` is that of the ticket in its stratum, from 1.

    `attempts`: (at, by, outcome). `verification`: the first questions' answers. `given_back`: interviewers who gave the
    person back unseen or because they know each other. What was answered is not here, nor anything that leads to it.
    """

    id: str
    plan: str
    draw: str
    serial: str
    stratum: str
    place: int
    mode: str
    replaces: str = ""
    opened_at: datetime | None = None
    attempts: tuple[Mapping[str, Any], ...] = ()
    appointment: datetime | None = None
    holder: str = ""
    held_until: datetime | None = None
    verification: Mapping[str, str] = field(default_factory=dict)
    disposition: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    given_back: tuple[str, ...] = ()
    version: int = 1

    @property
    def closed(self) -> bool:
        return bool(self.disposition)

    @property
    def tries(self) -> list[datetime]:
        return [attempt["at"] for attempt in self.attempts]

    @property
    def ending(self) -> str:
        """The disposition, or how the last try ended."""
        return self.disposition or (self.attempts[-1]["outcome"] if self.attempts else NOT_TRIED)

    def held_by_other(self, user: str, now: datetime) -> bool:
        return self.holder not in ("", user) and self.held_until is not None and now < self.held_until


@dataclass(frozen=True)
class InterviewerHold:
    """The one person whom an interviewer has in hand; `id` is the interviewer's."""

    id: str
    plan: str
    interviewee: str
    since: datetime
    version: int = 1


@dataclass(frozen=True)
class RecordFailure:
    """A record of the frame that the person it names denies: an error of the draw (G35), found by an interview."""

    draw: str
    serial: str
    stratum: str
    reason: str
    at: datetime
    by: str
    attribute: str = "true"
    holds: bool = False
    source: str = "interview"


def interviewee_id(plan: str, serial: str) -> str:
    """One person is in a plan once."""
    return f"{plan}:{serial}"


def right(key: Key, plan: str, serial: str) -> str:
    """The code of a person's one-time right: nobody has to keep it, and only the server can find it again."""
    number = int.from_bytes(key.hash("interview-right", plan, serial), "big")
    body = ""
    for _ in range(LENGTHS[SLIP] - 1):
        number, digit = divmod(number, len(ALPHABET))
        body += ALPHABET[digit]
    return body + checksum(body)


def quotas(sizes: Mapping[str, int], numbers: Mapping[str, int]) -> tuple[dict[str, Any], ...]:
    """The station's numbers over its strata, in proportion to their sizes (largest remainders, larger strata first).

    `sizes`: stratum -> persons in the frame; `numbers`: mode -> wanted. A very small stratum may get none of a mode.
    """
    total = sum(sizes.values())
    found = []
    for mode in MODES:
        wanted = min(numbers.get(mode, 0), total)
        shares = {stratum: divmod(wanted * size, total) for stratum, size in sizes.items()}
        left = wanted - sum(whole for whole, _ in shares.values())
        most = sorted(shares, key=lambda stratum: (-shares[stratum][1], -sizes[stratum], stratum))[:left]
        found += [
            {"stratum": stratum, "mode": mode, "effective": whole + (stratum in most)}
            for stratum, (whole, _) in sorted(shares.items())
        ]
    return tuple(found)


def ticket_order(draws: Sequence[RecordedDraw]) -> dict[str, list[tuple[str, str]]]:
    """Stratum -> (draw, serial) in the order of the tickets: the draw's, then those of its top-ups by number.

    A top-up is the next tickets of the same seed; a draw that is not opened yet has none.
    """
    order: dict[str, list[tuple[str, str]]] = {}
    seen: set[str] = set()
    for draw in sorted(draws, key=lambda draw: (draw.number, draw.stage)):
        for item in draw.items:
            if item.serial not in seen:
                seen.add(item.serial)
                order.setdefault(item.stratum or "", []).append((draw.id, item.serial))
    return order


def first_persons(plan: InterviewPlan, order: Order, now: datetime) -> list[Interviewee]:
    """The first tickets of each stratum, as many as are wanted: phone first, then on-site (their order is random).

    Raises Refused("invalid") where a stratum has fewer tickets than interviews are wanted, or is not in the draw.
    """
    _check_quotas(plan, order)
    made = []
    for stratum, tickets in order.items():
        modes = [mode for mode in MODES for _ in range(plan.wanted(stratum, mode))]
        for place, (mode, (draw, serial)) in enumerate(zip(modes, tickets, strict=False), 1):
            id = interviewee_id(plan.id, serial)
            made.append(Interviewee(id, plan.id, draw, serial, stratum, place, mode, opened_at=now))
    return made


def _check_quotas(plan: InterviewPlan, order: Order) -> None:
    faults, cells = [], set()
    for place, quota in enumerate(plan.quotas):
        cell = (quota["stratum"], quota["mode"])
        if quota["stratum"] not in order:
            options = ", ".join(order) or "-"
            faults.append(Fault(f"quotas.{place}.stratum", "not_an_option", {"value": cell[0], "options": options}))
        if cell in cells:
            faults.append(Fault(f"quotas.{place}", "duplicate", {"value": " ".join(cell)}))
        cells.add(cell)
    for stratum, tickets in order.items():
        wanted = sum(plan.wanted(stratum, mode) for mode in MODES)
        if wanted > len(tickets):
            faults.append(
                Fault("draw", "too_few_tickets", {"stratum": stratum or "-", "n": len(tickets), "wanted": wanted})
            )
    if not faults and not any(quota["effective"] for quota in plan.quotas):
        faults.append(Fault("quotas", "empty"))
    if faults:
        raise Refused("invalid", faults)


def next_ticket(out: Interviewee, there: Iterable[Interviewee], order: Order, now: datetime) -> Interviewee | None:
    """Who replaces a closed person: the next ticket of the same stratum, in the same mode; None when none is left.

    Nobody chooses, and nobody is passed over: the places that are taken are always the first ones.
    """
    tickets = order.get(out.stratum, ())
    place = max((person.place for person in there if person.stratum == out.stratum), default=0)
    if place >= len(tickets):
        return None
    draw, serial = tickets[place]
    id = interviewee_id(out.plan, serial)
    return Interviewee(id, out.plan, draw, serial, out.stratum, place + 1, out.mode, out.serial, now)


def lacking(plan: InterviewPlan, persons: Iterable[Interviewee], stratum: str, mode: str) -> int:
    """How many more persons a cell needs, so that all who are open and effective together fill its quota."""
    going = sum(
        (not person.closed or person.disposition == EFFECTIVE)
        for person in persons
        if (person.stratum, person.mode) == (stratum, mode)
    )
    return max(0, plan.wanted(stratum, mode) - going)


def without_replacement(persons: Sequence[Interviewee]) -> Iterator[Interviewee]:
    """Closed persons, none of them effective, whom nobody replaces yet, in the order in which they were closed."""
    replaced = {person.replaces for person in persons}
    gone = [
        person
        for person in persons
        if person.closed and person.disposition != EFFECTIVE and person.serial not in replaced
    ]
    yield from sorted(gone, key=lambda person: (person.closed_at, person.id))


def choose(
    plan: InterviewPlan, persons: Iterable[Interviewee], user: str, mode: str, now: datetime, serial: str = ""
) -> Interviewee | None:
    """Whom this interviewer is to call now: appointments that are due, then who was tried least, in ticket order.

    Without a call-back somebody is tried in a band of hours only, and not twice on a day in the same one. On site
    `serial` names the person who is there: all of the list are drawn persons whose turn has come.
    """
    open_ones = [
        person
        for person in persons
        if not person.closed and person.mode == mode and user not in person.given_back
        if not person.held_by_other(user, now)
    ]
    if serial:
        return next((person for person in open_ones if person.serial == serial), None)
    due = [person for person in open_ones if person.appointment and person.appointment - EARLY <= now]
    if due:
        return min(due, key=lambda person: (person.appointment, person.id))
    rules = plan.settings
    if rules.band(now) is None:
        return None
    waiting = [person for person in open_ones if not person.appointment and may_try(rules, person.tries, now)]
    return min(waiting, key=lambda person: (len(person.attempts), person.place, person.stratum), default=None)


def record_failures(plan: InterviewPlan, persons: Iterable[Interviewee]) -> list[RecordFailure]:
    """The failures of records among these persons, as far as the plan's rules count their dispositions."""
    counted = plan.settings.record_failures
    return [
        RecordFailure(p.draw, p.serial, p.stratum, p.disposition, p.closed_at, p.closed_by)
        for p in persons
        if p.disposition in counted and p.closed_at is not None
    ]


@dataclass(frozen=True)
class Cell:
    """How far one stratum and mode has come. `used_up`: no ticket is left for those who are to be replaced."""

    stratum: str
    mode: str
    wanted: int
    effective: int
    open: int
    persons: int
    used_up: bool
    endings: Mapping[str, int]


def cells(plan: InterviewPlan, persons: Sequence[Interviewee]) -> list[Cell]:
    """Progress per stratum and mode, in the order of the quotas."""
    found = []
    for quota in plan.quotas:
        stratum, mode = quota["stratum"], quota["mode"]
        own = [person for person in persons if (person.stratum, person.mode) == (stratum, mode)]
        endings = Counter(person.ending for person in own)
        ordered = {code: endings[code] for code in (NOT_TRIED, *DISPOSITIONS) if endings[code]}
        open_ones = sum(not person.closed for person in own)
        short = lacking(plan, own, stratum, mode) > 0
        effective = endings[EFFECTIVE]
        found.append(Cell(stratum, mode, quota["effective"], effective, open_ones, len(own), short, ordered))
    return found

"""Projects: what is bought, by whom from whom, and where and when it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from service.domain.errors import Fault, Refused, problem

FUNDING = ("public", "partly", "other")  # wholly or partly public money, other (G02)
APPLIES, BY_REFERENCE = "applies", "by_reference"
BASES = (APPLIES, BY_REFERENCE)
TO_THE_PUBLIC = 3  # the class of services that are given to the public (C01)
RUNNING, COMING, PAST = "running", "coming", "past"
PERIODS = (RUNNING, COMING, PAST)
CLASSES = (0, 1, 2, TO_THE_PUBLIC)  # 0: not classified


@dataclass(frozen=True)
class Project:
    """One service project. The four organisations are its parties; they decide who sees it.

    The measures apply where public money pays wholly or in part, others may follow them (G02); class 3 switches on
    what the public must be asked and told (C01). The `witness` is the contract's third party, which follows the whole
    run (S03).
    """

    id: str
    name: str
    authority: str
    purchaser: str
    provider: str
    evaluator: str
    starts_on: date | None = None
    ends_on: date | None = None
    funding_type: str = "public"
    basis: str = APPLIES
    service_class: int = 0
    witness: str = ""
    version: int = 1

    @property
    def parties(self) -> Mapping[str, str]:
        """Part -> organisation; the witness only where the contract has one."""
        return {
            "authority": self.authority,
            "purchaser": self.purchaser,
            "provider": self.provider,
            "evaluator": self.evaluator,
            **({"witness": self.witness} if self.witness else {}),
        }

    def period(self, today: date) -> str:
        """One of PERIODS, by the project's first and last day; without them it is under way."""
        if self.starts_on is not None and today < self.starts_on:
            return COMING
        return PAST if self.ends_on is not None and today > self.ends_on else RUNNING


@dataclass(frozen=True)
class Site:
    """Where the service is given, and its sessions as plain Sessions; its position in degrees (WGS 84), if known."""

    id: str
    project: str
    name: str
    address: str = ""
    sessions: tuple[Mapping[str, Any], ...] = field(default=())
    latitude: float | None = None
    longitude: float | None = None
    version: int = 1


@dataclass(frozen=True)
class Session:
    """A session (场次) of a site; one without both times is a name only."""

    id: str
    name: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def timed(self) -> bool:
        return self.starts_at is not None and self.ends_at is not None


def sessions_of(site: Site) -> dict[str, Session]:
    """Session id -> session. A time that was kept as free text by an earlier version counts as none."""
    found = {}
    for plain in site.sessions:
        times = (at if isinstance(at := plain.get(name), datetime) else None for name in ("starts_at", "ends_at"))
        found[str(plain["id"])] = Session(str(plain["id"]), str(plain.get("name", "")), *times)
    return found


def check_sessions(site: Site) -> None:
    """Each id stands once, and a session with times has both and ends after it starts. Raises Refused("invalid")."""
    faults, seen = [], set()
    for at, plain in enumerate(site.sessions):
        place, starts, ends = f"sessions.{at}", plain.get("starts_at"), plain.get("ends_at")
        if plain["id"] in seen:
            faults.append(Fault(f"{place}.id", "duplicate", {"value": plain["id"]}))
        seen.add(plain["id"])
        if (starts is None) != (ends is None):
            faults.append(Fault(f"{place}.{'ends_at' if ends is None else 'starts_at'}", "missing"))
        elif starts is not None and ends <= starts:
            faults.append(Fault(f"{place}.ends_at", "ends_before"))
    if faults:
        raise Refused("invalid", faults)


def check_project(project: Project, kinds: Mapping[str, str]) -> None:
    """Every party is an organisation of its kind (G04, G05), and the period does not end before it starts.

    `kinds` maps organisation id -> kind for those that exist. Raises Refused("invalid").
    """
    faults = []
    for part, organisation in project.parties.items():
        kind = kinds.get(organisation)
        if kind is None:
            faults.append(Fault(part, "no_organisation", {"value": organisation}))
        elif kind != part:
            faults.append(
                problem(
                    part, "{organisation!r} is a {kind}, not a {part}", organisation=organisation, kind=kind, part=part
                )
            )
    if project.starts_on and project.ends_on and project.ends_on < project.starts_on:
        faults.append(Fault("ends_on", "ends_before"))
    faults += _funding_faults(project)
    if faults:
        raise Refused("invalid", faults)


def _funding_faults(project: Project) -> list[Fault]:
    """The words that there are; the measures bind where public money pays, and only there (G02)."""
    options = (("funding_type", FUNDING), ("basis", BASES), ("service_class", CLASSES))
    faults = [
        Fault(name, "not_an_option", {"value": getattr(project, name), "options": ", ".join(map(str, known))})
        for name, known in options
        if getattr(project, name) not in known
    ]
    wanted = BY_REFERENCE if project.funding_type == "other" else APPLIES
    if not faults and project.basis != wanted:
        faults.append(Fault("basis", "basis_of_funding", {"funding": project.funding_type, "basis": wanted}))
    return faults

"""Projects: what is bought, by whom from whom, and where and when it is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from service.domain.errors import Fault, Refused


@dataclass(frozen=True)
class Project:
    """One service project. The four organisations are its parties; they decide who sees it."""

    id: str
    name: str
    authority: str
    purchaser: str
    provider: str
    evaluator: str
    starts_on: date | None = None
    ends_on: date | None = None
    version: int = 1

    @property
    def parties(self) -> Mapping[str, str]:
        return {
            "authority": self.authority,
            "purchaser": self.purchaser,
            "provider": self.provider,
            "evaluator": self.evaluator,
        }


@dataclass(frozen=True)
class Site:
    """Where the service is given."""

    id: str
    project: str
    name: str
    address: str = ""
    sessions: tuple[Mapping[str, str], ...] = field(default=())
    version: int = 1


def check_project(project: Project, kinds: Mapping[str, str]) -> None:
    """Every party is an organisation of its kind (G04, G05), and the period does not end before it starts.

    `kinds` maps organisation id -> kind for those that exist. Raises Refused("invalid").
    """
    faults = []
    for part, organisation in project.parties.items():
        kind = kinds.get(organisation)
        if kind is None:
            faults.append(Fault(part, "problem", {"text": f"there is no organisation {organisation!r}"}))
        elif kind != part:
            faults.append(Fault(part, "problem", {"text": f"{organisation!r} is a {kind}, not a {part}"}))
    if project.starts_on and project.ends_on and project.ends_on < project.starts_on:
        faults.append(Fault("ends_on", "problem", {"text": "the project ends before it starts"}))
    if faults:
        raise Refused("invalid", faults)

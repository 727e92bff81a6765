"""Conflicts of interest: what people declare, and who may not look at whom (G05, C07)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.domain.errors import Fault, Refused, problem
from service.domain.projects import Project
from service.domain.shapes import has_forbidden

MOST_TEXT = 2000  # characters


@dataclass(frozen=True)
class Declaration:
    """What a person says about an organisation or a project (one of the two is empty): a conflict, or none.

    The latest one about the same counts; earlier ones are kept.
    """

    id: str
    user: str
    conflict: bool
    organisation: str = ""
    project: str = ""
    text: str = ""
    at: datetime | None = None
    by: str = ""


def in_force(declarations: Iterable[Declaration], project: Project) -> list[Declaration]:
    """The latest one about the project and the latest one about its provider, of one person."""
    latest: dict[tuple[str, str], Declaration] = {}
    for one in sorted(declarations, key=lambda one: (one.at is not None, one.at, one.id)):
        if one.project == project.id or (one.organisation and one.organisation == project.provider):
            latest[one.organisation, one.project] = one
    return list(latest.values())


def check(declaration: Declaration) -> None:
    """About one organisation or one project, and a conflict is described. Raises Refused("invalid")."""
    faults = []
    if bool(declaration.organisation) == bool(declaration.project):
        faults.append(problem("project", "name either a project or an organisation"))
    if declaration.conflict and not declaration.text.strip():
        faults.append(Fault("text", "missing"))
    if len(declaration.text) > MOST_TEXT:
        faults.append(Fault("text", "too_long", {"limit": MOST_TEXT}))
    if has_forbidden(declaration.text):
        faults.append(Fault("text", "control_characters"))
    if faults:
        raise Refused("invalid", faults)

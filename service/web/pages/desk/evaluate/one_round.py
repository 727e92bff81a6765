"""What all pages of a round share: the round as its reader may see it, its project, and where its other pages are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from flask import Response, url_for
from markupsafe import Markup

from service.domain import access
from service.domain.errors import Refused
from service.domain.evaluate.rounds import ENTERING, Round
from service.domain.evaluate.schemes import Scheme
from service.domain.projects import Project
from service.operations import projects
from service.operations.evaluate import rounds, schemes
from service.web.auth import actor
from service.web.pages.desk.home import page
from service.web.pages.desk.ways import ways
from service.web.pages.desk.words import number

OF_THE_LEAD = ("terms",)


@dataclass(frozen=True)
class OneRound:
    """`shown` holds only the fields that the reader may read: a template cannot tell more by accident."""

    round: Round
    project: Project

    @property
    def shown(self) -> SimpleNamespace:
        return SimpleNamespace(**rounds.shown(actor(), self.round))

    @property
    def scheme(self) -> Scheme:
        return schemes.parsed(self.round.scheme)

    @property
    def entering(self) -> bool:
        """Whether evidence, judgements and decisions may still be entered."""
        return self.round.state in ENTERING

    def may(self, action: str) -> bool:
        return access.may(actor(), action, self.project.parties)

    @property
    def leads(self) -> bool:
        """Whether the reader acts for the organisation that leads the round."""
        try:
            rounds.require_lead(actor(), self.round)
        except Refused:
            return False
        return True

    @property
    def labels(self) -> dict[str, Mapping[str, str]]:
        """Node -> what the scheme calls it."""
        return {node.id: node.label for node in self.scheme.nodes}


def one_round(id: str, action: str = "rounds.read", lead: bool = False) -> OneRound:
    """The round, if the reader may do `action` in its project. Raises Refused: not_found, forbidden, not_lead."""
    found = rounds.get(actor(), id, action)
    if lead:
        rounds.require_lead(actor(), found)
    return OneRound(found, projects.project(actor(), found.project))


def round_page(template: str, found: OneRound, status: int = 200, **values: Any) -> Response:
    """A page of a round, with the list of the round's other pages."""
    return page(
        template,
        status,
        **{
            "round": found.shown,
            "project": found.project,
            "may": found.may,
            "leads": found.leads,
            "labels": found.labels,
            "entering": found.entering,
            "exact": exact,
            "ways_on": _ways_on(found),
            **values,
        },
    )


def _ways_on(found: OneRound) -> list[tuple[str, Sequence[Any]]]:
    """The round's other pages; what the lead alone does is for the lead, periods are of schemes with a year."""
    names = [*(() if found.leads else OF_THE_LEAD), *(() if found.scheme.calendar else ("periods",))]
    closed = {url_for(f"desk.{name}", id=found.round.id) for name in names}
    listed = ways(actor(), "round", found.project.parties, found.round.id)
    return [(heading, [link for link in links if link[1] not in closed]) for heading, links in listed]


def steps_to(found: OneRound, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of this round, for a page that is a form alone."""
    if not found.may("rounds.read"):
        return [*more]
    project = (found.project.name, url_for("desk.project", id=found.project.id))
    return [project, (found.round.name, url_for("desk.round", id=found.round.id)), *more]


def exact(text: str | None) -> Markup:
    """A number of frozen data, which is kept as text."""
    return number(None if text is None else Decimal(text))

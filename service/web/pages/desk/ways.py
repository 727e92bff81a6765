"""Ways on: which pages a project, a round or a campaign leads to; each page enters itself beside its route.

Ways of the place `desk` without a heading stand in the main navigation, those with one on the first page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app, url_for

from service.domain import access
from service.domain.access import Actor

View = TypeVar("View", bound=Callable[..., Any])
PLACES = ("desk", "administration", "project", "campaign", "round")


def N_(text: str) -> str:  # by this name babel finds texts that are translated later
    """The text itself: it is translated where it is shown."""
    return text


# Headings of the places in the order in which they are shown; others follow by the order of their first page.
HEADINGS = (
    *(N_("What is bought"), N_("Collecting"), N_("Inspecting"), N_("Evaluating"), N_("What follows")),  # project
    *(N_("Answers"), N_("Figures"), N_("Control"), N_("Settings")),  # campaign
    *(N_("Work"), N_("Steps"), N_("Scores"), N_("Evidence"), N_("Objections and appeals"), N_("Outcome")),  # round
    N_("Tools"),
)


@dataclass(frozen=True)
class Way:
    """A link to a page, for whoever may do `action` in the project that the place belongs to."""

    place: str
    label: str
    endpoint: str
    action: str
    heading: str
    order: int


_WAYS: list[Way] = []


def way(
    place: str, label: str, action: str, heading: str = "", order: int = 50, endpoint: str = ""
) -> Callable[[View], View]:
    """Enter the page below in the list of a place. `label` and `heading` are given as N_("…").

    The page takes the place's id as `id`; pages of `desk` and `administration` take nothing. `endpoint` where the
    route has another name than the function.
    """

    def enter(view: View) -> View:
        _WAYS.append(Way(place, label, f"desk.{endpoint or view.__name__}", action, heading, order))
        return view

    return enter


def ways(
    actor: Actor, place: str, parties: Mapping[str, str] | None = None, id: str = ""
) -> list[tuple[str, Sequence[Any]]]:
    """[(heading, [(label, address)])] of what this reader may open, in the order of HEADINGS.

    Places without `parties` are no single project: who has a role for the action somewhere may open the page.
    """
    found: dict[str, list[Any]] = {}
    for each in sorted(_WAYS, key=lambda one: (one.order, one.label)):
        if each.place == place and _may(actor, each.action, parties):
            address = url_for(each.endpoint, id=id) if id else url_for(each.endpoint)
            found.setdefault(each.heading, []).append((each.label, address))
    return sorted(found.items(), key=lambda one: HEADINGS.index(one[0]) if one[0] in HEADINGS else len(HEADINGS))


def _may(actor: Actor, action: str, parties: Mapping[str, str] | None) -> bool:
    if parties is None:
        return bool(set(actor.roles) & set(access.ACTIONS[action]))
    return access.may(actor, action, parties)


def opens(actor: Actor, endpoint: str, parties: Mapping[str, str] | None = None) -> bool:
    """Whether there is this page of the desk, and the reader may open it in the project of these parties."""
    view = current_app.view_functions.get(f"desk.{endpoint}")
    action = getattr(view, "declared_access", "")
    return action in access.ACTIONS and _may(actor, action, parties)

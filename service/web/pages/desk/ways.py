"""Ways on: which pages a project, a round or a campaign leads to; each page enters itself beside its route."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import url_for

from service.domain import access
from service.domain.access import Actor

View = TypeVar("View", bound=Callable[..., Any])
PLACES = ("desk", "administration", "project", "campaign", "round")


def N_(text: str) -> str:  # by this name babel finds texts that are translated later
    """The text itself: it is translated where it is shown."""
    return text


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


def way(place: str, label: str, action: str, heading: str = "", order: int = 50) -> Callable[[View], View]:
    """Enter the page below in the list of a place. `label` and `heading` are given as N_("…").

    The page takes the place's id as `id`; pages of `desk` and `administration` take nothing.
    """

    def enter(view: View) -> View:
        _WAYS.append(Way(place, label, f"desk.{view.__name__}", action, heading, order))
        return view

    return enter


def ways(
    actor: Actor, place: str, parties: Mapping[str, str] | None = None, id: str = ""
) -> list[tuple[str, Sequence[Any]]]:
    """[(heading, [(label, address)])] of what this reader may open, headings in the order of their first page."""
    found: dict[str, list[Any]] = {}
    for each in sorted(_WAYS, key=lambda one: (one.order, one.label)):
        if each.place == place and access.may(actor, each.action, parties):
            address = url_for(each.endpoint, id=id) if id else url_for(each.endpoint)
            found.setdefault(each.heading, []).append((each.label, address))
    return list(found.items())

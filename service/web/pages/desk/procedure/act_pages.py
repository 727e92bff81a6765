"""One act of a case, a payment or a publication on a page of its own: its form, or what follows and a button."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Response, request, url_for

from service.domain.collect.scans import SCAN_LIMIT
from service.domain.evaluate.rounds import Round
from service.domain.projects import Project
from service.operations import projects
from service.web.auth import actor
from service.web.pages.desk.forms import N_, Form, ShownForm, Steps, confirm_page, form_page, save

Act = Callable[[dict[str, Any], int], Any]
FILE_FORM = SCAN_LIMIT + 200_000  # bytes of a form with one file


def project_steps(project: Project) -> Steps:
    """The step above the pages of a project."""
    return [(project.name, url_for("desk.project", id=project.id))]


def round_steps(round: Round) -> Steps:
    """The steps above the pages of a round."""
    project = projects.project(actor(), round.project)
    return [*project_steps(project), (round.name, url_for("desk.round", id=round.id))]


def leads(round: Round) -> bool:
    """Whether the reader acts for the organisation that leads the round: others may look on."""
    project = projects.project(actor(), round.project)
    return project.parties[round.lead] == actor().organisation and round.lead in actor().roles


def act_page(
    form: Form,
    words: tuple[str, str],
    path: Steps,
    act: Act,
    to: Callable[[Any], str],
    values: Any = None,
    version: int | None = None,
    lead: str = "",
    consequences: Sequence[str] = (),
    current: Callable[[], tuple[Any, int]] | None = None,
    done: str = N_("Saved."),
) -> Response:
    """The page on GET, the act on POST. `words` are title and button, `path` the steps above, the last one leads back.

    With `consequences` it is the page before something that cannot be undone.
    """
    title, button = words
    back = path[-1][1] if path else ""

    def again(shown: ShownForm, status: int = 200) -> Response:
        if consequences:
            return confirm_page(title, shown, button, consequences, path, status, back)
        return form_page(title, shown, button, path, status, lead, back=back)

    if request.method != "POST":
        return again(form.shown(values, version=version))
    return save(form, act, to, again, current, done)

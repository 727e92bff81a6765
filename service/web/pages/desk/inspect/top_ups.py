"""The desk's page on which the next tickets of a draw are taken, with the reason for it."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.inspect.draws import TopUpSchema
from service.domain.inspect.draws import PURPOSES
from service.operations import projects
from service.operations.inspect import draws, top_ups
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.procedure.act_pages import act_page, project_steps
from service.web.pages.desk.ways import N_
from service.web.pages.desk.words import word

FORM = Form(
    TopUpSchema,
    (
        Field("id", "", "new_id"),
        Field("proportional.n", N_("How many more in all"), "number", required=True, also=("take", "n", "*")),
        Field("purpose", N_("What they are for"), "choice"),
        Field("reason", N_("Reason"), "long"),
    ),
)


@blueprint.route("/draws/<id>/top-up", methods=["GET", "POST"], endpoint="top_up")
@requires("draws.write")
def top_up(id: str) -> Response:
    """Take the next tickets; from a list in strata each gives its share."""
    found = draws.get(actor(), id)
    project = projects.project(actor(), found.project, "draws.write")
    form = FORM.having({"purpose": [(one, word("draw_purpose", one)) for one in PURPOSES]})

    def act(values: dict[str, Any], version: int) -> Any:
        more = draws.proportional(actor(), found.frame, **values["proportional"])
        return top_ups.top_up(actor(), now(), values["id"], id, more, values["purpose"], values["reason"])

    path = [*project_steps(project), (_("Draw %(number)s", number=found.number), url_for("desk.draw", id=id))]
    consequences = (
        _("The next tickets of the same seed are taken. They cannot be given back, and the journal keeps the reason."),
        _("Only a stage that was planned before the draw adds to its test. What is descriptive supports no test."),
    )
    words = _("Take more from this draw"), _("Take them")
    return act_page(form, words, path, act, lambda made: url_for("desk.draw", id=made.id), consequences=consequences)

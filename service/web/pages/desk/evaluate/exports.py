"""The desk's page of what can be taken away of a round, and the files behind its links."""

from flask import Response

from service.domain import access
from service.operations import projects
from service.operations.evaluate import result_readers, rounds
from service.web.auth import actor, requires
from service.web.exporting import round_packages
from service.web.exporting import rounds as round_files
from service.web.exporting.delivery import FORMATS, deliver, known
from service.web.extensions import settings
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/rounds/<id>/take-away")
@requires("results.read")
@way("round", N_("Take away"), "results.read", heading=N_("Outcome"), order=90)
def round_exports(id: str) -> Response:
    """Each version of the result that this reader may see, and for the evaluator the evidence package."""
    found = result_readers.of_round(actor(), id)
    round = rounds.get(actor(), id, "results.read")
    parties = projects.project(actor(), round.project).parties
    whole = access.may(actor(), "scores.read", parties)
    return page(
        "evaluate/exports.html",
        round=round,
        results=found,
        whole=whole,
        formats=FORMATS,
        feed=f"{settings().base_url.rstrip('/')}/odata/rounds/{id}/",
    )


@blueprint.get("/rounds/<id>/take-away/results/<int:number>.<form>")
@requires("results.read")
def exported_result(id: str, number: int, form: str) -> Response:
    """A frozen version of the result, a row an indicator."""
    return deliver(round_files.result(actor(), id, number), known(form), f"{id}-result-{number}")


@blueprint.get("/rounds/<id>/take-away/package.zip")
@requires("scores.read")
def exported_package(id: str) -> Response:
    """Everything the result follows from."""
    return round_packages.package(actor(), id)

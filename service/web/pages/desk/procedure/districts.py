"""The desk's page of a district: every station's progress, deadline and result, and results in order."""

from typing import Any

from flask import Response, request

from service.domain import access
from service.domain.errors import Refused
from service.domain.evaluate.rounds import STATES
from service.operations.procedure import overviews, rankings
from service.web.auth import actor, now, requires
from service.web.errors import fault_text, status_of
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.ways import N_, opens, way


@blueprint.get("/district")
@requires("rounds.read")
@way("desk", N_("Stations at a glance"), "rounds.read", order=25)
def district() -> Response:
    """The stations, filtered by what stands in the address; with `rounds` named, their results in order."""
    state = request.args.get("state", "")
    asked: dict[str, Any] = {"state": state if state in STATES else "", "overdue": "overdue" in request.args}
    chosen, label = request.args.getlist("rounds"), request.args.get("label", "")
    compares = any(role in access.ACTIONS["rankings.read"] for role in actor().roles)
    values: dict[str, Any] = {"ranking": None, "refused": "", "status": 200}
    if chosen and compares:
        try:
            values["ranking"] = rankings.of(actor(), chosen, label)
        except Refused as refused:
            told = [fault_text(fault) for fault in refused.faults]
            values |= {"refused": message(refused), "faults": told, "status": status_of(refused)}
    return page(
        "procedure/district.html",
        stations=overviews.of(actor(), now(), **asked),
        comparable=rankings.comparable(actor()) if compares else [],
        states=STATES,
        imports=opens(actor(), "import_district"),
        chosen=chosen,
        label=label,
        **asked,
        **values,
    )

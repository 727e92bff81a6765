"""The desk's page of points by period: what events earned in each part of the scheme's year, against a target."""

from flask import Response, request

from service.operations.evaluate import entries
from service.web.auth import actor, requires
from service.web.pages.desk.evaluate.one_round import one_round, round_page
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.ways import N_, way


@blueprint.get("/rounds/<id>/periods")
@requires("scores.read")
@way("round", N_("Points by period"), "scores.read", heading=N_("Scores"), order=36)
def periods(id: str) -> Response:
    """Against the targets of the group of units in the address; without one, those of the first group."""
    found = one_round(id, "scores.read")
    groups = found.scheme.groups if found.scheme.calendar else ()
    group = request.args.get("group", "") or (groups[0].id if groups else "")
    standings = entries.standings(actor(), id, group) if groups else ()
    return round_page("evaluate/periods.html", found, groups=groups, group=group, standings=standings)

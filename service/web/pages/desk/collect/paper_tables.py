"""The desk's page for a table of paper sheets that were typed elsewhere: each row is taken in as any answer is."""

from collections.abc import Sequence
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from schemas.collect.responses import ImportQuerySchema
from service.domain.collect.campaigns import Campaign
from service.domain.errors import Fault, Refused
from service.operations.collect import campaigns, imports
from service.operations.collect.imports import ALL_OR_NOTHING, GOOD_ROWS, Outcome
from service.web.auth import actor, now, requires
from service.web.errors import status_of
from service.web.extensions import keys
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.inspect import frame_words
from service.web.pages.desk.ways import way

WHICH = (
    (ALL_OR_NOTHING, N_("all rows, or none if one of them is wrong")),
    (GOOD_ROWS, N_("those that are right, naming the others")),
)
TABLE = Form(
    ImportQuerySchema,
    (
        Field("file", N_("File (CSV or XLSX)"), "file", required=True),
        Field("rows", N_("Which rows are taken in"), "choice", choices=WHICH, required=True),
    ),
)


@blueprint.route("/campaigns/<id>/paper/table", methods=["GET", "POST"])
@requires("responses.write")
@way("campaign", N_("Paper sheets from a table"), "responses.write", heading=N_("Answers"), order=15)
def paper_table(id: str) -> Response:
    """Take the rows in, and tell how many were new, how many there already, and what is wrong with which."""
    campaign = campaigns.get(actor(), id, "responses.write")
    if request.method != "POST":
        return _page(campaign, TABLE.shown())

    def take_in(values: dict[str, Any], version: int) -> Response:
        try:
            done = imports.take_in(actor(), now(), id, values["file"].stream, keys(), values["rows"])
        except Refused as refused:
            if refused.reason != "import_invalid":
                raise
            return _page(campaign, TABLE.shown({"rows": values["rows"]}), status_of(refused), refused.faults)
        return _page(campaign, TABLE.shown({"rows": values["rows"]}), 200, done.faults, done)

    return save(
        TABLE,
        take_in,
        lambda made: url_for("desk.paper_table", id=id),
        lambda shown, status: _page(campaign, shown, status),
    )


def _page(
    campaign: Campaign, shown: ShownForm, status: int = 200, faults: Sequence[Fault] = (), done: Outcome | None = None
) -> Response:
    return page(
        "collect/paper_table.html",
        status,
        campaign=campaign,
        shown=shown,
        problems=[frame_words.of_fault(fault) for fault in faults],
        done=done,
        title=gettext("Paper sheets from a table"),
    )

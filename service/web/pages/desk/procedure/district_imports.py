"""The desk's page on which a workbook of many stations is looked through and carried out."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext

from schemas.procedure.districts import DistrictQuerySchema
from service.operations.collect.workbooks import FILE_LIMIT
from service.operations.procedure import districts
from service.operations.procedure.districts import MADE, NEW, Step
from service.web.auth import actor, now, requires
from service.web.errors import fault_text
from service.web.extensions import keys, settings
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, save
from service.web.pages.desk.home import LARGE_FORMS, blueprint, page
from service.web.pages.desk.ways import way

LARGE_FORMS["desk.import_district"] = FILE_LIMIT + 100_000
WORKBOOK = Form(
    DistrictQuerySchema,
    (
        Field("file", N_("Workbook (XLSX)"), "file", required=True, also=("*",)),
        Field("dry_run", N_("Only look through it, make nothing yet"), "check"),
    ),
)


@blueprint.route("/district/import", methods=["GET", "POST"], endpoint="import_district")
@requires("districts.write")
@way("desk", N_("Stations from a workbook"), "districts.write", heading=N_("Tools"), order=74)
def import_district() -> Response:
    """Projects, sites, campaigns, slips and rounds of many stations from one file; a repeat makes nothing twice."""
    if request.method != "POST":
        return _page(WORKBOOK.shown({"dry_run": True}))
    return save(WORKBOOK, _carried_out, lambda made: url_for("desk.district"), _page)


def _carried_out(values: dict[str, Any], version: int) -> Response:
    """What became of each thing; the codes of slips stand on this page and nowhere else."""
    key, needed = keys()[0], not settings().demo
    district = districts.read(actor(), now(), values["file"].stream.read(FILE_LIMIT + 1), key)
    if values["dry_run"]:
        steps = districts.preview(actor(), now(), district, needed)
    else:
        steps = districts.carry_out(actor(), now(), district, key, needed)
    return _page(WORKBOOK.shown({"dry_run": values["dry_run"]}), steps=steps, dry_run=values["dry_run"])


def _page(shown: ShownForm, status: int = 200, steps: list[Step] | None = None, dry_run: bool = True) -> Response:
    return page(
        "procedure/district_import.html",
        status,
        shown=shown,
        counts=districts.counts(steps or ()),
        steps=[(one, [(fault.field, fault_text(fault)) for fault in one.faults]) for one in steps or ()],
        worked=steps is not None,
        dry_run=dry_run,
        good=(NEW, MADE),
        title=gettext("Stations from a workbook"),
    )

"""The desk's page for XLSForms: a file is put in, what is wrong with it shown row by row, and what it becomes."""

from typing import Any

from flask import Response, request

from service.domain.collect.xlsforms.sheets import Finding
from service.domain.errors import Fault, Refused
from service.domain.shapes import LANGUAGE
from service.operations.collect import questionnaires, xlsforms
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.errors import fault_text, message_of, status_of
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import N_, way


@blueprint.get("/questionnaires/import")
@requires("questionnaires.write")
@way("desk", N_("Questionnaires as XLSForm"), "questionnaires.write", heading=N_("Tools"), order=61)
def import_form() -> Response:
    """Where a file is put in; the versions there are can be taken out."""
    return _page(200)


@blueprint.post("/questionnaires/import")
@requires("questionnaires.write")
def import_file() -> Response:
    """What the file becomes, or every problem in it. It is kept only if that is asked for and nothing is wrong."""
    sent, language = request.files.get("file"), request.form.get("language", "")
    keep = request.form.get("keep", "")
    known = language if LANGUAGE.fullmatch(language) else None
    try:
        found, kept = xlsforms.read(actor(), now(), sent.read() if sent else b"", language=known, keep=keep)
    except Refused as refused:
        if refused.reason not in ("xlsform_invalid", "too_large", "questionnaire_invalid", "id_taken"):
            raise
        problems = [_of_fault(fault) for fault in refused.faults]
        message = message_of(refused)
        return _page(status_of(refused), problems=problems, message=message)
    warnings = [_of_finding(finding) for finding in found.warnings]
    return _page(200, made=found.definition, warnings=warnings, kept=kept, keep=keep)


@blueprint.get("/questionnaires/<id>/export.xlsx")
@requires("questionnaires.read")
def export_file(id: str) -> Response:
    """A version as XLSForm."""
    return attachment(*xlsforms.export(actor(), id))


def _page(status: int, **values: Any) -> Response:
    shown = {"problems": [], "warnings": [], "made": None, "kept": None, "keep": "", "message": "", **values}
    return page("collect/import.html", status, versions=questionnaires.versions(actor()), **shown)


def _of_fault(fault: Fault) -> dict[str, Any]:
    sheet, _, rest = fault.field.partition(".")
    row, _, column = rest.partition(".")
    return {"sheet": sheet, "row": row if row.isdigit() else "", "column": column, "text": fault_text(fault)}


def _of_finding(finding: Finding) -> dict[str, Any]:
    return _of_fault(finding.fault) | {"sheet": finding.sheet, "row": finding.row or "", "column": finding.column}

"""formList, form, manifest and the files of a form. All bytes are as stored: the app compares their MD5."""

from typing import Any

from flask import Response, request

from service.domain.inspect.xforms import ITEMS_FILE, XForm
from service.operations.inspect import openrosa
from service.web.auth import actor, now
from service.web.extensions import settings
from service.web.openrosa.doors import blueprint, by_token
from service.web.openrosa.writing import LIST, MANIFEST, TYPE, listed


@blueprint.get("/formList")
@by_token("spot_checks.write")
def form_list() -> Response:
    """One current version of each form that the auditor has something to fill in with."""
    wanted = request.args.get("formID", "").partition("?")[0]  # KoboCollect glues `?deviceID=` onto any query
    forms = [form for form in openrosa.forms_of(actor(), now()) if wanted in ("", form.form_id)]
    return listed("xforms", "xform", LIST, [_entry(form) for form in forms])


def _entry(form: XForm) -> dict[str, str]:
    return {
        "formID": form.form_id,
        "name": form.name,
        "version": form.version,
        "hash": f"md5:{form.md5}",
        "downloadUrl": _address(f"forms/{form.id}"),
        "manifestUrl": _address(f"forms/{form.id}/manifest"),
    }


@blueprint.get("/forms/<id>")
@by_token("spot_checks.write")
def form(id: str) -> Response:
    """The form's exact bytes, of any version that was ever served."""
    return Response(openrosa.form(id).content, content_type=TYPE)


@blueprint.get("/forms/<id>/manifest")
@by_token("spot_checks.write")
def manifest(id: str) -> Response:
    """The files that the form names: the auditor's own items."""
    files = openrosa.files_of(actor(), now(), id)
    entries = [
        {
            "filename": file.name,
            "hash": f"md5:{file.md5}",
            "downloadUrl": _address(f"forms/{id}/media/{file.name}"),
        }
        for file in files
    ]
    return listed("manifest", "mediaFile", MANIFEST, entries)


@blueprint.get(f"/forms/<id>/media/{ITEMS_FILE}")
@by_token("spot_checks.write")
def items(id: str) -> Response:
    """The auditor's items as they are now."""
    (file,) = openrosa.files_of(actor(), now(), id)
    return Response(file.content, content_type="text/csv; charset=utf-8")


def _address(path: str) -> str:
    """On the host of the settings, under the token that was asked with: the app sends nothing to other hosts."""
    values: Any = request.view_args
    return f"{settings().base_url}/openrosa/{values['token']}/{path}"

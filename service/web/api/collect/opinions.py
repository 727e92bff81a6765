"""Institutions of a campaign and their signed opinions."""

from typing import Any

from flask import Response, request
from flask.views import MethodView

from schemas.collect.opinions import (
    InstitutionListSchema,
    InstitutionSchema,
    InstitutionsQuerySchema,
    InstitutionsSchema,
    OpinionEntrySchema,
    OpinionSchema,
    ScanSchema,
)
from service.domain.collect.opinions import MINIMUM, Institution, Opinion
from service.domain.collect.scans import MEDIA_TYPES, SCAN_LIMIT
from service.domain.errors import Refused
from service.operations.collect import opinions
from service.operations.collect.opinions import Institutions
from service.web.api.conditional import if_match, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("institutions", __name__, description="Institutions rate once each, signed; they are no sample")
FILES = {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}}


@blp.route("/campaigns/<id>/institutions")
class CampaignInstitutions(MethodView):
    @requires("institutions.read")
    @blp.arguments(InstitutionsQuerySchema, location="query")
    @blp.response(200, InstitutionsSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Who has answered, who is missing, and the means; ETag is the list's version"""
        return _answer(opinions.read(actor(), id, query["kind"]))

    @requires("institutions.write")
    @blp.arguments(InstitutionListSchema)
    @blp.response(200, InstitutionsSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Set the whole list until opinions come in; If-Match is the version that was read, 0 for none"""
        wanted = [Institution(**one) for one in values["institutions"]]
        opinions.set_list(actor(), now(), id, wanted, if_match())
        return _answer(opinions.read(actor(), id))

    @requires("institutions.write")
    @blp.arguments(InstitutionSchema)
    @blp.response(201, InstitutionsSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Add one; once opinions have come in, with a reason"""
        _, new = opinions.add(actor(), now(), id, Institution(**with_id(values)))
        return _answer(opinions.read(actor(), id), 201 if new else 200)


@blp.route("/campaigns/<id>/institutions/<institution>/opinion")
class InstitutionOpinion(MethodView):
    @requires("opinions.read")
    @blp.response(200, OpinionSchema)
    def get(self, id: str, institution: str) -> Any:
        """The opinion with its earlier versions, for the evaluator; ETag is its number"""
        found = opinions.opinions(actor(), id, institution)
        if not found:
            raise Refused("not_found", noun="opinion")
        return _versions(found), 200, {"ETag": f'"{len(found)}"'}

    @requires("institutions.write")
    @blp.arguments(OpinionEntrySchema)
    @blp.response(200, OpinionSchema)
    @edits
    def put(self, values: dict[str, Any], id: str, institution: str) -> Any:
        """Enter the signed opinion; If-Match is the number in place, 0 for none. Another one needs a reason"""
        answers = values.pop("answers")
        draft = Opinion("", id, institution, if_match() + 1, {}, at=now(), by=actor().id, **values)
        stored, new = opinions.enter(actor(), now(), draft, answers)
        found = opinions.opinions(actor(), id, institution)
        return _versions(found), 201 if new else 200, {"ETag": f'"{stored.number}"'}


@blp.route("/campaigns/<id>/institutions/<institution>/scans")
class Scans(MethodView):
    @requires("institutions.write")
    @blp.doc(requestBody=FILES)
    @blp.response(201, ScanSchema)
    def post(self, id: str, institution: str) -> Any:
        """The scan of the stamped form: the bytes of a PDF, JPEG or PNG of at most 10 MB. Name it in the opinion"""
        request.max_content_length = SCAN_LIMIT
        return opinions.add_scan(actor(), now(), id, institution, request.get_data(cache=False))


@blp.route("/campaigns/<id>/institutions/<institution>/scans/<scan>")
class OneScan(MethodView):
    @requires("opinions.read")
    @blp.response(200, content_type="application/octet-stream", schema={"type": "string", "format": "binary"})
    def get(self, id: str, institution: str, scan: str) -> Any:
        """The file as it was stored, for the evaluator"""
        found, data = opinions.scan(actor(), id, institution, scan)
        response = Response(data, mimetype=MEDIA_TYPES[found.kind])
        response.headers["Content-Disposition"] = f"attachment; filename=opinion-{found.name[:8]}.{found.kind}"
        return response


def _answer(found: Institutions, status: int = 200) -> tuple[dict[str, Any], int, dict[str, str]]:
    standing = [
        {**vars(one), "state": "returned" if one.id in found.returned else "missing"}
        | {"returned_at": found.returned.get(one.id)}
        for one in found.listed.institutions.values()
    ]
    body = {
        "campaign": found.campaign.id,
        "frozen_at": found.listed.frozen_at,
        "minimum": MINIMUM,
        "institutions": standing,
        "by_kind": {kind: {"listed": many, "returned": few} for kind, (many, few) in found.by_kind.items()},
        "figures": found.figures,
    }
    return body, status, {"ETag": f'"{found.listed.version}"'}


def _versions(found: list[Opinion]) -> dict[str, Any]:
    return {**vars(found[-1]), "earlier": found[:-1]}

"""Releases of a campaign."""

from typing import Any

from flask.views import MethodView

from schemas.collect.releases import ReleaseContentSchema, ReleaseRequestSchema, ReleaseSchema
from service.domain.collect.releases import ReleaseRequest
from service.operations.collect import releases
from service.web.api.conditional import made, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("releases", __name__, description="Frozen tables for purchaser, authority and provider")


@blp.route("/campaigns/<id>/releases")
class Releases(MethodView):
    @requires("releases.read")
    @blp.response(200, ReleaseSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, id: str) -> Any:
        """The releases of a campaign, the first one first"""
        return releases.listing(actor(), id)

    @requires("releases.write")
    @blp.arguments(ReleaseRequestSchema)
    @blp.response(201, ReleaseSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Make a release; it can neither be changed nor taken back"""
        tables = tuple(tuple(table) for table in values["tables"])
        return made(releases.make(actor(), now(), id, ReleaseRequest(**with_id(values) | {"tables": tables})))


@blp.route("/campaigns/<id>/releases/<int:number>")
class OneRelease(MethodView):
    @requires("releases.read")
    @blp.response(200, ReleaseContentSchema)
    def get(self, id: str, number: int) -> Any:
        """One release; the provider reads one total a site"""
        release, content = releases.one(actor(), id, number)
        return {"number": release.number, "at": release.at, "digest": release.digest, "content": content}

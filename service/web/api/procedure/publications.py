"""Publications: drafting and signing them, and the public's own addresses."""

from typing import Any

from flask import current_app
from flask.views import MethodView

from schemas.procedure.publications import (
    PublicationSchema,
    PublicationStepSchema,
    PublicEntrySchema,
    PublicHistorySchema,
    PublicResultSchema,
    SignatoriesSchema,
)
from service.domain.procedure.publications import Signatories
from service.operations.procedure import public_results, publications
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, public, requires
from service.web.extensions import Blueprint, edits
from service.web.public_cache import kept_for_a_minute

blp = Blueprint("publications", __name__, description="Results before the public, and how they get there")


@blp.route("/rounds/<id>/publications")
class Publications(MethodView):
    @requires("publications.read")
    @blp.response(200, PublicationSchema(many=True))
    def get(self, id: str) -> Any:
        """Drafts and publications of a round"""
        return publications.of_round(actor(), id)

    @requires("publications.write")
    @blp.arguments(PublicationSchema)
    @blp.response(201, PublicationSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Draft what the public would read of a final result"""
        return made(publications.draft(actor(), now(), id, publications.Draft(**with_id(values))))


@blp.route("/publications/<id>")
class OnePublication(MethodView):
    @requires("publications.read")
    @blp.response(200, PublicationSchema)
    def get(self, id: str) -> Any:
        """One publication and its signatures; ETag is its version"""
        return tagged(publications.one(actor(), id)[0])


@blp.route("/publications/<id>/content")
class Content(MethodView):
    @requires("publications.read")
    @blp.response(200, PublicResultSchema)
    def get(self, id: str) -> Any:
        """What the public would read, for those who sign"""
        there, content = publications.one(actor(), id)
        return {**content, "digest": there.digest, "published_at": there.published_at}


@blp.route("/publications/<id>/state")
class State(MethodView):
    @requires("publications.write")
    @blp.arguments(PublicationStepSchema)
    @blp.response(200, PublicationSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Sign as head of the office or of the unit, return, publish, or withdraw with a reason"""
        return tagged(publications.move(actor(), now(), id, values.pop("state"), if_match(), **values))


@blp.route("/organisations/<id>/signatories")
class SignatoriesOf(MethodView):
    @requires("signatories.read")
    @blp.response(200, SignatoriesSchema)
    def get(self, id: str) -> Any:
        """Who may sign for an organisation; ETag is its version, 0 before anybody is named"""
        return tagged(publications.signatories(actor(), id))

    @requires("signatories.write")
    @blp.arguments(SignatoriesSchema)
    @blp.response(200, SignatoriesSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Name the heads of offices and of the unit; If-Match is the version that was read"""
        named = Signatories(id, tuple(values["office_heads"]), tuple(values["unit_heads"]))
        return tagged(publications.name_signatories(actor(), now(), named, if_match()))


@blp.route("/public/results")
class PublicResults(MethodView):
    @public
    @blp.response(200, PublicEntrySchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """Published results, the latest first"""
        return [public_results.entry(one) for one in publications.listed(now())]


@blp.route("/public/results/<id>")
class PublicResult(MethodView):
    @public
    @blp.response(200, PublicResultSchema)
    def get(self, id: str) -> Any:
        """One published result at its permanent address; 410 with the reason once it is withdrawn"""
        there, content = publications.public(id)
        shown = {**content, "digest": there.digest, "published_at": there.published_at}
        return kept_for_a_minute(_answer(PublicResultSchema().dump(shown)), there.digest)


@blp.route("/public/results/providers/<id>")
class PublicHistory(MethodView):
    @public
    @blp.response(200, PublicHistorySchema)
    def get(self, id: str) -> Any:
        """What was published of one provider (C26), and a ban while it is in force"""
        return public_results.history(id, now())


def _answer(value: Any) -> Any:
    return current_app.json.response(value)

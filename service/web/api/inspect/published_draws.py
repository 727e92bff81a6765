"""The published file of a draw, from which anybody can verify it."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.published_draws import PublishedDrawSchema
from service.operations.inspect import published_draws
from service.web.auth import actor, public, requires
from service.web.extensions import Blueprint

blp = Blueprint("published-draws", __name__, description="Draws as everybody, or a party, can verify them")


@blp.route("/public/draws/<id>")
class PublicDraw(MethodView):
    @public
    @blp.response(200, PublishedDrawSchema)
    def get(self, id: str) -> Any:
        """A published draw with everything that is needed to verify it"""
        return published_draws.public(id)


@blp.route("/draws/<id>/published")
class DrawForParties(MethodView):
    @requires("draws.follow")
    @blp.response(200, PublishedDrawSchema)
    def get(self, id: str) -> Any:
        """The same file for the draw's parties, once its visits are over"""
        return published_draws.of_party(actor(), id)

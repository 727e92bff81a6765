"""The parties' steps of a draw: commitments, secrets, agreement to a redraw, a public value, what a draw comes to."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.draws import CommitmentSchema, DrawSchema, DrawStateSchema, PublicValueSchema, SecretSchema
from service.domain.inspect.draws import RecordedDraw
from service.operations.inspect import ceremonies, draws
from service.web.api.conditional import if_match, tagged
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

blp = Blueprint("ceremonies", __name__, description="The parties' steps of a draw")


@blp.route("/draws/<id>/commitments/<part>")
class Commitment(MethodView):
    @requires("draws.commit")
    @blp.arguments(CommitmentSchema)
    @blp.response(200, DrawSchema)
    def put(self, values: dict[str, Any], id: str, part: str) -> Any:
        """Deposit a party's commitment; once deposited it stays"""
        return _shown(ceremonies.commit(actor(), now(), id, part, values["commitment"]))


@blp.route("/draws/<id>/secrets/<part>")
class Secret(MethodView):
    @requires("draws.commit")
    @blp.arguments(SecretSchema)
    @blp.response(200, DrawSchema)
    def put(self, values: dict[str, Any], id: str, part: str) -> Any:
        """Reveal a party's secret, after all commitments are in"""
        return _shown(ceremonies.reveal(actor(), now(), id, part, values["secret"]))


@blp.route("/draws/<id>/agreements/<part>")
class Agreement(MethodView):
    @requires("draws.commit")
    @blp.response(200, DrawSchema)
    def put(self, id: str, part: str) -> Any:
        """Agree to a redraw for one's organisation"""
        return _shown(ceremonies.agree(actor(), now(), id, part))


@blp.route("/draws/<id>/public")
class PublicValue(MethodView):
    @requires("draws.write")
    @blp.arguments(PublicValueSchema)
    @blp.response(200, DrawSchema)
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Enter the public value from the source named before"""
        return _shown(ceremonies.name_public(actor(), now(), id, values["value"]))


@blp.route("/draws/<id>/state")
class DrawState(MethodView):
    @requires("draws.write")
    @blp.arguments(DrawStateSchema)
    @blp.response(200, DrawSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Declare a draw void, closed to top-ups, or published"""
        version = if_match()
        if values["state"] == "void":
            return _shown(ceremonies.void(actor(), now(), id, values["reason"], version))
        step = ceremonies.close if values["state"] == "closed" else ceremonies.publish
        return _shown(step(actor(), now(), id, version))


def _shown(changed: RecordedDraw) -> Any:
    """The draw after a step, as its reader may see it."""
    return tagged(draws.get(actor(), changed.id, now()))

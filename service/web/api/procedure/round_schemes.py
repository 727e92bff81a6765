"""Changes of a round's scheme after it was opened."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.round_schemes import SchemeChangeSchema, SchemeDecisionSchema, SchemeServiceSchema
from service.domain.procedure.round_schemes import RoundSchemeChange
from service.operations.procedure import round_schemes
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits, settings

blp = Blueprint("round-schemes", __name__, description="Changes of a round's scheme: reason, approval, service")


@blp.route("/rounds/<id>/scheme-changes")
class SchemeChanges(MethodView):
    @requires("rounds.read")
    @blp.response(200, SchemeChangeSchema(many=True))
    def get(self, id: str) -> Any:
        """All changes of the round's scheme"""
        return round_schemes.of_round(actor(), id)

    @requires("scheme_changes.propose")
    @blp.arguments(SchemeChangeSchema)
    @blp.response(201, SchemeChangeSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Propose another version of the scheme, with the reason"""
        filled = dict.fromkeys(("project", "before", "before_digest", "after_digest"), "")
        given = with_id(values) | filled
        change = RoundSchemeChange(**given, round=id, proposed_at=now(), proposed_by=actor().id)
        return made(round_schemes.propose(actor(), now(), change, adoption_needed=not settings().demo))


@blp.route("/rounds/<id>/scheme-changes/<change>/decision")
class SchemeDecision(MethodView):
    @requires("scheme_changes.approve")
    @blp.arguments(SchemeDecisionSchema)
    @blp.response(200, SchemeChangeSchema)
    @edits
    def put(self, values: dict[str, Any], id: str, change: str) -> Any:
        """Approve or refuse a change; the authority's"""
        return tagged(round_schemes.decide(actor(), now(), id, change, **values, version=if_match()))


@blp.route("/rounds/<id>/scheme-changes/<change>/service")
class SchemeService(MethodView):
    @requires("rounds.lead")
    @blp.arguments(SchemeServiceSchema)
    @blp.response(200, SchemeChangeSchema)
    @edits
    def put(self, values: dict[str, Any], id: str, change: str) -> Any:
        """Serve an approved change on the provider: the round's scheme is the new one from then on"""
        return tagged(round_schemes.serve(actor(), now(), id, change, **values, version=if_match())[0])

"""Tokens of the auditors' collecting apps."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.field_tokens import FieldTokenSchema, IssuedFieldTokenSchema, NewFieldTokenSchema
from service.operations import organisations
from service.operations.inspect import field_tokens
from service.web import field_codes
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("field-tokens", __name__, description="Setting up ODK Collect or KoboCollect for an auditor")


@blp.route("/field-tokens")
class FieldTokens(MethodView):
    @requires("field_tokens.write")
    @blp.response(200, FieldTokenSchema(many=True))
    def get(self) -> Any:
        """The live tokens of the own organisation"""
        return [token for _, token in field_tokens.of_colleagues(actor()) if token]

    @requires("field_tokens.write")
    @blp.arguments(NewFieldTokenSchema)
    @blp.response(201, IssuedFieldTokenSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Make a token for an auditor's app; a former one ends with it"""
        token, kept = field_tokens.make(actor(), now(), values["user"])
        name = organisations.colleagues(actor())[kept.user]
        return {
            **vars(kept),
            "server_url": field_codes.server_url(token),
            "settings": field_codes.code(token, name),
        }


@blp.route("/field-tokens/<id>")
class OneFieldToken(MethodView):
    @requires("field_tokens.write")
    @blp.response(200, FieldTokenSchema)
    def delete(self, id: str) -> Any:
        """Revoke a token: the app that holds it is no longer let in"""
        return field_tokens.revoke(actor(), now(), id)

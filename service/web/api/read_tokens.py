"""Tokens with which spreadsheets and dashboards read."""

from typing import Any

from flask.views import MethodView

from schemas.read_tokens import IssuedReadTokenSchema, NewReadTokenSchema, ReadTokenSchema
from service.operations import read_tokens
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, settings

blp = Blueprint("read-tokens", __name__, description="Tokens of programs that read the OData feed")


@blp.route("/read-tokens")
class ReadTokens(MethodView):
    @requires("read_tokens.write")
    @blp.response(200, ReadTokenSchema(many=True))
    def get(self) -> Any:
        """Your live tokens"""
        return read_tokens.mine(actor())

    @requires("read_tokens.write")
    @blp.arguments(NewReadTokenSchema)
    @blp.response(201, IssuedReadTokenSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Make a token: it reads what you may read, as the password of the feed; any user name does"""
        token, kept = read_tokens.make(actor(), now(), values["name"])
        return {**vars(kept), "token": token, "feed": f"{settings().base_url.rstrip('/')}/odata/"}


@blp.route("/read-tokens/<id>")
class OneReadToken(MethodView):
    @requires("read_tokens.write")
    @blp.response(200, ReadTokenSchema)
    def delete(self, id: str) -> Any:
        """Revoke a token at once"""
        return read_tokens.revoke(actor(), now(), id)

"""Signing in and out: opaque bearer tokens that can be revoked."""

from typing import Any

from flask.views import MethodView

from schemas.organisations import MeSchema, OwnPasswordSchema, SessionSchema, SignInSchema
from service.operations import organisations
from service.web.auth import SIGNED_IN, actor, address, now, presented_token, public, requires
from service.web.extensions import Blueprint

blp = Blueprint("sessions", __name__, description="Sign in, sign out, who am I")


@blp.route("/sessions")
class Sessions(MethodView):
    @public
    @blp.arguments(SignInSchema)
    @blp.response(201, SessionSchema)
    @blp.doc(security=[])
    def post(self, values: dict[str, str]) -> dict[str, Any]:
        """Sign in; the token is shown this once"""
        at = now()
        token, user = organisations.sign_in(values["username"], values["password"], at, address())
        return {"token": token, "expires_at": at + organisations.TOKEN_LIFE, "user": user}

    @requires(SIGNED_IN)
    @blp.response(204)
    def delete(self) -> None:
        """Revoke the token this request is made with"""
        organisations.sign_out(presented_token())


@blp.route("/me")
class Me(MethodView):
    @requires(SIGNED_IN)
    @blp.response(200, MeSchema)
    def get(self) -> Any:
        """Whose token this is"""
        return actor()


@blp.route("/me/password")
class MyPassword(MethodView):
    @requires(SIGNED_IN)
    @blp.arguments(OwnPasswordSchema)
    @blp.response(204)
    def put(self, values: dict[str, str]) -> None:
        """Change your own password; every other session of the account ends"""
        old, new = values["old"], values["password"]
        organisations.change_password(actor(), now(), old, new, address(), presented_token())

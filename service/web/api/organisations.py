"""Organisations and users."""

from typing import Any

from flask.views import MethodView

from schemas.organisations import ActiveSchema, OrganisationSchema, UserSchema
from service.domain.organisations import Organisation
from service.operations import organisations
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("organisations", __name__, description="Organisations and their users")


@blp.route("/organisations")
class Organisations(MethodView):
    @requires("organisations.read")
    @blp.response(200, OrganisationSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """All organisations"""
        return organisations.organisations(actor())

    @requires("organisations.write")
    @blp.arguments(OrganisationSchema)
    @blp.response(201, OrganisationSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Add an organisation"""
        phones = tuple(values.pop("phones"))
        organisation = Organisation(**with_id(values), phones=phones)
        return made(organisations.create_organisation(actor(), now(), organisation))


@blp.route("/users")
class Users(MethodView):
    @requires("users.read")
    @blp.response(200, UserSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """All users"""
        return organisations.users(actor())

    @requires("users.write")
    @blp.arguments(UserSchema)
    @blp.response(201, UserSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Add a user; the roles must suit the organisation's kind"""
        roles = tuple(values.pop("roles"))
        return made(organisations.create_user(actor(), now(), **with_id(values), roles=roles))


@blp.route("/users/<id>/active")
class Active(MethodView):
    @requires("users.write")
    @blp.arguments(ActiveSchema)
    @blp.response(200, UserSchema)
    def put(self, values: dict[str, bool], id: str) -> Any:
        """Switch an account on or off; its tokens end with it"""
        return tagged(organisations.set_active(actor(), now(), id, values["active"], if_match()))

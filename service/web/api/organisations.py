"""Organisations and users."""

from typing import Any

from flask.views import MethodView

from schemas.organisations import (
    ActiveSchema,
    NewUserSchema,
    OrganisationChangeSchema,
    OrganisationSchema,
    PasswordSchema,
    RolesSchema,
    UserSchema,
)
from service.domain.organisations import Organisation
from service.operations import organisations
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits

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


@blp.route("/organisations/<id>")
class OneOrganisation(MethodView):
    @requires("organisations.read")
    @blp.response(200, OrganisationSchema)
    def get(self, id: str) -> Any:
        """One organisation; ETag is its version"""
        return tagged(organisations.organisation(actor(), id))

    @requires("organisations.write")
    @blp.arguments(OrganisationChangeSchema)
    @blp.response(200, OrganisationSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Correct name and telephone numbers; the kind stays. If-Match is the version that was read"""
        changed = Organisation(**values | {"id": id, "phones": tuple(values["phones"])})
        return tagged(organisations.change_organisation(actor(), now(), changed, if_match()))


@blp.route("/users")
class Users(MethodView):
    @requires("users.read")
    @blp.response(200, UserSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self) -> Any:
        """All users"""
        return organisations.users(actor())

    @requires("users.write")
    @blp.arguments(NewUserSchema)
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
    @edits
    def put(self, values: dict[str, bool], id: str) -> Any:
        """Switch an account on or off; its tokens end with it"""
        return tagged(organisations.set_active(actor(), now(), id, values["active"], if_match()))


@blp.route("/users/<id>")
class OneUser(MethodView):
    @requires("users.read")
    @blp.response(200, UserSchema)
    def get(self, id: str) -> Any:
        """One account; ETag is its version"""
        return tagged(organisations.user(actor(), id))


@blp.route("/users/<id>/roles")
class Roles(MethodView):
    @requires("users.write")
    @blp.arguments(RolesSchema)
    @blp.response(200, UserSchema)
    @edits
    def put(self, values: dict[str, list[str]], id: str) -> Any:
        """All roles of a user from now on; they must suit the organisation's kind"""
        return tagged(organisations.change_roles(actor(), now(), id, tuple(values["roles"]), if_match()))


@blp.route("/users/<id>/password")
class Password(MethodView):
    @requires("users.write")
    @blp.arguments(PasswordSchema)
    @blp.response(200, UserSchema)
    @edits
    def put(self, values: dict[str, str], id: str) -> Any:
        """A new password for somebody who has lost his; all sessions of the account end"""
        return tagged(organisations.reset_password(actor(), now(), id, values["password"], if_match()))

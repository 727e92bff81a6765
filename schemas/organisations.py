"""Organisations, users and sessions."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, new_id, refuse_repeated, text
from service.domain.access import ROLES
from service.domain.organisations import KINDS


class OrganisationSchema(Schema):
    id = new_id()
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = text(required=True)
    phones = fields.List(text(40), load_default=list, validate=validate.Length(max=20))
    version = fields.Integer(dump_only=True)


class OrganisationChangeSchema(OrganisationSchema):
    class Meta(OrganisationSchema.Meta):
        exclude = ("id",)


class UserSchema(Schema):
    id = new_id()
    username = text(40, required=True)
    organisation = identifier(required=True)
    roles = fields.List(
        fields.String(validate=validate.OneOf(ROLES)),
        required=True,
        validate=[validate.Length(min=1, max=len(ROLES)), refuse_repeated],
    )
    active = fields.Boolean(dump_only=True)
    version = fields.Integer(dump_only=True)


class NewUserSchema(UserSchema):
    """With the first password, which no answer holds."""

    password = fields.String(required=True, load_only=True, validate=validate.Length(max=1000))


class RolesSchema(Schema):
    """All roles of a user from now on."""

    roles = fields.List(
        fields.String(validate=validate.OneOf(ROLES)),
        required=True,
        validate=[validate.Length(min=1, max=len(ROLES)), refuse_repeated],
    )


class PasswordSchema(Schema):
    """A new password for somebody else."""

    password = fields.String(required=True, load_only=True, validate=validate.Length(max=1000))


class OwnPasswordSchema(PasswordSchema):
    """A new password for oneself, by whoever knows the old one."""

    old = fields.String(required=True, load_only=True, validate=validate.Length(max=1000))


class ActiveSchema(Schema):
    active = fields.Boolean(required=True)


class SignInSchema(Schema):
    username = text(200, required=True)
    password = fields.String(required=True, load_only=True, validate=validate.Length(max=1000))


class SessionSchema(Schema):
    """The token is shown this once."""

    token = fields.String()
    expires_at = moment()
    user = fields.Nested(UserSchema)


class MeSchema(Schema):
    id = fields.String()
    username = fields.String()
    organisation = fields.String()
    roles = fields.List(fields.String())

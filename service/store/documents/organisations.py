"""Organisations, users and their tokens."""

import mongoengine as me

from service.store.documents.base import Versioned, meta, unique


class OrganisationDocument(Versioned):
    meta = meta("organisations")

    id = me.StringField(primary_key=True)
    kind = me.StringField(required=True)
    name = me.StringField(required=True, max_length=200)
    phones = me.ListField(me.StringField(max_length=40))


class UserDocument(Versioned):
    meta = meta("users", unique("username"), "organisation")

    id = me.StringField(primary_key=True)
    username = me.StringField(required=True, max_length=40)
    organisation = me.StringField(required=True)
    roles = me.ListField(me.StringField(), required=True)
    password_hash = me.StringField(required=True)
    active = me.BooleanField(required=True)


class TokenDocument(me.Document):
    meta = meta("tokens", "user", "expires_at")

    id = me.StringField(primary_key=True)
    user = me.StringField(required=True)
    created_at = me.DateTimeField(required=True)
    expires_at = me.DateTimeField(required=True)

"""Batches of tickets; their codes are shown once, when they are made."""

from typing import Any

from marshmallow import fields, post_load, validate

from schemas.base import LANGUAGE_TAG, Schema, identifier, moment, new_id, text
from service.domain.collect.batches import GRACE_LIMIT
from service.domain.collect.tickets import LENGTHS, POSTER, SLIP
from service.domain.modes import DISTRIBUTIONS

# What a sheet of codes can be made into.
FORMS = ("slips.pdf", "slips.html", "poster.pdf", "poster.html", "invitations.csv")
_CODES = validate.Length(min=1, max=20_000)


class BatchSchema(Schema):
    id = new_id()
    campaign = fields.String(dump_only=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(LENGTHS)))
    site = identifier(required=True)
    session = text(80, least=0, load_default="")
    distribution = fields.String(required=True, validate=validate.OneOf(list(DISTRIBUTIONS)))
    count = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=20_000))
    frame = fields.String(
        load_default="",
        validate=validate.Length(max=80),
        metadata={"description": "the frozen frame of persons that a batch for `drawn_persons` was drawn from"},
    )
    population = fields.Integer(dump_only=True, allow_none=True)
    grace_minutes = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(min=0, max=GRACE_LIMIT),
        metadata={"description": "how long after the end of its session a code still works"},
    )
    replaces = fields.String(
        load_default="",
        validate=validate.Length(max=80),
        metadata={"description": "the voided batch whose persons get these slips instead"},
    )
    key_id = fields.String(dump_only=True)
    created_at = moment(dump_only=True)
    voided_at = moment(dump_only=True, allow_none=True)
    void_reason = fields.String(dump_only=True)
    handed_out = fields.Integer(dump_only=True, allow_none=True)
    spoilt = fields.Integer(dump_only=True, allow_none=True)
    returned = fields.Integer(dump_only=True, allow_none=True)
    version = fields.Integer(dump_only=True)


class IssuedTicketSchema(Schema):
    code = fields.String()
    url = fields.String()


class PrintSchema(Schema):
    """What a sheet of codes is made into."""

    form = fields.String(required=True, validate=validate.OneOf(FORMS))
    languages = fields.List(
        fields.String(validate=LANGUAGE_TAG),
        load_default=list,
        validate=validate.Length(max=2),
        metadata={"description": "at most two of the campaign's, the main one first; chosen if none is named"},
    )


class SheetSchema(PrintSchema):
    """Codes in hand, to be set in type. They are checked against the stored hashes and not kept."""

    codes = fields.List(fields.String(validate=validate.Length(max=40)), required=True, validate=_CODES)


class PlaceSchema(Schema):
    """Where a device stands: `place` is a site, or site/session; what is loaded are the two."""

    place = text(161, required=True)

    @post_load
    def parts(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        site, _slash, session = values["place"].partition("/")
        return {"site": site, "session": session}


class PrintedBatchSchema(BatchSchema, PrintSchema):
    """A batch and its sheet in one go, as the desk asks for them; `place` is a site, or site/session."""

    place = text(161, required=True)

    class Meta(Schema.Meta):
        exclude = ("id", "kind", "site", "session", "replaces")

    @post_load
    def batch(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A poster is for everybody, and only a session's codes end by themselves."""
        site, _slash, session = values.pop("place").partition("/")
        if values["form"].startswith(POSTER):
            values |= {"kind": POSTER, "distribution": "poster"}
        return {"kind": SLIP, **values, "site": site, "session": session} | ({} if session else {"grace_minutes": 0})


class IssuedBatchSchema(Schema):
    batch = fields.Nested(BatchSchema)
    tickets = fields.List(fields.Nested(IssuedTicketSchema))

"""Institutions that are asked, their signed opinions, and the figures that follow from them."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text
from service.domain.collect.opinions import KINDS, LIST_LIMIT, NAME_LIMIT, REASON_LIMIT, SIGNER_LIMIT

_KIND = validate.OneOf(list(KINDS))


class ListedSchema(Schema):
    """An institution as the list is set."""

    id = identifier(required=True)
    kind = fields.String(required=True, validate=_KIND)
    name = text(NAME_LIMIT, required=True)


class InstitutionSchema(ListedSchema):
    """An institution that is added to the list; `reason` is needed once opinions have come in."""

    id = new_id()
    reason = text(REASON_LIMIT, least=0, load_default="")


class InstitutionListSchema(Schema):
    """The whole list, in place of the one that was read."""

    institutions = fields.List(fields.Nested(ListedSchema), required=True, validate=validate.Length(max=LIST_LIMIT))


class InstitutionsQuerySchema(Schema):
    """`kind` may be repeated: figures of these institutions only."""

    kind = fields.List(fields.String(validate=_KIND), load_default=list, validate=validate.Length(max=len(KINDS)))


class StandingSchema(Schema):
    """One institution and whether its opinion has come in."""

    id = fields.String()
    kind = fields.String()
    name = fields.String()
    reason = fields.String()
    state = fields.String(metadata={"enum": ["returned", "missing"]})
    returned_at = moment(allow_none=True)


class ItemMeanSchema(Schema):
    id = fields.String()
    n = fields.Integer(allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    cannot_say = fields.Integer(allow_none=True)
    skipped = fields.Integer(allow_none=True)
    mean = exact(allow_none=True)
    mapping = fields.String()
    reason = fields.String()


class OpinionFiguresSchema(Schema):
    """`interval` is always null: institutions are raters, not a sample. Missing opinions are in no mean."""

    listed = fields.Integer()
    returned = fields.Integer()
    missing = fields.List(fields.String())
    items = fields.List(fields.Nested(ItemMeanSchema))
    index = fields.Dict(keys=fields.String(), values=exact(allow_none=True))
    interval = fields.Raw(allow_none=True)
    reasons = fields.Dict(keys=fields.String(), values=fields.String())
    digest = fields.String()


class InstitutionsSchema(Schema):
    campaign = fields.String()
    frozen_at = moment(allow_none=True)
    minimum = fields.Integer()
    institutions = fields.List(fields.Nested(StandingSchema))
    by_kind = fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String(), values=fields.Integer()))
    figures = fields.Nested(OpinionFiguresSchema)


class OpinionEntrySchema(Schema):
    """What the signed form says. `scan` is the name that the upload of its scan gave."""

    answers = fields.Dict(keys=fields.String(), required=True)
    signer = text(SIGNER_LIMIT, required=True)
    office = text(SIGNER_LIMIT, required=True)
    signed_on = fields.Date(required=True)
    scan = fields.String(
        load_default="", validate=validate.Regexp(r"^([0-9a-f]{32})?(?![\s\S])", error="32 hex digits")
    )
    reason = text(REASON_LIMIT, least=0, load_default="")


class OpinionVersionSchema(Schema):
    number = fields.Integer()
    answers = fields.Dict()
    signer = fields.String()
    office = fields.String()
    signed_on = fields.Date()
    scan = fields.String()
    reason = fields.String()
    at = moment()
    by = fields.String()


class OpinionSchema(OpinionVersionSchema):
    """The version that counts, and those before it."""

    earlier = fields.List(fields.Nested(OpinionVersionSchema))


class ScanSchema(Schema):
    name = fields.String()
    kind = fields.String()
    size = fields.Integer()
    sha256 = fields.String()

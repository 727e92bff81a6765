"""Publications: drafts, signatures, and what the public reads."""

from marshmallow import fields, validate

from schemas.base import Schema, identifier, moment, new_id, refuse_repeated, text
from service.domain.procedure.publications import CLASSES, SECRETS, STATES


class ApprovalSchema(Schema):
    """One signature: which step, by whom, when, and what was looked for."""

    step = fields.String()
    by = fields.String()
    at = moment()
    looked_for = fields.List(fields.String())


class PublicationSchema(Schema):
    id = new_id()
    disclosure = fields.String(required=True, validate=validate.OneOf(CLASSES))
    legal_basis = text(2000, required=True)
    note = text(2000, least=0, load_default="", load_only=True)
    round = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    provider = fields.String(dump_only=True)
    result = fields.String(dump_only=True)
    state = fields.String(dump_only=True, validate=validate.OneOf(STATES))
    digest = fields.String(dump_only=True)
    withheld = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        dump_only=True,
        metadata={"description": "node -> why its points are not shown; covers: they would give back another's"},
    )
    drafted_at = moment(dump_only=True)
    drafted_by = fields.String(dump_only=True)
    approvals = fields.List(fields.Nested(ApprovalSchema), dump_only=True)
    published_at = moment(dump_only=True, allow_none=True)
    withdrawn_at = moment(dump_only=True, allow_none=True)
    reason = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)


class PublicationStepSchema(Schema):
    """`looked_for` by whoever signs, `reason` for a return or a withdrawal."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    looked_for = fields.List(
        fields.String(validate=validate.OneOf(SECRETS)), load_default=list, validate=refuse_repeated
    )
    reason = text(4000, least=0, load_default="")


class SignatoriesSchema(Schema):
    """Ids of accounts."""

    id = fields.String(dump_only=True)
    office_heads = fields.List(identifier(), required=True, validate=[validate.Length(max=50), refuse_repeated])
    unit_heads = fields.List(identifier(), required=True, validate=[validate.Length(max=50), refuse_repeated])
    version = fields.Integer(dump_only=True)


class PublicNameSchema(Schema):
    id = fields.String()
    name = fields.String()


class PublicNodeSchema(Schema):
    """Points of the most that can be; null where they are withheld. `example`: the weight is not in the measures."""

    id = fields.String()
    label = fields.Dict(keys=fields.String(), values=fields.String())
    points = fields.String(allow_none=True)
    most = fields.String()
    withheld = fields.Boolean()
    example = fields.Boolean()
    parts = fields.List(fields.Nested(lambda: PublicNodeSchema()))


class PublicSurveySchema(Schema):
    """What the last release tells of everybody who answered."""

    node = fields.String()
    label = fields.Dict(keys=fields.String(), values=fields.String())
    persons = fields.Integer()
    satisfied = fields.String(allow_none=True)
    number = fields.Integer()


class PublicGradeSchema(Schema):
    id = fields.String()
    label = fields.Dict(keys=fields.String(), values=fields.String())


class PublicBanSchema(Schema):
    """A ban in force; `to_on` null is for ever. It leaves the public at its end."""

    from_on = fields.Date()
    to_on = fields.Date(allow_none=True)
    document = fields.String()


class PublicResultSchema(Schema):
    """What was approved and published, as it was then; `digest` is its SHA-256 as canonical JSON."""

    format = fields.String()
    id = fields.String()
    digest = fields.String()
    published_at = moment()
    round = fields.Dict()
    project = fields.Nested(PublicNameSchema)
    provider = fields.Nested(PublicNameSchema)
    purchaser = fields.Nested(PublicNameSchema)
    authority = fields.Nested(PublicNameSchema)
    evaluator = fields.Nested(PublicNameSchema)
    lead = fields.String()
    remedy = fields.Dict(keys=fields.String(), values=fields.String())
    legal_basis = fields.String()
    disclosure = fields.String()
    note = fields.String()
    scheme = fields.Dict()
    version = fields.Integer()
    corrected = fields.Boolean()
    total = fields.String(allow_none=True)
    grade = fields.Nested(PublicGradeSchema, allow_none=True)
    standards = fields.List(fields.Nested(PublicNodeSchema))
    surveys = fields.List(fields.Nested(PublicSurveySchema))
    rule = fields.String()


class PublicEntrySchema(Schema):
    """One line of the list. What is given on request has no figures; a withdrawn one has its reason alone."""

    id = fields.String()
    state = fields.String()
    disclosure = fields.String()
    project = fields.Nested(PublicNameSchema)
    provider = fields.Nested(PublicNameSchema)
    round = fields.Dict()
    published_at = moment()
    total = fields.String(allow_none=True)
    grade = fields.Nested(PublicGradeSchema, allow_none=True)
    withdrawn_at = moment(allow_none=True)
    reason = fields.String()


class PublicHistorySchema(Schema):
    """All that was published of one provider, and whether it may take over services at present."""

    provider = fields.Nested(PublicNameSchema)
    bans = fields.List(fields.Nested(PublicBanSchema))
    results = fields.List(fields.Nested(PublicEntrySchema))

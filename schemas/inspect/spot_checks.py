"""Spot checks and what they say about the whole frame."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text
from service.domain.inspect.reviews import DECISIONS


class SpotCheckReviewSchema(Schema):
    state = fields.String()
    comment = fields.String()
    by = fields.String()
    at = moment()


class SpotCheckSchema(Schema):
    """`attributes`: found, complete, true, timely as true or false; after "found": false the others stay out."""

    id = new_id()
    draw = identifier(required=True)
    serial = text(200, required=True)
    attributes = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)), values=fields.Boolean(allow_none=True), required=True
    )
    note = text(2000, least=0, load_default="")
    amount = exact(
        load_default=None, allow_none=True, metadata={"description": "what was verified of the amount claimed"}
    )
    at = moment(required=True, metadata={"description": "when the record was looked up, by the auditor's clock"})
    by = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    part = fields.String(dump_only=True)
    reviews = fields.List(fields.Nested(SpotCheckReviewSchema), dump_only=True)
    received_at = moment(dump_only=True, allow_none=True)
    version = fields.Integer(dump_only=True)


class KeptFileSchema(Schema):
    """A file that the record names; without SHA-256 where it has not arrived and its sender did not tell."""

    name = fields.String()
    sha256 = fields.String()
    size = fields.Integer()
    question = fields.String()
    content_type = fields.String()
    unreferenced = fields.Boolean()


class WholeSpotCheckSchema(SpotCheckSchema):
    """With all that came from the phone. `circumstances` are facts; `measures` has number and threshold of each."""

    project = fields.String()
    visit = fields.String()
    checklist = fields.String()
    answers = fields.Dict()
    details = fields.Dict()
    amount = fields.Decimal(as_string=True, allow_none=True)
    started_at = moment(allow_none=True)
    signed_at = moment(allow_none=True)
    elapsed_s = fields.Float(allow_none=True)
    timings = fields.Dict()
    changes = fields.List(fields.Dict())
    position = fields.Dict()
    signatures = fields.Dict()
    media = fields.List(fields.Nested(KeptFileSchema))
    source = fields.String()
    device = fields.String()
    app_version = fields.String()
    reason = fields.String()
    circumstances = fields.List(fields.String())
    measures = fields.Dict()
    supersedes = fields.String()


class ReviewDecisionSchema(Schema):
    """`accepted`, `returned` or `rejected`; the last two with a comment."""

    state = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    comment = text(2000, least=0, load_default="")


class ReviewedSchema(Schema):
    """How many records the decision was about."""

    reviewed = fields.Integer()


class ExclusionSchema(Schema):
    """A drawn item, or a record of one, that does not count. State `missing`: nothing was recorded of it."""

    serial = fields.String()
    state = fields.String()
    spot_check = fields.String()
    reason = fields.String()


def share(name: str) -> fields.Function:
    """An exact share as a number."""
    return fields.Function(lambda found: None if getattr(found, name) is None else float(getattr(found, name)))


class AttributeFindingsSchema(Schema):
    """One attribute. `failed` of `judged` items; `lost` were not found and have not shown it either, so `rate` and
    `limit` are of failed and lost among all items. `feeds`: rules that it is evidence for.
    """

    name = fields.String()
    n = fields.Integer()
    judged = fields.Integer()
    failed = fields.Integer()
    lost = fields.Integer()
    wanting = fields.Integer()
    rate = share("rate")
    rate_of_judged = share("rate_of_judged")
    limit = fields.Integer(allow_none=True)
    limit_method = fields.String(allow_none=True)
    limit_reason = fields.String(allow_none=True)
    feeds = fields.List(fields.String())


class StratumFindingsSchema(Schema):
    """`limit`: at most so many of `population` err, one-sided 95 %, by `limit_method`; null with `limit_reason`."""

    stratum = fields.String(allow_none=True)
    population = fields.Integer()
    drawn = fields.Integer()
    n = fields.Integer()
    errors = fields.Integer()
    failures = fields.Dict(keys=fields.String(), values=fields.Integer())
    missing = fields.List(fields.String())
    rate = share("rate")
    limit = fields.Integer(allow_none=True)
    limit_share = share("limit_share")
    limit_method = fields.String(allow_none=True)
    limit_reason = fields.String(allow_none=True)
    attributes = fields.List(fields.Nested(AttributeFindingsSchema))


class FindingsSchema(StratumFindingsSchema):
    """All strata together; their limit is a valid one of several strata, or null."""

    strata = fields.List(fields.Nested(StratumFindingsSchema))


class SpotChecksSchema(Schema):
    findings = fields.Nested(FindingsSchema)
    excluded = fields.List(fields.Nested(ExclusionSchema))
    spot_checks = fields.List(fields.Nested(SpotCheckSchema))

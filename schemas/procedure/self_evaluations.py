"""Self-evaluations of providers, and their files."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, moment, text
from schemas.evaluate.rounds import node
from service.domain.procedure.self_evaluations import FACTS, FILED, MOST_FILES, MOST_STATEMENT


class SelfEvaluationEntrySchema(Schema):
    """What the provider says of one node. `claimed` is a sum over all workers, also where the target is per worker."""

    claimed = exact(load_default=None, allow_none=True)
    numerator = exact(load_default=None, allow_none=True)
    denominator = exact(load_default=None, allow_none=True)
    score = exact(load_default=None, allow_none=True)
    statement = text(MOST_STATEMENT, least=0, load_default="")
    evidence = fields.List(text(32), validate=validate.Length(max=MOST_FILES), load_default=list)


class FilingReceiptSchema(Schema):
    to = fields.String()
    organisation = fields.String()
    number = fields.String()
    at = moment()
    digest = fields.String()


class SelfEvaluationSchema(Schema):
    """A draft or filed self-evaluation: entries by node; facts by name."""

    entries = fields.Dict(keys=node(), values=fields.Nested(SelfEvaluationEntrySchema), required=True)
    facts = fields.Dict(
        keys=fields.String(validate=validate.OneOf(FACTS)),
        values=exact(),
        load_default=dict,
    )
    id = fields.String(dump_only=True)
    project = fields.String(dump_only=True)
    state = fields.String(dump_only=True)
    saved_at = moment(dump_only=True)
    filed_at = moment(dump_only=True)
    late = fields.Boolean(dump_only=True)
    digest = fields.String(dump_only=True)
    receipts = fields.List(fields.Nested(FilingReceiptSchema), dump_only=True)
    version = fields.Integer(dump_only=True)


class FilingSchema(Schema):
    state = fields.String(required=True, validate=validate.OneOf([FILED]))


class PaperTitleSchema(Schema):
    title = text(200, least=0, load_default="")


class PaperSchema(Schema):
    """A file, named by its content."""

    name = fields.String()
    title = fields.String()
    kind = fields.String()
    size = fields.Integer()
    sha256 = fields.String()
    at = moment()


class PapersSchema(Schema):
    files = fields.List(fields.Nested(PaperSchema))

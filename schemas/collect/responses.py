"""What a native client sends as an answer, what it gets, and what an evaluator reads."""

from marshmallow import fields, validate

from schemas.base import Schema


class SubmissionSchema(Schema):
    """`submission_id` is made by the client, afresh for each answer sheet; a repeat under it counts once.

    `order_seed` is the seed by which the client shuffled what the questionnaire marks as shuffled.
    """

    submission_id = fields.String(required=True, validate=validate.Length(max=64))
    duration_s = fields.Float(
        load_default=None, allow_none=True, allow_nan=False, validate=validate.Range(min=0, max=31_536_000)
    )
    mode = fields.String(load_default="own_phone", validate=validate.Length(max=40))
    lang = fields.String(load_default="", validate=validate.Length(max=16))
    # The end is written so that Python and the readers of the API's document understand it alike.
    order_seed = fields.String(load_default="", validate=validate.Regexp(r"^([0-9a-f]{4})?(?![\s\S])"))
    answers = fields.Dict(keys=fields.String(), required=True)


class ReceiptSchema(Schema):
    """Keep the receipt: with it alone the answer can be withdrawn."""

    receipt = fields.String()


class WithdrawalSchema(Schema):
    receipt = fields.String(required=True, validate=validate.Length(max=120))


class OwnAnswersSchema(Schema):
    """What is kept of one's own answers: item -> code or text, as they were accepted."""

    name = fields.String()
    mode = fields.String()
    language = fields.String()
    hour = fields.String()
    answers = fields.Dict()


class FormSchema(Schema):
    """What a client shows: the questionnaire and what the respondent must be told."""

    name = fields.String()
    site = fields.String()
    closes_at = fields.AwareDateTime(format="iso")
    languages = fields.List(fields.String())
    modes = fields.List(fields.String())
    notice = fields.Dict()
    questionnaire = fields.Dict()


class ResponseSchema(Schema):
    """One sealed answer; its time is known by the hour only."""

    id = fields.String(attribute="final_id")
    answers = fields.Dict()
    cell = fields.Function(lambda response: response.cell._asdict())
    hour = fields.String()
    duration_class = fields.Integer(attribute="duration")


class ResponsePageSchema(Schema):
    responses = fields.List(fields.Nested(ResponseSchema))
    next_cursor = fields.Integer(allow_none=True)


class ResponseQuerySchema(Schema):
    cursor = fields.Integer(load_default=0, validate=validate.Range(min=0))
    size = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1000))


class ImportQuerySchema(Schema):
    rows = fields.String(
        load_default="all_or_nothing",
        validate=validate.OneOf(["all_or_nothing", "good_rows"]),
        metadata={"description": "`good_rows` takes in what is right and names the others"},
    )


class RowProblemSchema(Schema):
    """`field` is rows.NUMBER.COLUMN; the header is row 1."""

    field = fields.String()
    reason = fields.String()
    message = fields.String()


class ImportSchema(Schema):
    """`repeated` rows were there already and are counted once."""

    rows = fields.Integer()
    accepted = fields.Integer()
    repeated = fields.Integer()
    refused = fields.Integer()
    problems = fields.List(fields.Nested(RowProblemSchema), attribute="faults")

"""What the auditor's app sends and is told: records, files by pieces, the work of a day."""

from typing import Any

from marshmallow import EXCLUDE, fields, validate

from schemas.base import ID, Schema, exact, identifier, moment, text

RECORD_BYTES = 256 * 1024
MOST_ASKED = 500


class SubmissionSchema(Schema):
    """A record. What its checklist and visit say about it is judged by the domain, which names fields the same way."""

    id = identifier(required=True)
    checklist = text(80, required=True)
    answers = fields.Dict(keys=fields.String(validate=validate.Length(max=80)), required=True)
    draw = text(80, least=0, load_default="")
    serial = text(200, least=0, load_default="")
    visit = text(80, least=0, load_default="")
    assignment = text(200, least=0, load_default="")
    part = text(20, load_default="first")
    note = text(2000, least=0, load_default="")
    started_at = moment(load_default=None, allow_none=True)
    signed_at = moment(required=True)
    elapsed_s = fields.Float(load_default=None, allow_none=True, allow_nan=False)
    timings = fields.Dict(
        keys=fields.String(validate=validate.Length(max=80)),
        values=fields.Float(allow_nan=False),
        load_default=dict,
    )
    changes = fields.List(fields.Nested(lambda: ChangeSchema()), load_default=list)
    position = fields.Nested(lambda: PositionSchema(), load_default=dict)
    signatures = fields.Dict(
        keys=fields.String(validate=validate.Length(max=20)),
        values=fields.Nested(lambda: SignatureSchema()),
        load_default=dict,
    )
    media = fields.List(fields.Nested(lambda: NamedFileSchema()), load_default=list)
    corrects = text(80, least=0, load_default="")
    device = text(200, least=0, load_default="")
    app_version = text(80, least=0, load_default="")


class ChangeSchema(Schema):
    """A change after signing: which question, what stood there before and after, why, when."""

    question = text(80, required=True)
    before = fields.Raw(load_default=None, allow_none=True)
    after = fields.Raw(load_default=None, allow_none=True)
    reason = text(1000, least=0, load_default="")
    at = moment(load_default=None, allow_none=True)


class PositionSchema(Schema):
    """Where the phone says that it was; `missing` why it did not."""

    latitude = fields.Float(allow_nan=False)
    longitude = fields.Float(allow_nan=False)
    accuracy_m = fields.Float(allow_nan=False, allow_none=True)
    age_s = fields.Float(allow_nan=False, allow_none=True)
    mock = fields.Boolean(allow_none=True)
    missing = text(40)


class SignatureSchema(Schema):
    """`media` names the file of the signature; a witness who refuses has `reason`."""

    name = text(100, least=0)
    media = text(200, least=0, allow_none=True)
    refused = fields.Boolean()
    reason = text(1000, least=0)


class NamedFileSchema(Schema):
    name = text(200, required=True)
    sha256 = text(64, required=True)
    size = fields.Integer(required=True, strict=True)
    question = text(80, least=0, load_default="")
    content_type = text(80, least=0, load_default="")


class OutcomeSchema(Schema):
    """`stored`, `repeat` or `conflict`: kept in each case. `waiting_for`: SHA-256 of files to be sent."""

    outcome = fields.String()
    state = fields.String()
    waiting_for = fields.List(fields.String())
    reason = fields.String()
    message = fields.String()


class ProgressSchema(Schema):
    received = fields.Integer()
    complete = fields.Boolean()


class PieceSchema(Schema):
    """Where a piece begins, and how large the whole is."""

    class Meta(Schema.Meta):
        unknown = EXCLUDE

    offset = fields.Integer(required=True, validate=validate.Range(0, 10**9))
    total = fields.Integer(required=True, validate=validate.Range(1, 10**9))


class AskedSchema(Schema):
    ids = fields.List(
        fields.String(validate=ID), required=True, validate=validate.Length(max=MOST_ASKED, error="At most 500.")
    )


class PersonSchema(Schema):
    id = fields.String()
    name = fields.String()


class WorkSiteSchema(Schema):
    id = fields.String()
    name = fields.String()
    address = fields.String()
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)


class WorkItemSchema(Schema):
    """A drawn item. `record` is what the server has of it: {id, state, comment}, or null."""

    assignment = fields.String()
    draw = fields.String()
    serial = fields.String()
    stratum = fields.String()
    part = fields.String()
    checklist = fields.String()
    details = fields.Dict()
    on = fields.Date(allow_none=True)
    amount = exact(allow_none=True)
    record = fields.Dict(allow_none=True)


class WorkVisitSchema(Schema):
    id = fields.String()
    project = fields.String()
    project_name = fields.String()
    site = fields.Nested(WorkSiteSchema)
    on = fields.Date()
    state = fields.String()
    persons = fields.List(fields.Nested(PersonSchema))
    lead = fields.String()
    items = fields.List(fields.Nested(WorkItemSchema))
    observations = fields.List(fields.String())


class WorkSchema(Schema):
    user = fields.Nested(PersonSchema)
    server_time = moment()
    visits = fields.List(fields.Nested(WorkVisitSchema))
    checklists = fields.Dict(keys=fields.String(), values=fields.Dict())


class OwnRecordSchema(Schema):
    """The auditor's own record, to be corrected: answers in the shape in which they are sent."""

    id = fields.String()
    state = fields.String()
    reviews = fields.Method("review_comments")
    checklist = fields.String()
    answers = fields.Dict()
    media = fields.List(fields.Dict())
    note = fields.String()
    timings = fields.Dict()
    changes = fields.List(fields.Nested(ChangeSchema))
    position = fields.Dict()
    signatures = fields.Dict()
    started_at = moment(allow_none=True)
    signed_at = moment(allow_none=True)
    elapsed_s = fields.Float(allow_none=True)

    def review_comments(self, record: Any) -> list[dict[str, str]]:
        """Without who reviewed."""
        return [{"state": each["state"], "comment": each["comment"]} for each in record["reviews"]]

"""Reviews of appeals: the group, its notes, its decision."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, moment, text
from schemas.evaluate.results import DifferenceSchema, EditSchema
from service.domain.procedure.cases import MOST_TEXT, OUTCOMES
from service.domain.procedure.groups import CATEGORIES
from service.domain.procedure.reviews import MOST_MEMBERS

MOST_EDITS = 200


class ReviewerSchema(Schema):
    """A member of the group; `user` is the id of an account, empty for somebody without one."""

    name = text(200, required=True)
    user = text(80, least=0, load_default="")
    organisation = text(200, least=0, load_default="")
    category = fields.String(required=True, validate=validate.OneOf(CATEGORIES))


class PanelSchema(Schema):
    """The whole group, in the place of the one before."""

    members = fields.List(
        fields.Nested(ReviewerSchema), required=True, validate=validate.Length(min=1, max=MOST_MEMBERS)
    )


class ReviewNoteSchema(Schema):
    text = text(MOST_TEXT, required=True)
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class ReviewSchema(Schema):
    """For the reviewing body and the group alone."""

    id = fields.String()
    round = fields.String()
    members = fields.List(fields.Nested(ReviewerSchema))
    notes = fields.List(fields.Nested(ReviewNoteSchema))
    appointed_at = moment()
    version = fields.Integer()


class ReviewedEvidenceSchema(Schema):
    """The result that stands, what corrections are made of; figures of too few answers are withheld."""

    id = fields.String()
    number = fields.Integer()
    total = exact()
    grade = fields.String()
    tree = fields.Raw()
    evidence = fields.Raw()


class ReviewPreviewSchema(Schema):
    edits = fields.List(fields.Nested(EditSchema), required=True, validate=validate.Length(min=1, max=MOST_EDITS))


class AppealDecisionSchema(Schema):
    """`edits` or `scheme_change` for what is upheld, at least partly; neither for what is dismissed."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    reasons = text(MOST_TEXT, required=True)
    edits = fields.List(fields.Nested(EditSchema), load_default=[], validate=validate.Length(max=MOST_EDITS))
    document = text(200, least=0, load_default="")
    scheme_change = fields.Boolean(
        load_default=False, metadata={"description": "the scheme itself is wrong: the round waits for the changed one"}
    )


class ChosenEditSchema(Schema):
    """A correction as it is chosen at the desk: `target` names piece and field, `value` is as typed."""

    target = fields.String(required=True, validate=validate.Regexp(r"^[^|]{1,40}(\|[^|]{1,200}){3}\Z"))
    value = text(200, required=True)
    reason = text(4000, required=True)


class DecisionFormSchema(Schema):
    """A decision as the desk's page sends it."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    reasons = text(MOST_TEXT, required=True)
    edits = fields.List(fields.Nested(ChosenEditSchema), load_default=list, validate=validate.Length(max=MOST_EDITS))
    document = text(200, least=0, load_default="")
    scheme_change = fields.Boolean(load_default=False)


class ReviewDifferencesSchema(Schema):
    differences = fields.List(fields.Nested(DifferenceSchema))

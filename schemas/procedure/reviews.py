"""Reviews of appeals: the group, its notes, its decision."""

from marshmallow import fields, validate

from schemas.base import Schema, moment, text
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
    """The result that stands, whole: what corrections are made of."""

    id = fields.String()
    number = fields.Integer()
    total = fields.String()
    grade = fields.String()
    tree = fields.Raw()
    evidence = fields.Raw()


class EvidenceEditSchema(Schema):
    """One correction of frozen evidence: `field` of the piece of `node` becomes `value`; without `field` a whole piece.

    `kind` is a kind of evidence (surveys, checks, judgements, quantities …), `id` names one of several pieces.
    """

    kind = text(40, required=True)
    node = text(80, required=True)
    field = text(80, least=0, load_default="")
    value = fields.Raw(required=True, allow_none=True)
    reason = text(4000, required=True)
    id = text(200, least=0, load_default="")


class ReviewPreviewSchema(Schema):
    edits = fields.List(
        fields.Nested(EvidenceEditSchema), required=True, validate=validate.Length(min=1, max=MOST_EDITS)
    )


class AppealDecisionSchema(Schema):
    """`edits` for what is upheld, at least partly; none for what is dismissed."""

    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    reasons = text(MOST_TEXT, required=True)
    edits = fields.List(fields.Nested(EvidenceEditSchema), load_default=[], validate=validate.Length(max=MOST_EDITS))
    document = text(200, least=0, load_default="")


class ResultDifferenceSchema(Schema):
    """A node whose score changes; `node` "" is the total."""

    node = fields.String()
    label = fields.Dict()
    before = fields.String(allow_none=True)
    after = fields.String(allow_none=True)
    points_before = fields.String()
    points_after = fields.String()
    why = fields.List(fields.String())


class ResultDifferencesSchema(Schema):
    differences = fields.List(fields.Nested(ResultDifferenceSchema))

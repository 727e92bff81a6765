"""Figures of single questions: how many chose what, of how many asked."""

from marshmallow import fields

from schemas.base import Schema, exact
from schemas.collect.satisfaction import MarkedQuerySchema


class QuestionFiguresQuerySchema(MarkedQuerySchema):
    """`by` and the filters are within the tally's key: anything else is refused with the reason."""

    class Meta(MarkedQuerySchema.Meta):
        exclude = ("scale",)


class QuestionFigureSchema(Schema):
    """answered + cannot_say + skipped == asked; asked + not_asked == persons.

    `counts` by code; where several can be chosen they add up to more than `answered`. `mean`: of 0 to 10. `places`: of
    a ranking, by code how many put it first, second, …; `classes`: of a number, how many were below the first of
    `edges`, from the first to below the second, …
    """

    id = fields.String()
    question = fields.String()
    kind = fields.String()
    persons = fields.Integer()
    asked = fields.Integer()
    answered = fields.Integer()
    cannot_say = fields.Integer()
    skipped = fields.Integer()
    not_asked = fields.Integer()
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    places = fields.Dict(keys=fields.String(), values=fields.List(fields.Integer()))
    edges = fields.List(exact())
    classes = fields.List(fields.Integer())
    mean = exact(allow_none=True)


class QuestionGroupSchema(Schema):
    group = fields.Dict(keys=fields.String(), values=fields.String())
    questions = fields.List(fields.Nested(QuestionFigureSchema))


class QuestionFiguresSchema(Schema):
    campaign = fields.String()
    revision = fields.Integer()
    groups = fields.List(fields.Nested(QuestionGroupSchema))

"""Checklists: the definition is checked by the domain, which names every fault by its path."""

from marshmallow import fields, validate

from schemas.base import Schema, moment


class ChecklistSchema(Schema):
    """`definition`: the one JSON shape of a checklist version."""

    definition = fields.Dict(required=True)


class ChecklistVersionSchema(Schema):
    id = fields.String()
    checklist = fields.String()
    number = fields.Integer()
    record_kind = fields.String()
    digest = fields.String()
    published_at = moment()
    published_by = fields.String()
    definition = fields.Dict()


class ChecklistSummarySchema(ChecklistVersionSchema):
    class Meta(ChecklistVersionSchema.Meta):
        exclude = ("definition",)


class ChecklistTextSchema(Schema):
    """The YAML text of a version, as the shipped ones are written."""

    text = fields.String(required=True, validate=validate.Length(1, 200_000))

"""Judgements of expert nodes."""

from marshmallow import fields

from schemas.base import Schema, exact, moment, new_id, text


class JudgementSchema(Schema):
    """One rater's score of one expert node, 0 to 100, with the reason."""

    id = new_id()
    node = text(80, required=True)
    rater = text(200, required=True)
    score = exact(required=True)
    reason = text(4000, required=True)
    at = moment(dump_only=True)
    state = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)

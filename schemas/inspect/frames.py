"""Frames: a list to freeze, and the frozen list."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text

FRAME_LIMIT = 100_000


class FrameSchema(Schema):
    """A frozen list."""

    id = new_id()
    project = identifier(required=True)
    name = text(required=True)
    source = text(400, required=True)
    sha256 = fields.String(dump_only=True)
    size = fields.Function(lambda frame: len(frame.serials))
    frozen_at = moment(dump_only=True)
    kind = fields.String(dump_only=True)
    direction = fields.String(dump_only=True)
    counter = fields.String(dump_only=True)
    claimed = exact(dump_only=True, allow_none=True)
    amount_sum = exact(dump_only=True, allow_none=True)
    marked = fields.Boolean(dump_only=True, metadata={"description": "it does not add up to the claim, or the like"})
    findings_count = fields.Integer(dump_only=True)
    contacts_until = fields.Date(dump_only=True, allow_none=True)


class NewFrameSchema(FrameSchema):
    """A list to freeze: opaque serials (never phones, ID numbers or names), and the stratum of each or none."""

    serials = fields.List(
        fields.String(), required=True, load_only=True, validate=validate.Length(min=1, max=FRAME_LIMIT)
    )
    strata = fields.List(
        fields.String(), load_default=None, load_only=True, allow_none=True, validate=validate.Length(max=FRAME_LIMIT)
    )


class FrozenFrameSchema(FrameSchema):
    """With its serials, for computing a draw again."""

    serials = fields.List(fields.String(), dump_only=True)
    strata = fields.List(fields.String(), dump_only=True)

"""Projects and sites."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from schemas.base import Moment, Schema, identifier, new_id, text
from service.domain.projects import BASES, CLASSES, FUNDING


class ProjectSchema(Schema):
    id = new_id()
    name = text(required=True)
    authority = identifier(required=True)
    purchaser = identifier(required=True)
    provider = identifier(required=True)
    evaluator = identifier(required=True)
    starts_on = fields.Date(load_default=None, allow_none=True)
    ends_on = fields.Date(load_default=None, allow_none=True)
    funding_type = fields.String(load_default="public", validate=validate.OneOf(FUNDING))
    basis = fields.String(load_default="applies", validate=validate.OneOf(BASES))
    service_class = fields.Integer(
        load_default=0,
        validate=validate.OneOf(CLASSES),
        metadata={"description": "class of bought services; 3 is given to the public, 0 is not classified"},
    )
    witness = fields.String(
        load_default="",
        validate=validate.Length(max=80),
        metadata={"description": "third party of the contract, which may follow everything (empty: none)"},
    )
    version = fields.Integer(dump_only=True)


class ProjectChangeSchema(ProjectSchema):
    class Meta(ProjectSchema.Meta):
        exclude = ("id",)


class SessionTime(Moment):
    """Sessions of an earlier version have free texts there, which are no times."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> Any:
        return None if isinstance(value, str) else super()._serialize(value, attr, obj, **more)


def session_time() -> SessionTime:
    return SessionTime(
        format="iso",
        load_default=None,
        allow_none=True,
        metadata={"description": "both or neither; codes of a session work from its start to its end"},
    )


def degrees(most: int, axis: str) -> fields.Float:
    return fields.Float(
        load_default=None,
        allow_none=True,
        validate=validate.Range(-most, most),
        metadata={"description": f"{axis} in degrees (WGS 84), for telling how far a spot check was made from here"},
    )


class SessionOfServiceSchema(Schema):
    """A session (场次) of a site: an id that batches of tickets may name, and what it is called."""

    id = identifier(required=True)
    name = text(required=True)
    starts_at = session_time()
    ends_at = session_time()


class SiteSchema(Schema):
    id = new_id()
    project = fields.String(dump_only=True)
    name = text(required=True)
    address = text(400, least=0, load_default="")
    sessions = fields.List(fields.Nested(SessionOfServiceSchema), load_default=list, validate=validate.Length(max=500))
    latitude = degrees(90, "latitude")
    longitude = degrees(180, "longitude")
    version = fields.Integer(dump_only=True)

    @validates_schema
    def both_or_neither(self, data: dict[str, Any], **_: Any) -> None:
        missing = [name for name in ("latitude", "longitude") if data.get(name) is None]
        if len(missing) == 1:
            raise ValidationError("A position needs both latitude and longitude.", missing[0])


class SiteChangeSchema(SiteSchema):
    class Meta(SiteSchema.Meta):
        exclude = ("id",)

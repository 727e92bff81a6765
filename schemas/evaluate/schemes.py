"""Schemes: their exact text in, what was made of it out."""

from typing import Any

from marshmallow import fields, validate

from schemas import base
from schemas.base import Schema
from service.domain.evaluate.schemes import as_data


class SchemeSchema(Schema):
    """A scheme as YAML text; a scheme that it extends is published before it. A later version says why (`reason`)."""

    reason = base.text(2000, least=0, load_default="")
    text = fields.String(required=True, validate=validate.Length(min=1, max=1_000_000))


class ProjectSchemeSchema(Schema):
    """A project's own scheme as YAML text that extends a published one, with the reason for the adjustments."""

    reason = base.text(2000, required=True)
    text = fields.String(required=True, validate=validate.Length(min=1, max=1_000_000))


class SchemeVersionSchema(Schema):
    """`project` is empty for what all projects may use."""

    id = fields.String()
    scheme = fields.String()
    number = fields.String()
    digest = fields.String()
    project = fields.String()
    reason = fields.String()


class SchemeRemarkSchema(Schema):
    node = fields.String()
    code = fields.String()
    message = fields.String()


class SchemeShownSchema(SchemeVersionSchema):
    """A whole version: its text, what came of it, what deviates from its base, and what it leaves to be desired."""

    text = fields.String(attribute="version.text")
    id = fields.String(attribute="version.id")
    scheme = fields.String(attribute="version.scheme")
    number = fields.String(attribute="version.number")
    digest = fields.String(attribute="version.digest")
    project = fields.String(attribute="version.project")
    reason = fields.String(attribute="version.reason")
    kind = fields.String(attribute="read.kind")
    title = fields.Dict(attribute="read.title")
    legal_basis = fields.String(attribute="read.legal_basis")
    source = fields.String(attribute="read.source")
    valid_from = fields.Date(attribute="read.valid_from", allow_none=True)
    valid_to = fields.Date(attribute="read.valid_to", allow_none=True)
    extends = fields.String(attribute="read.extends", allow_none=True)
    changes = fields.Method("changes_data")
    nodes = fields.Method("nodes_data")
    parameters = fields.Method("parameters_data")
    examples = fields.Function(lambda shown: [node.id for node in shown.read.examples()])
    remarks = fields.List(fields.Nested(SchemeRemarkSchema))

    def changes_data(self, shown: Any) -> Any:
        return as_data(shown.read.changes)

    def nodes_data(self, shown: Any) -> Any:
        return as_data(shown.read.nodes)

    def parameters_data(self, shown: Any) -> Any:
        return as_data(shown.parameters)

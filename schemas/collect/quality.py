"""Quality marks: rules as data, the scan, decisions, and figures with and without."""

from dataclasses import asdict
from typing import Any

from marshmallow import fields, validate

from schemas.base import Schema, identifier, new_id, text
from schemas.collect.satisfaction import EstimateSchema
from service.domain.collect.quality import EXCLUDE, KEEP, RULES

PLACE = ("site", "session", "distribution", "hour", "assistance")
KIND = validate.OneOf(sorted(RULES))


class ContactsSchema(Schema):
    """Service contacts of a site in the campaign's period, by the evaluator's own records."""

    site = identifier(required=True)
    n = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10_000_000))


class QualityScanRequestSchema(Schema):
    """Parameters that differ from the defaults: {kind: {name: number}}."""

    parameters = fields.Dict(
        keys=fields.String(validate=KIND),
        values=fields.Dict(keys=fields.String(validate=validate.Length(max=40)), values=fields.Float(allow_nan=False)),
        load_default=dict,
    )
    contacts = fields.List(fields.Nested(ContactsSchema), load_default=list, validate=validate.Length(max=1000))


class MarkSchema(Schema):
    kind = fields.String()
    place = fields.Dict()
    value = fields.Float()
    threshold = fields.Float()
    reference = fields.Float()
    n = fields.Integer()
    since = fields.Integer()


class PlaceMarkSchema(MarkSchema):
    verdict = fields.String(allow_none=True)


class PersonMarkSchema(PlaceMarkSchema):
    final_id = fields.String()


class PlaceSchema(Schema):
    """Narrows a decision to marks whose place has these values."""

    site = fields.String(validate=validate.Length(max=80))
    session = fields.String(validate=validate.Length(max=80))
    distribution = fields.String(validate=validate.Length(max=40))
    hour = fields.String(validate=validate.Regexp(r"^\d{4}-\d{2}-\d{2}T\d{2}\Z", error="such as 2026-11-22T09, UTC"))
    assistance = fields.String(validate=validate.Length(max=40))


class QualityDecisionSchema(Schema):
    id = new_id()
    kind = fields.String(required=True, validate=KIND)
    verdict = fields.String(required=True, validate=validate.OneOf([KEEP, EXCLUDE]))
    reason = text(1000, required=True)
    place = fields.Nested(PlaceSchema, load_default=dict)
    final_ids = fields.List(
        fields.String(validate=validate.Regexp(r"^[0-9a-f]{32}\Z", error="the id of an answer")),
        load_default=list,
        validate=validate.Length(max=1000),
    )
    number = fields.Integer(dump_only=True)
    scan = fields.Integer(dump_only=True)
    by = fields.String(dump_only=True)
    at = fields.AwareDateTime(format="iso", dump_only=True)


class KindSchema(Schema):
    """One rule with its text, parameters as used, and how many answers it marked."""

    kind = fields.String()
    subject = fields.String()
    formula = fields.String()
    limits = fields.String()
    parameters = fields.Dict()
    marked = fields.Integer()
    undecided = fields.Integer()
    kept = fields.Integer()
    excluded = fields.Integer()


class QualityScanSchema(Schema):
    number = fields.Integer()
    version = fields.Integer()
    at = fields.AwareDateTime(format="iso")
    by = fields.String()
    rule_version = fields.Integer()
    answers = fields.Integer()
    counts = fields.Dict()
    contacts = fields.List(fields.Nested(ContactsSchema))
    not_judged = fields.List(fields.String())


class QualitySchema(Schema):
    """`with` and `without` marked answers side by side; null where the questionnaire has no such scale."""

    scan = fields.Nested(QualityScanSchema)
    excluded = fields.Integer()
    kinds = fields.List(fields.Nested(KindSchema))
    places = fields.List(fields.Nested(PlaceMarkSchema))
    decisions = fields.List(fields.Nested(QualityDecisionSchema))
    figures = fields.Dict(keys=fields.String(), values=fields.Nested(EstimateSchema))


class MarkQuerySchema(Schema):
    kind = fields.String(load_default="", validate=validate.OneOf(["", *sorted(RULES)]))
    cursor = fields.Integer(load_default=0, validate=validate.Range(min=0))
    size = fields.Integer(load_default=100, validate=validate.Range(min=1, max=1000))


class MarkPageSchema(Schema):
    marks = fields.List(fields.Nested(PersonMarkSchema))
    next_cursor = fields.Integer(allow_none=True)


def shown_rules(scan: Any, kinds: Any) -> list[dict[str, Any]]:
    """Every rule as it was used by the scan, with its numbers."""
    return [
        {
            "kind": kind,
            "subject": rule.subject,
            "formula": rule.formula,
            "limits": rule.limits,
            "parameters": {
                name: asdict(one) | {"used": scan.parameters[kind][name]} for name, one in rule.parameters.items()
            },
            "marked": kinds[kind].marked,
            "undecided": kinds[kind].undecided,
            "kept": kinds[kind].kept,
            "excluded": kinds[kind].excluded,
        }
        for kind, rule in RULES.items()
    ]

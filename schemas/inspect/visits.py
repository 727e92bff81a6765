"""Visits, assignments, declarations of interest and back-checks."""

from typing import Any

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, new_id, text
from service.domain.inspect.back_checks import LEAST_SHARE, MOST_SHARE
from service.domain.inspect.draws import CHECK_KINDS, TRIGGERS
from service.domain.inspect.visits import MOST_CHECKLISTS, MOST_DRAWS, MOST_PERSONS, MOST_REASON


def identifiers(most: int, least: int = 0, **options: Any) -> fields.List:
    return fields.List(identifier(), validate=validate.Length(min=least, max=most), **options)


def reason(least: int = 1, **options: Any) -> fields.String:
    return text(MOST_REASON, least=least, **options)


class ChangeOfHandsSchema(Schema):
    """One change: of a person of a visit, of who has an item; or why something was called off or left open."""

    what = fields.Function(lambda entry: entry.get("what", "person"))
    from_ = fields.Function(lambda entry: entry.get("from"), data_key="from")
    to = fields.Function(lambda entry: entry.get("to"))
    open = fields.Function(lambda entry: entry.get("open"))
    reason = fields.Function(lambda entry: entry.get("reason", ""))
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class VisitSchema(Schema):
    """Two persons at least (user ids, the first leads); which draws it opens and what is filled in once a visit."""

    id = new_id()
    project = identifier(required=True)
    site = identifier(required=True)
    on = fields.Date(required=True)
    persons = identifiers(MOST_PERSONS, 1, required=True)
    draws = identifiers(MOST_DRAWS, load_default=list)
    checklists = identifiers(MOST_CHECKLISTS, load_default=list)
    kind = fields.String(load_default="random", validate=validate.OneOf(CHECK_KINDS))
    trigger = fields.String(load_default="plan", validate=validate.OneOf(TRIGGERS))
    note = text(2000, least=0, load_default="")
    state = fields.String(dump_only=True)
    forms = fields.Dict(dump_only=True)
    planned_at = moment(dump_only=True)
    planned_by = fields.String(dump_only=True)
    started_at = moment(dump_only=True, allow_none=True)
    started_by = fields.String(dump_only=True)
    finished_at = moment(dump_only=True, allow_none=True)
    finished_by = fields.String(dump_only=True)
    history = fields.List(fields.Nested(ChangeOfHandsSchema), dump_only=True)
    version = fields.Integer(dump_only=True)


class VisitChangeSchema(VisitSchema):
    class Meta(VisitSchema.Meta):
        exclude = ("id", "project")


class ReasonSchema(Schema):
    reason = reason(required=True)


class FinishSchema(Schema):
    """`reason` is needed while drawn items are still open."""

    reason = reason(0, load_default="")


class ReplacedPersonSchema(Schema):
    leaving = identifier(required=True)
    coming = identifier(required=True)
    reason = reason(required=True)


class AssignmentSchema(Schema):
    """Who looks up which drawn item. A back-check has no visit until one of its site starts with its auditor."""

    id = fields.String()
    project = fields.String()
    draw = fields.String()
    serial = fields.String()
    stratum = fields.String()
    site = fields.String()
    visit = fields.String()
    auditor = fields.String()
    part = fields.String()
    state = fields.String()
    assigned_at = moment(allow_none=True)
    done_at = moment(allow_none=True)
    history = fields.List(fields.Nested(ChangeOfHandsSchema))
    version = fields.Integer()


class ReassignmentSchema(Schema):
    auditor = identifier(required=True)
    reason = reason(required=True)


class LoadSchema(Schema):
    """`crowded` are days on which the person has more than one visit, in this project or another."""

    person = fields.String()
    visits = fields.Integer()
    days = fields.List(fields.Date())
    open = fields.Integer()
    done = fields.Integer()
    back_checks = fields.Integer()
    crowded = fields.List(fields.Date())


class DeclarationSchema(Schema):
    """About one project or one organisation: whether there is a conflict of interest, and which."""

    id = new_id()
    user = identifier(load_default=None, allow_none=True, metadata={"description": "by default yourself"})
    conflict = fields.Boolean(required=True)
    organisation = identifier(load_default=None, allow_none=True, metadata={"description": "an organisation, or"})
    project = identifier(load_default=None, allow_none=True, metadata={"description": "a project"})
    text = text(2000, least=0, load_default="")
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class PersonDeclarationsSchema(Schema):
    """What is in force of one person; an empty list: the person has not declared yet."""

    person = fields.String()
    declarations = fields.List(fields.Nested(DeclarationSchema))


class BackCheckDrawSchema(Schema):
    """`share` (0.10 to 0.20) of each auditor's finished items, rounded up; drawn by a seed made at this moment."""

    id = new_id()
    share = exact(
        load_default=None,
        allow_none=True,
        metadata={"description": f"{LEAST_SHARE} (if left out) to {MOST_SHARE}"},
    )
    auditors = identifiers(100, load_default=list, metadata={"description": "who may get some; none: all who may"})
    project = fields.String(dump_only=True)
    draw = fields.String(dump_only=True)
    number = fields.Integer(dump_only=True)
    size = fields.Function(lambda made: len(made.serials))
    sha256 = fields.String(dump_only=True)
    secret = fields.String(dump_only=True)
    seed = fields.String(dump_only=True)
    drawn = fields.Function(lambda made: [item.serial for item in made.items])
    at = moment(dump_only=True)
    by = fields.String(dump_only=True)


class AgreementSchema(Schema):
    """Two looks at the same n items. kappa is null with a `reason`: no_pairs, one_value."""

    attribute = fields.String()
    n = fields.Integer()
    agreed = fields.Integer()
    observed = fields.Function(lambda one: None if one.observed is None else float(one.observed))
    kappa = fields.Function(lambda one: None if one.kappa is None else float(one.kappa))
    reason = fields.String(allow_none=True)


class SecondLooksSchema(Schema):
    waiting = fields.Integer()
    overall = fields.Nested(AgreementSchema)
    attributes = fields.List(fields.Nested(AgreementSchema))
    differing = fields.Function(
        lambda made: [{"serial": serial, "attribute": attribute} for serial, attribute in made.differing]
    )


class BackChecksSchema(Schema):
    draws = fields.List(fields.Nested(BackCheckDrawSchema))
    assignments = fields.List(fields.Nested(AssignmentSchema))
    agreement = fields.Nested(SecondLooksSchema)

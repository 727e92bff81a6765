"""Lists on their way to a frame: what they hold, which column is what, what is wrong in which row; and comparisons."""

from marshmallow import fields, validate

from schemas.base import Schema, exact, identifier, moment, text

COLUMN = 400
COLUMNS = 600


def column() -> fields.String:
    """The name of a column, or "" for none. It comes from somebody's file, so it is only held to a length."""
    return fields.String(load_default="", validate=validate.Length(max=COLUMN))


class ColumnMappingSchema(Schema):
    """Which column is what. With `make` opaque serials are made from the column `serial`, or from the whole row.

    `personal` maps a column to its role: phone, id_number, name, birth, address, other. They are encrypted apart.
    """

    serial = column()
    make = fields.Boolean(load_default=False)
    stratum = column()
    site = column()
    on = column()
    amount = column()
    personal = fields.Dict(
        keys=fields.String(validate=validate.Length(max=COLUMN)),
        values=fields.String(validate=validate.Length(max=40)),
        load_default=dict,
        validate=validate.Length(max=COLUMNS),
    )
    details = fields.List(
        fields.String(validate=validate.Length(max=COLUMN)), load_default=list, validate=validate.Length(max=COLUMNS)
    )


class FrameAskedSchema(Schema):
    """What is said of a list. `contacts_until`: the day on which its personal columns are deleted."""

    name = text(required=True)
    source = text(400, required=True)
    kind = text(40, load_default="case")
    direction = text(40, load_default="claims")
    counter = text(40, least=0, load_default="")
    claimed = exact(load_default=None, allow_none=True)
    contacts_until = fields.Date(load_default=None, allow_none=True)
    mapping = fields.Nested(ColumnMappingSchema, required=True)


class TroubleSchema(Schema):
    """`place` is `rows.<row>.<column>`, or a field of what was asked."""

    place = fields.String()
    reason = fields.String()
    params = fields.Dict()
    message = fields.String()


class FrameImportSchema(Schema):
    """`faults` must be mended before the list can be frozen, `findings` are kept with it; at most 50 of each."""

    id = identifier()
    project = fields.String()
    state = fields.String(metadata={"description": "read, checked or frozen"})
    encoding = fields.String()
    columns = fields.List(fields.String())
    rows = fields.Integer()
    asked = fields.Dict()
    suggested = fields.Nested(ColumnMappingSchema)
    faults = fields.List(fields.Nested(TroubleSchema))
    faults_count = fields.Integer()
    findings = fields.List(fields.Nested(TroubleSchema))
    findings_count = fields.Integer()
    strata = fields.List(fields.List(fields.Raw()))
    amount_sum = exact(allow_none=True)
    marked = fields.Boolean(metadata={"description": "the list does not add up to the claim, or leaves the contract"})
    frame = fields.String()
    version = fields.Integer()


class ImportIdSchema(Schema):
    id = fields.String(load_default=None, validate=identifier().validate, metadata={"description": "client-made"})


class FrameReceiptSchema(Schema):
    """What the provider gets when a list is frozen. It names no serial."""

    id = fields.String()
    project = fields.String()
    name = fields.String()
    source = fields.String()
    kind = fields.String()
    direction = fields.String()
    sha256 = fields.String()
    size = fields.Function(lambda frame: len(frame.serials))
    strata = fields.Function(lambda frame: [list(each) for each in frame.strata_sizes])
    counter = fields.String()
    claimed = exact(allow_none=True)
    amount_sum = exact(allow_none=True)
    marked = fields.Boolean()
    findings = fields.Function(lambda frame: [dict(each) for each in frame.findings])
    findings_count = fields.Integer()
    contacts_until = fields.Date(allow_none=True)
    frozen_at = moment()


class ComparisonQuerySchema(Schema):
    """Which list it is, and in which of its columns stands what persons are recognised by."""

    id = fields.String(load_default=None, validate=identifier().validate, metadata={"description": "client-made"})
    against = text(40, required=True, metadata={"description": "case_files, sign_in, purchaser or staff"})
    source = text(400, required=True)
    phone = column()
    id_number = column()
    name = column()
    birth = column()
    given = column()


class FrameComparisonSchema(Schema):
    """Serials of the frame and rows of the other list; never a number or a name. At most 5,000 of each are listed."""

    id = fields.String()
    frame = fields.String()
    against = fields.String()
    source = fields.String()
    at = moment()
    rows = fields.Integer()
    matched = fields.Integer()
    matched_by = fields.Dict()
    missing = fields.List(fields.Integer())
    missing_count = fields.Integer()
    unconfirmed = fields.List(fields.String())
    unconfirmed_count = fields.Integer()
    duplicates = fields.List(fields.Dict())
    duplicates_count = fields.Integer()
    repeated = fields.List(fields.Dict())
    repeated_count = fields.Integer()
    staff = fields.List(fields.Dict())
    staff_count = fields.Integer()
    unmatchable = fields.Integer()

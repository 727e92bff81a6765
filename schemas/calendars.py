"""Calendars: the announced days of a year that differ from its weekdays."""

from marshmallow import fields, validate

from schemas.base import Schema, moment, text


class YearSchema(Schema):
    """Each of `days` is a day off on a weekday (`off`) or a weekend that is worked (`work`)."""

    year = fields.String(attribute="id", dump_only=True)
    source = text(400, required=True, metadata={"description": "the announcement, with its number and date"})
    days = fields.Function(lambda year: {day: "work" if works else "off" for day, works in year.days.items()})
    entered_at = moment(dump_only=True, allow_none=True)
    version = fields.Integer(dump_only=True)


class NewYearSchema(YearSchema):
    """The days as CSV with the header `date,day`."""

    csv = fields.String(required=True, load_only=True, validate=validate.Length(max=20_000))

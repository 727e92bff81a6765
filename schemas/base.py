"""Our Schema: unknown fields refused, aware times, bounded texts; and the shapes that every API answer may take."""

from datetime import UTC
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, ValidationError, fields, validate
from marshmallow import Schema as MarshmallowSchema

from service.domain.errors import FAULTS
from service.domain.shapes import LANGUAGE, has_forbidden

ID = validate.Regexp(r"^[A-Za-z0-9_.@-]{1,80}\Z", error="1 to 80 of A-Z a-z 0-9 _ . @ -")
LANGUAGE_TAG = validate.Regexp(rf"^(?:{LANGUAGE.pattern})\Z", error="a language, such as zh-Hans")
LIST_LIMIT = 100_000
DIGITS, PLACES = 15, 20  # of a number that is sent to us


class Schema(MarshmallowSchema):
    class Meta:
        unknown = RAISE


def refuse_forbidden(value: str) -> None:
    """A text may not order the terminal or the page about that shows it."""
    if has_forbidden(value):
        raise ValidationError(FAULTS["control_characters"])


def text(limit: int = 200, *, least: int = 1, **options: Any) -> fields.String:
    """One line or more of text, bounded, without control characters and overrides of direction."""
    return fields.String(validate=[validate.Length(min=least, max=limit), refuse_forbidden], **options)


def identifier(**options: Any) -> fields.String:
    return fields.String(validate=ID, **options)


def new_id() -> fields.String:
    """An id that the client may make, so that it can repeat the request; else the server makes one."""
    return fields.String(validate=ID, load_default=None, metadata={"description": "client-made, for safe repeats"})


class Moment(fields.AwareDateTime):
    """Read into UTC and whole milliseconds, as it is kept, so that a repeat reads the same as its original."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        given = super()._deserialize(value, attr, data, **more)
        try:
            return given.replace(microsecond=given.microsecond // 1000 * 1000).astimezone(UTC)
        except OverflowError:  # the first and the last hours of the calendar exist in some zones only
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None


def moment(**options: Any) -> fields.AwareDateTime:
    """RFC 3339 with an offset; times without one are refused."""
    return Moment(format="iso", **options)


def texts(**options: Any) -> fields.Dict:
    """A text by language, such as {"zh-Hans": "…", "en": "…"}."""
    return fields.Dict(
        keys=fields.String(validate=LANGUAGE_TAG),
        values=text(2000, least=0),
        validate=validate.Length(max=20),
        **options,
    )


def refuse_unwieldy(value: Decimal) -> None:
    """A few characters such as 1e999999 stand for a number of a million digits, which would have to be written out."""
    if value.adjusted() >= DIGITS or int(value.as_tuple().exponent) < -PLACES:
        raise ValidationError(f"At most {DIGITS} digits before the decimal point and {PLACES} after it.")


def exact(**options: Any) -> fields.Decimal:
    """A decimal number, as a string in both directions so that nothing is lost in a float."""
    return fields.Decimal(as_string=True, allow_nan=False, validate=refuse_unwieldy, **options)


def refuse_repeated(values: list[Any]) -> None:
    if len(set(values)) < len(values):
        raise ValidationError("The same value stands here twice.")


class ErrorSchema(Schema):
    """Every refusal of the API. `reason` is a stable word; `errors` names fields by where they stand."""

    code = fields.Integer(required=True)
    status = fields.String(required=True)
    message = fields.String(required=True)
    reason = fields.String(required=True)
    errors = fields.Dict(required=True)


class StateSchema(Schema):
    state = fields.String(required=True)

"""What marshmallow refuses, as faults of our catalogue: so a form and the API say the same, each in its language."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import marshmallow
from marshmallow import fields as marsh

from service.domain.errors import FAULTS, Fault, problem
from service.web.pages.desk.form_values import schema_field
from service.web.pages.desk.ways import N_

# What our schemas say themselves.
OWN = (
    N_("The same value stands here twice."),
    N_("A position needs both latitude and longitude."),
    N_("Needed for what came on paper, and only for that."),
    N_("Give one of take, allocation and proportional."),
)
# Of a value's kind.
_PLAIN: Mapping[str, str] = {
    "Missing data for required field.": "missing",
    "Field may not be null.": "missing",
    "Not a valid integer.": "not_a_number",
    "Not a valid number.": "not_a_number",
    "Number too large.": "not_a_number",
    "Special numeric values (nan or infinity) are not permitted.": "not_a_number",
    "Not a valid date.": "not_a_date",
    "Not a valid datetime.": "not_a_moment",
    "Not a valid aware datetime.": "not_a_moment",
    "Unknown field.": "unknown_field",
    FAULTS["control_characters"]: "control_characters",
}
_NUMBER = r"(-?[0-9.]+)"
_Read = Callable[[re.Match[str], bool], Fault]


def _length(match: re.Match[str], many: bool) -> Fault:
    least, most = int(match[1]), int(match[2])
    if many:
        return Fault("", "too_few_chosen", {"limit": least})  # of more than there are nobody can choose
    return Fault("", "too_long", {"limit": most}) if least < 2 else Fault("", "length_between", _ends(match))


def _ends(match: re.Match[str]) -> dict[str, str]:
    return {"lower": match[1], "upper": match[2]}


_PATTERNS: tuple[tuple[str, _Read], ...] = (
    (
        rf"Shorter than minimum length {_NUMBER}\.",
        lambda match, many: (
            Fault("", "too_few_chosen", {"limit": match[1]})
            if many
            else Fault("", "missing")
            if match[1] == "1"
            else Fault("", "too_short", {"limit": match[1]})
        ),
    ),
    (
        rf"Longer than maximum length {_NUMBER}\.",
        lambda match, many: Fault("", "too_many" if many else "too_long", {"limit": match[1]}),
    ),
    (rf"Length must be between {_NUMBER} and {_NUMBER}\.", _length),
    (
        rf"Must be greater than or equal to {_NUMBER} and less than or equal to {_NUMBER}\.",
        lambda match, many: Fault("", "out_of_range", _ends(match)),
    ),
    (rf"Must be greater than or equal to {_NUMBER}\.", lambda match, many: Fault("", "below", {"lower": match[1]})),
    (rf"Must be less than or equal to {_NUMBER}\.", lambda match, many: Fault("", "above", {"upper": match[1]})),
    (rf"Must be greater than {_NUMBER}\.", lambda match, many: Fault("", "not_more", {"lower": match[1]})),
    (r"Must be one of: .*", lambda match, many: Fault("", "choose_one")),
    (r"1 to 80 of (.+)", lambda match, many: Fault("", "only_characters", {"limit": 80, "allowed": match[1]})),
)


def faults_of(messages: Any, schema: marshmallow.Schema) -> list[Fault]:
    """The faults of a ValidationError's messages, each at its path, such as `sessions.0.starts_at`."""
    return [_fault(path, text, schema) for path, text in _walk(messages, (), schema)]


def _walk(messages: Any, path: tuple[str, ...], schema: marshmallow.Schema) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        in_texts = path and isinstance(schema_field(schema, ".".join(path[:-1])), marsh.Dict)
        for name, part in messages.items():
            skip = name == "_schema" or (in_texts and name in ("key", "value"))
            yield from _walk(part, path if skip else (*path, str(name)), schema)
        return
    for text in messages if isinstance(messages, list) else [messages]:
        yield ".".join(path), str(text)


def _fault(path: str, text: str, schema: marshmallow.Schema) -> Fault:
    if text in _PLAIN:
        return Fault(path, _PLAIN[text])
    many = isinstance(schema_field(schema, path), marsh.List | marsh.Dict) if path else False
    for pattern, read in _PATTERNS:
        if match := re.fullmatch(pattern, text):
            found = read(match, many)
            return Fault(path, found.reason, found.params)
    return problem(path, text)

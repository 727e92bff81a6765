"""Fields of a form between three shapes: what was posted, the texts that a page shows, and JSON as schemas read it.

Texts by field name: a text; a list of texts (`choices`, `lines`); a list of such mappings by name (`rows`).
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import marshmallow
from marshmallow import fields as marsh
from werkzeug.datastructures import MultiDict

from service.domain.errors import Fault
from service.web.pages import typed

Texts = dict[str, Any]
YES = "1"
HIDDEN = ("hidden", "new_id")
FILES = ("file", "files")
LONGEST_LINES = 2000
KINDS = (
    *("text", "long", "lines", "number", "decimal", "date", "moment", "choice", "choices", "check", "file", "rows"),
    *("hidden", "new_id", "password", "radio", "files"),
)


@dataclass(frozen=True)
class Field:
    """One field. `name` is the schema's key; dots lead into nested schemas and texts by language (`notice.phone`).

    `choices` are (value, N_("…")), translated when shown; a form has names of its own data in Form.choices. `required`
    and the longest text follow from the schema unless told. `lines` is the height of a `long` text.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    choices: Sequence[tuple[str, str]] = ()
    rows: tuple["Field", ...] = ()
    required: bool | None = None
    autocomplete: str = "off"
    lines: int = 4
    spare: int = 2  # empty rows shown after the filled ones
    grid: bool = False  # the rows are given, only their cells are filled in; those left empty are not sent on
    wanted: bool = False  # needed before the next step, though not to save: no word that it may be left empty
    empty: str = ""  # what leaving a choice empty means
    exact: bool = False  # a text that is kept with its blanks
    also: tuple[str, ...] = ()  # what an operation calls this field, such as `rows` of a table; * for all it names

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is not a kind of field")


def posted(fields: Sequence[Field], form: MultiDict[str, str]) -> Texts:
    """What was typed, as texts."""
    return {field.name: _posted(field, field.name, form) for field in fields if field.kind not in FILES}


def _posted(field: Field, name: str, form: MultiDict[str, str]) -> Any:
    if field.kind == "rows":
        pattern = re.compile(rf"{re.escape(name)}\.(\d{{1,4}})\..+")
        places = sorted({int(found[1]) for key in form if (found := pattern.fullmatch(key))})
        rows = [{sub.name: _posted(sub, f"{name}.{place}.{sub.name}", form) for sub in field.rows} for place in places]
        return [row for row in rows if field.grid or filled(field, row)]
    if field.kind == "choices":
        return [text for text in form.getlist(name) if text]
    text = form.get(name, "")
    if field.kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()][:LONGEST_LINES]
    if field.kind == "password":
        return text
    if field.exact and text.strip():
        return text.replace("\r\n", "\n")
    return _READERS.get(field.kind, _text)(text)


def filled(field: Field, row: Texts) -> bool:
    """Whether anything stands in a row that a person could fill in."""
    return any(row[sub.name] for sub in field.rows if sub.kind not in HIDDEN)


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


_READERS: Mapping[str, Callable[[str], str]] = {
    "number": typed.number,
    "decimal": typed.number,
    "date": typed.day,
    "moment": typed.moment,
    "check": lambda text: YES if text else "",
}


def shown_texts(fields: Sequence[Field], wire: Mapping[str, Any]) -> Texts:
    """What a schema has dumped, as texts."""
    return {field.name: _shown(field, _reach(wire, field.name)) for field in fields if field.kind not in FILES}


def _reach(wire: Any, path: str) -> Any:
    for step in path.split("."):
        wire = wire.get(step) if isinstance(wire, Mapping) else None
    return wire


def _shown(field: Field, value: Any) -> Any:
    if field.kind == "rows":
        return [{sub.name: _shown(sub, _reach(row, sub.name)) for sub in field.rows} for row in value or ()]
    if field.kind in ("choices", "lines"):
        return [str(each) for each in value or ()]
    if field.kind == "check":
        return YES if value else ""
    if value is None or field.kind == "password":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return typed.on_chinas_clock(str(value)) if field.kind == "moment" else str(value)


def to_wire(fields: Sequence[Field], texts: Texts, schema: marshmallow.Schema) -> dict[str, Any]:
    """The texts as JSON: what is empty is left out, so that the schema's own default stands or it says what lacks."""
    wire: dict[str, Any] = {}
    for field in fields:
        if field.kind in FILES:
            continue
        known = schema_field(schema, field.name)
        value = _wired(field, texts[field.name], known)
        if value is None and not (known is not None and known.required and known.allow_none):
            continue
        *outer, last = field.name.split(".")
        inner = wire
        for step in outer:
            inner = inner.setdefault(step, {})
        inner[last] = value
    return wire


def _wired(field: Field, text: Any, known: marsh.Field | None) -> Any:
    if field.kind == "rows":
        inner = _schema_of_rows(known)
        return [to_wire(field.rows, row, inner) for row in text if filled(field, row)] if inner else text
    if field.kind in ("choices", "lines"):
        return [_number(each, known.inner if isinstance(known, marsh.List) else None) for each in text]
    if field.kind == "check":
        return bool(text)
    if text == "":
        return None
    return typed.with_zone(text) if field.kind == "moment" else _number(text, known)


def _number(text: str, known: marsh.Field | None) -> Any:
    """A whole number where the schema wants one: some take no text for it."""
    if isinstance(known, marsh.Integer) and re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    return text


def on_the_page(fields: Sequence[Field], texts: Texts, faults: Sequence[Fault]) -> list[Fault]:
    """The faults with the places of their rows on the page, where a grid has rows that were not sent on."""
    found = list(faults)
    for field in fields:
        if field.grid:
            sent = [place for place, row in enumerate(texts[field.name]) if filled(field, row)]
            found = [_moved(fault, field.name, sent) for fault in found]
    return found


def _moved(fault: Fault, name: str, sent: Sequence[int]) -> Fault:
    first, _, rest = fault.field.partition(".")
    place, _, cell = rest.partition(".")
    if first != name or not place.isdigit() or int(place) >= len(sent):
        return fault
    return replace(fault, field=f"{name}.{sent[int(place)]}.{cell}".rstrip("."))


def schema_field(schema: marshmallow.Schema, path: str) -> marsh.Field | None:
    """The schema's field at a path such as `notice.purpose.en` or `sessions.0.name`; None where it has none."""
    found: Any = schema
    for step in path.split("."):
        if isinstance(found, marsh.Nested):
            found = found.schema
        if isinstance(found, marshmallow.Schema):
            found = next((one for name, one in found.fields.items() if (one.data_key or name) == step), None)
        elif isinstance(found, marsh.List):
            found = found.inner
        elif isinstance(found, marsh.Dict):
            found = found.value_field
        else:
            return None
    return found if isinstance(found, marsh.Field) else None


def _schema_of_rows(known: marsh.Field | None) -> marshmallow.Schema | None:
    inner = known.inner if isinstance(known, marsh.List) else known
    return inner.schema if isinstance(inner, marsh.Nested) else None


def every(fields: Sequence[Field], texts: Texts) -> Iterator[tuple[str, Field, Any]]:
    """(name on the page, field, text) of each field and of each cell of its rows."""
    for field in fields:
        value = texts.get(field.name, "")
        yield field.name, field, value
        if field.kind == "rows":
            for place, row in enumerate(value or ()):
                for sub in field.rows:
                    yield f"{field.name}.{place}.{sub.name}", sub, row.get(sub.name, "")


def digest(value: Any) -> str:
    """By this a form knows later what had stood in a field."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:10]


def digests(texts: Mapping[str, Any]) -> str:
    return json.dumps({name: digest(value) for name, value in texts.items()}, separators=(",", ":"))


def read_digests(was: str) -> dict[str, str]:
    """What `digests` wrote, as it came back with the form."""
    try:
        found = json.loads(was or "{}")
    except ValueError:
        return {}
    return {name: text for name, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}

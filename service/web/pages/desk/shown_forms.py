"""A form as a page shows it: each field with its text and what is wrong with it, and both sides of a late edit."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import marshmallow
from flask_babel import gettext
from marshmallow import fields as marsh
from marshmallow import validate

from service.domain.errors import Fault
from service.domain.shapes import without_forbidden
from service.web.errors import fault_text
from service.web.pages.desk.form_values import (
    FILES,
    HIDDEN,
    YES,
    Field,
    Texts,
    digest,
    digests,
    every,
    filled,
    on_the_page,
    read_digests,
    schema_field,
)

if TYPE_CHECKING:
    from service.web.pages.desk.forms import Form

SPARE_AFTER_MORE = 5
_INPUTS = {"number": "text", "decimal": "text", "date": "date", "moment": "datetime-local", "password": "password"}
_ASKED = frozenset({"text", "long", "number", "decimal", "date", "moment", "choice", "radio", "password", *FILES})


@dataclass(frozen=True)
class Sides:
    """One field of an edit that came late; `presumed` is the side that alone was changed, "" if both were."""

    yours: str
    theirs: str
    presumed: str


@dataclass(frozen=True)
class ShownField:
    """One field on the page; `text` is what stands in it, `cells` the fields of its rows."""

    id: str
    name: str
    label: str
    kind: str
    hint: str
    text: Any
    choices: Sequence[tuple[str, str]]
    required: bool
    optional: bool
    errors: tuple[str, ...]
    attributes: Mapping[str, str]
    lines: int
    cells: tuple[tuple["ShownField", ...], ...] = ()
    heads: tuple[str, ...] = ()
    row_names: tuple[str, ...] = ()  # of a grid: what each of its rows is about
    sides: Sides | None = None
    empty: str = ""

    @property
    def described_by(self) -> str:
        told = [f"{self.id}-hint"] * bool(self.hint) + [f"{self.id}-error"] * bool(self.errors)
        return " ".join(told)


@dataclass(frozen=True)
class ShownForm:
    """`errors` are (id of the field or "", label, sentence); `told` is a refusal of the whole; `faults` as refused.

    `late` is an edit that came late, with both sides in its fields; `moved` of a step what of the record has changed.
    """

    fields: tuple[ShownField, ...]
    errors: tuple[tuple[str, str, str], ...] = ()
    told: str = ""
    version: int | None = None
    was: str = ""
    late: bool = False
    faults: tuple[Fault, ...] = ()
    moved: Mapping[str, str] | None = None

    @property
    def failed(self) -> bool:
        return bool(self.errors or self.told or self.late or self.moved is not None)

    @property
    def carries_files(self) -> bool:
        return any(one.kind in FILES for one in self.fields)

    def field(self, name: str) -> ShownField:
        """For a template that places the fields itself."""
        return next(one for one in self.fields if one.name == name)


@dataclass(frozen=True)
class _Making:
    form: "Form"
    schema: marshmallow.Schema
    faults: Mapping[str, list[str]]
    more: str
    was: Mapping[str, str] = field(default_factory=dict)


def show(
    form: "Form",
    texts: Texts,
    faults: Sequence[Fault],
    version: int | None,
    told: str,
    was: str,
    theirs: Texts | None,
    more: str,
) -> ShownForm:
    """See Form.shown_typed."""
    placed, rest = _placed(form, texts, on_the_page(form.fields, texts, faults))
    making = _Making(form, form.schema(), placed, more, read_digests(was))
    fields = tuple(_field(making, one, one.name, texts.get(one.name, ""), theirs) for one in form.fields)
    errors = [*(("", "", text) for text in rest), *_errors(fields)]
    return ShownForm(
        fields, tuple(errors), told, version, digests(theirs) if theirs else was, theirs is not None, tuple(faults)
    )


def _placed(form: "Form", texts: Texts, faults: Sequence[Fault]) -> tuple[dict[str, list[str]], list[str]]:
    """Sentences by the name of the field that they stand beside, and those that belong to none."""
    kinds = {name: one.kind for name, one, _ in every(form.fields, texts)}
    names = {name for name, kind in kinds.items() if kind not in HIDDEN}
    others = {other: one.name for one in form.fields for other in one.also}
    placed: dict[str, list[str]] = {}
    rest: list[str] = []
    for fault in faults:
        name, text = _beside(fault, names, others)
        if fault.reason == "not_an_option" and kinds.get(name or fault.field) in ("choice", "choices", *HIDDEN):
            text = fault_text(Fault("", "choose_one"))  # what is offered stands there in words
        where = placed.setdefault(name, []) if name else rest
        if text not in where:
            where.append(text)
    return placed, rest


def _beside(fault: Fault, names: Set[str], others: Mapping[str, str]) -> tuple[str, str]:
    """(the field that it stands beside or "", the sentence), which says the place where no field is named by it."""
    name, text = fault.field, fault_text(fault)
    while name and name not in names:
        name = name.rpartition(".")[0]
    if name or not fault.field:
        return name, text
    first, _, place = fault.field.partition(".")
    if first in others:
        row = gettext("row %(place)s", place=place) if place.isdigit() else place
        return others[first], f"{row}: {text}" if row else text
    if within := [one for one in names if one.startswith(f"{fault.field}.")]:  # about several fields together
        return min(within), text
    return others.get("*", ""), f"{fault.field}: {text}" if "line" not in fault.params and place else text


def _errors(fields: Sequence[ShownField]) -> list[tuple[str, str, str]]:
    found = []
    for one in fields:
        found += [(one.id, one.label, text) for text in one.errors]
        for place, row in enumerate(one.cells, 1):
            for cell in row:
                label = f"{one.label}, {gettext('row %(place)s', place=place)}: {cell.label}"
                found += [(cell.id, label, text) for text in cell.errors]
    return found


def _field(making: _Making, one: Field, name: str, text: Any, theirs: Texts | None, row: str = "") -> ShownField:
    known = schema_field(making.schema, name)
    choices = _choices(making.form, one, row)
    if one.kind == "choices":  # what is ticked comes first and in its own order, which may mean something
        places = {value: place for place, value in enumerate(text or ())}
        choices = sorted(choices, key=lambda choice: places.get(choice[0], len(places)))
    sides = None
    if theirs is not None and one.kind not in (*HIDDEN, *FILES, "password") and text != theirs[one.name]:
        sides = _sides(making, one, text, theirs[one.name], choices)
    return ShownField(
        id=f"f-{making.form.key}-{name}" if making.form.key else f"f-{name}",
        name=name,
        label=gettext(one.label) if one.label else "",
        kind=one.kind,
        hint=gettext(one.hint) if one.hint else "",
        text=_visible(text),
        choices=choices,
        required=_required(one, known) and not row,
        optional=not (one.wanted or one.required or row or (known and known.required and not known.allow_none)),
        errors=tuple(making.faults.get(name, ())),
        attributes=_attributes(one, known, text),
        lines=one.lines,
        cells=_cells(making, one, name, text) if one.kind == "rows" else (),
        heads=tuple(gettext(sub.label) for sub in one.rows if sub.kind not in HIDDEN),
        row_names=_row_names(making.form, one, text) if one.grid else (),
        sides=sides,
        empty=gettext(one.empty) if one.empty else "",
    )


def _visible(text: Any) -> Any:
    """What nobody can see nobody can take out: it is gone from what is shown again, and said beside the field."""
    return without_forbidden(text) if isinstance(text, str) else text


def _row_names(form: "Form", one: Field, rows: Any) -> tuple[str, ...]:
    told = [(sub, dict(_choices(form, sub, f"{one.name}."))) for sub in one.rows if sub.kind in HIDDEN]

    def named(row: Texts) -> str:
        return " · ".join(name for sub, labels in told if (name := labels.get(row.get(sub.name, ""), "")))

    return tuple(named(row) for row in rows or ())


def _cells(making: _Making, one: Field, name: str, rows: Any) -> tuple[tuple[ShownField, ...], ...]:
    spare = 0 if one.grid else SPARE_AFTER_MORE if making.more == name else one.spare
    filled = [*(rows or ()), *({} for _ in range(spare))]
    return tuple(
        tuple(
            _field(making, sub, f"{name}.{place}.{sub.name}", row.get(sub.name, _empty(sub)), None, f"{one.name}.")
            for sub in one.rows
        )
        for place, row in enumerate(filled)
    )


def _empty(one: Field) -> Any:
    return [] if one.kind in ("choices", "lines") else ""


def _choices(form: "Form", one: Field, row: str) -> list[tuple[str, str]]:
    told = form.choices.get(row + one.name)
    return list(told) if told is not None else [(value, gettext(label)) for value, label in one.choices]


def _required(one: Field, known: marsh.Field | None) -> bool:
    if one.required is not None:
        return one.required
    return bool(known and known.required and not known.allow_none) and one.kind in _ASKED


def _attributes(one: Field, known: marsh.Field | None, text: Any) -> dict[str, str]:
    """What the element says of itself: its type, how long a text may be, which keys a phone shows."""
    found = {"type": _INPUTS.get(one.kind, "text"), "autocomplete": one.autocomplete}
    if one.kind in ("number", "decimal"):
        found["inputmode"] = "numeric" if one.kind == "number" else "decimal"
    if one.kind == "moment" and isinstance(text, str) and len(text) > 16:
        found["step"] = "0.001" if "." in text else "1"
    if one.kind in ("text", "long", "password") and known is not None:
        lengths = [each.max for each in known.validators if isinstance(each, validate.Length) and each.max]
        if lengths:
            found["maxlength"] = str(min(lengths))
    return found


def _sides(making: _Making, one: Field, yours: Any, theirs: Any, choices: Sequence[tuple[str, str]]) -> Sides:
    base = making.was.get(one.name, "")
    presumed = "theirs" if base == digest(yours) else "yours" if base == digest(theirs) else ""
    return Sides(readable(making.form, one, yours, choices), readable(making.form, one, theirs, choices), presumed)


def readable(form: "Form", one: Field, text: Any, choices: Sequence[tuple[str, str]]) -> str:
    """What stands in a field, in words and lines."""
    labels = dict(choices)
    if one.kind == "rows":
        return "\n".join(
            " · ".join(
                told
                for sub in one.rows
                if (sub.kind not in HIDDEN or one.grid)
                and (told := readable(form, sub, row.get(sub.name, ""), _choices(form, sub, f"{one.name}.")))
            )
            for row in text or ()
            if filled(one, row)
        )
    if one.kind in ("choices", "lines"):
        return "\n".join(labels.get(each, each) for each in text or ())
    if one.kind == "check":
        return gettext("yes") if text == YES else gettext("no")
    if one.kind == "moment":
        return str(text).replace("T", " ")
    return labels.get(text, str(text))

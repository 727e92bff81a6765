"""The one way in which the desk's pages take what people fill in: nobody parses a form by hand.

    WHAT = Form(OrganisationSchema, (                       # the API's own schema: one truth for both
        Field("id", "", "new_id"),                          # hidden, made fresh: pressing twice makes one record
        Field("name", N_("Name")),                          # required and longest text come from the schema
        Field("kind", N_("Kind"), "choice"),                # choices=((value, N_("…")),), or those of the request:
        Field("notice.phone", N_("Telephone")),             # dots lead into nested schemas and texts by language
        Field("sessions", N_("Sessions"), "rows", rows=(Field("id", …), …)),   # emptied rows are left out
    ))

    @blueprint.get("/organisations/new")
    @requires("organisations.write")
    def new_organisation() -> Response:
        return _new_page(_form().shown())                   # .shown(record) to edit: its version goes along

    @blueprint.post("/organisations/new")
    @requires("organisations.write")
    def add_organisation() -> Response:
        return save(_form(), _add, to=lambda made: url_for("desk.organisation_list"), again=_new_page)

    def _form() -> Form:
        return WHAT.having({"kind": [(kind, word("kind", kind)) for kind in KINDS]})   # fixed= adds what is no field

    def _add(values: dict[str, Any], version: int) -> Any:  # loaded by the schema; the version that was read, or 0
        return organisations.create_organisation(actor(), now(), …)   # (record, made) is taken for the record

    def _new_page(shown: ShownForm, status: int = 200) -> Response:   # or a template of your own, see desk/forms.html
        return form_page(_("New organisation"), shown, _("Add"), [(_("Organisations"), url_for(…))], status)

`save` answers 303 and says "Saved." once on the next page (`done=`); with what is wrong beside the fields, and a list
of it on top, the same page with 422; another refusal as a sentence on top with its own status. With `current`, which
gives (record, version) as stored now, an edit that came too late (412) shows both sides field by field. A step edits
nothing: `having(seen={N_("State"): …})` names what its page shows of the record, and a step that came too late tells
what of it has changed and can be sent again. A file (kind "file") is a FileStorage in the values, or None, "files" a
list of them; its endpoint stands in home.LARGE_FORMS. An act may answer with a Response of its own, as a download.
Refused again: `shown.faults` are what was refused, for pages that tell more of it.

What cannot be undone gets a page of its own: `confirm_page(title, shown, button, consequences, …)`, whose form holds
nothing (NOTHING) or a reason (REASON, or one with a schema of yours); its POST goes through `save` too.
In templates: {% import "desk/forms.html" as forms with context %}, then {{ forms.form(shown, url_for(…), _("Save")) }},
and {{ forms.press(url_for(…), _("Revoke"), version=record.version) }} for a button alone, if its act can be undone.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import marshmallow
from flask import Response, make_response, redirect, request, url_for
from flask_babel import gettext
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from schemas.base import Schema, text
from service.domain.errors import Fault, Kind, Refused
from service.web.errors import status_of
from service.web.extensions import settings
from service.web.pages.desk.form_faults import faults_of
from service.web.pages.desk.form_values import (
    FILES,
    Field,
    Texts,
    digest,
    digests,
    posted,
    read_digests,
    schema_field,
    shown_texts,
    to_wire,
)
from service.web.pages.desk.home import blueprint, message, page
from service.web.pages.desk.shown_forms import ShownForm, show
from service.web.pages.desk.ways import N_

__all__ = ["NOTHING", "REASON", "Field", "Form", "N_", "ShownForm", "confirm_page", "done", "form_page", "save"]

Choices = Mapping[str, Sequence[tuple[str, str]]]
Steps = Sequence[tuple[str, str]]
VERSION, WAS, TAKE, MORE = "version", "_was", "_take.", "_more"
DONE_COOKIE, DONE_SECONDS = "minyi_done", 120
# No form can mend these: they are the page's own, or the sign-in page.
_NOT_OURS = frozenset({Kind.UNAUTHENTICATED, Kind.FORBIDDEN})


@dataclass(frozen=True)
class Form:
    """Fields over a schema. `choices` by field (`rows.cell` for a cell): (value, text shown); `fixed` is no field.

    `seen` is what the page of a step shows of the record: {N_("label"): text}.
    """

    schema: type[Schema]
    fields: tuple[Field, ...] = ()
    choices: Choices = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    key: str = ""  # tells the fields of several forms on one page apart
    seen: Mapping[str, str] = field(default_factory=dict)

    def having(
        self,
        choices: Choices | None = None,
        fixed: Mapping[str, Any] | None = None,
        seen: Mapping[str, str] | None = None,
    ) -> "Form":
        """This form with the names of this request, and with what the page knows without asking."""
        known = {**self.choices, **(choices or {})}
        return replace(self, choices=known, fixed={**self.fixed, **(fixed or {})}, seen={**self.seen, **(seen or {})})

    def shown(
        self, values: Any = None, faults: Sequence[Fault] = (), version: int | None = None, told: str = ""
    ) -> ShownForm:
        """The form with a record's values, or those of a mapping (the rest as the schema presumes), or as typed."""
        if isinstance(values, MultiDict):
            return self.shown_typed(posted(self.fields, values), faults, version, told, values.get(WAS, ""))
        texts = self.texts(values)
        known = version if version is not None else getattr(values, "version", None)
        return self.shown_typed(texts, faults, known, told, digests(self.seen or texts) if known else "")

    def shown_typed(
        self,
        texts: Texts,
        faults: Sequence[Fault] = (),
        version: int | None = None,
        told: str = "",
        was: str = "",
        theirs: Texts | None = None,
        more: str = "",
    ) -> ShownForm:
        """The form with these texts; with `theirs` both sides of each field that differs."""
        return show(self, texts, faults, version, told, was, theirs, more)

    def texts(self, values: Any = None) -> Texts:
        """What stands in the fields for a record or a mapping."""
        schema = self.schema()
        names = {one.name.partition(".")[0] for one in self.fields} & schema.fields.keys()
        wire = self.schema(only=names).dump(values) if values is not None and names else {}
        texts = shown_texts(self.fields, wire)
        if values is None or isinstance(values, Mapping):
            for one in self.fields:
                if one.name.partition(".")[0] not in wire and one.kind not in FILES:
                    texts[one.name] = shown_texts([one], _presumed(schema, one.name))[one.name]
                if one.kind == "new_id" and not texts[one.name]:
                    texts[one.name] = secrets.token_hex(8)
        return texts

    def read(self, texts: Texts) -> dict[str, Any]:
        """The values as the schema loads them. Raises Refused("invalid") with the fields that do not fit."""
        schema, faults = self.schema(), []
        made = {one.name: secrets.token_hex(8) for one in self.fields if one.kind == "new_id" and not texts[one.name]}
        try:
            loaded = schema.load({**to_wire(self.fields, {**texts, **made}, schema), **self.fixed})
        except marshmallow.ValidationError as error:
            faults = faults_of(error.normalized_messages(), schema)
        told = {fault.field for fault in faults}
        asked = [one.name for one in self.fields if one.required and one.kind not in FILES and not texts[one.name]]
        if faults := [*faults, *(Fault(name, "missing") for name in asked if name not in told)]:
            raise Refused("invalid", faults)
        return {**loaded, **self._files()}

    def _files(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in self.fields:
            if one.kind in FILES:
                sent = [file for file in request.files.getlist(one.name) if file.filename]
                found[one.name] = sent if one.kind == "files" else sent[0] if sent else None
                if one.required and not sent:
                    raise Refused("invalid", [Fault(one.name, "missing")])
        return found


class Reason(Schema):
    reason = text(2000, required=True)


NOTHING = Form(Schema)
REASON = Form(Reason, (Field("reason", N_("Reason"), "long"),))


def save(
    form: Form,
    act: Callable[[dict[str, Any], int], Any],
    to: Callable[[Any], str],
    again: Callable[[ShownForm, int], Response],
    current: Callable[[], tuple[Any, int]] | None = None,
    done: str = N_("Saved."),
) -> Response:
    """Read what was posted, do the act, and go on; or show the page again with what is wrong. See the module's head."""
    texts, version, was = posted(form.fields, request.form), _version(), request.form.get(WAS, "")
    if more := request.form.get(MORE, ""):
        return again(form.shown_typed(texts, (), version or None, was=was, more=more), 200)
    texts = _with_theirs(form, texts, version, current)
    try:
        made = act(form.read(texts), version)
    except Refused as refused:
        if refused.entry.kind in _NOT_OURS:
            raise
        if refused.entry.kind is Kind.STALE and current is not None:
            return again(_both_sides(form, texts, was, current), status_of(refused))
        if refused.entry.kind is Kind.STALE and form.seen:
            return again(_once_more(form, texts, was, refused), status_of(refused))
        told = "" if refused.reason == "invalid" and refused.faults else message(refused)
        return again(form.shown_typed(texts, refused.faults, version or None, told, was), status_of(refused))
    if isinstance(made, Response):
        return made
    record = made[0] if isinstance(made, tuple) and len(made) == 2 and isinstance(made[1], bool) else made
    return say(make_response(redirect(to(record), 303)), gettext(done))


def _with_theirs(form: Form, texts: Texts, version: int, current: Callable[[], tuple[Any, int]] | None) -> Texts:
    """What a reader of both sides has chosen to take of the other's."""
    taken = [one.name for one in form.fields if request.form.get(f"{TAKE}{one.name}") == "theirs"]
    if not taken or current is None:
        return texts
    values, stored = current()
    theirs = form.texts(values)
    return {**texts, **{name: theirs[name] for name in taken}} if stored == version else texts


def _both_sides(form: Form, texts: Texts, was: str, current: Callable[[], tuple[Any, int]]) -> ShownForm:
    values, stored = current()
    theirs = form.texts(values)
    return form.shown_typed(texts, (), stored, was=was, theirs=theirs)


def _once_more(form: Form, texts: Texts, was: str, refused: Refused) -> ShownForm:
    """A step on what has changed since its page was read: with what of it, and with the version that it says so of."""
    before = read_digests(was)
    changed = {gettext(label): text for label, text in form.seen.items() if before.get(label) != digest(text)}
    shown = form.shown_typed(texts, (), int(refused.params["version"]), was=digests(form.seen))
    return replace(shown, moved=changed)


def _version() -> int:
    """What the page had read; 0, which is never stored, for anything that is no number."""
    sent = request.form.get(VERSION, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _presumed(schema: marshmallow.Schema, name: str) -> dict[str, Any]:
    known = schema_field(schema, name)
    value = None if known is None or callable(known.load_default) else known.load_default
    return {} if value is None or value is marshmallow.missing or "." in name else {name: value}


def form_page(
    title: str, shown: ShownForm, button: str, path: Steps = (), status: int = 200, lead: str = "", **more: Any
) -> Response:
    """A page that is this form alone. It is posted to its own address."""
    return page("form.html", status, title=title, shown=shown, button=button, path=path, lead=lead, **more)


def confirm_page(
    title: str,
    shown: ShownForm,
    button: str,
    consequences: Sequence[str],
    path: Steps = (),
    status: int = 200,
    back: str = "",
) -> Response:
    """The page before an act that cannot be undone: what follows from it, then the button; `back` leads away."""
    values = {"title": title, "shown": shown, "button": button, "path": path, "back": back or url_for("desk.home")}
    return page("confirm.html", status, consequences=consequences, **values)


def say(response: Response, told: str) -> Response:
    """Let the next page of the desk say this once."""
    https = settings().base_url.startswith("https://")
    signed = _said().dumps(told[:500])
    options = {"max_age": DONE_SECONDS, "path": "/desk", "httponly": True, "secure": https, "samesite": "Lax"}
    response.set_cookie(DONE_COOKIE, signed, **options)  # type: ignore[arg-type]
    return response


def done() -> str:
    """What the page before has asked to be said; for the layout, which shows it."""
    try:
        told = _said().loads(request.cookies.get(DONE_COOKIE, ""))
    except BadData:
        return ""
    return told if isinstance(told, str) else ""


def _said() -> URLSafeSerializer:
    return URLSafeSerializer(settings().derived("csrf"), salt=b"desk-done")


@blueprint.context_processor
def _layout() -> dict[str, Any]:
    return {"done_message": done}


@blueprint.after_request
def _once(response: Response) -> Response:
    """The word was shown; another page does not repeat it."""
    if request.method == "GET" and DONE_COOKIE in request.cookies and response.mimetype == "text/html":
        response.delete_cookie(DONE_COOKIE, path="/desk")
    return response

"""The desk's pages of schemes: their list, one version in full, publishing a text, and a project's own adjustments."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from schemas.evaluate.schemes import ProjectSchemeSchema, SchemeSchema
from service.domain import access
from service.domain.errors import Fault
from service.domain.evaluate.scheme_remarks import SCHEME_REMARKS, SchemeRemark
from service.domain.evaluate.schemes import Node, Scheme, SchemeVersion, as_data
from service.operations import projects
from service.operations.evaluate import schemes
from service.web.auth import actor, now, requires
from service.web.errors import fault_text
from service.web.pages.desk.forms import Field, Form, ShownForm, save
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.project_editing import path_of
from service.web.pages.desk.ways import N_, way

OWN_SOURCE = "scheme"  # what faults call the text that was sent, beside those that it extends
TEXT = Field(
    "text",
    N_("Text of the scheme (YAML)"),
    "long",
    N_("It is kept exactly as it stands here."),
    lines=26,
    also=("*",),
    exact=True,
)
PUBLISH = Form(
    SchemeSchema,
    (TEXT, Field("reason", N_("Reason of a later version"), "long", N_("Not needed for the first version."), lines=2)),
)
ADJUST = Form(ProjectSchemeSchema, (TEXT, Field("reason", N_("Reason of the adjustments"), "long", lines=3)))
STUB = """\
extends: {base}
id: {id}
version: "1"
title: {{zh-Hans: , zh-Hant: , en: }}
# replace:
#   indicator: {{weight: 50, reason: }}
# parameters: {{}}
"""


@way("desk", N_("Schemes"), "schemes.read", order=35)
@blueprint.get("/schemes")
@requires("schemes.read")
def scheme_list() -> Response:
    """The versions that every project may use, by scheme."""
    return page(
        "evaluate/schemes.html",
        versions=_by_scheme(schemes.versions(actor())),
        publishes=access.may(actor(), "schemes.write"),
    )


@blueprint.get("/schemes/<id>")
@requires("schemes.read")
def scheme(id: str) -> Response:
    """One version: its tree, parameters, deviations from its base, what it leaves open, and its text."""
    shown = schemes.shown(actor(), id)
    owner = projects.project(actor(), shown.version.project) if shown.version.project else None
    return page(
        "evaluate/scheme.html",
        shown=shown,
        owner=owner,
        rows=tree(shown.read),
        remarks=[(one.node, remark_text(one)) for one in shown.remarks],
        changes=as_data(shown.read.changes),
        parameters=as_data(shown.parameters),
        lines=shown.version.text.splitlines(),
    )


@way("administration", N_("Publish a scheme"), "schemes.write", heading=N_("Rules"), order=45)
@blueprint.get("/administration/publish-scheme")
@requires("schemes.write")
def new_scheme() -> Response:
    """The form for a text; a published one can be its beginning."""
    begun = request.args.get("from", "")
    text = schemes.shown(actor(), begun).version.text if begun else ""
    return _publish_page(PUBLISH.shown({"text": text}))


@blueprint.post("/administration/publish-scheme")
@requires("schemes.write")
def publish_scheme() -> Response:
    """Publish it for all projects; or show the text with what is wrong line by line."""

    def act(values: dict[str, Any]) -> Any:
        return schemes.publish(actor(), now(), values["text"], values["reason"])

    return _saved(PUBLISH, act, _publish_page)


def _publish_page(shown: ShownForm, status: int = 200, lines: Any = ()) -> Response:
    path = [(_("Schemes"), url_for("desk.scheme_list"))]
    return _text_page(_("Publish a scheme"), _("Publish"), shown, status, lines, path)


@way("project", N_("Schemes of this project"), "projects.read", heading=N_("What is bought"), order=16)
@blueprint.get("/projects/<id>/schemes")
@requires("projects.read")
def project_schemes(id: str) -> Response:
    """The project's own versions, and what can be adjusted."""
    project = projects.project(actor(), id)
    return page(
        "evaluate/project_schemes.html",
        project=project,
        versions=_by_scheme(schemes.of_project(actor(), id)),
        bases=sorted(_by_scheme(schemes.versions(actor()))),
        adjusts=access.may(actor(), "project_schemes.write", project.parties),
    )


@blueprint.get("/projects/<id>/schemes/adjust")
@requires("project_schemes.write")
def ask_adjustment(id: str) -> Response:
    """The form for a text that extends a published scheme."""
    projects.project(actor(), id, "project_schemes.write")
    base = request.args.get("base", "")
    known = {one.scheme for one in schemes.versions(actor())}
    text = STUB.format(base=base, id=f"{base}-adjusted") if base in known else ""
    return _adjust_page(id, ADJUST.shown({"text": text}))


@blueprint.post("/projects/<id>/schemes/adjust")
@requires("project_schemes.write")
def adjust_scheme(id: str) -> Response:
    """Publish it for this project alone."""

    def act(values: dict[str, Any]) -> Any:
        return schemes.adjust(actor(), now(), id, values["text"], values["reason"])

    def again(shown: ShownForm, status: int, lines: Any = ()) -> Response:
        return _adjust_page(id, shown, status, lines)

    return _saved(ADJUST, act, again)


def _adjust_page(id: str, shown: ShownForm, status: int = 200, lines: Any = ()) -> Response:
    name = projects.project(actor(), id).name
    path = [*path_of(id, name), (_("Schemes of this project"), url_for("desk.project_schemes", id=id))]
    return _text_page(_("Adjust a scheme for this project"), _("Publish for this project"), shown, status, lines, path)


def _saved(form: Form, act: Callable[[dict[str, Any]], Any], again: Callable[..., Response]) -> Response:
    def shown_again(shown: ShownForm, status: int) -> Response:
        return again(shown, status, marked(shown.field("text").text, shown.faults))

    def to(made: SchemeVersion) -> str:
        return url_for("desk.scheme", id=made.id)

    return save(form, lambda values, version: act(values), to, shown_again, done=N_("Published."))


def marked(text: str, faults: Sequence[Fault]) -> list[tuple[int, str, list[str]]]:
    """(line, its text, what is wrong there) of the lines with faults."""
    lines = text.splitlines()
    told: dict[int, list[str]] = {}
    for fault in faults:
        line = fault.params.get("line")
        if isinstance(line, int) and fault.params.get("source") == OWN_SOURCE:
            told.setdefault(line, []).append(fault_text(fault))
    return [(line, lines[line - 1] if line <= len(lines) else "", texts) for line, texts in sorted(told.items())]


def _text_page(
    title: str, button: str, shown: ShownForm, status: int, lines: Any, path: Sequence[tuple[str, str]]
) -> Response:
    return page(
        "evaluate/scheme_text.html", status, title=title, button=button, shown=shown, found=lines, path=path, lead=""
    )


def tree(read: Scheme) -> list[tuple[int, Node]]:
    """The indicators in the order of the tree, each with its depth."""
    below: dict[str | None, list[Node]] = {}
    for node in read.nodes:
        below.setdefault(node.parent, []).append(node)
    rows: list[tuple[int, Node]] = []

    def walk(parent: str | None, depth: int) -> None:
        for node in below.get(parent, ()):
            rows.append((depth, node))
            walk(node.id, depth + 1)

    walk(None, 0)
    return rows


def remark_text(one: SchemeRemark) -> str:
    return _(SCHEME_REMARKS[one.code]).format(**one.params)


def _by_scheme(versions: Sequence[SchemeVersion]) -> Mapping[str, list[SchemeVersion]]:
    found: dict[str, list[SchemeVersion]] = {}
    for one in sorted(versions, key=lambda each: (each.scheme, len(each.number), each.number)):
        found.setdefault(one.scheme, []).append(one)
    return found

"""The desk's pages of a self-evaluation: the provider fills the same tree node by node and files it; others read it."""

from dataclasses import asdict, replace
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.base import text
from schemas.procedure.self_evaluations import SelfEvaluationEntrySchema, SelfEvaluationSchema
from service.domain.collect.scans import MEDIA_TYPES, SCAN_LIMIT
from service.domain.errors import Refused
from service.domain.evaluate.schemes import Composite, Node
from service.domain.procedure.self_evaluations import FACTS, Entry, SelfEvaluation, entry
from service.operations import organisations
from service.operations.procedure import self_evaluations
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page, steps_to
from service.web.pages.desk.forms import N_, NOTHING, Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import LARGE_FORMS, blueprint
from service.web.pages.desk.procedure.comparisons import depths
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import local, word

LARGE_FORMS["desk.save_self_entry"] = SCAN_LIMIT + 100_000
STATEMENT = Field("statement", N_("What was done, and what came of it"), "long", lines=8)
EVIDENCE = Field("evidence", N_("Files that show it"), "choices")
UPLOAD = (
    Field("file", N_("A further file (PDF, JPEG, PNG)"), "file", required=False),
    Field("title", N_("What the file shows")),
)
OWN_SCORE = Field("score", N_("Score that you give yourselves, of 100"), "decimal")
NUMBERS = (
    Field("claimed", N_("Volume, over all workers"), "decimal"),
    Field("numerator", N_("Numerator"), "decimal"),
    Field("denominator", N_("Denominator"), "decimal"),
)
OF_TYPE = {"counter": ("claimed",), "ratio": ("numerator", "denominator")}


class EntryWithFile(SelfEvaluationEntrySchema):
    """An entry, and what the file is called that comes with it."""

    title = text(200, least=0, load_default="")


@blueprint.get("/rounds/<id>/self-evaluation", endpoint="self_evaluation")
@requires("self_evaluations.read")
@way("round", N_("Self-evaluation"), "self_evaluations.read", heading=N_("Steps"), order=13, endpoint="self_evaluation")
def show_self_evaluation(id: str) -> Response:
    """The tree with what the provider says of each node; to others once it is filed."""
    found = one_round(id, "self_evaluations.read")
    there = self_evaluations.get(actor(), id)
    writes = found.may("self_evaluations.write")
    files = self_evaluations.own_files(actor(), id) if writes else []
    return round_page(
        "procedure/self_evaluation.html",
        found,
        there=there,
        nodes=[(node, entry(there, node.id)) for node in found.scheme.nodes if not node.gate],
        depth=depths({node.id: node.parent for node in found.scheme.nodes}),
        facts=FACTS,
        writes=writes and not there.filed and found.round.state in self_evaluations.SAVING,
        files_it=writes and not there.filed and found.round.state in self_evaluations.FILING,
        titles={one.name: one.title for one in files},
        last_day=self_evaluations.last_day(found.round),
        names={one.id: one.name for one in organisations.organisations(actor())},
    )


# --- One node


@blueprint.get("/rounds/<id>/self-evaluation/nodes/<node>", endpoint="self_entry")
@requires("self_evaluations.write")
def show_self_entry(id: str, node: str) -> Response:
    """What the provider says of one node."""
    found, there = one_round(id, "self_evaluations.write"), self_evaluations.get(actor(), id)
    rule = _rule(found, node)
    form = _entry_form(id, rule, entry(there, node))
    return _entry_page(found, rule, form.shown(asdict(entry(there, node)), version=there.version))


@blueprint.post("/rounds/<id>/self-evaluation/nodes/<node>", endpoint="save_self_entry")
@requires("self_evaluations.write")
def save_self_entry(id: str, node: str) -> Response:
    """Keep it in the draft, with the file that came along."""
    found = one_round(id, "self_evaluations.write")
    rule = _rule(found, node)

    def act(values: dict[str, Any], version: int) -> SelfEvaluation:
        sent, title = values.pop("file"), values.pop("title")
        names = [*values.pop("evidence")]
        if sent is not None:
            names.append(self_evaluations.add_file(actor(), now(), id, sent.read(), title or sent.filename or "").name)
        given = Entry(**values, evidence=tuple(dict.fromkeys(names)))
        try:
            return _keep(found, {node: given}, None, version)
        except Refused as refused:
            raise _beside_fields(refused, node) from None

    def current() -> tuple[dict[str, Any], int]:
        there = self_evaluations.get(actor(), id)
        return asdict(entry(there, node)), there.version

    return save(
        _entry_form(id, rule, entry(self_evaluations.get(actor(), id), node)),
        act,
        to=lambda made: f"{url_for('desk.self_evaluation', id=id)}#{node}",
        again=lambda shown, status: _entry_page(found, rule, shown, status),
        current=current,
    )


def _beside_fields(refused: Refused, node: str) -> Refused:
    """The faults of this node by the names of the form's fields."""
    faults = [replace(one, field=one.field.removeprefix(f"entries.{node}.")) for one in refused.faults]
    return Refused(refused.reason, faults, **refused.params)


def _keep(found: OneRound, changed: dict[str, Entry], facts: dict[str, Any] | None, version: int) -> SelfEvaluation:
    """The draft with these entries or facts in the place of what stood there; the rest as it was read."""
    there = self_evaluations.get(actor(), found.round.id)
    if there.version != version:
        raise Refused("stale", version=there.version)
    entries = {node: entry(there, node) for node in there.entries} | changed
    kept = (
        facts if facts is not None else SelfEvaluationSchema(only=["facts"]).load({"facts": dict(there.facts)})["facts"]
    )
    return self_evaluations.save(actor(), now(), found.round.id, entries, kept, version)


def _rule(found: OneRound, node: str) -> Node:
    for one in found.scheme.nodes:
        if one.id == node and not one.gate:
            return one
    raise Refused("not_found", noun="indicator")


def _entry_form(id: str, rule: Node, there: Entry) -> Form:
    """The numbers of the node's type, and those that stand there already; a statement, files.

    A sum of its parts has no score of its own.
    """
    files = self_evaluations.own_files(actor(), id)
    asked = OF_TYPE.get(rule.type, () if isinstance(rule.spec, Composite) else ("score",))
    numbers, score = (
        tuple(one for one in fields if one.name in asked or getattr(there, one.name) is not None)
        for fields in (NUMBERS, (OWN_SCORE,))
    )
    fields = (*numbers, STATEMENT, *score, *((EVIDENCE,) if files else ()), *UPLOAD)
    return Form(EntryWithFile, fields).having({"evidence": [(one.name, one.title or one.name[:12]) for one in files]})


def _entry_page(found: OneRound, rule: Node, shown: ShownForm, status: int = 200) -> Response:
    spec: Any = rule.spec
    lead = local(rule.description) if rule.description else ""
    if rule.type == "ratio":
        lead = f"{local(spec.numerator)} / {local(spec.denominator)}"
    elif rule.type == "counter":
        lead = gettext("Unit: %(unit)s", unit=local(spec.unit))
    return form_page(local(rule.label), shown, gettext("Keep in the draft"), _steps(found), status, lead=lead)


# --- Facts


@blueprint.get("/rounds/<id>/self-evaluation/facts", endpoint="self_facts")
@requires("self_evaluations.write")
def show_self_facts(id: str) -> Response:
    """Workers and carried-over cases: what volumes are divided by and checked against."""
    found, there = one_round(id, "self_evaluations.write"), self_evaluations.get(actor(), id)
    return _facts_page(found, _facts_form().shown(there, version=there.version))


@blueprint.post("/rounds/<id>/self-evaluation/facts")
@requires("self_evaluations.write")
def save_self_facts(id: str) -> Response:
    """Keep them in the draft."""
    found = one_round(id, "self_evaluations.write")

    def current() -> tuple[SelfEvaluation, int]:
        there = self_evaluations.get(actor(), id)
        return there, there.version

    return save(
        _facts_form(),
        lambda values, version: _keep(found, {}, values["facts"], version),
        to=lambda made: url_for("desk.self_evaluation", id=id),
        again=lambda shown, status: _facts_page(found, shown, status),
        current=current,
    )


def _facts_form() -> Form:
    fields = tuple(Field(f"facts.{name}", word("self_fact", name), "decimal") for name in FACTS)
    return Form(SelfEvaluationSchema, fields, fixed={"entries": {}})


def _facts_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    return form_page(
        gettext("Workers and carried-over cases"), shown, gettext("Keep in the draft"), _steps(found), status
    )


# --- Filing


@blueprint.get("/rounds/<id>/self-evaluation/filing", endpoint="filing")
@requires("self_evaluations.write")
def show_filing(id: str) -> Response:
    """What follows from filing it."""
    found, there = one_round(id, "self_evaluations.write"), self_evaluations.get(actor(), id)
    return _filing_page(found, NOTHING.shown({}, version=there.version))


@blueprint.post("/rounds/<id>/self-evaluation/filing")
@requires("self_evaluations.write")
def file_self_evaluation(id: str) -> Response:
    """File it with purchaser and authority, once; the receipts stand on its page."""
    found = one_round(id, "self_evaluations.write")

    def act(values: dict[str, Any], version: int) -> SelfEvaluation:
        try:
            return self_evaluations.file(actor(), now(), id, version)
        except Refused as refused:
            raise _in_words(refused, found) from None

    return save(
        NOTHING,
        act,
        to=lambda made: url_for("desk.self_evaluation", id=id),
        again=lambda shown, status: _filing_page(found, shown, status),
        done=N_("Filed. The receipts stand below."),
    )


def _in_words(refused: Refused, found: OneRound) -> Refused:
    """What is missing, with the names of the nodes."""
    faults = []
    for one in refused.faults:
        node = str(one.params.get("node", ""))
        faults.append(type(one)("", one.reason, {**one.params, "node": local(found.labels.get(node)) or node}))
    return Refused(refused.reason, faults, **refused.params)


def _filing_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    consequences = [
        gettext("Purchaser and authority each get a receipt, and may read it from now on."),
        gettext("It is filed once: nothing of it can be changed afterwards."),
    ]
    title, back = gettext("File the self-evaluation"), url_for("desk.self_evaluation", id=found.round.id)
    return confirm_page(title, shown, gettext("File it"), consequences, _steps(found), status, back)


def _steps(found: OneRound) -> list[tuple[str, str]]:
    return steps_to(found, (gettext("Self-evaluation"), url_for("desk.self_evaluation", id=found.round.id)))


@blueprint.get("/rounds/<id>/self-evaluation/files/<name>", endpoint="self_evaluation_file")
@requires("self_evaluations.read")
def self_evaluation_file(id: str, name: str) -> Response:
    """A file that backs a claim, to save."""
    found, data = self_evaluations.read_file(actor(), id, name)
    return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])

"""The desk's pages of objections: one with its files and its answer, and each step of it for whoever may take it."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.base import Schema
from schemas.procedure.cases import CaseTextSchema, CaseWithdrawalSchema
from schemas.procedure.objections import CorrectNoticeSchema, NoticeObjectionSchema, ObjectionAnswerSchema
from service.domain import access
from service.domain.collect.scans import MEDIA_TYPES
from service.domain.days import day_of
from service.domain.inspect.notices import CHANNELS, Notice
from service.domain.procedure.cases import OUTCOMES
from service.domain.procedure.objections import DRAFT, FILED, Objection
from service.operations import projects
from service.operations.inspect import notices
from service.operations.procedure import case_files, objection_corrections, objections
from service.operations.procedure.objections import PROVIDER, Paper, is_part
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.pages.desk.forms import NOTHING, Field, Form
from service.web.pages.desk.home import LARGE_FORMS, blueprint, page
from service.web.pages.desk.procedure.act_pages import FILE_FORM, act_page
from service.web.pages.desk.procedure.cases import path_to
from service.web.pages.desk.ways import N_
from service.web.pages.desk.words import word

TEXT = Field("text", N_("What is objected to, and why"), "long", lines=8)
BEGIN = Form(NoticeObjectionSchema, (Field("id", "", "new_id"), TEXT))
PAPER = Form(
    NoticeObjectionSchema,
    (
        Field("id", "", "new_id"),
        Field("channel", N_("How it came"), "choice", required=True),
        Field("filed_on", N_("Day on which it was sent off or handed over"), "date", required=True),
        Field("received_on", N_("Day on which it arrived"), "date", required=True),
        TEXT,
    ),
)
CHANGE = Form(CaseTextSchema, (TEXT,))
FILE = Form(Schema, (Field("file", N_("File: PDF, JPEG or PNG"), "file", required=True),))
WITHDRAW = Form(CaseWithdrawalSchema, (Field("reason", N_("Reason"), "long"),))
ANSWER = Form(
    ObjectionAnswerSchema,
    (
        Field("outcome", N_("What was found"), "choice"),
        Field("reasons", N_("Reasons"), "long", lines=6),
        Field(
            "spot_checks",
            N_("Records that are wrong"),
            "choices",
            N_("They are reviewed again before the notice is corrected. Nothing is ticked where it is dismissed."),
        ),
    ),
)
CORRECT = Form(
    CorrectNoticeSchema,
    (
        Field("notice", "", "new_id"),
        Field("summary", N_("What is put right, in words"), "long", N_("It stands in the corrected notice."), lines=5),
    ),
)
LARGE_FORMS["desk.add_objection_file"] = FILE_FORM


@blueprint.get("/objections/<id>")
@requires("objections.read")
def objection(id: str) -> Response:
    """The objection, where it stands, and the next step for whoever may take it."""
    there = objections.get(actor(), id)
    project = projects.project(actor(), there.project)
    notice = notices.get(actor(), there.notice)
    own = is_part(actor(), project, PROVIDER) == (there.channel == "online")
    writes = access.may(actor(), "objections.write", project.parties) and own
    return page(
        "procedure/objection.html",
        one=there,
        project=project,
        notice=notice,
        files=case_files.of(id) if there.state == DRAFT else there.attachments,
        path=path_to(project)[1:],
        edits=writes and there.state == DRAFT,
        withdraws=is_part(actor(), project, PROVIDER) and there.state == FILED,
        answers=there.state == FILED and access.may(actor(), "objections.answer", project.parties),
        corrects=there.to_correct and access.may(actor(), "objections.correct", project.parties),
        late=there.overdue(day_of(now())),
    )


@blueprint.route("/notices/<id>/objections/new", methods=["GET", "POST"])
@requires("objections.write")
def object_to_notice(id: str) -> Response:
    """Begin an objection, or enter one that came on paper."""
    notice = notices.get(actor(), id)
    project = projects.project(actor(), notice.project, "objections.write")
    on_paper = not is_part(actor(), project, PROVIDER)
    form = PAPER.having({"channel": [(one, word("channel", one)) for one in CHANNELS]}) if on_paper else BEGIN

    def begin(values: dict[str, Any], _version: int) -> Any:
        paper = Paper(values["channel"], values["filed_on"], values["received_on"]) if on_paper else None
        return objections.begin(actor(), now(), values["id"], id, values["text"], paper)

    title = _("Object to notice No. %(number)s", number=notice.number)
    if on_paper:
        title = _("Enter an objection that came on paper")
    return act_page(form, (title, _("Keep as a draft")), path_to(project), begin, _address, lead=_terms(notice))


def _terms(notice: Notice) -> str:
    last = notice.object_by.isoformat() if notice.object_by else "–"
    return _("The last day is %(last)s. Files are added to the draft; at least one is needed.", last=last)


def _address(made: Objection) -> str:
    return url_for("desk.objection", id=made.id)


def _step(id: str, action: str, form: Form, words: tuple[str, str], act: Any, **more: Any) -> Response:
    """The page of one step of an objection."""
    there = objections.get(actor(), id, action)
    project = projects.project(actor(), there.project)
    path = [*path_to(project), (_("Objection"), url_for("desk.objection", id=id))]
    return act_page(
        form, words, path, act, lambda _made: url_for("desk.objection", id=id), version=there.version, **more
    )


@blueprint.route("/objections/<id>/text", methods=["GET", "POST"])
@requires("objections.write")
def edit_objection(id: str) -> Response:
    """Change the text of a draft."""
    return _step(
        id,
        "objections.write",
        CHANGE,
        (_("Change the text"), _("Save")),
        lambda values, version: objections.change(actor(), now(), id, version, values["text"]),
        values=objections.get(actor(), id),
        current=lambda: _current(id),
    )


def _current(id: str) -> tuple[Objection, int]:
    there = objections.get(actor(), id)
    return there, there.version


@blueprint.route("/objections/<id>/files", methods=["GET", "POST"])
@requires("objections.write")
def add_objection_file(id: str) -> Response:
    """Send a file with a draft."""
    return _step(
        id,
        "objections.write",
        FILE,
        (_("Add a file"), _("Send the file")),
        lambda values, _version: objections.add_file(actor(), now(), id, values["file"].read()),
    )


@blueprint.get("/objections/<id>/files/<name>")
@requires("objections.read")
def objection_file(id: str, name: str) -> Response:
    """A file of an objection, to save: never shown among our own pages."""
    found, data = objections.attachment(actor(), id, name)
    return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


@blueprint.route("/objections/<id>/filing", methods=["GET", "POST"])
@requires("objections.write")
def file_objection(id: str) -> Response:
    """File the draft with the files that were sent."""
    return _step(
        id,
        "objections.write",
        NOTHING,
        (_("File the objection"), _("File it")),
        lambda _values, version: objections.file(actor(), now(), id, version),
        consequences=(
            _("Text and files cannot be changed any more."),
            _("A receipt is given, with the digest of text and files."),
            _("The purchaser's time to answer runs: five working days, unless the scheme says otherwise."),
        ),
        done=N_("Filed. The receipt stands below."),
    )


@blueprint.route("/objections/<id>/withdrawal", methods=["GET", "POST"])
@requires("objections.write")
def withdraw_objection(id: str) -> Response:
    """Take it back before it is answered."""
    return _step(
        id,
        "objections.write",
        WITHDRAW,
        (_("Take the objection back"), _("Take it back")),
        lambda values, version: objections.withdraw(actor(), now(), id, version, values["reason"]),
        consequences=(
            _("No answer is due any more; the notice stands as it was served."),
            _("The reason and the files stay in the case, and the journal tells that it was taken back."),
            _("Another objection can be filed only while the days of the notice run."),
        ),
        done=N_("Taken back."),
    )


@blueprint.route("/objections/<id>/answer", methods=["GET", "POST"])
@requires("objections.answer")
def answer_objection(id: str) -> Response:
    """Say what was found when it was verified."""
    notice = notices.get(actor(), objections.get(actor(), id, "objections.answer").notice)
    outcomes = [(one, word("outcome", one)) for one in OUTCOMES]
    form = ANSWER.having({"outcome": outcomes, "spot_checks": _deviating(notice)})
    return _step(
        id,
        "objections.answer",
        form,
        (_("Answer the objection"), _("Answer")),
        lambda values, version: objections.answer(
            actor(), now(), id, version, values["outcome"], values["reasons"], tuple(values["spot_checks"])
        ),
        done=N_("Answered."),
    )


def _deviating(notice: Notice) -> list[tuple[str, str]]:
    """The records that the notice names, each with what failed in it."""
    return [
        (one["spot_check"], f"{one['serial']}: {', '.join(word('failed', name) for name in one['failed'])}")
        for told in notice.findings
        for one in told["deviations"]
    ]


@blueprint.route("/objections/<id>/correction", methods=["GET", "POST"])
@requires("objections.correct")
def correct_objection(id: str) -> Response:
    """Issue the corrected notice once the records were reviewed again."""
    return _step(
        id,
        "objections.correct",
        CORRECT,
        (_("Correct what was found wrong"), _("Issue the corrected notice")),
        lambda values, version: objection_corrections.correct(
            actor(), now(), id, version, values["notice"], values["summary"]
        ),
        consequences=(
            _("A new notice is issued; the old one stays as it was served."),
            _("A result that was frozen and is not final gets a next version, and is notified again."),
            _("A final result stays as it is."),
        ),
        done=N_("The corrected notice is issued. Serve it on the provider."),
    )

"""The desk's pages of appeals: one with where it stands, and each step of it for whoever may take it."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.procedure.appeals import ACCEPTED, REFUSED, AcceptanceSchema, AppealSchema
from schemas.procedure.cases import CaseTextSchema, CaseWithdrawalSchema
from service.domain import access
from service.domain.collect.scans import MEDIA_TYPES
from service.domain.days import day_of
from service.domain.evaluate.rounds import AUTHORITY, Round
from service.domain.inspect.notices import CHANNELS
from service.domain.procedure import appeals as rules
from service.domain.procedure import round_deadlines
from service.domain.procedure.appeals import DRAFT, FILED, INITIATORS, PENDING, Appeal
from service.domain.projects import Project
from service.operations import projects
from service.operations.evaluate import rounds
from service.operations.procedure import appeals, case_files
from service.operations.procedure.appeals import OnPaper
from service.operations.procedure.objections import is_part
from service.web.auth import actor, now, requires
from service.web.downloads import attachment
from service.web.pages.desk.forms import NOTHING, Field, Form, Steps
from service.web.pages.desk.home import LARGE_FORMS, blueprint, page
from service.web.pages.desk.procedure.act_pages import FILE_FORM, act_page
from service.web.pages.desk.procedure.cases import path_to
from service.web.pages.desk.procedure.objections import FILE
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import word

TEXT = Field("text", N_("What is appealed against, and why"), "long", lines=8)
ID = Field("id", "", "new_id")
BEGIN = Form(AppealSchema, (ID, TEXT))
PAPER = Form(
    AppealSchema,
    (
        ID,
        Field("initiator", N_("Whose appeal it is"), "choice", required=True),
        Field("channel", N_("How it came"), "choice", required=True),
        Field("filed_on", N_("Day on which it was sent off or handed over"), "date", required=True),
        Field("received_on", N_("Day on which it arrived"), "date", required=True),
        TEXT,
    ),
)
CHANGE = Form(CaseTextSchema, (TEXT,))
WITHDRAW = Form(CaseWithdrawalSchema, (Field("reason", N_("Reason"), "long"),))
DOCUMENT = Field(
    "document",
    N_("Paper of the reviewing body"),
    hint=N_("Its title or number. Needed where the authority itself led the round: another body reviews then."),
)
ACCEPT = Form(
    AcceptanceSchema,
    (
        Field("on", N_("Day of acceptance"), "date", N_("Empty: today. The thirty days of the review run from it.")),
        DOCUMENT,
    ),
    fixed={"state": ACCEPTED},
)
REFUSE = Form(
    AcceptanceSchema, (Field("reason", N_("Reason"), "long", required=True), DOCUMENT), fixed={"state": REFUSED}
)
LARGE_FORMS["desk.add_appeal_file"] = FILE_FORM


@blueprint.get("/appeals/<id>")
@requires("appeals.read")
def appeal(id: str) -> Response:
    """The appeal, where it stands, and the next step for whoever may take it."""
    there = appeals.get(actor(), id)
    sits = appeals.sits(actor(), id)
    if sits and all(one.id != there.project for one in projects.projects(actor())):  # who reviews it from elsewhere
        return page("procedure/appeal.html", one=there, project=None, path=[], files=there.attachments, reviews=True)
    project = projects.project(actor(), there.project)
    writes = access.may(actor(), "appeals.write", project.parties) and appeals.is_writer(actor(), project, there)
    decides = access.may(actor(), "appeals.decide", project.parties)
    return page(
        "procedure/appeal.html",
        one=there,
        project=project,
        round=rounds.get(actor(), there.round),
        path=path_to(project)[1:],
        files=case_files.of(id) if there.state == DRAFT else there.attachments,
        edits=writes and there.state == DRAFT,
        withdraws=is_part(actor(), project, there.initiator) and there.state in PENDING,
        decides=decides,
        reviews=decides or sits,
        late=bool(there.due_on and not there.decided_on and day_of(now()) > there.due_on),
    )


@blueprint.route("/rounds/<id>/appeals/new", methods=["GET", "POST"])
@requires("appeals.write")
@way("round", N_("Appeal against the result"), "appeals.write", heading=N_("Objections and appeals"), order=60)
def appeal_against_result(id: str) -> Response:
    """Begin an appeal or the purchaser's own application, or enter one that came on paper."""
    round = rounds.get(actor(), id)
    project = projects.project(actor(), round.project, "appeals.write")
    on_paper = is_part(actor(), project, AUTHORITY)
    form = _on_paper() if on_paper else BEGIN

    def begin(values: dict[str, Any], _version: int) -> Any:
        days = (values["channel"], values["filed_on"], values["received_on"], values["initiator"])
        return appeals.begin(actor(), now(), values["id"], id, values["text"], OnPaper(*days) if on_paper else None)

    title = _("Enter an appeal that came on paper") if on_paper else _("Appeal against the result")
    return act_page(form, (title, _("Keep as a draft")), path_to(project), begin, _address, lead=_terms(round, project))


def _on_paper() -> Form:
    channels = [(one, word("channel", one)) for one in CHANNELS]
    return PAPER.having({"channel": channels, "initiator": [(one, word("party", one)) for one in INITIATORS]})


def _terms(round: Round, project: Project) -> str:
    window = round_deadlines.appeal_window(round)
    body = round.notice.get("body", "")
    if window is None:
        return _("The result has not been notified yet.")
    told = _("The notice named %(body)s and the last day %(last)s.", body=body, last=window[1].isoformat())
    if is_part(actor(), project, rules.PURCHASER):
        told += " " + _("What the purchaser writes is not shown to the provider, only that it applied.")
    return told


def _address(made: Appeal) -> str:
    return url_for("desk.appeal", id=made.id)


def step(id: str, action: str, form: Form, words: tuple[str, str], act: Any, **more: Any) -> Response:
    """The page of one step of an appeal; the version is the appeal's unless told."""
    there = appeals.get(actor(), id, action)
    back = url_for("desk.appeal", id=id)
    values: dict[str, Any] = {"version": there.version, "to": lambda _made: back} | more
    return act_page(form, words, steps_to(there), act, **values)


def steps_to(there: Appeal) -> Steps:
    """The steps above a page of an appeal."""
    project = projects.project(actor(), there.project)
    return [*path_to(project), (_("Appeal"), url_for("desk.appeal", id=there.id))]


@blueprint.route("/appeals/<id>/text", methods=["GET", "POST"])
@requires("appeals.write")
def edit_appeal(id: str) -> Response:
    """Change the text of a draft."""
    return step(
        id,
        "appeals.write",
        CHANGE,
        (_("Change the text"), _("Save")),
        lambda values, version: appeals.change(actor(), now(), id, version, values["text"]),
        values=appeals.get(actor(), id),
        current=lambda: _current(id),
    )


def _current(id: str) -> tuple[Appeal, int]:
    there = appeals.get(actor(), id)
    return there, there.version


@blueprint.route("/appeals/<id>/files", methods=["GET", "POST"])
@requires("appeals.write")
def add_appeal_file(id: str) -> Response:
    """Send a file with a draft."""
    return step(
        id,
        "appeals.write",
        FILE,
        (_("Add a file"), _("Send the file")),
        lambda values, _version: appeals.add_file(actor(), now(), id, values["file"].read()),
    )


@blueprint.get("/appeals/<id>/files/<name>")
@requires("appeals.read")
def appeal_file(id: str, name: str) -> Response:
    """A file of an appeal, to save: never shown among our own pages."""
    found, data = appeals.attachment(actor(), id, name)
    return attachment(f"{found.name[:12]}.{found.kind}", data, MEDIA_TYPES[found.kind])


@blueprint.route("/appeals/<id>/filing", methods=["GET", "POST"])
@requires("appeals.write")
def file_appeal(id: str) -> Response:
    """File the draft."""
    return step(
        id,
        "appeals.write",
        NOTHING,
        (_("File the appeal"), _("File it")),
        lambda _values, version: appeals.file(actor(), now(), id, version),
        consequences=(
            _("Text and files cannot be changed any more."),
            _("A receipt is given, with the digest of text and files."),
            _("The reviewing body decides whether it takes the appeal up; until then the result cannot become final."),
        ),
        done=N_("Filed. The receipt stands below."),
    )


@blueprint.route("/appeals/<id>/withdrawal", methods=["GET", "POST"])
@requires("appeals.write")
def withdraw_appeal(id: str) -> Response:
    """Take it back before the decision."""
    there = appeals.get(actor(), id, "appeals.write")
    effects = [_("Nobody reviews it any more; reason and files stay in the case.")]
    if there.state != FILED:
        effects.append(
            _("The review ends, and with it its deadline. If no other appeal is open, the round is notified again.")
        )
    last = there.last_day.isoformat() if there.last_day else "–"
    effects.append(_("The days to appeal are not prolonged: another one can be filed until %(last)s.", last=last))
    return step(
        id,
        "appeals.write",
        WITHDRAW,
        (_("Take the appeal back"), _("Take it back")),
        lambda values, version: appeals.withdraw(actor(), now(), id, version, values["reason"]),
        consequences=effects,
        done=N_("Taken back."),
    )


@blueprint.route("/appeals/<id>/acceptance", methods=["GET", "POST"])
@requires("appeals.decide")
def accept_appeal(id: str) -> Response:
    """Take it up."""
    return step(
        id,
        "appeals.decide",
        ACCEPT,
        (_("Take the appeal up"), _("Take it up")),
        lambda values, version: appeals.accept(actor(), now(), id, version, values["on"], values["document"]),
        consequences=(
            _("The round stands in appeal, and the thirty days of the review run from the day of acceptance."),
            _("A group that had no part in the result has to be appointed."),
        ),
        done=N_("Taken up. Appoint the group that reviews it."),
    )


@blueprint.route("/appeals/<id>/refusal", methods=["GET", "POST"])
@requires("appeals.decide")
def refuse_appeal(id: str) -> Response:
    """Do not take it up, and say why."""
    return step(
        id,
        "appeals.decide",
        REFUSE,
        (_("Do not take the appeal up"), _("Refuse it")),
        lambda values, version: appeals.refuse(actor(), now(), id, version, values["reason"], values["document"]),
        consequences=(_("The party reads the reason. It may mend the appeal and file it again while its days run."),),
        done=N_("Refused."),
    )

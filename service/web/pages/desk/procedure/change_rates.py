"""The desk's pages of change rates: recipients assessed before and after, sent by the provider, then looked up."""

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from schemas.procedure.change_rates import ChangeRateSchema, ChangeVerdictFormSchema
from service.domain import access
from service.domain.evaluate.rounds import Round
from service.domain.procedure import change_rates as rules
from service.domain.procedure.change_rates import HIGHER, LOWER, SENT, ChangePairs
from service.domain.projects import Project
from service.operations import organisations, projects
from service.operations.evaluate import rounds, schemes
from service.operations.procedure import change_rates
from service.web.auth import actor, now, requires
from service.web.pages.desk.forms import Field, Form
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.procedure.act_pages import act_page, round_steps
from service.web.pages.desk.ways import N_, way
from service.web.pages.desk.words import local, word

SEND = Form(
    ChangeRateSchema,
    (
        Field("id", "", "new_id"),
        Field("node", N_("Indicator"), "choice"),
        Field("instrument", N_("Instrument")),
        Field("better", N_("Which direction is better"), "choice"),
        Field("least", N_("Least change that counts"), "decimal"),
        Field(
            "pairs",
            N_("Recipients"),
            "rows",
            N_("By a serial that names nobody. Empty where the instrument was not used. Many are sent over the API."),
            rows=(
                Field("serial", N_("Serial")),
                Field("before", N_("Before"), "decimal"),
                Field("after", N_("After"), "decimal"),
            ),
            spare=10,
        ),
    ),
)
VERDICT = Form(
    ChangeVerdictFormSchema,
    (
        Field("checked", N_("Looked up in the records"), "choices"),
        Field(
            "struck",
            N_("Not confirmed"),
            "rows",
            N_("They count as not improved; each with the reason."),
            rows=(Field("serial", N_("Serial"), "choice"), Field("reason", N_("Reason"))),
        ),
    ),
)


@blueprint.get("/rounds/<id>/change-rates", endpoint="change_rates")
@requires("change_rates.read")
@way("round", N_("Change rates"), "change_rates.read", heading=N_("Evidence"), order=29, endpoint="change_rates")
def list_change_rates(id: str) -> Response:
    """What was sent for a round, and the rate that it makes."""
    round, project = _round(id, "change_rates.read")
    found = change_rates.of_round(actor(), id)
    return page(
        "procedure/change_rates.html",
        round=round,
        path=round_steps(round),
        found=[(one, rules.rate(one)) for one in found],
        labels={node.id: local(node.label) for node in schemes.parsed(round.scheme).nodes},
        sends=access.may(actor(), "change_rates.write", project.parties),
        decides=access.may(actor(), "change_rates.decide", project.parties),
        waiting=SENT,
        people=organisations.colleagues(actor()),
    )


def _round(id: str, action: str) -> tuple[Round, Project]:
    round = rounds.get(actor(), id, action)
    return round, projects.project(actor(), round.project)


def _act(round: Round, form: Form, words: tuple[str, str], act: Any, **more: Any) -> Response:
    back = url_for("desk.change_rates", id=round.id)
    return act_page(form, words, [*round_steps(round), (_("Change rates"), back)], act, lambda _made: back, **more)


@blueprint.route("/rounds/<id>/change-rates/new", methods=["GET", "POST"])
@requires("change_rates.write")
def send_change_rate(id: str) -> Response:
    """Send the assessments before and after of one indicator."""
    round, _project = _round(id, "change_rates.write")
    nodes = [(node.id, local(node.label)) for node in schemes.parsed(round.scheme).leaves() if rules.RULE in node.rules]

    def send(values: dict[str, Any], _version: int) -> Any:
        pairs = tuple(
            {name: value if name == "serial" or value is None else format(value, "f") for name, value in one.items()}
            for one in values.pop("pairs")
        )
        sent = ChangePairs(**values, round=id, project="", pairs=pairs, at=now(), by=actor().id)
        return change_rates.send(actor(), now(), sent)

    return _act(
        round,
        SEND.having({"node": nodes, "better": [(one, word("direction", one)) for one in (HIGHER, LOWER)]}),
        (_("Send a change rate"), _("Send it")),
        send,
        lead=_("Once per indicator. The group looks some of the records up before it counts."),
    )


@blueprint.route("/change-rates/<id>/verdict", methods=["GET", "POST"])
@requires("change_rates.decide")
def judge_change_rate(id: str) -> Response:
    """Take the pairs as evidence after looking some up."""
    there = change_rates.one(actor(), id, "change_rates.decide")
    serials = [(str(one["serial"]), _pair(one)) for one in there.pairs]

    def accept(values: dict[str, Any], version: int) -> Any:
        struck = {row["serial"]: row["reason"] for row in values["struck"]}
        return change_rates.accept(actor(), now(), id, values["checked"], struck, version)

    return _act(
        _round(there.round, "change_rates.decide")[0],
        VERDICT.having({"checked": serials, "struck.serial": [(one, one) for one, _told in serials]}),
        (_("Decide on the change rate"), _("Take it as evidence")),
        accept,
        version=there.version,
        lead=there.instrument,
    )


def _pair(one: Mapping[str, Any]) -> str:
    before, after = ("–" if one[name] is None else one[name] for name in ("before", "after"))
    return f"{one['serial']}: {before} → {after}"

"""The desk's pages of the evaluation group: who is in it, appointments, departures, and who may not sit in a review."""

from dataclasses import replace
from typing import Any

from flask import Response, url_for
from flask_babel import gettext

from schemas.inspect.visits import DeclarationSchema
from schemas.procedure.groups import GroupMemberSchema, MemberDepartureSchema, ReviewPanelSchema
from service.domain.errors import Refused
from service.domain.evaluate.schemes import Expert
from service.domain.inspect.conflicts import Declaration
from service.domain.procedure.groups import CATEGORIES, DUTIES, ROLES, Barred, Candidate, GroupMember
from service.operations import organisations
from service.operations.inspect import conflicts
from service.operations.procedure import groups
from service.web.auth import actor, now, requires
from service.web.errors import fault_text
from service.web.pages.desk.evaluate.one_round import OneRound, one_round, round_page, steps_to
from service.web.pages.desk.forms import N_, Field, Form, ShownForm, confirm_page, form_page, save
from service.web.pages.desk.home import blueprint
from service.web.pages.desk.procedure.round_states import unmet_text
from service.web.pages.desk.ways import way
from service.web.pages.desk.words import local, word

MEMBER = (
    Field("id", "", "new_id"),
    Field("name", N_("Name of the person")),
    Field("category", N_("Comes from"), "choice"),
    Field("roles", N_("Parts in the group"), "choices"),
    Field("user", N_("Account"), "choice", N_("Without one the scores are on paper, and the secretary enters them.")),
    Field("organisation", N_("Organisation"), hint=N_("Only for somebody without an account.")),
    Field("nodes", N_("Judges only these"), "choices", N_("Nothing ticked: all that people judge.")),
    Field("duties", N_("Posts held in the purchase"), "choices"),
)
DECLARATION = Form(
    DeclarationSchema,
    (
        Field("id", "", "new_id"),
        Field("conflict", N_("Is there a conflict of interest?"), "choice"),
        Field("text", N_("Which one, if there is one"), "long", lines=2),
    ),
)
LEAVING = Form(MemberDepartureSchema, (Field("reason", N_("Reason"), "long"),))
PANEL = Form(
    ReviewPanelSchema,
    (
        Field(
            "members",
            N_("Who is to review"),
            "rows",
            rows=(
                Field("name", N_("Name of the person")),
                Field("user", N_("Account")),
                Field("category", N_("Comes from"), "choice"),
            ),
            spare=3,
        ),
    ),
)


@blueprint.get("/rounds/<id>/group", endpoint="group")
@requires("groups.read")
@way("round", N_("Evaluation group"), "groups.read", heading=N_("Steps"), order=12, endpoint="group")
def show_group(id: str) -> Response:
    """The group, those who left too, and what keeps it from being complete."""
    found = one_round(id, "groups.read")
    leading, members = found.may("gates.read"), groups.of_round(actor(), id)
    mine = any(one.user == actor().id and not one.left_at for one in members)
    return round_page(
        "procedure/group.html",
        found,
        members=members,
        declared=conflicts.own(actor(), found.project) if mine and found.may("declarations.write") else None,
        wanting=[unmet_text(one, found) for one in groups.constituted(found.round)] if leading else [],
        names={one.id: one.name for one in organisations.organisations(actor())},
    )


# --- Appointing


@blueprint.get("/rounds/<id>/group/new", endpoint="new_member")
@requires("groups.write")
def new_member(id: str) -> Response:
    """Who is appointed."""
    found = one_round(id, "groups.write", lead=True)
    return _member_page(found, _form(found).shown())


@blueprint.post("/rounds/<id>/group/new")
@requires("groups.write")
def appoint(id: str) -> Response:
    """Appoint a member; parts that do not go together are refused, with their reason."""
    found = one_round(id, "groups.write", lead=True)

    def act(values: dict[str, Any], version: int) -> tuple[GroupMember, bool]:
        values |= {name: tuple(values[name]) for name in ("roles", "nodes", "duties")}
        try:
            return groups.appoint(actor(), now(), GroupMember(**values, round=id))
        except Refused as refused:
            raise _at_fields(refused) from None

    return save(
        _form(found),
        act,
        to=lambda made: url_for("desk.group", id=id),
        again=lambda shown, status: _member_page(found, shown, status),
        done=N_("Appointed."),
    )


def _form(found: OneRound) -> Form:
    """With the accounts of the project's organisations, and a reason for each conflict that may be waived."""
    names = {one.id: one.name for one in organisations.organisations(actor())}
    accounts = groups.accounts(actor(), found.round.id)
    judged = [node for node in found.scheme.leaves() if isinstance(node.spec, Expert)]
    waivable = groups.waivable(actor(), found.round.id)
    reasons = tuple(
        Field(
            f"waived.{one.id}",
            gettext("Why one person may be both: %(a)s, %(b)s", a=part(one.a), b=part(one.b)),
            "long",
            lines=2,
        )
        for one in waivable
    )
    return Form(GroupMemberSchema, (*MEMBER, *reasons)).having(
        {
            "category": [(one, word("member_category", one)) for one in CATEGORIES],
            "roles": [(one, word("member_role", one)) for one in ROLES],
            "duties": [(one, word("member_duty", one)) for one in DUTIES],
            "nodes": [(node.id, local(node.label)) for node in judged],
            "user": [(one.id, f"{one.username} ({names.get(one.organisation, one.organisation)})") for one in accounts],
        }
    )


def part(name: str) -> str:
    """A part in the words of the group."""
    for family in ("member_category", "member_role", "member_duty", "member_part"):
        if (told := word(family, name)) != name:
            return told
    return name


def _at_fields(refused: Refused) -> Refused:
    """The refusal with what may be waived at its own field."""
    faults = [
        replace(one, field=f"waived.{one.params['id']}") if one.reason == "conflict_waivable" else one
        for one in refused.faults
    ]
    return Refused(refused.reason, faults, **refused.params)


def _member_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    return form_page(gettext("Appoint a member"), shown, gettext("Appoint"), _steps(found), status)


def _steps(found: OneRound) -> list[tuple[str, str]]:
    return steps_to(found, (gettext("Evaluation group"), url_for("desk.group", id=found.round.id)))


# --- The own declaration of interest: who is no field worker has no page of visits to make it on


@blueprint.get("/rounds/<id>/group/declaration", endpoint="own_declaration")
@requires("declarations.write")
def show_declaration(id: str) -> Response:
    """What a member of the group declares before scoring."""
    return _declaration_page(one_round(id, "groups.read"), _declaration().shown())


@blueprint.post("/rounds/<id>/group/declaration")
@requires("declarations.write")
def declare_own_interest(id: str) -> Response:
    """The reader's own word on this project."""
    found = one_round(id, "groups.read")

    def act(values: dict[str, Any], version: int) -> tuple[Declaration, bool]:
        told = {name: values[name] for name in ("id", "conflict", "text")}
        return conflicts.declare(actor(), now(), Declaration(**told, user=actor().id, project=found.project.id))

    return save(
        _declaration(),
        act,
        to=lambda made: url_for("desk.group", id=id),
        again=lambda shown, status: _declaration_page(found, shown, status),
    )


def _declaration() -> Form:
    return DECLARATION.having({"conflict": [("false", gettext("No")), ("true", gettext("Yes"))]})


def _declaration_page(found: OneRound, shown: ShownForm, status: int = 200) -> Response:
    lead = gettext("Say whether you or people close to you work for the provider, or depend on it in another way.")
    return form_page(gettext("Your declaration of interest"), shown, gettext("Declare"), _steps(found), status, lead)


# --- Leaving


@blueprint.get("/rounds/<id>/group/<member>/departure", endpoint="departure")
@requires("groups.write")
def show_departure(id: str, member: str) -> Response:
    """What follows when a membership ends."""
    found, one = one_round(id, "groups.write", lead=True), _member(id, member)
    return _leaving_page(found, one, LEAVING.shown({}, version=one.version))


@blueprint.post("/rounds/<id>/group/<member>/departure")
@requires("groups.write")
def end_membership(id: str, member: str) -> Response:
    """End it, with the reason."""
    found, one = one_round(id, "groups.write", lead=True), _member(id, member)
    return save(
        LEAVING,
        lambda values, version: groups.leave(actor(), now(), member, values["reason"], version),
        to=lambda made: url_for("desk.group", id=id),
        again=lambda shown, status: _leaving_page(found, one, shown, status),
    )


def _member(id: str, member: str) -> GroupMember:
    for one in groups.of_round(actor(), id):
        if one.id == member:
            return one
    raise Refused("not_found", noun="member")


def _leaving_page(found: OneRound, member: GroupMember, shown: ShownForm, status: int = 200) -> Response:
    consequences = [
        gettext("%(name)s scores nothing from now on. Scores that are in stay.", name=member.name),
        gettext("Whoever left keeps a part in the round, and cannot review its result."),
    ]
    title, back = gettext("End a membership"), url_for("desk.group", id=found.round.id)
    return confirm_page(title, shown, gettext("End it"), consequences, _steps(found), status, back)


# --- Who may not review


@blueprint.get("/rounds/<id>/group/panel", endpoint="panel")
@requires("groups.write")
def show_panel(id: str) -> Response:
    """Names of a review group that is thought of."""
    found = one_round(id, "groups.write")
    return _panel_page(found, _panel().shown())


@blueprint.post("/rounds/<id>/group/panel")
@requires("groups.write")
def ask_panel(id: str) -> Response:
    """Who of them may not sit in a review of this round, and why; nothing is stored."""
    found, form = one_round(id, "groups.write"), _panel()
    answered: list[Barred] = []

    def act(values: dict[str, Any], version: int) -> Response:
        answered.extend(groups.panel(actor(), id, [Candidate(**one) for one in values["members"]]))
        return _panel_page(found, form.shown(values), answered=answered)

    return save(form, act, to=lambda made: "", again=lambda shown, status: _panel_page(found, shown, status))


def _panel() -> Form:
    return PANEL.having({"members.category": [(one, word("member_category", one)) for one in CATEGORIES]})


def _panel_page(found: OneRound, shown: ShownForm, status: int = 200, answered: list[Barred] | None = None) -> Response:
    lead = gettext("Who scored, visited or led in this round, or works for the provider, cannot review its result.")
    if answered is not None:
        told = [fault_text(one.fault) for one in answered]
        lead = " ".join(told) or gettext("All of them may sit in the review.")
    return form_page(gettext("Who may review"), shown, gettext("Ask"), _steps(found), status, lead=lead)

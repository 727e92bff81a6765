"""A project with one of each thing that an address names, and a stranger who holds every role, elsewhere.

What takes long to come about is written down as it would be stored: these tests ask who may reach it, not what it says.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin

import casework
from accounts import As
from factories import ADMIN, KEY, NOW
from flask import Flask
from flask.testing import FlaskClient
from group_of_round import approve
from marshmallow import Schema, ValidationError
from marshmallow.fields import Field, List, Nested
from outcomes import final_round
from stages import staged
from werkzeug.routing import Rule

from service.domain.access import ROLES
from service.domain.collect.opinions import InstitutionList
from service.domain.collect.tablets import Tablet
from service.domain.collect.tickets import Batch
from service.domain.inspect.assignments import Assignment
from service.domain.inspect.follow_ups import FollowUp
from service.domain.inspect.frame_imports import FrameImport
from service.domain.inspect.interviews import InterviewPlan
from service.domain.inspect.user_notifications import UserNotification
from service.domain.inspect.visits import Visit
from service.domain.organisations import Organisation
from service.domain.procedure.bans import Ban
from service.domain.procedure.change_rates import ChangePairs
from service.domain.procedure.consequences import Continuation
from service.domain.procedure.groups import GroupMember
from service.domain.procedure.objections import Objection
from service.domain.procedure.payments import Payment
from service.domain.procedure.publications import Publication
from service.domain.procedure.recurring_tasks import RecurringTask
from service.domain.procedure.reports import Report
from service.domain.procedure.reviews import Review
from service.domain.procedure.round_schemes import RoundSchemeChange
from service.domain.procedure.self_evaluations import SelfEvaluation
from service.domain.procedure.targets import ContractTarget
from service.domain.projects import Project
from service.operations import organisations
from service.store import records

STRANGERS = tuple(role for role in ROLES if role != "admin")
_PLAIN = {str: "x", int: 1, bool: False, bytes: b"x", Decimal: Decimal(1), datetime: NOW, date: NOW.date()}
_PLACES = {"project": "project-1", "round": "round-1", "campaign": "campaign-1", "draw": "draw-1", "node": "g27"}
_PLACES |= {"organisation": "provider-org", "provider": "provider-org", "site": "east", "notice": "notice-1"}
_PLACES |= {"result": "round-1#1", "key_id": KEY.id}
# What its type alone does not tell.
_GIVEN = {"pairs": (), "members": ({"name": "x", "user": ""},), "rules": {"x": 1}}
# Of these the documents are enough: the noun as it stands in addresses -> what is stored.
_KINDS = {
    "assignments": Assignment,
    "bans": Ban,
    "change-rates": ChangePairs,
    "continuations": Continuation,
    "follow-ups": FollowUp,
    "frame-imports": FrameImport,
    "group-members": GroupMember,
    "interviews": InterviewPlan,
    "objections": Objection,
    "payments": Payment,
    "publications": Publication,
    "recurring-tasks": RecurringTask,
    "reports": Report,
    "scheme-changes": RoundSchemeChange,
    "tablets": Tablet,
    "targets": ContractTarget,
    "tickets": Batch,
    "user-notifications": UserNotification,
    "visits": Visit,
}
_MADE = {
    "appeals": "appeal-1",
    "campaigns": "campaign-1",
    "draws": "draw-1",
    "evaluator-approvals": "approval-1",
    "frames": "frame-1",
    "judgements": "j-g27",
    "notices": "notice-1",
    "projects": "project-1",
    "rounds": "round-1",
    "spot-checks": "spot-1",
    "releases": "1",
    "results": "1",
}
# Other parts of addresses: what follows, or what stands in the angle brackets.
_PARTS = {"site": "east", "node": "g27", "deadline": "appeal", "part": "provider", "step": "commit", "state": "final"}
_PARTS |= {"response": "0" * 32, "picture": "0" * 32, "scan": "0" * 64, "name": "0" * 64, "sha256": "0" * 64}
_PARTS |= {"questionnaire": "copenhagen-housing", "number": "1", "institution": "office", "form": "csv", "rater": "x"}
_PARTS |= {"scale": "satisfaction", "target": "targets-1", "batch": "tickets-1", "report": "reports-1"}
_PARTS |= {"change": "scheme-changes-1", "member": "group-members-1", "tablet": "tablets-1"}


def of_each(noun: str) -> str:
    return f"{noun}-1"


@staged
def one_of_each() -> None:
    """Everything of `project-1`, a decided appeal and a review among it."""
    final_round()
    casework.serve_notice()
    approve()
    for noun, kind in _KINDS.items():
        records.insert(filled(kind, id=of_each(noun)))
    records.insert(filled(Review, id="appeal-1"))
    records.insert(filled(SelfEvaluation, id="round-1"))
    records.insert(filled(InstitutionList, id="campaign-1", institutions=({"id": "office", "name": "Office"},)))


@staged
def stranger(client: FlaskClient) -> As:
    """Somebody with every role but the administrator's, whose organisation has all parts of another project."""
    organisations.create_organisation(ADMIN, NOW, Organisation("other-org", "evaluator", "Others"))
    records.insert(Project("project-2", "Theirs", "other-org", "other-org", "other-org", "other-org"))
    return As(client, STRANGERS, "other-org")


def filled(kind: type, **given: Any) -> Any:
    """A record of which everything that is needed holds something of its type."""
    values, needed = {}, records._document_of(kind)._fields
    given = _GIVEN | given
    for field in fields(kind):
        if field.name in given:
            values[field.name] = given[field.name]
        elif field.name in _PLACES:
            values[field.name] = _PLACES[field.name]
        elif (field.default is MISSING and field.default_factory is MISSING) or needed[field.name].required:
            values[field.name] = _nothing(field.type)
    return kind(**values)


def _nothing(type: Any) -> Any:
    type = get_args(type)[0] if isinstance(type, UnionType) else type
    kind = get_origin(type) or type
    if kind in _PLAIN:
        return _PLAIN[kind]
    return {"x": "x"} if kind is Mapping else ("x",)


def address_of(rule: Rule) -> str:
    """The address with real ids of the first project; "" for one that names nothing of a project."""
    text = rule.rule
    if "<" not in text:
        return ""
    for part, name in re.findall(r"(<(?:[^<>]+:)?([^<>:]+)>)", text):
        before = text[: text.index(part)].rstrip("/").rpartition("/")[2]
        value = _id_of(before) if name == "id" else _PARTS.get(name)
        if part.startswith("<any("):
            value = part[5:].partition(",")[0].partition(")")[0]
        if value is None:
            return ""
        text = text.replace(part, value, 1)
    return text


def _id_of(noun: str) -> str | None:
    return _MADE.get(noun) or (of_each(noun) if noun in _KINDS else None)


def routes_of(app: Flask, roots: tuple[str, ...]) -> Iterator[tuple[str, str, str, Any]]:
    """(method, address, rule, handler) of each that names something of a project."""
    for rule in app.url_map.iter_rules():
        address = address_of(rule) if rule.rule.startswith(roots) else ""
        view = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}) if address else ():
            handler = getattr(getattr(view, "view_class", None), method.lower(), view)
            yield method, address, rule.rule, handler


# What fields take: each gets the first that it accepts.
_WORDS = ("closed", "east", "provider", "2026-03-02", "2026-03", "2026-03-02T09:30:00+08:00", "120.5", "en", "a,b")
_WORDS += ("0" * 64, "0" * 32, "x" * 24)

_MORE = {"TopUpSchema": {"take": 1}}  # what is wanted by rules between fields


def sent_by(handler: Any) -> dict[str, dict[str, Any]]:
    """{"json": …, "query": …}: what the least request to a route of the API carries that fits its schemas."""
    found = {}
    for each in getattr(handler, "_apidoc", {}).get("arguments", {}).get("parameters", []):
        if isinstance(each.get("schema"), Schema):
            found[each["in"]] = least(each["schema"]) | _MORE.get(type(each["schema"]).__name__, {})
    return found


def least(schema: Schema) -> dict[str, Any]:
    """The fields that a schema wants, filled with what fits."""
    return {field.data_key or name: _fitting(field) for name, field in schema.load_fields.items() if field.required}


def _fitting(field: Field) -> Any:
    listed = [choice for each in field.validators for choice in getattr(each, "choices", ())]
    inner: list[Any] = []
    if isinstance(field, List):
        inner = [[_fitting(field.inner)] * count for count in (1, 2, 3)]
    elif isinstance(field, Nested):
        inner = [[least(field.schema)] if field.schema.many else least(field.schema)]
    for value in (*inner, *listed, *_WORDS, 1, True, {"x": "x"}, {"en": "x"}, {"x": {}}, []):
        try:
            field.deserialize(value)
        except ValidationError:
            continue
        return value
    return None

"""The routes of the feed: all projects of the reader, one campaign, one round; each is a service with its metadata."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from service.domain import access
from service.domain.access import Actor
from service.domain.collect.campaigns import DRAFT
from service.domain.errors import Refused
from service.domain.projects import Project
from service.operations import projects
from service.operations.collect import campaigns as campaign_operations
from service.operations.evaluate import rounds as round_operations
from service.web.auth import actor
from service.web.extensions import settings
from service.web.odata import campaigns, queries, rounds
from service.web.odata.doors import blueprint, by_token
from service.web.odata.metadata import csdl, service_document
from service.web.odata.model import MOMENT, EntitySet, Property, Row, listed

TYPE = "application/json;odata.metadata=minimal;odata.streaming=false;IEEE754Compatible=false;charset=utf-8"
METADATA = "$metadata"
CAMPAIGNS = (
    Property("Id", nullable=False),
    Property("Name"),
    Property("Project"),
    Property("ProjectName"),
    Property("State"),
    Property("Questionnaire"),
    Property("OpensAt", MOMENT),
    Property("ClosesAt", MOMENT),
    Property("Feed"),
)
ROUNDS = (
    Property("Id", nullable=False),
    Property("Name"),
    Property("Project"),
    Property("ProjectName"),
    Property("Kind"),
    Property("State"),
    Property("Scheme"),
    Property("OpenedAt", MOMENT),
    Property("Feed"),
)
Sets = Mapping[str, EntitySet | None]


@blueprint.get("/")
@by_token("projects.list")
def root() -> Response:
    """What the reader's feed holds."""
    return _service("", _of_reader(actor()))


@blueprint.get("/<name>")
@by_token("projects.list")
def of_root(name: str) -> Response:
    """A set of the reader's feed, or its metadata."""
    return _answer("", _of_reader(actor()), name)


@blueprint.get("/<name>/$count")
@by_token("projects.list")
def count_of_root(name: str) -> Response:
    """How many rows a set has."""
    return _number(_of_reader(actor()), name)


@blueprint.get("/campaigns/<id>/")
@by_token("releases.read")
def campaign(id: str) -> Response:
    """What a campaign's feed holds."""
    return _service(f"campaigns/{id}/", campaigns.sets(actor(), id))


@blueprint.get("/campaigns/<id>/<name>")
@by_token("releases.read")
def of_campaign(id: str, name: str) -> Response:
    """A set of a campaign's feed, or its metadata."""
    return _answer(f"campaigns/{id}/", campaigns.sets(actor(), id), name)


@blueprint.get("/campaigns/<id>/<name>/$count")
@by_token("releases.read")
def count_of_campaign(id: str, name: str) -> Response:
    """How many rows a set has."""
    return _number(campaigns.sets(actor(), id), name)


@blueprint.get("/rounds/<id>/")
@by_token("results.read")
def round(id: str) -> Response:
    """What a round's feed holds."""
    return _service(f"rounds/{id}/", rounds.sets(actor(), id))


@blueprint.get("/rounds/<id>/<name>")
@by_token("results.read")
def of_round(id: str, name: str) -> Response:
    """A set of a round's feed, or its metadata."""
    return _answer(f"rounds/{id}/", rounds.sets(actor(), id), name)


@blueprint.get("/rounds/<id>/<name>/$count")
@by_token("results.read")
def count_of_round(id: str, name: str) -> Response:
    """How many rows a set has."""
    return _number(rounds.sets(actor(), id), name)


def _of_reader(reader: Actor) -> Sets:
    return {
        "Campaigns": listed("Campaigns", CAMPAIGNS, lambda: _campaigns(reader)),
        "Rounds": listed("Rounds", ROUNDS, lambda: _rounds(reader)),
    }


def _campaigns(reader: Actor) -> Iterator[Row]:
    """Those that the reader knows of: a draft is its evaluator's and its purchaser's."""
    for project in projects.projects(reader):
        if not access.may(reader, "releases.read", project.parties):
            continue
        drafts = access.may(reader, "campaigns.read", project.parties)
        for one in campaign_operations.of_project(reader, project.id, "releases.read"):
            state = campaign_operations.state(one.id)
            if state != DRAFT or drafts:
                yield {
                    **_head(one, project, "campaigns"),
                    "State": state,
                    "Questionnaire": f"{one.questionnaire}@{one.questionnaire_version}",
                    "OpensAt": one.opens_at.isoformat(),
                    "ClosesAt": one.closes_at.isoformat(),
                }


def _rounds(reader: Actor) -> Iterator[Row]:
    mine = {one.id: one for one in projects.projects(reader) if access.may(reader, "results.read", one.parties)}
    for one in round_operations.all_of(reader):
        if one.project in mine:
            yield {
                **_head(one, mine[one.project], "rounds"),
                "Kind": one.kind,
                "State": one.state,
                "Scheme": one.scheme,
                "OpenedAt": one.opened_at.isoformat(),
            }


def _head(one: Any, project: Project, folder: str) -> Row:
    feed = f"{_root()}{folder}/{one.id}/"
    return {"Id": one.id, "Name": one.name, "Project": project.id, "ProjectName": project.name, "Feed": feed}


def _root() -> str:
    """Under the address of the settings: a client can choose the Host header, and would be led elsewhere."""
    return f"{settings().base_url.rstrip('/')}/odata/"


def _readable(sets: Sets) -> list[EntitySet]:
    return [one for one in sets.values() if one is not None]


def _service(path: str, sets: Sets) -> Response:
    return _json(service_document(f"{_root()}{path}", _readable(sets)))


def _answer(path: str, sets: Sets, name: str) -> Response:
    if name == METADATA:
        return Response(csdl(_readable(sets)), content_type="application/xml")
    asked = _asked(sets, name)
    query = queries.read(request.args, asked)
    found = queries.page(query, asked.source())
    here = f"{_root()}{path}"
    chosen = f"({','.join(query.select)})" if request.args.get("$select") else ""
    body: dict[str, Any] = {"@odata.context": f"{here}{METADATA}#{name}{chosen}"}
    if found.count is not None:
        body["@odata.count"] = found.count
    body["value"] = list(found.rows)
    if found.next is not None:
        kept = {key: value for key, value in request.args.items() if key not in ("$top", "$skip", "$skiptoken")}
        body["@odata.nextLink"] = f"{here}{name}?{urlencode(kept | {'$skiptoken': found.next}, safe='$')}"
    return _json(body)


def _asked(sets: Sets, name: str) -> EntitySet:
    """Raises Refused: not_found, or forbidden for what others may read."""
    if name not in sets:
        raise Refused("not_found", noun="entity set")
    found = sets[name]
    if found is None:
        raise Refused("forbidden")
    return found


def _number(sets: Sets, name: str) -> Response:
    asked = _asked(sets, name)
    query, source = queries.read(request.args, asked), asked.source()
    number = source.count() if query.test is None else queries.counted(query.test, source)
    return Response(str(number), content_type="text/plain; charset=utf-8")


def _json(body: Any) -> Response:
    return Response(json.dumps(body, ensure_ascii=False, default=_plain), content_type=TYPE)


def _plain(value: Any) -> float:
    """JSON's numbers are those of spreadsheets: some fifteen digits."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)

"""The public's pages of results: a list, one result at its permanent address, and the history of a provider."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from service.domain.days import day_of
from service.domain.errors import Refused
from service.domain.procedure.publications import Publication
from service.operations.procedure import public_results, publications
from service.web.auth import now, public
from service.web.errors import status_of
from service.web.languages import NAMES, spoken
from service.web.public_cache import kept_for_a_minute

blueprint = Blueprint("public_results", __name__, url_prefix="/results")
A_PAGE = 50


@blueprint.get("/")
@public
def listing() -> Response:
    """What is published, the latest first."""
    found = publications.listed(now())
    page = min(max(request.args.get("page", 1, int), 1), max(-(-len(found) // A_PAGE), 1))
    shown = [public_results.entry(one) for one in found[(page - 1) * A_PAGE : page * A_PAGE]]
    return _page("results/list.html", results=shown, page=page, more=len(found) > page * A_PAGE, count=len(found))


@blueprint.get("/<id>")
@public
def one(id: str) -> Response:
    """A published result; of a withdrawn one the reason, at the same address."""
    try:
        there, content = publications.public(id)
    except Refused as refused:
        return _page("results/gone.html", status_of(refused), reason=refused.reason, params=refused.params)
    return shown(content, there)


def shown(content: Mapping[str, Any], there: Publication, template: str = "results/one.html") -> Response:
    """The page of a result; with a template of its own at the desk, before it is public."""
    return _page(template, result=content, there=there, examples=_any_example(content["standards"]))


@blueprint.get("/providers/<id>")
@public
def provider(id: str) -> Response:
    """Everything that was published of one provider, and a ban while it is in force."""
    try:
        found = public_results.history(id, now())
    except Refused as refused:
        return _page("results/gone.html", status_of(refused), reason=refused.reason, params=refused.params)
    return _page("results/provider.html", history=found)


def _any_example(nodes: list[dict[str, Any]]) -> bool:
    return any(node["example"] or _any_example(node["parts"]) for node in nodes)


def _page(name: str, status: int = 200, **values: Any) -> Response:
    kept = {key: value for key, value in request.args.items() if key == "page"}
    languages = {code: {**kept, "lang": code} for code in NAMES}
    answer = Response(
        render_template(name, languages=languages, day=day_of, said=_said, **values),
        status,
        mimetype="text/html",
    )
    answer.headers["Vary"] = "Accept-Language"
    return kept_for_a_minute(answer)


def _said(texts: dict[str, str]) -> str:
    """A label of the scheme in the reader's language, else in the first that there is."""
    return texts.get(spoken()) or texts.get("zh-Hans") or next(iter(texts.values()), "")

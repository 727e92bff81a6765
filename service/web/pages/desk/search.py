"""The desk's search: what of the reader's projects has these words in its name, or this beginning of an id."""

from flask import Response, request, url_for

from service.domain.projects import Project
from service.operations import projects, search
from service.operations.search import MOST, SHORTEST, Hit
from service.web.auth import actor, requires
from service.web.pages.desk.home import blueprint, page
from service.web.pages.desk.ways import opens

# Kind of a hit -> (page, word family of its state); where the reader may not open that page, the project's.
PAGES = {
    "campaign": ("campaign", "state"),
    "round": ("round", "round_state"),
    "questionnaire": ("questionnaire", ""),
    "case": ("follow_up", "case_state"),
    "notice": ("notice", "notice_state"),
    "objection": ("objection", "objection_state"),
    "appeal": ("appeal", "appeal_state"),
}


@blueprint.get("/search", endpoint="search")
@requires("projects.list")
def search_desk() -> Response:
    """Hits by kind, ten of each."""
    text = request.args.get("q", "").strip()[:100]
    found = search.search(actor(), text)
    known = {one.id: one for one in projects.projects(actor())} if found else {}
    return page(
        "search.html",
        sought=text,
        short=bool(text) and len(text) < SHORTEST,
        found=[
            (kind, [(hit, _address(hit, known.get(hit.project)), known.get(hit.project)) for hit in hits[:MOST]])
            for kind, hits in found.items()
        ],
        more={kind for kind, hits in found.items() if len(hits) > MOST},
        families={kind: family for kind, (_, family) in PAGES.items()},
    )


def _address(hit: Hit, project: Project | None) -> str:
    endpoint, _ = PAGES.get(hit.kind, ("", ""))
    if endpoint and opens(actor(), endpoint, project.parties if project else None):
        return url_for(f"desk.{endpoint}", id=hit.id)
    return url_for("desk.project", id=hit.project) if hit.project else url_for("desk.home")

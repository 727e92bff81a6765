"""What several parts of one page of a campaign show is read once in a request: figures, names of sites."""

from collections.abc import Mapping
from typing import Any

from flask import g

from service.domain.collect.satisfaction import IndexMapping
from service.operations import projects
from service.operations.collect import satisfaction
from service.operations.collect.satisfaction import Overview
from service.web.auth import actor


def read(id: str, mappings: Mapping[str, IndexMapping] | None = None) -> Overview:
    """The figures of a campaign, as the first who asks wants them: what differs by `mappings` is the index."""
    kept: dict[str, Any] = g.setdefault("overviews", {})
    if id not in kept:
        kept[id] = satisfaction.overview(actor(), id, mappings)
    found: Overview = kept[id]
    return found


def site_names(project: str) -> Mapping[str, str]:
    """Site id -> name, of all sites of a project."""
    kept: dict[str, Any] = g.setdefault("site_names", {})
    if project not in kept:
        kept[project] = {site.id: site.name for site in projects.sites(actor(), project)}
    found: Mapping[str, str] = kept[project]
    return found

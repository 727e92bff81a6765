"""Charts on pages of the desk: each has an address of its own, with the right of the page that it stands on."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, make_response, request, url_for
from flask_babel import gettext

from service.domain import access
from service.domain.errors import Refused
from service.web.auth import actor, requires
from service.web.charts import shapes
from service.web.charts.drawer import drawer
from service.web.charts.shapes import Chart
from service.web.extensions import settings
from service.web.languages import spoken
from service.web.pages.desk.home import blueprint
from service.web.printing import fonts

Build = Callable[..., Chart | None]
# An image opened by itself is a page of its own: it may colour itself, and nothing else.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
# What a page may be opened with while there is nothing to draw yet.
_NOTHING_YET = ("campaign_not_open", "not_found")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """A chart on a page. `missing` says why there is no drawing; the table stands there all the same."""

    chart: Chart
    address: str
    narrow: str
    missing: str = ""


_BUILDS: dict[str, tuple[str, Build]] = {}


def chart(address: str, action: str) -> Callable[[Build], Build]:
    """Enter a builder under the address of its image, below /desk/.

    It takes the parts of the address by name, asks the operations of its page, and gives None where there is nothing
    to draw. `chart_of(name, …)` in a template gives what the macros of desk/charts.html show.
    """

    def enter(build: Build) -> Build:
        name = build.__name__

        @requires(action)
        def image(**place: str) -> Response:
            made = build(**place)
            if made is None:
                raise Refused("not_found", noun="chart")
            return _image(made)

        blueprint.add_url_rule(f"/{address}.svg", f"chart_{name}", image)
        _BUILDS[name] = (action, build)
        return build

    return enter


def _image(made: Chart) -> Response:
    svg = drawer.draw(made.shape, spoken(), settings().font, narrow=request.args.get("narrow") == "1")
    response = make_response(svg)
    response.headers["Content-Type"] = "image/svg+xml"
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.app_template_global()
def chart_of(name: str, **place: str) -> Shown | None:
    """The chart of this name as this reader may see it; None if not, or if there is nothing to draw."""
    action, build = _BUILDS[name]
    if not {role for role in actor().roles if role in access.ACTIONS[action]}:
        return None
    try:
        made = build(**place)
    except Refused as refused:
        if refused.reason in (*_NOTHING_YET, "forbidden"):
            return None
        raise
    if made is None:
        return None
    address = url_for(f"desk.chart_{name}", **place)  # type: ignore[arg-type]
    return Shown(made, address, f"{address}?narrow=1", _missing(made))


def _missing(made: Chart) -> str:
    """Why this cannot be drawn, for whoever runs the service; else nothing. The log says it too."""
    try:
        face = _face(spoken(), settings().font)
    except Refused as refused:
        _log.error("charts are not drawn: %(problem)s. %(remedy)s", refused.params)
        return gettext(
            "No font with Chinese was found where the service runs. Install one (Debian: fonts-noto-cjk) or name its "
            "file in MINYI_FONT."
        )
    if lacking := fonts.lacking(face, shapes.texts_of(made.shape)):
        _log.error("a chart is not drawn: the font %s lacks %s", face.path, lacking)
        return gettext("The font has no %(characters)s. Name another one in MINYI_FONT.", characters=lacking)
    return ""


@lru_cache(maxsize=8)
def _face(language: str, named: str) -> fonts.Face:
    """Looked for once a process; a missing one is looked for again each time."""
    return fonts.face_for(language, named)

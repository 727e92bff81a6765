"""The OpenRosa dialect under /openrosa/<token>: what ODK Collect and KoboCollect ask for and send."""

from flask import Flask, Response, request

from service.web.openrosa import forms, submissions  # noqa: F401 - add their routes
from service.web.openrosa.doors import LARGEST_WANTED, blueprint

PREFIX = "/openrosa/"
LARGEST_DRAINED = 64_000_000  # bytes of a request that are read for nothing, so that its sender hears the answer


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.after_request(_mark)


def _mark(response: Response) -> Response:
    """Headers of every answer, errors included: without the first one the app takes a list of files for none."""
    if request.path.startswith(PREFIX):
        response.headers["X-OpenRosa-Version"] = "1.0"
        response.headers["X-OpenRosa-Accept-Content-Length"] = str(LARGEST_WANTED)
        if request.method == "POST" and response.status_code >= 400:
            _drain()
    return response


def _drain() -> None:
    """Read what is left of a refused request: an app that still writes when the connection closes sees no answer."""
    left = LARGEST_DRAINED
    while left > 0 and (piece := request.input_stream.read(min(left, 65536))):
        left -= len(piece)

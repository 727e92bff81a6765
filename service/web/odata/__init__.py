"""The OData v4 dialect under /odata/: a read-only feed that spreadsheets and dashboards refresh by themselves."""

from flask import Flask, Response, request

from service.web.odata import services  # noqa: F401 - adds its routes
from service.web.odata.doors import blueprint

PREFIX = "/odata/"
VERSION = "4.0"


def install(app: Flask) -> None:
    """Register the feed's routes and the header of all its answers, errors included."""
    app.register_blueprint(blueprint)
    app.after_request(_mark)


def _mark(response: Response) -> Response:
    if request.path.startswith(PREFIX):
        response.headers["OData-Version"] = VERSION
    return response

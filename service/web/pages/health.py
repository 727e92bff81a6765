"""For machines that watch the service: is it alive, and can it read its data?"""

from flask import Blueprint, Response, jsonify

from service.operations import health
from service.web.auth import public

blp = Blueprint("health", __name__)


@blp.get("/healthz")
@public
def alive() -> Response:
    return jsonify(status="ok")


@blp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """503 while the database reads nothing; a ping alone would not notice a full disk."""
    works = health.ready()
    return jsonify(status="ok" if works else "no database"), 200 if works else 503

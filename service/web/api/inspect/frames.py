"""Frames."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.frames import FrameSchema, FrozenFrameSchema, NewFrameSchema
from service.operations.inspect import frames
from service.web.api.conditional import made, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("frames", __name__, description="Frozen lists that draws are taken from")


@blp.route("/frames")
class Frames(MethodView):
    @requires("frames.write")
    @blp.arguments(NewFrameSchema)
    @blp.response(201, FrameSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Freeze a list"""
        return made(frames.freeze(actor(), now(), **with_id(values)))


@blp.route("/frames/<id>")
class OneFrame(MethodView):
    @requires("frames.read")
    @blp.response(200, FrozenFrameSchema)
    def get(self, id: str) -> Any:
        """A frozen list with its serials and SHA-256"""
        return frames.get(actor(), id)


@blp.route("/projects/<id>/frames")
class FramesOfProject(MethodView):
    @requires("frames.read")
    @blp.response(200, FrameSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, id: str) -> Any:
        """The frozen lists of a project"""
        return frames.of_project(actor(), id)

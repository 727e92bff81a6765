"""Pictures: sent before the answer that names them, read by the evaluator."""

from typing import Any

from flask import Response, request
from flask.views import MethodView
from werkzeug.exceptions import UnsupportedMediaType

from schemas.collect.media import PictureSchema
from service.domain.collect import media as rules
from service.domain.collect import tickets
from service.operations.collect import media, responses
from service.web import slowdown
from service.web.auth import actor, now, public, requires
from service.web.extensions import Blueprint, keys

blp = Blueprint("media", __name__, description="Pictures that come with answers")
BINARY = {"type": "string", "format": "binary"}


@blp.route("/public/forms/<code>/media")
class Pictures(MethodView):
    @public
    @blp.response(201, PictureSchema)
    @blp.doc(
        security=[],
        requestBody={"required": True, "content": {"image/jpeg": {"schema": BINARY}, "image/png": {"schema": BINARY}}},
    )
    def post(self, code: str) -> Any:
        """Send a picture (the bytes of a JPEG, PNG or WebP file); its id is the answer to a photo question

        It is kept as a JPEG of at most 1600 px without position, time or maker. One that no answer names is deleted
        when the campaign ends.
        """
        request.max_content_length = rules.MOST_BYTES + 1
        if not request.mimetype.startswith("image/") and request.mimetype != "application/octet-stream":
            raise UnsupportedMediaType("Send the bytes of the picture, with Content-Type: image/jpeg or image/png.")
        with slowdown.failures():
            view, batch = responses.form_of(code, keys())
        responses.refuse_if_closed(view, batch, now())
        asking = rules.asked_in(view.questionnaire.questions)
        owner, shared = tickets.normalise(code), batch.kind != tickets.SLIP
        return {"id": media.keep(view.campaign.id, asking, request.get_data(cache=False), owner, shared)}


@blp.route("/campaigns/<id>/media/<picture>")
class OnePicture(MethodView):
    @requires("responses.read")
    @blp.response(200, content_type="image/jpeg", schema=BINARY)
    def get(self, id: str, picture: str) -> Any:
        """A picture that came with an answer; evaluator only"""
        return Response(responses.picture(actor(), id, picture).content, mimetype="image/jpeg")

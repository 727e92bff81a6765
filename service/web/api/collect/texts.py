"""Free text of a campaign's answers, with the evaluator's tags."""

from typing import Any

from flask.views import MethodView

from schemas.collect.texts import (
    TaggedSchema,
    TaggingSchema,
    TextPageSchema,
    TextQuerySchema,
    TextTagQuerySchema,
    TextTagsSchema,
)
from service.operations.collect import texts
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("texts", __name__, description="What people wrote in their own words; evaluator only")


@blp.route("/campaigns/<id>/texts")
class Texts(MethodView):
    @requires("responses.read")
    @blp.arguments(TextQuerySchema, location="query")
    @blp.response(200, TextPageSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """Sealed answers to a question in words, in the order of their random ids"""
        names = ("question", "cursor", "size", "tag", "site")
        found = texts.page(actor(), id, *(query[name] for name in names))
        return {"texts": found.texts, "next_cursor": found.following}


@blp.route("/campaigns/<id>/texts/tags")
class TextTags(MethodView):
    @requires("responses.read")
    @blp.arguments(TextTagQuerySchema, location="query")
    @blp.response(200, TextTagsSchema)
    def get(self, query: dict[str, Any], id: str) -> Any:
        """How many texts bear each tag"""
        return {"tags": texts.tags(actor(), id, query["question"])}

    @requires("responses.write")
    @blp.arguments(TaggingSchema)
    @blp.response(200, TaggedSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Put a tag on many texts, or take it off; a repeat changes nothing"""
        return {"changed": texts.tag(actor(), now(), id, **values)}

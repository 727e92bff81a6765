"""Subscribing to deadlines with a calendar program."""

from typing import Any

from flask import url_for
from flask.views import MethodView

from schemas.procedure.calendar_feeds import FeedTokenSchema, IssuedFeedSchema, NewFeedSchema
from service.operations.procedure import feed_tokens
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, settings

blp = Blueprint("calendar-feeds", __name__, description="Deadlines as a calendar feed")


@blp.route("/calendar-feeds")
class Feeds(MethodView):
    @requires("projects.list")
    @blp.response(200, FeedTokenSchema(many=True))
    def get(self) -> Any:
        """Your live feed, if there is one"""
        return feed_tokens.mine(actor())

    @requires("projects.list")
    @blp.arguments(NewFeedSchema)
    @blp.response(201, IssuedFeedSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Make the address of your feed; a former one ends with it"""
        token, kept = feed_tokens.make(actor(), now(), values["language"])
        address = settings().base_url.rstrip("/") + url_for("calendar.feed", token=token)
        return {**vars(kept), "url": address}


@blp.route("/calendar-feeds/<id>")
class OneFeed(MethodView):
    @requires("projects.list")
    @blp.response(200, FeedTokenSchema)
    def delete(self, id: str) -> Any:
        """Revoke a feed: its address shows nothing any more"""
        return feed_tokens.revoke(actor(), now(), id)

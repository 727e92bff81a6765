"""Campaigns."""

from typing import Any

from flask.views import MethodView

from schemas.collect.campaigns import CampaignChangeSchema, CampaignQuerySchema, CampaignSchema, CampaignStateSchema
from service.domain.collect.campaigns import Campaign
from service.operations.collect import campaigns
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("campaigns", __name__, description="One questionnaire version put to one population")


def _campaign(values: dict[str, Any]) -> Campaign:
    lists = {name: tuple(values[name]) for name in ("sites", "languages")}
    return Campaign(**with_id(values) | lists | {"short_code": ""})


def _shown(campaign: Campaign) -> dict[str, Any]:
    return {**vars(campaign), "state": campaigns.state(campaign.id)}


@blp.route("/campaigns")
class Campaigns(MethodView):
    @requires("campaigns.read")
    @blp.arguments(CampaignQuerySchema, location="query")
    @blp.response(200, CampaignSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, query: dict[str, str]) -> Any:
        """The campaigns of a project"""
        return [_shown(campaign) for campaign in campaigns.of_project(actor(), query["project"])]

    @requires("campaigns.write")
    @blp.arguments(CampaignSchema)
    @blp.response(201, CampaignSchema)
    def post(self, values: dict[str, Any]) -> Any:
        """Draft a campaign"""
        campaign, status, headers = made(campaigns.create(actor(), now(), _campaign(values)))
        return _shown(campaign), status, headers


@blp.route("/campaigns/<id>")
class OneCampaign(MethodView):
    @requires("campaigns.read")
    @blp.response(200, CampaignSchema)
    def get(self, id: str) -> Any:
        """One campaign; ETag is its version"""
        campaign, status, headers = tagged(campaigns.get(actor(), id))
        return _shown(campaign), status, headers

    @requires("campaigns.write")
    @blp.arguments(CampaignChangeSchema)
    @blp.response(200, CampaignSchema)
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Change a draft; If-Match is the version that was read"""
        changed = campaigns.change(actor(), now(), _campaign(values | {"id": id}), if_match())
        campaign, status, headers = tagged(changed)
        return _shown(campaign), status, headers


@blp.route("/campaigns/<id>/state")
class CampaignState(MethodView):
    @requires("campaigns.write")
    @blp.arguments(CampaignStateSchema)
    @blp.response(200, CampaignSchema)
    def put(self, values: dict[str, str], id: str) -> Any:
        """Open a draft, or close for ever and freeze the tally"""
        changed = campaigns.change_state(actor(), now(), id, values["state"], if_match())
        campaign, status, headers = tagged(changed)
        return _shown(campaign), status, headers

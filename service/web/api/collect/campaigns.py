"""Campaigns."""

from typing import Any

from flask.views import MethodView

from schemas.collect.campaigns import (
    CampaignChangeSchema,
    CampaignQuerySchema,
    CampaignSchema,
    CampaignStateSchema,
    PauseSchema,
    QuotasSchema,
    WindowSchema,
)
from service.domain.collect.campaigns import Campaign
from service.domain.collect.quotas import Quota
from service.operations.collect import campaigns, quotas
from service.web.api.conditional import if_match, made, tagged, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits, keys

blp = Blueprint("campaigns", __name__, description="One questionnaire version put to one population")


def _campaign(values: dict[str, Any]) -> Campaign:
    lists = {name: tuple(values[name]) for name in ("sites", "languages")}
    return Campaign(**with_id(values) | lists | {"short_code": ""})


def _shown(campaign: Campaign) -> dict[str, Any]:
    return {**vars(campaign), "state": campaigns.state(campaign.id)}


def _changed(changed: Campaign) -> Any:
    campaign, status, headers = tagged(changed)
    return _shown(campaign), status, headers


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
        return _changed(campaigns.get(actor(), id))

    @requires("campaigns.write")
    @blp.arguments(CampaignChangeSchema)
    @blp.response(200, CampaignSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Change a draft; If-Match is the version that was read"""
        return _changed(campaigns.change(actor(), now(), _campaign(values | {"id": id}), if_match()))


@blp.route("/campaigns/<id>/state")
class CampaignState(MethodView):
    @requires("campaigns.write")
    @blp.arguments(CampaignStateSchema)
    @blp.response(200, CampaignSchema)
    @edits
    def put(self, values: dict[str, str], id: str) -> Any:
        """Open a draft, or close for ever and freeze the tally"""
        return _changed(campaigns.change_state(actor(), now(), id, values["state"], if_match(), keys()))


@blp.route("/campaigns/<id>/pause")
class CampaignPause(MethodView):
    @requires("campaigns.write")
    @blp.arguments(PauseSchema)
    @blp.response(200, CampaignSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Take in nothing new for a time, or again; repeats of what was sent before still get their receipts"""
        if values["paused"]:
            until, reason = values["resumes_at"], values["reason"]
            return _changed(campaigns.pause(actor(), now(), id, until, reason, if_match()))
        return _changed(campaigns.resume(actor(), now(), id, values["reason"], if_match()))


@blp.route("/campaigns/<id>/window")
class CampaignWindow(MethodView):
    @requires("campaigns.write")
    @blp.arguments(WindowSchema)
    @blp.response(200, CampaignSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Close later than was said"""
        return _changed(campaigns.extend(actor(), now(), id, values["closes_at"], values["reason"], if_match()))


@blp.route("/campaigns/<id>/quotas")
class CampaignQuotas(MethodView):
    @requires("campaigns.write")
    @blp.arguments(QuotasSchema)
    @blp.response(200, CampaignSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """How many answers are wanted where; a full site turns away whoever opens its page, and no answer"""
        wanted = [Quota(**one) for one in values["quotas"]]
        return _changed(quotas.replace(actor(), now(), id, wanted, if_match()))

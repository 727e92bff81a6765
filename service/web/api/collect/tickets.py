"""Batches of tickets."""

from typing import Any

from flask.views import MethodView

from schemas.collect.tickets import BatchSchema, IssuedBatchSchema, SheetSchema
from service.domain.collect.tickets import Batch
from service.operations.collect import sheets, tickets
from service.web.api.conditional import with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, keys, settings
from service.web.printing import delivery

blp = Blueprint("tickets", __name__, description="Codes for print, in batches")


@blp.route("/campaigns/<id>/tickets")
class Tickets(MethodView):
    @requires("campaigns.read")
    @blp.response(200, BatchSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, id: str) -> Any:
        """The batches of a campaign, without codes"""
        return tickets.batches(actor(), id)

    @requires("tickets.write")
    @blp.arguments(BatchSchema)
    @blp.response(201, IssuedBatchSchema)
    def post(self, values: dict[str, Any], id: str) -> Any:
        """Make a batch; its codes are shown this once"""
        key = keys()[0]
        batch = Batch(**with_id(values), campaign=id, key_id=key.id, created_at=now(), created_by=actor().id)
        stored, codes = tickets.create_batch(actor(), now(), batch, key)
        base = settings().base_url
        return {"batch": stored, "tickets": [{"code": code, "url": f"{base}/s/{code}"} for code in codes]}


@blp.route("/campaigns/<id>/tickets/<batch>/sheet")
class Sheets(MethodView):
    @requires("tickets.write")
    @blp.arguments(SheetSchema)
    @blp.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
    def post(self, values: dict[str, Any], id: str, batch: str) -> Any:
        """Set codes in type: slips or a poster as PDF or as a page, or links for text messages. Nothing is kept"""
        sheet = sheets.of_batch(actor(), id, batch, values["codes"], keys())
        return delivery.deliver(sheet, values["form"], values["languages"])

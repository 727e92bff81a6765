"""Batches after printing: voided, counted, reconciled."""

from typing import Any

from flask.views import MethodView

from schemas.collect.batches import CountSchema, ReconciledSchema, VoidSchema
from schemas.collect.tickets import BatchSchema
from service.domain.collect.batches import Count
from service.operations.collect import batches
from service.web.api.conditional import if_match, tagged
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits, keys

blp = Blueprint("batches", __name__, description="What becomes of codes after they were printed")


@blp.route("/campaigns/<id>/tickets/<batch>")
class OneBatch(MethodView):
    @requires("campaigns.read")
    @blp.response(200, BatchSchema)
    def get(self, id: str, batch: str) -> Any:
        """One batch, without codes; ETag is its version"""
        return tagged(batches.get(actor(), id, batch))


@blp.route("/campaigns/<id>/tickets/<batch>/void")
class Voiding(MethodView):
    @requires("tickets.write")
    @blp.arguments(VoidSchema)
    @blp.response(200, BatchSchema)
    @edits
    def put(self, values: dict[str, str], id: str, batch: str) -> Any:
        """Take the codes out of use for ever; what was accepted stays"""
        return tagged(batches.void(actor(), now(), id, batch, values["reason"], if_match()))


@blp.route("/campaigns/<id>/tickets/<batch>/count")
class Counting(MethodView):
    @requires("tickets.write")
    @blp.arguments(CountSchema)
    @blp.response(200, BatchSchema)
    @edits
    def put(self, values: dict[str, int], id: str, batch: str) -> Any:
        """Enter what people counted; numbers that cannot all be true are refused"""
        return tagged(batches.count(actor(), now(), id, batch, Count(**values), if_match(), keys()))


@blp.route("/campaigns/<id>/reconciliation")
class Reconciliation(MethodView):
    @requires("tickets.write")
    @blp.response(200, ReconciledSchema(many=True))
    def get(self, id: str) -> Any:
        """What became of the slips of each batch; how many were used is told once no phone can use one any more"""
        return batches.reconciliation(actor(), now(), id, keys())

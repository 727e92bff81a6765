"""Many stations at once: the workbook of a district, its stations at a glance, results in order."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.districts import (
    DistrictQuerySchema,
    DistrictSchema,
    RankingQuerySchema,
    RankingSchema,
    StationSchema,
    StationsQuerySchema,
)
from service.operations.collect.workbooks import FILE_LIMIT
from service.operations.procedure import districts, overviews, rankings
from service.web import uploads
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, keys, settings

blp = Blueprint("districts", __name__, description="Many stations at once: workbook, overview, ranking")


@blp.route("/districts/imports")
class DistrictImports(MethodView):
    @requires("districts.write")
    @blp.doc(requestBody=uploads.BODY)
    @blp.arguments(DistrictQuerySchema, location="query")
    @blp.response(200, DistrictSchema)
    def post(self, query: dict[str, Any]) -> Any:
        """Projects, sites, campaigns, rounds and slips from an XLSX; what is there already stays as it is"""
        with uploads.table(FILE_LIMIT) as file:
            file.seek(0)
            content = file.read(FILE_LIMIT + 1)
        key, needed = keys()[0], not settings().demo
        district = districts.read(actor(), now(), content, key)
        if query["dry_run"]:
            steps = districts.preview(actor(), now(), district, needed)
        else:
            steps = districts.carry_out(actor(), now(), district, key, needed)
        told = {"dry_run": query["dry_run"], "counts": districts.counts(steps), "steps": steps}
        return told, 200, {"Cache-Control": "no-store"}


@blp.route("/districts/stations")
class Stations(MethodView):
    @requires("rounds.read")
    @blp.arguments(StationsQuerySchema, location="query")
    @blp.response(200, StationSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, query: dict[str, Any]) -> Any:
        """Your projects with progress, next deadline and result; those with something overdue first"""
        return overviews.of(actor(), now(), query["state"], query["overdue"])


@blp.route("/districts/rankings")
class Rankings(MethodView):
    @requires("rankings.read")
    @blp.arguments(RankingQuerySchema)
    @blp.response(200, RankingSchema)
    def post(self, query: dict[str, Any]) -> Any:
        """Results in order, ties shown, adjusted for many comparisons; refused where they measure different things"""
        return rankings.of(actor(), query["rounds"], query["label"])

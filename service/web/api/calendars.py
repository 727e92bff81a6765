"""Calendars of working days."""

from typing import Any

from flask.views import MethodView

from schemas.calendars import YearSchema
from service.domain.errors import Refused
from service.operations import calendars
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("calendars", __name__, description="Which days are worked: what deadlines are counted by")


@blp.route("/calendars/<int:year>")
class OneYear(MethodView):
    @requires("calendars.read")
    @blp.response(200, YearSchema)
    def get(self, year: int) -> Any:
        """A year's days that differ from its weekdays: as entered, else (version 0) as published with the software"""
        found = calendars.of_year(actor(), year)
        if found is None:
            raise Refused("not_found", noun="calendar")
        return found

    @requires("calendars.write")
    @blp.arguments(YearSchema)
    @blp.response(200, YearSchema)
    def put(self, values: dict[str, str], year: int) -> Any:
        """Enter the days that were announced; a repeat changes nothing"""
        return calendars.enter(actor(), now(), year, values["csv"], values["source"])[0]

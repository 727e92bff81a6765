"""Calendars of working days."""

import re
from typing import Any

from flask.views import MethodView

from schemas.calendars import NewYearSchema, YearSchema
from service.domain.errors import Refused
from service.operations import calendars
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("calendars", __name__, description="Which days are worked: what deadlines are counted by")


def _year(id: str) -> int:
    if not re.fullmatch("20[0-9]{2}", id):
        raise Refused("not_found", noun="year")
    return int(id)


@blp.route("/calendars/<id>")
class OneYear(MethodView):
    @requires("calendars.read")
    @blp.response(200, YearSchema)
    def get(self, id: str) -> Any:
        """A year's days that differ from its weekdays: as entered, else (version 0) as published with the software"""
        found = calendars.of_year(actor(), _year(id))
        if found is None:
            raise Refused("not_found", noun="calendar")
        return found

    @requires("calendars.write")
    @blp.arguments(NewYearSchema)
    @blp.response(200, YearSchema)
    def put(self, values: dict[str, str], id: str) -> Any:
        """Enter the days that were announced; a repeat changes nothing"""
        return calendars.enter(actor(), now(), _year(id), values["csv"], values["source"])[0]

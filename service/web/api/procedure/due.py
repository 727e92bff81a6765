"""What is due."""

from typing import Any

from flask.views import MethodView

from schemas.procedure.due import DueQuerySchema, DueSchema
from service.operations.procedure import due
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint

blp = Blueprint("due", __name__, description="Deadlines and tasks of the own organisation's projects")


@blp.route("/due")
class DueList(MethodView):
    @requires("projects.list")
    @blp.arguments(DueQuerySchema, location="query")
    @blp.response(200, DueSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, query: dict[str, Any]) -> Any:
        """What is due in the projects of your organisation, the earliest first"""
        return due.of(actor(), now(), query["overdue"])

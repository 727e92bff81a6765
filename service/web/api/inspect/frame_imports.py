"""Lists become frames: read, checked under a mapping, frozen; and frames of persons against other lists."""

from typing import Any

from flask.views import MethodView

from schemas.inspect.frame_imports import (
    ComparisonQuerySchema,
    FrameAskedSchema,
    FrameComparisonSchema,
    FrameImportSchema,
    FrameReceiptSchema,
    ImportIdSchema,
)
from schemas.inspect.frames import FrameSchema
from service.domain.inspect.frame_columns import ColumnMapping
from service.domain.inspect.frame_imports import FrameImport
from service.operations.inspect import frame_comparisons, frame_imports, frames
from service.operations.inspect.frame_imports import FILE_LIMIT, Asked
from service.web import uploads
from service.web.api.conditional import if_match, made, with_id
from service.web.auth import actor, now, requires
from service.web.extensions import Blueprint, edits, keys

blp = Blueprint("frame-imports", __name__, description="Lists on their way to a frame, and comparisons of frames")


def _shown(found: FrameImport) -> dict[str, Any]:
    told = {
        name: [
            {**each, "message": fault.message}
            for each, fault in zip(listed, frame_imports.faults_of(listed), strict=True)
        ]
        for name, listed in (("faults", found.faults), ("findings", found.findings))
    }
    return vars(found) | told | {"suggested": vars(frame_imports.suggested(found))}


def _tagged(found: FrameImport, status: int = 200) -> Any:
    return _shown(found), status, {"ETag": f'"{found.version}"'}


@blp.route("/projects/<id>/frame-imports")
class FrameImports(MethodView):
    @requires("frames.write")
    @blp.doc(requestBody=uploads.BODY)
    @blp.arguments(ImportIdSchema, location="query")
    @blp.response(201, FrameImportSchema)
    def post(self, query: dict[str, Any], id: str) -> Any:
        """Read a CSV (UTF-8 or GB18030) or XLSX. Its rows wait, encrypted, until they are frozen or for a day"""
        with uploads.table(FILE_LIMIT) as file:
            return _tagged(frame_imports.begin(actor(), now(), keys(), id, with_id(query)["id"], file), 201)

    @requires("frames.write")
    @blp.response(200, FrameImportSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, id: str) -> Any:
        """The lists that are not frozen yet"""
        return [_shown(found) for found in frame_imports.of_project(actor(), id)]


@blp.route("/frame-imports/<id>")
class OneFrameImport(MethodView):
    @requires("frames.write")
    @blp.response(200, FrameImportSchema)
    def get(self, id: str) -> Any:
        """A list with its columns, a suggested mapping, and what was found when it was checked last"""
        return _tagged(frame_imports.get(actor(), id))

    @requires("frames.write")
    @blp.arguments(FrameAskedSchema)
    @blp.response(200, FrameImportSchema)
    @edits
    def put(self, values: dict[str, Any], id: str) -> Any:
        """Check every row under this mapping; If-Match is the version that was read"""
        given = values.pop("mapping")
        mapping = ColumnMapping(**given | {"details": tuple(given["details"])})
        return _tagged(frame_imports.check(actor(), now(), keys(), id, Asked(mapping=mapping, **values), if_match()))

    @requires("frames.write")
    @blp.response(204)
    def delete(self, id: str) -> None:
        """Throw a list away that is not frozen"""
        frame_imports.discard(actor(), now(), id)


@blp.route("/frame-imports/<id>/freeze")
class Freeze(MethodView):
    @requires("frames.write")
    @blp.response(201, FrameSchema)
    def post(self, id: str) -> Any:
        """Freeze a list that was checked without a fault; the frame has the same id"""
        return made(frame_imports.freeze(actor(), now(), keys(), id))


@blp.route("/frames/<id>/receipt")
class FrameReceipt(MethodView):
    @requires("receipts.read")
    @blp.response(200, FrameReceiptSchema)
    def get(self, id: str) -> Any:
        """What was frozen when, its SHA-256 and what was found, for all parties; no serial is named"""
        return frames.receipt(actor(), id)


@blp.route("/frames/<id>/comparisons")
class Comparisons(MethodView):
    @requires("frames.write")
    @blp.doc(requestBody=uploads.BODY)
    @blp.arguments(ComparisonQuerySchema, location="query")
    @blp.response(201, FrameComparisonSchema)
    def post(self, query: dict[str, Any], id: str) -> Any:
        """Compare a frame of persons with another list, whose rows are looked at and not kept"""
        columns = {role: query[role] for role in frame_comparisons.MATCHED if query[role]}
        asked = {"columns": columns, "against": query["against"], "source": query["source"]}
        with uploads.table(FILE_LIMIT) as file:
            own = with_id(query)["id"]
            return made(frame_comparisons.compare(actor(), now(), keys(), own, id, file, **asked))

    @requires("frames.read")
    @blp.response(200, FrameComparisonSchema(many=True))
    @blp.paginate(blp.list_page, page_size=100, max_page_size=1000)
    def get(self, id: str) -> Any:
        """The comparisons of a frame, the latest first"""
        return frame_comparisons.of_frame(actor(), id)

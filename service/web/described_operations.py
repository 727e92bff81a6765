"""What every operation of the API has in its description: a name for generated clients, and its usual refusals."""

import re
from http import HTTPStatus
from typing import Any

from apispec import BasePlugin

METHODS = ("get", "post", "put", "patch", "delete")
PARAMETER = re.compile(r"{(\w+)}")
REFUSED = "DEFAULT_ERROR"  # flask-smorest's name of the response that has our shape of errors


class DescribedOperations(BasePlugin):
    """Adds `operationId` and answers of 4xx where a route does not say them itself."""

    def operation_helper(
        self, path: str | None = None, operations: dict[str, Any] | None = None, **_kwargs: Any
    ) -> None:
        """`path` as in the document; `operations`: method -> description, which is completed in place."""
        for method, operation in (operations or {}).items():
            if method not in METHODS or path is None:
                continue
            operation.setdefault("operationId", operation_id(method, path))
            answers = operation.setdefault("responses", {})
            known = {str(int(code)) if isinstance(code, HTTPStatus) else str(code) for code in answers}
            for status in refusals(path, operation):
                if status not in known:
                    answers[status] = REFUSED


def operation_id(method: str, path: str) -> str:
    """`get_rounds_by_id_score` for GET /api/v1/rounds/{id}/score: unique, and the same in every release."""
    named = PARAMETER.sub(r"by_\1", path.removeprefix("/api/v1"))
    return f"{method}_{re.sub(r'[^0-9A-Za-z]+', '_', named).strip('_')}"


def refusals(path: str, operation: dict[str, Any]) -> list[str]:
    """The statuses that any caller of this operation must reckon with."""
    found = [] if operation.get("security") == [] else ["401", "403"]
    if PARAMETER.search(path):
        found.append("404")
    return found or ["422"]

"""Browsable API documentation, rendered here from the OpenAPI document: nothing is loaded from outside, no script."""

from typing import Any

from flask import Flask, render_template

from service.web.auth import public
from service.web.extensions import Api


def install(app: Flask, api: Api) -> None:
    @app.get("/api/v1/docs")
    @public
    def api_docs() -> str:
        document = api.described()
        return render_template("api_docs.html", document=document, groups=_by_tag(document))


def _by_tag(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Tag -> operations in the order of their registration."""
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document.get("tags", [])}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method == "parameters":
                continue
            named = [*methods.get("parameters", []), *operation.get("parameters", [])]
            parameters = [_resolved(document, parameter) for parameter in named]
            entry = {"path": path, "method": method.upper(), "parameters": parameters}
            groups.setdefault((operation.get("tags") or [""])[0], []).append(operation | entry)
    return groups


def _resolved(document: dict[str, Any], parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter that several operations share stands among the components."""
    if "$ref" not in parameter:
        return parameter
    found: dict[str, Any] = document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return found

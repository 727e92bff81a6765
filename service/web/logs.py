"""Logs: JSON lines with the route's template, never the path: addresses of phone pages hold codes."""

import logging
import time
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response, g, request

from service.web import addresses

log = structlog.get_logger("request")


class Application(Flask):
    """Flask, without its own word on what even our writer of errors could not answer: it would log the path."""

    url_rule_class = addresses.Rule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """None of our views is a coroutine; Flask would ask at each of a view's decorators again."""
        return func

    def handle_exception(self, e: Exception) -> Response:
        """A bare 500. Neither the text of the exception nor its trace: both may hold a code or a person's words."""
        log.error("unanswerable", error=type(e).__name__, route=str(request.url_rule))
        plain = self.make_response(("Something went wrong on our side.", 500, {"Content-Type": "text/plain"}))
        return self.finalize_request(plain, from_error_handler=True)


def configure(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=True,
    )


def install(app: Flask, level: str) -> None:
    """A line a request, for who asks for it: at DEBUG only."""
    if logging.getLevelNamesMapping()[level] > logging.DEBUG:
        return

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def tell(response: Response) -> Response:
        spent = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        # No address and no time finer than the line's own: who answered when must not be read from here.
        log.debug("served", route=str(request.url_rule), method=request.method, status=response.status_code, ms=spent)
        return response

"""How the API reads JSON: strictly, so that two programs never understand one body differently (RFC 8259, RFC 7493)."""

import json
from typing import Any, NoReturn

from flask import Request
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType


class StrictParser(FlaskParser):
    """webargs' for Flask, without silence: a body of another type is refused, not taken for an empty one."""

    def _raw_load_json(self, req: Request) -> Any:
        if not is_json_request(req):
            raise UnsupportedMediaType("Send JSON, with Content-Type: application/json.")
        return read(req.get_data(cache=True))


def read(body: bytes) -> Any:
    """The value in a body. Raises BadRequest."""
    try:
        value = json.loads(body.decode(), object_pairs_hook=_without_repeats, parse_constant=_no_number)
        if b"\\u" in body:
            json.dumps(
                value, ensure_ascii=False
            ).encode()  # half of a surrogate pair is no text, and no database takes it
        return value
    except RecursionError:
        _refuse("The JSON is nested too deeply.")
    except ValueError:  # no JSON, no UTF-8, a number of thousands of digits
        _refuse("The body is not valid JSON.")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Which of two values under one name counts would be for each program to choose."""
    made = dict(pairs)
    if len(made) < len(pairs):
        _refuse("A name stands twice in one object.")
    return made


def _no_number(name: str) -> NoReturn:
    _refuse(f"{name} is no JSON number.")


def _refuse(what: str) -> NoReturn:
    error = BadRequest(what)
    error.data = {"messages": {"json": [what]}}  # type: ignore[attr-defined]  # where the writer of errors looks
    raise error

"""What everybody may read may be kept for a minute by whoever passes it on: a withdrawal is seen soon after."""

from flask import Response, request

SECONDS = 60


def kept_for_a_minute(response: Response, digest: str = "") -> Response:
    """`digest` of the content lets a reader ask whether it is still the same (304)."""
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    if digest:
        response.set_etag(digest)
        response.make_conditional(request)
    return response
